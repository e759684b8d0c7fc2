import CNNCodecs
import Testing

/// Archives by real programs. `Fixtures/zip/README.md` says which.
@Suite struct ZipArchiveTests {
  static let contents: [(name: String, bytes: [UInt8])] = [
    ("plain.txt", Array("plain text\n".utf8)), ("folder/", []), ("folder/empty", []),
    ("folder/zeros.bin", [UInt8](repeating: 0, count: 5000)), ("é三.bin", Array(0...255)),
  ]

  @Test(arguments: [
    "python-stored", "python-deflated", "python-comment", "python-pipe", "python-pipe-zip64", "python-zip64",
    "infozip", "infozip-pipe",
  ])
  func archivesOfRealPrograms(_ name: String) throws {
    let bytes = try FixtureFile.bytes("zip/\(name).zip")
    #expect(ZipArchive.isZip(bytes))
    let archive = try ZipArchive(parsing: bytes)
    #expect(archive.entries.map(\.name) == Self.contents.map(\.name))
    #expect(archive.entries.map(\.isFolder) == [false, true, false, false, false])
    for (name, expected) in Self.contents {
      let entry = try #require(archive.entry(named: name))
      #expect(entry.size == expected.count)
      #expect(entry.crc32 == CRC32.checksum(of: expected))
      let content = try archive.content(of: entry, limit: 5000)
      #expect(content.bytes == expected)
      #expect(content.isDecompressed == (entry.method == .deflated))
      if entry.method == .stored { #expect(try archive.range(of: entry) == content.range) }
    }
    let comment = Array("PK\u{5}\u{6} and so on".utf8)
    #expect(Array(bytes[archive.commentRange]) == (name == "python-comment" ? comment : []))
  }

  @Test func namesAreFoundByTheirBytes() throws {
    let archive = try ZipArchive(parsing: FixtureFile.bytes("zip/python-stored.zip"))
    #expect(archive.entry(named: "folder") == nil)
    #expect(archive.entry(named: "") == nil)
    #expect(archive.entry(named: "z") == nil)
    // The same letters to Unicode, and another name.
    #expect(archive.entry(named: "e\u{301}三.bin") == nil)
  }

  @Test func aFolderHasNoContent() throws {
    var bytes = try FixtureFile.bytes("zip/python-stored.zip")
    let entry = try #require(try ZipArchive(parsing: bytes).entry(named: "plain.txt"))
    let directory = Int(bytes[bytes.count - 6]) | Int(bytes[bytes.count - 5]) << 8
    for name in [entry.offset + 30, directory + 46] { bytes[name + 8] = UInt8(ascii: "/") }
    #expect(
      throws: ZipError.impossibleSize(size: 11, compressedSize: 11, name: "plain.tx/", offset: directory + 20)
    ) { try ZipArchive(parsing: bytes) }
  }

  @Test func anEmptyArchive() throws {
    let bytes = try FixtureFile.bytes("zip/python-empty.zip")
    #expect(ZipArchive.isZip(bytes))
    #expect(try ZipArchive(parsing: bytes).entries.isEmpty)
  }

  @Test func whatTorchSaves() throws {
    let archive = try ZipArchive(parsing: FixtureFile.bytes("zip/torch.pt"))
    #expect(archive.entries.allSatisfy { $0.method == .stored })
    let data = try #require(archive.entry(named: "torch/data/0"))
    let weight = try archive.content(of: data)
    #expect(weight.range.lowerBound % 64 == 0)
    #expect(
      (0..<6).map { index in
        weight.storage.withUnsafeBytes {
          $0.loadUnaligned(fromByteOffset: weight.range.lowerBound + 4 * index, as: Float.self)
        }
      } == [0, 1, 2, 3, 4, 5])
    let order = try #require(archive.entry(named: "torch/byteorder"))
    #expect(try archive.content(of: order).bytes == Array("little".utf8))
  }

  /// The records of zip64, which PyTorch always writes, with one fault each.
  @Test func zip64RecordsAreChecked() throws {
    let bytes = try FixtureFile.bytes("zip/torch.pt")
    let (end, locator, wideEnd) = (1791, 1771, 1715)
    let start = UInt64(bytes[end + 16]) | UInt64(bytes[end + 17]) << 8
    let size = UInt64(wideEnd) - start
    func check(_ offset: Int, _ byte: UInt8, _ error: ZipError) {
      #expect(throws: error) { try ZipArchive(parsing: bytes.replacing(at: offset, with: byte)) }
    }
    func inconsistent(_ what: String, _ declared: UInt64, _ found: UInt64, _ offset: Int) -> ZipError {
      .inconsistentDirectory(what: what, declared: declared, found: found, offset: offset)
    }
    check(locator + 4, 1, .splitArchive(offset: locator + 4))
    check(locator + 16, 2, .splitArchive(offset: locator + 4))
    check(locator + 8, 0, inconsistent("the zip64 end record's offset", 0x600, 1715, locator + 8))
    check(
      locator + 15, 0x80, inconsistent("the zip64 end record's offset", 1 << 63 | 1715, 1715, locator + 8))
    check(wideEnd, 0x51, .missingRecord(what: "the zip64 end record", offset: wideEnd))
    check(wideEnd + 4, 45, inconsistent("the zip64 end record's size", 45, 44, wideEnd + 4))
    check(wideEnd + 16, 1, .splitArchive(offset: wideEnd))
    check(wideEnd + 24, 7, inconsistent("the number of entries in this part", 8, 7, end + 8))
    check(wideEnd + 32, 7, inconsistent("the number of entries", 8, 7, end + 10))
    check(wideEnd + 47, 0x80, inconsistent("the directory's size", size, 1 << 63 | size, end + 12))
    check(wideEnd + 55, 0x80, inconsistent("the directory's offset", start, 1 << 63 | start, end + 16))
    // Without the locator, the zip64 record is nothing that stands there.
    check(locator, 0x51, inconsistent("the directory's offset", start, start + 76, end + 16))

    // The plain record may also say that the numbers stand elsewhere; the numbers themselves are still checked.
    var elsewhere = bytes
    elsewhere.replaceSubrange(end + 4..<end + 20, with: [UInt8](repeating: 255, count: 16))
    #expect(try ZipArchive(parsing: elsewhere).entries.count == 8)
    elsewhere[wideEnd + 47] = 0x80
    #expect(throws: inconsistent("the directory's size", 1 << 63 | size, UInt64(wideEnd), wideEnd + 40)) {
      try ZipArchive(parsing: elsewhere)
    }
    elsewhere[wideEnd + 47] = 0
    elsewhere[wideEnd + 27] = 1
    elsewhere[wideEnd + 35] = 1
    #expect(throws: ZipError.tooManyEntries(count: 1 << 24 | 8, limit: 1 << 20, offset: wideEnd)) {
      try ZipArchive(parsing: elsewhere)
    }
  }
}
