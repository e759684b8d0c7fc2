import CNNFiles

/// Pictures whose paths come in a list, one a line or ended by zeros each; a folder in it stands for its pictures.
///
/// The list is read as far as pictures are asked for: it may be a pipe, and never end.
final class ListedPictures: PictureSource {
  /// The most bytes that a path in a list may have; systems allow 4096.
  static let pathLimit = 1 << 16
  private static let chunkSize = 1 << 16

  private let list: InputFile
  private let separator: UInt8
  private let label: (String) -> Int?
  private var bytes: [UInt8] = []
  /// From here on `bytes` are to be cut into paths, and up to there they hold no separator.
  private var start = 0
  private var searched = 0
  private var isAtEnd = false
  private var folder: FolderPictures?

  /// The pictures in `list`.
  ///
  /// - Parameter label: gives the true class of a path.
  init(_ list: InputFile, isNullSeparated: Bool, label: @escaping (String) -> Int?) {
    self.list = list
    separator = isNullSeparated ? 0 : UInt8(ascii: "\n")
    self.label = label
  }

  func next(waits: Bool) throws -> PictureAnswer {
    while true {
      if var item = folder?.nextItem() {
        item.label = label(item.name)
        return .item(item)
      }
      folder = nil
      while !hasPath {
        guard waits || list.isReady else { return .notYet }
        try fill()
      }
      guard var path = try nextPath() else { return .end }
      // A list of a system whose lines end in two characters.
      if separator != 0, path.unicodeScalars.last == "\r", !InputFile.exists(path) {
        path.unicodeScalars.removeLast()
      }
      guard !path.isEmpty else { continue }
      if let fault = Self.fault(of: path) {
        return .item(PictureItem(path, .failure(ToolFailure(path: path, fault, status: .badData))))
      }
      guard PictureFolder.isFolder(path) else { return .item(PictureItem(path, label: label(path))) }
      folder = FolderPictures(path, failsIfEmpty: true)
    }
  }

  /// Why a path in a list cannot be opened, if that is so.
  private static func fault(of path: String) -> String? {
    if path == "-" { return "a list cannot name standard input; a file called - is ./-" }
    if path.utf8.contains(0) { return "there is a zero byte in the path; --null is for lists that have them" }
    return nil
  }

  /// Whether `nextPath()` has what it takes, without reading on.
  private var hasPath: Bool {
    isAtEnd || separatorPlace() != nil || bytes.count - start > Self.pathLimit
  }

  /// The next path, or nil at the end. The last need not be followed by a separator.
  private func nextPath() throws -> String? {
    if let place = separatorPlace(), place - start <= Self.pathLimit {
      defer {
        start = place + 1
        searched = start
      }
      return String(decoding: bytes[start..<place], as: UTF8.self)
    }
    guard bytes.count - start <= Self.pathLimit else {
      throw ToolFailure(
        path: list.path, "a path has more than \(Self.pathLimit) bytes; is this a list of paths?",
        status: .badData)
    }
    guard start < bytes.count else { return nil }
    defer { start = bytes.count }
    return String(decoding: bytes[start...], as: UTF8.self)
  }

  private func separatorPlace() -> Int? {
    let place = bytes[searched...].firstIndex(of: separator)
    searched = place ?? bytes.count
    return place
  }

  private func fill() throws {
    bytes.removeFirst(start)
    searched -= start
    start = 0
    let chunk = try [UInt8](unsafeUninitializedCapacity: Self.chunkSize) { buffer, count in
      count = try list.read(into: UnsafeMutableRawBufferPointer(buffer))
    }
    bytes += chunk
    isAtEnd = chunk.isEmpty
  }
}
