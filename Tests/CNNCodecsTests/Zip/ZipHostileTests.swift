import CNNCodecs
import Testing

/// Archives that are wrong in one way each.
@Suite struct ZipHostileTests {
  private static func early(_ position: Int, _ needed: Int, _ available: Int, _ what: String) -> ZipError {
    .endsEarly(InputEndsEarly(position: position, needed: needed, available: available, what: what))
  }

  private static func inconsistent(_ what: String, _ declared: UInt64, _ found: UInt64, _ offset: Int)
    -> ZipError
  {
    .inconsistentDirectory(what: what, declared: declared, found: found, offset: offset)
  }

  private static let sound = TestZip.sound

  static let directoryCases: [(name: String, bytes: [UInt8], error: ZipError)] = [
    ("nothing", [], .notZip(offset: 0)),
    ("text", Array("digits".utf8), .notZip(offset: 0)),
    ("a prefix", [0] + sound, .notZip(offset: 0)),
    ("a signature alone", Array(sound[..<4]), .missingEnd(offset: 4)),
    ("no end", Array(sound[..<180]), .missingEnd(offset: 180)),
    ("an end cut off", Array(sound.dropLast()), .missingEnd(offset: 201)),
    ("bytes behind the end", sound + [0], .endNotLast(declared: 0, found: 1, offset: 200)),
    ("a comment cut off", TestZip.edited((200, [1, 0])), .endNotLast(declared: 1, found: 0, offset: 200)),
    ("a second part", TestZip.edited((184, [1, 0])), .splitArchive(offset: 184)),
    ("a directory in the second part", TestZip.edited((186, [1, 0])), .splitArchive(offset: 184)),
    (
      "other entries in this part", TestZip.edited((188, [1, 0])),
      inconsistent("the number of entries in this part", 1, 2, 188)
    ),
    ("one entry more", TestZip.edited((188, [3, 0, 3, 0])), early(180, 4, 0, "a directory entry")),
    ("one entry less", TestZip.edited((188, [1, 0, 1, 0])), .unclaimedBytes(count: 47, offset: 133)),
    ("65535 entries", TestZip.edited((188, [255, 255, 255, 255])), early(180, 4, 0, "a directory entry")),
    (
      "a directory before the archive", TestZip.edited((192, [0xB5])),
      inconsistent("the directory's size", 181, 180, 192)
    ),
    (
      "a directory of 4 GiB", TestZip.edited((192, [255, 255, 255, 255])),
      inconsistent("the directory's size", 0xFFFF_FFFF, 180, 192)
    ),
    (
      "a directory elsewhere", TestZip.edited((196, [0x55])),
      inconsistent("the directory's offset", 0x55, 86, 196)
    ),
    (
      "a directory at 4 GiB", TestZip.edited((196, [255, 255, 255, 255])),
      inconsistent("the directory's offset", 0xFFFF_FFFF, 86, 196)
    ),
    (
      "a shorter directory", TestZip.edited((192, [0x5D]), (196, [0x57])),
      .missingRecord(what: "a directory entry", offset: 87)
    ),
    (
      "an empty archive with bytes in it", [0x50, 0x4B, 5, 6] + sound[4...],
      .missingRecord(what: "a local header", offset: 0)
    ),

    (
      "another signature in the directory", TestZip.edited((133, [0x51])),
      .missingRecord(what: "a directory entry", offset: 133)
    ),
    ("a name of 65535 bytes", TestZip.edited((161, [255, 255])), early(179, 65535, 1, "a directory entry")),
    ("a comment of 1 byte", TestZip.edited((165, [1])), early(180, 1, 0, "a directory entry")),
    ("an entry in another part", TestZip.edited((167, [1])), .splitArchive(offset: 167)),
    (
      "a name that is not UTF-8", TestZip.edited((30, [0xFF]), (132, [0xFF])),
      .badName(problem: "is not UTF-8", offset: 132)
    ),
    (
      "a name of a zero", TestZip.edited((30, [0]), (132, [0])),
      .badName(problem: "has a zero byte in it: \"\\u{0}\"", offset: 132)
    ),
    (
      "the root", TestZip.edited((30, [0x2F]), (132, [0x2F])),
      .badName(problem: "is absolute: \"/\"", offset: 132)
    ),
    ("the same name twice", TestZip.edited((64, [0x61]), (179, [0x61])), .duplicateName("a", offset: 133)),
    ("encrypted", TestZip.edited((6, [1]), (94, [1])), .encrypted(name: "a", offset: 94)),
    ("strongly encrypted", TestZip.edited((6, [0x41]), (94, [0x41])), .encrypted(name: "a", offset: 94)),
    ("an encrypted directory", TestZip.edited((94, [0, 0x20])), .encrypted(name: "a", offset: 94)),
    ("a patch", TestZip.edited((6, [0x20]), (94, [0x20])), .unknownFlags(0x20, name: "a", offset: 94)),
    ("bzip2", TestZip.edited((8, [12]), (96, [12])), .unknownMethod(12, name: "a", offset: 96)),
    ("AES", TestZip.edited((8, [99]), (96, [99])), .unknownMethod(99, name: "a", offset: 96)),
    (
      "stored, with two sizes", TestZip.edited((110, [4])),
      .impossibleSize(size: 4, compressedSize: 3, name: "a", offset: 106)
    ),
    (
      "deflated 1,238 times", TestZip.edited((157, [0x30, 0x18])),
      .impossibleSize(size: 6192, compressedSize: 5, name: "b", offset: 153)
    ),
    (
      "an entry in the directory", TestZip.edited((175, [0x85])),
      inconsistent("an entry's offset", 0x85, 133, 175)
    ),
    (
      "an entry at 4 GiB", TestZip.edited((175, [255, 255, 255, 255])),
      inconsistent("an entry's offset", 0xFFFF_FFFF, 133, 175)
    ),
  ]

  static let localCases: [(name: String, bytes: [UInt8], error: ZipError)] = [
    ("two entries in one place", TestZip.edited((175, [0])), .overlap(name: "a", offset: 0)),
    ("an entry inside another", TestZip.edited((175, [0x21])), .overlap(name: "a", offset: 33)),
    ("bytes before the first entry", TestZip.edited((128, [1])), .unclaimedBytes(count: 1, offset: 0)),
    ("another signature", TestZip.edited((34, [0x51])), .missingRecord(what: "a local header", offset: 34)),
    ("another name", TestZip.edited((30, [0x63])), .localDisagrees(field: "name", name: "a", offset: 30)),
    ("a longer name", TestZip.edited((26, [2])), .localDisagrees(field: "name", name: "a", offset: 30)),
    ("a name beyond the entries", TestZip.edited((26, [255])), early(30, 255, 56, "a local header")),
    ("an extra field beyond the entries", TestZip.edited((28, [255])), early(31, 255, 55, "a local header")),
    (
      "an extra field of data", TestZip.edited((28, [4])),
      .malformedExtra(problem: "a part of 20483 bytes, and 0 are left", offset: 33)
    ),
    (
      "data moved by an extra field", TestZip.edited((28, [3]), (31, [0, 0, 0])),
      .overlap(name: "a", offset: 34)
    ),
    (
      "a descriptor announced by the header alone", TestZip.edited((6, [8])),
      .localDisagrees(field: "set of flags", name: "a", offset: 6)
    ),
    (
      "a descriptor announced by the directory alone", TestZip.edited((94, [8])),
      .localDisagrees(field: "set of flags", name: "a", offset: 6)
    ),
    (
      "UTF-8 in the header alone", TestZip.edited((7, [8])),
      .localDisagrees(field: "set of flags", name: "a", offset: 6)
    ),
    ("another method", TestZip.edited((8, [8])), .localDisagrees(field: "method", name: "a", offset: 8)),
    ("another CRC-32", TestZip.edited((14, [0])), .localDisagrees(field: "CRC-32", name: "a", offset: 14)),
    (
      "another compressed size", TestZip.edited((18, [2])),
      .localDisagrees(field: "compressed size", name: "a", offset: 18)
    ),
    ("another size", TestZip.edited((22, [0])), .localDisagrees(field: "size", name: "a", offset: 22)),
    (
      "another CRC-32 before a descriptor", TestZip.edited((48, [1])),
      .localDisagrees(field: "CRC-32", name: "b", offset: 48)
    ),
    ("data beyond the entries", TestZip.edited((153, [32])), early(65, 32, 21, "the data of \"b\"")),
    (
      "data that are longer", TestZip.edited((18, [4]), (22, [4]), (106, [4]), (110, [4])),
      .overlap(name: "a", offset: 34)
    ),
    (
      "data that are shorter", TestZip.edited((18, [2]), (22, [2]), (106, [2]), (110, [2])),
      .unclaimedBytes(count: 1, offset: 33)
    ),
    ("a descriptor too short", TestZip.edited((153, [6])), .missingRecord(what: "a descriptor", offset: 71)),
    (
      "another descriptor's signature", TestZip.edited((70, [0x51])),
      .missingRecord(what: "a descriptor", offset: 70)
    ),
    (
      "another CRC-32 in the descriptor", TestZip.edited((74, [0])),
      .localDisagrees(field: "descriptor", name: "b", offset: 70)
    ),
    (
      "another compressed size in the descriptor", TestZip.edited((78, [6])),
      .localDisagrees(field: "descriptor", name: "b", offset: 70)
    ),
    (
      "another size in the descriptor", TestZip.edited((82, [11])),
      .localDisagrees(field: "descriptor", name: "b", offset: 70)
    ),
  ]

  private static let wide: [UInt8] = [255, 255, 255, 255]

  static let extraCases: [(name: String, bytes: [UInt8], error: ZipError)] = [
    (
      "a part without a length", TestZip.withExtra([1, 0, 0]),
      .malformedExtra(problem: "a part without a length", offset: 78)
    ),
    (
      "a part that is too long", TestZip.withExtra([1, 2, 1, 0]),
      .malformedExtra(problem: "a part of 1 bytes, and 0 are left", offset: 80)
    ),
    (
      "two zip64 parts", TestZip.withExtra([1, 0, 0, 0, 1, 0, 0, 0]),
      .malformedExtra(problem: "two zip64 parts", offset: 82)
    ),
    (
      "too few numbers",
      TestZip.withExtra([1, 0, 8, 0] + [UInt8](repeating: 0, count: 8), sizes: wide + wide),
      .malformedExtra(problem: "too few numbers in its zip64 part", offset: 31)
    ),
    (
      "half a number", TestZip.withExtra([1, 0, 4, 0, 0, 0, 0, 0], offset: wide),
      .malformedExtra(problem: "too few numbers in its zip64 part", offset: 31)
    ),
    (
      "2^64 - 1 bytes",
      TestZip.withExtra([1, 0, 16, 0] + [UInt8](repeating: 255, count: 16), sizes: wide + wide),
      .impossibleSize(size: .max, compressedSize: .max, name: "a", offset: 51)
    ),
    (
      "2^63 - 1 bytes",
      TestZip.withExtra(
        [1, 0, 16, 0] + ([UInt8](repeating: 255, count: 7) + [0x7F]) + [UInt8](repeating: 255, count: 7) + [
          0x7F
        ], sizes: wide + wide), .expandsTooMuch(limit: 1 << 28, offset: 31)
    ),
    (
      "an offset of 2^64 - 1",
      TestZip.withExtra([1, 0, 8, 0] + [UInt8](repeating: 255, count: 8), offset: wide),
      inconsistent("an entry's offset", .max, 31, 73)
    ),
    (
      "sizes without their numbers", TestZip.withExtra([], sizes: wide + wide),
      .expandsTooMuch(limit: 1 << 28, offset: 31)
    ),
  ]

  @Test(arguments: [directoryCases, localCases, extraCases].flatMap { $0 }.map(\.name))
  func everyFaultIsAnErrorOfItsOwn(_ name: String) throws {
    let cases = [Self.directoryCases, Self.localCases, Self.extraCases].flatMap { $0 }
    let (_, bytes, error) = try #require(cases.first { $0.name == name })
    #expect(throws: error) { try ZipArchive(parsing: bytes) }
    #expect(!error.reason.isEmpty && error.reason.first?.isUppercase == false)
  }

  @Test func theSoundArchiveIsRead() throws {
    let archive = try ZipArchive(parsing: Self.sound)
    #expect(archive.entries.map(\.name) == ["a", "b"])
    #expect(archive.entries.map(\.offset) == [0, 34])
    #expect(archive.entries.map(\.dataRange) == [31..<34, 65..<70])
    #expect(try archive.range(of: archive.entries[0]) == 31..<34)
    #expect(try archive.range(of: archive.entries[1]) == nil)
    #expect(try archive.content(of: archive.entries[1]).bytes == [UInt8](repeating: 0x62, count: 10))
    #expect(try ZipArchive(parsing: TestZip.withExtra([0, 0, 0])).entries.map(\.size) == [0])
  }

  @Test(arguments: ["../a", "a/..", "..", "a\\..\\b", "/etc/passwd", "\\a", "C:\\a", "c:/a", "", "a\u{0}b"])
  func namesThatLeadElsewhereAreRefused(_ name: String) throws {
    let size = UInt8(name.utf8.count)
    var bytes = TestZip.sound
    bytes.replaceSubrange(132..<133, with: name.utf8)
    bytes[114] = size
    bytes[bytes.count - 10] = 0x5D + size
    #expect {
      try ZipArchive(parsing: bytes)
    } throws: { error in
      if case .badName(_, offset: 132)? = error as? ZipError { true } else { false }
    }
  }
}
