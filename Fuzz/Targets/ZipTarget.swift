import CNNCodecs
import CNNFiles

extension FuzzTarget {
  /// All entries of a zip archive; written again, they are the same.
  static let zip = FuzzTarget("zip") { bytes in
    let archive = try ZipArchive(parsing: bytes, contentLimit: 1 << 24)
    var contents: [[UInt8]] = []
    for entry in archive.entries {
      let content = try archive.content(of: entry).bytes
      require(content.count == entry.size, "a zip entry has another size than it says")
      contents.append(content)
    }
    let sink = MemorySink()
    do {
      var writer = ZipWriter(sink)
      for (index, entry) in archive.entries.enumerated() {
        try writer.add(entry.name, contents[index], method: index % 2 == 0 ? .deflated : .stored)
      }
      try writer.finish()
    } catch let error as ZipError {
      // Names that are no UTF-8 may become the same.
      examine(error, inputCount: .max)
      return
    }
    let again = try ZipArchive(parsing: sink.bytes, contentLimit: 1 << 24)
    require(again.entries.map(\.name) == archive.entries.map(\.name), "zip writes other names")
    for (entry, content) in Swift.zip(again.entries, contents) {
      require(try again.content(of: entry).bytes == content, "zip writes other contents")
    }
  }

}
