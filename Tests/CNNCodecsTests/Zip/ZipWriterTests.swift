import CNNFiles
import Testing

@testable import CNNCodecs

@Suite struct ZipWriterTests {
  private static func write(
    _ entries: [(name: String, bytes: [UInt8])], method: ZipMethod, greatestNumber: Int? = nil,
    greatestCount: Int? = nil
  ) throws -> [UInt8] {
    let sink = MemorySink()
    var writer =
      greatestNumber == nil && greatestCount == nil
      ? ZipWriter(sink)
      : ZipWriter(sink, greatestNumber: greatestNumber ?? 1 << 30, greatestCount: greatestCount ?? 1000)
    for (name, bytes) in entries {
      let half = bytes.count / 2
      try writer.add(name, pieces: [bytes[..<half], bytes[half...]], method: method)
    }
    try writer.finish()
    return sink.bytes
  }

  @Test(arguments: [ZipMethod.stored, .deflated]) func whatIsWrittenIsRead(_ method: ZipMethod) throws {
    for (number, count) in [(nil, nil), (0, nil), (2, nil), (300, 3), (nil, 2), (5000, nil)] as [(Int?, Int?)]
    {
      let bytes = try Self.write(
        ZipArchiveTests.contents, method: method, greatestNumber: number, greatestCount: count)
      let archive = try ZipArchive(parsing: bytes)
      #expect(archive.entries.map(\.name) == ZipArchiveTests.contents.map(\.name))
      for (entry, content) in zip(archive.entries, ZipArchiveTests.contents) {
        #expect(entry.method == method)
        #expect(try archive.content(of: entry).bytes == content.bytes)
      }
    }
  }

  @Test func theSameEntriesGiveTheSameBytes() throws {
    let first = try Self.write(ZipArchiveTests.contents, method: .deflated)
    #expect(try Self.write(ZipArchiveTests.contents, method: .deflated) == first)
    #expect(try Self.write([], method: .stored) == FixtureFile.bytes("zip/python-empty.zip"))
  }

  @Test func aStoredEntryByteByByte() throws {
    let expected: [UInt8] =
      TestZip.sound[..<34]
      + [0x50, 0x4B, 1, 2, 20, 3, 20, 0] + TestZip.sound[94..<124] + [0, 0, 0xA4, 0x81, 0, 0, 0, 0, 0x61]
      + [0x50, 0x4B, 5, 6, 0, 0, 0, 0, 1, 0, 1, 0, 47, 0, 0, 0, 34, 0, 0, 0, 0, 0]
    #expect(try Self.write([("a", [1, 2, 3])], method: .stored) == expected)
  }

  @Test func zip64FieldsStandWhereNumbersNeedThem() throws {
    let bytes = try Self.write([("a", [1, 2, 3]), ("b", [4])], method: .stored, greatestNumber: 2)
    // As NumPy writes it: 0xFFFFFFFF twice, and a part of both sizes behind the name.
    #expect(Array(bytes[18..<26]) == [UInt8](repeating: 255, count: 8))
    #expect(Array(bytes[28..<30]) == [20, 0])
    #expect(Array(bytes[31..<54]) == [1, 0, 16, 0, 3, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3])
    // `b` needs a part for its offset alone.
    #expect(try ZipArchive(parsing: bytes).entries.map(\.offset) == [0, 54])
    #expect(Array(bytes[54 + 18..<54 + 26]) == [1, 0, 0, 0, 1, 0, 0, 0])
  }

  @Test(arguments: ["", "/a", "../a", "a/../b", "a\\..", "C:/a", "a\u{0}"])
  func namesThatAreNotRead(_ name: String) throws {
    var writer = ZipWriter(MemorySink())
    #expect {
      try writer.add(name, [1])
    } throws: { error in
      if case .unwritableName(name, _)? = error as? ZipError { true } else { false }
    }
  }

  @Test func entriesThatNobodyCouldRead() throws {
    let sink = MemorySink()
    var writer = ZipWriter(sink)
    try writer.add("a", [1])
    let size = sink.bytes.count
    #expect(throws: ZipError.duplicateName("a", offset: size)) { try writer.add("a", [1]) }
    #expect(throws: ZipError.self) { try writer.add("folder/", [1]) }
    #expect(throws: ZipError.self) { try writer.add(String(repeating: "n", count: 65536), [1]) }
    #expect(sink.bytes.count == size)
    try writer.add("folder/", [])
    try writer.finish()
    #expect(try ZipArchive(parsing: sink.bytes).entries.map(\.isFolder) == [false, true])
  }
}
