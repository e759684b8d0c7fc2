import CNNCodecs
import Testing

/// PngSuite of 2017, whole: every sound file against the reference in Python, every damaged one by its fault.
@Suite struct PNGSuiteTests {
  private static let expectations = Result {
    try String(decoding: FixtureFile.bytes("pngsuite/expected.txt"), as: UTF8.self)
      .split(separator: "\n").map { $0.split(separator: " ") }
  }

  /// The damaged files. Where a CRC is wrong, what is declared and what the bytes give.
  private static let faults: [(name: String, error: PNGError)] = [
    ("xc1n0g08", .badHeader(field: "colour type", value: 1, offset: 25)),
    ("xc9n2c08", .badHeader(field: "colour type", value: 9, offset: 25)),
    ("xcrn0g04", .notPNG(offset: 5)),
    (
      "xcsn0g01",
      .chunkChecksum(type: "IDAT", declared: 0x4353_554D, computed: 0xD02F_14C9, offset: 49)
    ),
    ("xd0n2c08", .badHeader(field: "bit depth for colour type 2", value: 0, offset: 24)),
    ("xd3n2c08", .badHeader(field: "bit depth for colour type 2", value: 3, offset: 24)),
    ("xd9n2c08", .badHeader(field: "bit depth for colour type 2", value: 99, offset: 24)),
    ("xdtn0g01", .missingChunk(type: "IDAT", offset: 49)),
    ("xhdn0g08", .chunkChecksum(type: "IHDR", declared: 0x4353_554D, computed: 0x5611_2528, offset: 8)),
    ("xlfn0g04", .notPNG(offset: 4)),
    ("xs1n0g01", .notPNG(offset: 0)),
    ("xs2n0g01", .notPNG(offset: 1)),
    ("xs4n0g01", .notPNG(offset: 3)),
    ("xs7n0g01", .notPNG(offset: 6)),
  ]

  @Test func soundFilesGiveTheReferencesPixels() throws {
    let expectations = try Self.expectations.get()
    #expect(expectations.count == 3 * 161)
    #expect(Set(expectations.map { $0[0] }).count == 161)
    for fields in expectations {
      let image = try PNG.decodeGray(
        FixtureFile.bytes("pngsuite/\(fields[0])"), background: #require(UInt8(fields[1])))
      #expect(image.width == Int(fields[2]) && image.height == Int(fields[3]), "\(fields[0])")
      #expect(
        CRC32.checksum(of: image.pixels) == UInt32(fields[4], radix: 16), "\(fields[0]) on \(fields[1])")
    }
  }

  @Test(arguments: faults.indices) func damagedFilesAreRefusedByName(_ index: Int) throws {
    let fault = Self.faults[index]
    let bytes = try FixtureFile.bytes("pngsuite/\(fault.name).png")
    #expect(throws: fault.error) { try PNG.decodeGray(bytes) }
    #expect(Self.faults.count == 14)
  }
}
