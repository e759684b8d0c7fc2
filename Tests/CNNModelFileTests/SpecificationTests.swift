import CNNFiles
import CNNModelFile
import CNNTestSupport
import Testing

@Suite struct SpecificationTests {
  /// The bytes of the dump in the specification's last section.
  private func dump() throws -> [UInt8] {
    let text = String(
      decoding: try InputFile(path: RepositoryPaths.root + "/formats/model-file.md").readAll(), as: UTF8.self)
    var bytes: [UInt8] = []
    var isInDump = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        isInDump = line == "```hexdump"
      } else if isInDump, !line.hasPrefix(";") {
        // Offset, two spaces, up to 16 bytes, two spaces, the same as text.
        let columns = line.dropFirst(10).prefix(47)
        #expect(Int(line.prefix(8), radix: 16) == bytes.count, "offsets of the dump")
        bytes += columns.split(separator: " ").compactMap { UInt8($0, radix: 16) }
      }
    }
    return bytes
  }

  @Test func theDumpIsWhatTheWriterWrites() throws {
    let dump = try dump()
    #expect(dump.count == 856)
    #expect(try TinyModel.bytes() == dump)
  }

  @Test func theDumpIsRead() throws {
    #expect(try ModelFileReader.read(from: MemorySource(dump())) == TinyModel.file)
  }
}
