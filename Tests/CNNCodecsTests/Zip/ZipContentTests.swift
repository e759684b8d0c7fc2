import CNNCodecs
import Testing

/// Contents that are not what the archive declares.
@Suite struct ZipContentTests {
  private static let contentCases: [(name: String, bytes: [UInt8], entry: Int, error: ZipError)] = [
    (
      "a stored byte", TestZip.edited((33, [4])), 0,
      .checksum(name: "a", declared: 0x55BC_801D, computed: 0xCBD8_15BE, offset: 31)
    ),
    (
      "a reserved block", TestZip.edited((65, [7])), 1,
      .corruptData(name: "b", detail: "invalid block type", offset: 66)
    ),
    ("no end of the stream", TestZip.edited((65, [0x4A])), 1, .truncatedData(name: "b", offset: 70)),
    (
      "a stream that ends early", TestZip.edited((65, [3, 0, 0, 0, 0])), 1,
      .trailingData(name: "b", count: 3, offset: 67)
    ),
    (
      "more than is declared", TestZip.edited((82, [9]), (157, [9])), 1,
      .length(name: "b", declared: 9, found: 10, offset: 34)
    ),
    (
      "less than is declared", TestZip.edited((82, [11]), (157, [11])), 1,
      .length(name: "b", declared: 11, found: 10, offset: 34)
    ),
    (
      "another content", TestZip.edited((74, [0]), (149, [0])), 1,
      .checksum(name: "b", declared: 0x422F_4C00, computed: 0x422F_4CF8, offset: 65)
    ),
  ]

  @Test(arguments: contentCases.indices) func damagedContentIsAnError(_ index: Int) throws {
    let (_, bytes, entry, error) = Self.contentCases[index]
    let archive = try ZipArchive(parsing: bytes)
    #expect(throws: error) { try archive.content(of: archive.entries[entry]) }
    #expect(!error.reason.isEmpty && error.reason.first?.isUppercase == false)
  }

  @Test func limitsAreKept() throws {
    let archive = try ZipArchive(parsing: TestZip.sound, contentLimit: 13)
    #expect(throws: ZipError.expandsTooMuch(limit: 12, offset: 133)) {
      try ZipArchive(parsing: TestZip.sound, contentLimit: 12)
    }
    #expect(try archive.content(of: archive.entries[1], limit: 10).range == 0..<10)
    #expect(throws: ZipError.tooLarge(name: "b", size: 10, limit: 9, offset: 34)) {
      try archive.content(of: archive.entries[1], limit: 9)
    }
    #expect(ZipArchive.expansionLimit(size: 100) == 1 << 28)
    #expect(ZipArchive.expansionLimit(size: 1 << 30) == 1 << 36)
    #expect(ZipArchive.expansionLimit(size: .max) == .max)
  }

  @Test func anEntryOfAnotherArchiveIsAnError() throws {
    let entry = try ZipArchive(parsing: TestZip.sound).entries[1]
    let other = try ZipArchive(parsing: [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18))
    #expect(other.entries.isEmpty)
    let error = ZipError.endsEarly(
      InputEndsEarly(position: 65, needed: 5, available: 0, what: "the data of \"b\""))
    #expect(throws: error) { try other.content(of: entry) }
  }
}
