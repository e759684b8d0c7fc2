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

  /// Whether a whole path is there. Takes what the pipe has got to find out.
  var isReady: Bool {
    while folder == nil, !isAtEnd, separatorPlace() == nil {
      guard list.isReady, bytes.count - start <= Self.pathLimit, (try? fill()) != nil else { break }
    }
    return folder != nil || isAtEnd || separatorPlace() != nil
  }

  func next() throws -> PictureItem? {
    while true {
      if var item = folder?.next() {
        item.label = label(item.name)
        return item
      }
      folder = nil
      guard let path = try nextPath() else { return nil }
      guard !path.isEmpty else { continue }
      guard path.utf8.count <= Self.pathLimit else {
        throw ToolFailure(
          path: list.path, "a path has more than \(Self.pathLimit) bytes; is this a list of paths?",
          status: .badData)
      }
      if PictureFolder.isFolder(path) {
        folder = FolderPictures(path, failsIfEmpty: true)
      } else {
        return PictureItem(path, label: label(path))
      }
    }
  }

  /// The next path, or nil at the end. The last need not be followed by a separator.
  private func nextPath() throws -> String? {
    while true {
      if let place = separatorPlace() {
        defer {
          start = place + 1
          searched = start
        }
        return String(decoding: bytes[start..<place], as: UTF8.self)
      }
      if isAtEnd || bytes.count - start > Self.pathLimit {
        guard start < bytes.count else { return nil }
        defer { start = bytes.count }
        return String(decoding: bytes[start...], as: UTF8.self)
      }
      try fill()
    }
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
