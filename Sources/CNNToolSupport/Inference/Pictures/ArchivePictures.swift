import CNNCodecs
import CNNFiles

/// The PNG files in a tar archive, compressed by gzip or not, as they come.
///
/// As in folders, what is not named `.png` and what is hidden is left out. A fault of the archive is a failure among
/// the pictures, and ends it.
final class ArchivePictures: PictureSource {
  private let file: InputFile
  private let compressed: GzipStream?
  private let reader: TarReader
  private let byteLimit: Int
  private let label: (String) -> Int?
  private let leavesOutUnlabelled: Bool
  private var isAtEnd = false
  private var hasItems = false

  /// The pictures in the archive `file`.
  ///
  /// - Parameters:
  ///   - byteLimit: the most bytes that a picture may have.
  ///   - label: gives the true class of a name.
  ///   - leavesOutUnlabelled: whether pictures without one don't count.
  init(
    _ file: InputFile, isCompressed: Bool, byteLimit: Int, label: @escaping (String) -> Int?,
    leavesOutUnlabelled: Bool
  ) throws {
    self.file = file
    self.byteLimit = byteLimit
    self.label = label
    self.leavesOutUnlabelled = leavesOutUnlabelled
    compressed = isCompressed ? try GzipStream(file) : nil
    reader = TarReader(compressed ?? file)
  }

  /// Whether a file is such an archive, by what it begins with. Takes no more of a pipe than that needs.
  static func recognize(_ file: InputFile) throws -> (isArchive: Bool, isCompressed: Bool) {
    let blockSize = 512
    let beginning = try file.peek(blockSize)
    guard Gzip.isGzip(beginning) else { return (TarReader.isTar(beginning), false) }
    var count = blockSize
    while true {
      let bytes = try file.peek(count)
      let content = try? GzipStream(MemorySource(bytes))
      // What is there is enough, or is damaged, or is all: then it is known.
      var block: [UInt8] = []
      while block.count < blockSize,
        let more = try? content?.readBytes(upTo: 1), !more.isEmpty
      {
        block += more
      }
      if block.count == blockSize { return (TarReader.isTar(block), true) }
      guard bytes.count == count, count < GzipStream.headerLimit else { return (false, true) }
      count *= 2
    }
  }

  func next(waits: Bool) -> PictureAnswer {
    guard !isAtEnd else { return .end }
    // Where something of an entry is there, the rest is on its way.
    guard waits || compressed?.hasBufferedInput == true || file.isReady else { return .notYet }
    do {
      while let entry = try reader.next() {
        guard entry.kind == .file, PictureFolder.isPictureName(Self.lastPart(of: entry.name)) else {
          continue
        }
        let label = label(entry.name)
        guard label != nil || !leavesOutUnlabelled else { continue }
        hasItems = true
        guard let bytes = try reader.readContent(limit: byteLimit) else {
          let failure = FileError(path: entry.name, operation: .read, reason: .tooLarge(limit: byteLimit))
          return .item(PictureItem(entry.name, .failure(ToolFailure(failure)), label: label))
        }
        return .item(PictureItem(entry.name, .bytes(bytes), label: label))
      }
      isAtEnd = true
      if hasItems { return .end }
      throw ToolFailure(
        path: file.path,
        leavesOutUnlabelled
          ? "the archive has no pictures in folders named by the model's labels"
          : "there are no PNG files in the archive",
        status: .badData)
    } catch {
      isAtEnd = true
      return .item(PictureItem(file.path, .failure(ToolFailure(error, path: file.path))))
    }
  }

  private static func lastPart(of name: String) -> String {
    name.utf8.split(separator: UInt8(ascii: "/")).last.flatMap { String($0) } ?? name
  }
}
