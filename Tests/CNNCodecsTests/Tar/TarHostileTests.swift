import CNNCodecs
import CNNFiles
import CNNTestSupport
import Testing

/// Archives that are wrong in one way each.
@Suite struct TarHostileTests {
  private static func early(_ position: Int, _ needed: Int, _ available: Int, _ what: String) -> TarError {
    .endsEarly(
      InputEndsEarly(
        position: position, needed: needed, available: available, what: what + " of the tar archive"))
  }

  private static let sound = TestTar.entry("a", [1, 2, 3])

  private static func sized(_ field: String) -> [UInt8] {
    TestTar.header("a", size: 0, sizeField: Array(field.utf8)) + TestTar.end
  }

  private static func record(_ text: String) -> [UInt8] {
    TestTar.entry("x", Array(text.utf8), type: "x") + sound + TestTar.end
  }

  private static let sum = sound[..<512].enumerated().reduce(0) {
    $0 + ((148..<156).contains($1.0) ? 32 : Int($1.1))
  }

  private static let cases: [(name: String, bytes: [UInt8], error: TarError)] = [
    ("nothing", [], .missingEnd(offset: 0)),
    ("no end", sound, .missingEnd(offset: 1024)),
    ("text", Array("digit".utf8), early(0, 512, 5, "a header")),
    ("header cut off", sound + sound[..<511], early(1024, 512, 511, "a header")),
    ("content cut off", Array(sound[..<514]), early(512, 3, 2, "the content of an entry")),
    ("padding cut off", Array(sound.dropLast()), early(1023, 1, 0, "the content of an entry")),
    (
      "checksum", sound + TestTar.header("b", size: 0, checksum: Array("0001234\u{0}".utf8)) + TestTar.end,
      .headerChecksum(
        declared: 0o1234, computed: sum - Int(UInt8(ascii: "3")) + Int(UInt8(ascii: "0")) + 1, offset: 1024)
    ),
    (
      "no checksum", TestTar.header("b", size: 0, checksum: [UInt8](repeating: 32, count: 8)) + TestTar.end,
      .headerChecksum(
        declared: nil, computed: sum - Int(UInt8(ascii: "3")) + Int(UInt8(ascii: "0")) + 1, offset: 0)
    ),
    ("digit 8", sized("00000000008\u{0}"), .badNumber(field: "size", offset: 124)),
    ("minus", sized("-0000000003\u{0}"), .badNumber(field: "size", offset: 124)),
    ("letters", sized("size"), .badNumber(field: "size", offset: 124)),
    (
      "negative binary", TestTar.header("a", size: 0, sizeField: [UInt8](repeating: 0xFF, count: 12)),
      .badNumber(field: "size", offset: 124)
    ),
    (
      "2^63",
      TestTar.header("a", size: 0, sizeField: [0x80, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0]),
      .badNumber(field: "size", offset: 124)
    ),
    (
      "2^90", TestTar.header("a", size: 0, sizeField: [0x84] + [UInt8](repeating: 0, count: 11)),
      .badNumber(field: "size", offset: 124)
    ),
    (
      "2^63 - 1, whose padding would overflow",
      TestTar.header("a", size: 0, sizeField: [0x80, 0, 0, 0, 0x7F] + [UInt8](repeating: 0xFF, count: 7)),
      .badNumber(field: "size", offset: 124)
    ),
    (
      "2^62 bytes that are not there",
      TestTar.header("a", size: 0, sizeField: [0x80, 0, 0, 0, 0x40] + [UInt8](repeating: 0, count: 7)),
      early(512, 1 << 62, 0, "the content of an entry")
    ),
    (
      "a long name of 2 MiB", TestTar.header("@LongLink", size: 1 << 21, type: "L"),
      .tooLong(what: "a long name", size: 1 << 21, limit: 1 << 20, offset: 124)
    ),
    (
      "records of 2 MiB", TestTar.header("x", size: 1 << 21, type: "x"),
      .tooLong(what: "an extended header", size: 1 << 21, limit: 1 << 20, offset: 124)
    ),
    (
      "a long name cut off", TestTar.header("@LongLink", size: 300, type: "L") + [1],
      early(512, 300, 1, "a long name")
    ),
    (
      "a long name and nothing else", TestTar.entry("@LongLink", Array("a".utf8), type: "L"),
      .missingEnd(offset: 1024)
    ),
    ("a record without a length", record("path=a\n"), .badRecord(offset: 512)),
    ("a record of no bytes", record("0 path=a\n"), .badRecord(offset: 512)),
    ("a record of one byte", record("1 path=a\n"), .badRecord(offset: 512)),
    ("a record that is too long", record("99 path=a\n"), .badRecord(offset: 512)),
    (
      "a record of 2^64 bytes", record("18446744073709551616 path=a\n"), .badRecord(offset: 512)
    ),
    ("a record that ends elsewhere", record("9 path=ab\n"), .badRecord(offset: 512)),
    ("a record without =", record("10 pathaa\n"), .badRecord(offset: 512)),
    ("the second record", record("10 path=a\n7 x\n"), .badRecord(offset: 522)),
    ("a zero in a name", record("10 path=\u{0}\n"), .badRecord(offset: 512)),
    ("a size that is none", record("11 size=-1\n"), .badNumber(field: "size", offset: 512)),
    (
      "a size of 2^63 - 1", record("28 size=9223372036854775807\n"),
      .badNumber(field: "size", offset: 512)
    ),
    (
      "a sparse file", TestTar.header("a", size: 0, type: "S") + TestTar.end,
      .unsupportedEntry(type: UInt8(ascii: "S"), offset: 0)
    ),
    (
      "a volume's beginning", TestTar.header("a", size: 0, type: "M") + TestTar.end,
      .unsupportedEntry(type: UInt8(ascii: "M"), offset: 0)
    ),
    (
      "a sparse file of pax", record("22 GNU.sparse.major=1\n"),
      .unsupportedEntry(type: UInt8(ascii: "x"), offset: 1024)
    ),
    ("two archives", sound + TestTar.end + sound + TestTar.end, .trailingBytes(offset: 2048)),
  ]

  @Test(arguments: cases.indices) func everyFaultIsAnErrorOfItsOwn(_ index: Int) {
    let (name, bytes, error) = Self.cases[index]
    #expect(throws: error, "\(name)") { try TarTests.read(bytes) }
    #expect(!error.reason.isEmpty && error.reason.first?.isUppercase == false)
  }

  @Test func nothingFollowsAnError() throws {
    let reader = TarReader(MemorySource(Self.sound + [1, 2, 3]))
    #expect(try reader.next()?.name == "a")
    #expect(throws: TarError.self) { try reader.next() }
    #expect(try reader.next() == nil)
  }

  @Test func anyBytesGiveEntriesOrAnError() throws {
    var noise = SeededNoise(seed: 5)
    let archive =
      TestTar.records([("path", "p"), ("size", "3")]) + Self.sound
      + TestTar.entry("@LongLink", Array("long".utf8), type: "L") + Self.sound + TestTar.end
    var whole = 0
    for round in 0..<3000 {
      var bytes = archive
      for _ in 0...round % 3 {
        let place = Int.random(in: bytes.indices, using: &noise)
        bytes[place] = UInt8.random(in: 0...255, using: &noise)
      }
      // The header's sums hold in half of the rounds.
      if round % 2 == 0 {
        for start in stride(from: 0, to: bytes.count - 1024, by: 512) where bytes[start + 257] == 0x75 {
          let sum = bytes[start..<start + 512].enumerated().reduce(0) {
            $0 + ((148..<156).contains($1.0) ? 32 : Int($1.1))
          }
          bytes.replaceSubrange(start + 148..<start + 155, with: TestTar.octal(sum, digits: 6) + [0])
        }
      }
      if round % 7 == 0 { bytes.removeLast(Int.random(in: 1...bytes.count, using: &noise)) }
      do { if try TarTests.read(bytes).count == 2 { whole += 1 } } catch is TarError {}
    }
    #expect(whole > 100)
  }
}
