import CNNCodecs
import Testing

/// Files that are wrong in one way each, and what is said of them.
///
/// All are made from a picture of 2 by 2 grey pixels: signature to byte 8, header chunk to 33, then image data.
@Suite struct PNGHostileTests {
  static let header = ("IHDR", TestPNG.header(2, 2))
  private static let rows: [UInt8] = [0, 1, 2, 0, 3, 4]
  static let data = ("IDAT", TestPNG.zlib(rows))
  static let end = ("IEND", [UInt8]())
  static let sound = TestPNG([header, data, end]).bytes
  /// Behind the image data of `sound`: 33, and 12 around 17 bytes of zlib.
  private static let dataEnd = 62

  private static let paletteHeader = ("IHDR", TestPNG.header(2, 2, depth: 2, type: 3))
  private static let palette = ("PLTE", [UInt8](repeating: 9, count: 9))
  /// The indices 0 1 and 2 0.
  private static let indices = ("IDAT", TestPNG.zlib([0, 0x10, 0, 0x80]))

  private static func early(_ position: Int, _ needed: Int, _ available: Int, _ what: String) -> PNGError {
    .endsEarly(InputEndsEarly(position: position, needed: needed, available: available, what: what))
  }

  private static func header(_ index: Int, _ byte: UInt8) -> [UInt8] {
    TestPNG([(header.0, header.1.replacing(at: index, with: byte)), data, end]).bytes
  }

  private static func images(_ data: [UInt8]...) -> [UInt8] {
    TestPNG([header] + data.map { ("IDAT", $0) } + [end]).bytes
  }

  /// zlib data of the raw rows `raw`, the picture's or not.
  private static func image(_ raw: [UInt8]) -> [UInt8] { images(TestPNG.zlib(raw)) }

  private static let signatureCases: [(String, [UInt8], PNGError)] = [
    ("empty", [], early(0, 8, 0, "the PNG signature")),
    ("text", Array("digit".utf8), .notPNG(offset: 0)),
    ("JPEG", [0xFF, 0xD8, 0xFF], .notPNG(offset: 0)),
    ("line ends converted", [0x89, 0x50, 0x4E, 0x47, 0x0A, 0x1A, 0x0A], .notPNG(offset: 4)),
    ("signature cut off", Array(sound[..<5]), early(0, 8, 5, "the PNG signature")),
    ("signature alone", Array(sound[..<8]), .missingChunk(type: "IHDR", offset: 8)),
  ]

  private static let headerCases: [(String, [UInt8], PNGError)] = [
    ("no width", header(3, 0), .badHeader(field: "width", value: 0, offset: 16)),
    ("no height", header(7, 0), .badHeader(field: "height", value: 0, offset: 20)),
    ("width 2^31", header(0, 0x80), .badHeader(field: "width", value: 0x8000_0002, offset: 16)),
    ("height 2^31", header(4, 0x80), .badHeader(field: "height", value: 0x8000_0002, offset: 20)),
    ("depth 3", header(8, 3), .badHeader(field: "bit depth for colour type 0", value: 3, offset: 24)),
    ("depth 0", header(8, 0), .badHeader(field: "bit depth for colour type 0", value: 0, offset: 24)),
    (
      "palette of 16 bits", TestPNG([("IHDR", TestPNG.header(2, 2, depth: 16, type: 3)), data, end]).bytes,
      .badHeader(field: "bit depth for colour type 3", value: 16, offset: 24)
    ),
    (
      "colours of 4 bits", TestPNG([("IHDR", TestPNG.header(2, 2, depth: 4, type: 2)), data, end]).bytes,
      .badHeader(field: "bit depth for colour type 2", value: 4, offset: 24)
    ),
    ("colour type 5", header(9, 5), .badHeader(field: "colour type", value: 5, offset: 25)),
    ("compression 1", header(10, 1), .badHeader(field: "compression method", value: 1, offset: 26)),
    ("filter method 64", header(11, 64), .badHeader(field: "filter method", value: 64, offset: 27)),
    ("interlace 2", header(12, 2), .badHeader(field: "interlace method", value: 2, offset: 28)),
    (
      "header too short", TestPNG([("IHDR", Array(header.1.dropLast())), data, end]).bytes,
      .badChunkLength(type: "IHDR", length: 12, offset: 8)
    ),
    ("no header", TestPNG([data, end]).bytes, .missingChunk(type: "IHDR", offset: 8)),
    (
      "late header", TestPNG([("gAMA", [0, 0, 0, 1]), header, data, end]).bytes,
      .missingChunk(type: "IHDR", offset: 8)
    ),
    (
      "two headers", TestPNG([header, header, data, end]).bytes,
      .misplacedChunk(type: "IHDR", .repeated, offset: 33)
    ),
  ]

  private static let chunkCases: [(String, [UInt8], PNGError)] = [
    (
      "bad CRC of the header", sound.replacing(at: 19, with: 3),
      .chunkChecksum(type: "IHDR", declared: 0x57DD_52F8, computed: 0xB81F_39C6, offset: 8)
    ),
    (
      "bad CRC of the end", sound.replacing(at: sound.count - 1, with: 0),
      .chunkChecksum(type: "IEND", declared: 0xAE42_6000, computed: 0xAE42_6082, offset: dataEnd)
    ),
    (
      "bad CRC of an ancillary chunk",
      TestPNG([header, ("tEXt", [1, 2]), data, end]).bytes.replacing(at: 41, with: 0),
      .chunkChecksum(type: "tEXt", declared: 0x1B36_8EE1, computed: 0x022D_BFA0, offset: 33)
    ),
    ("cut in a length", Array(sound[..<35]), early(33, 4, 2, "the length of a PNG chunk")),
    ("cut in a type", Array(sound[..<40]), early(37, 4, 3, "the type of a PNG chunk")),
    ("cut in data", Array(sound[..<50]), early(41, 17, 9, "the data of the PNG chunk IDAT")),
    ("cut in a CRC", Array(sound[..<60]), early(58, 4, 2, "the checksum of the PNG chunk IDAT")),
    (
      "a length of 2^31",
      Array(sound[..<33]) + [0x80, 0, 0, 0] + Array("tEXt".utf8),
      .badChunkLength(type: "tEXt", length: 1 << 31, offset: 33)
    ),
    (
      "a huge ancillary chunk that is not there",
      Array(sound[..<33]) + [0x7F, 0xFF, 0xFF, 0xFF] + Array("iCCP".utf8) + [0, 0],
      early(41, 0x7FFF_FFFF, 2, "the data of the PNG chunk iCCP")
    ),
    ("a type of digits", sound.replacing(at: 38, with: 0x31), .badChunkType(Array("I1AT".utf8), offset: 37)),
    (
      "an unknown critical chunk", TestPNG([header, ("CgBI", [0]), data, end]).bytes,
      .unknownCriticalChunk(type: "CgBI", offset: 33)
    ),
    ("no end", Array(sound[..<dataEnd]), .missingChunk(type: "IEND", offset: dataEnd)),
    ("no image data, no end", Array(sound[..<33]), .missingChunk(type: "IDAT", offset: 33)),
    ("no image data", TestPNG([header, end]).bytes, .missingChunk(type: "IDAT", offset: 33)),
    (
      "an end with data", TestPNG([header, data, ("IEND", [0])]).bytes,
      .badChunkLength(type: "IEND", length: 1, offset: dataEnd)
    ),
    ("a byte behind the end", sound + [0], .trailingBytes(count: 1, offset: sound.count)),
    ("a second file behind the end", sound + sound, .trailingBytes(count: sound.count, offset: sound.count)),
    (
      "image data interrupted", TestPNG([header, data, ("tEXt", []), ("IDAT", []), end]).bytes,
      .misplacedChunk(type: "IDAT", .notConsecutive, offset: dataEnd + 12)
    ),
  ]

  private static let paletteCases: [(String, [UInt8], PNGError)] = [
    ("no palette", TestPNG([paletteHeader, indices, end]).bytes, .missingChunk(type: "PLTE", offset: 33)),
    (
      "a late palette", TestPNG([paletteHeader, indices, palette, end]).bytes,
      .missingChunk(type: "PLTE", offset: 33)
    ),
    (
      "a late palette in colour",
      TestPNG([("IHDR", TestPNG.header(1, 1, type: 2)), ("IDAT", TestPNG.zlib([0, 1, 2, 3])), palette, end])
        .bytes,
      .misplacedChunk(type: "PLTE", .afterImageData, offset: 60)
    ),
    (
      "a palette in grey", TestPNG([header, palette, data, end]).bytes,
      .misplacedChunk(type: "PLTE", .notForColorType, offset: 33)
    ),
    (
      "two palettes", TestPNG([paletteHeader, palette, palette, indices, end]).bytes,
      .misplacedChunk(type: "PLTE", .repeated, offset: 54)
    ),
    (
      "an empty palette", TestPNG([paletteHeader, ("PLTE", []), indices, end]).bytes,
      .badChunkLength(type: "PLTE", length: 0, offset: 33)
    ),
    (
      "a third of a colour", TestPNG([paletteHeader, ("PLTE", [1, 2, 3, 4]), indices, end]).bytes,
      .badChunkLength(type: "PLTE", length: 4, offset: 33)
    ),
    (
      "more colours than indices",
      TestPNG([paletteHeader, ("PLTE", [UInt8](repeating: 0, count: 15)), indices, end]).bytes,
      .badChunkLength(type: "PLTE", length: 15, offset: 33)
    ),
    (
      "an index beyond the palette",
      TestPNG([paletteHeader, ("PLTE", [1, 2, 3, 4, 5, 6]), indices, end]).bytes,
      .indexBeyondPalette(index: 2, colorCount: 2, x: 0, y: 1, offset: 51)
    ),
    (
      "transparency before the palette",
      TestPNG([paletteHeader, ("tRNS", [0]), palette, indices, end]).bytes,
      .misplacedChunk(type: "tRNS", .beforePalette, offset: 33)
    ),
    (
      "a palette behind the transparency",
      TestPNG([
        ("IHDR", TestPNG.header(1, 1, type: 2)), ("tRNS", [0, 0, 0, 0, 0, 0]), palette,
        ("IDAT", TestPNG.zlib([0, 1, 2, 3])), end,
      ]).bytes,
      .misplacedChunk(type: "PLTE", .afterTransparency, offset: 51)
    ),
    (
      "more transparency than colours",
      TestPNG([paletteHeader, palette, ("tRNS", [0, 0, 0, 0]), indices, end]).bytes,
      .badChunkLength(type: "tRNS", length: 4, offset: 54)
    ),
    (
      "transparency of one byte in grey", TestPNG([header, ("tRNS", [0]), data, end]).bytes,
      .badChunkLength(type: "tRNS", length: 1, offset: 33)
    ),
    (
      "transparency twice", TestPNG([header, ("tRNS", [0, 0]), ("tRNS", [0, 0]), data, end]).bytes,
      .misplacedChunk(type: "tRNS", .repeated, offset: 47)
    ),
    (
      "late transparency", TestPNG([header, data, ("tRNS", [0, 0]), end]).bytes,
      .misplacedChunk(type: "tRNS", .afterImageData, offset: dataEnd)
    ),
    (
      "transparency beside alpha",
      TestPNG([("IHDR", TestPNG.header(1, 1, type: 4)), ("tRNS", [0, 0]), data, end]).bytes,
      .misplacedChunk(type: "tRNS", .notForColorType, offset: 33)
    ),
  ]

  private static let imageDataCases: [(String, [UInt8], PNGError)] = [
    ("nothing in it", images([]), .imageDataTooShort(expected: 6, found: 0, offset: 41)),
    ("half a zlib header", images([0x78]), .imageDataTooShort(expected: 6, found: 0, offset: 42)),
    (
      "a row short", image(Array(rows[..<3])), .imageDataTooShort(expected: 6, found: 3, offset: 55)
    ),
    ("a byte short", image(rows.dropLast()), .imageDataTooShort(expected: 6, found: 5, offset: 57)),
    ("a row long", image(rows + [0, 1, 2]), .imageDataTooLong(expected: 6, offset: 43)),
    (
      "the checksum cut off", images(Array(data.1.dropLast(1))),
      .imageDataTooShort(expected: 6, found: 6, offset: 57)
    ),
    ("cut in a block", images(Array(data.1[..<9])), .imageDataTooShort(expected: 6, found: 2, offset: 50)),
    ("a byte behind the checksum", images(data.1 + [0]), .imageDataTooLong(expected: 6, offset: 58)),
    (
      "a chunk behind the checksum", images(data.1, [1, 2]),
      .imageDataTooLong(expected: 6, offset: dataEnd + 8)
    ),
    (
      "a wrong Adler-32", images(data.1.dropLast() + [0]),
      .imageDataChecksum(declared: 0x001D_0000, computed: 0x001D_000B, offset: 54)
    ),
    (
      "a wrong Adler-32 in a chunk of its own", images(Array(data.1[..<13]), [0, 0x1D, 0, 0]),
      .imageDataChecksum(declared: 0x001D_0000, computed: 0x001D_000B, offset: 66)
    ),
    ("filter 5", image(rows.replacing(at: 3, with: 5)), .unknownFilter(5, row: 1, offset: 33)),
    ("method 7", images([0x77] + data.1.dropFirst()), .badZlibHeader(0x7701, offset: 41)),
    (
      "a window of 64 kilobytes", images([0x88, 0x1C] + data.1.dropFirst(2)),
      .badZlibHeader(0x881C, offset: 41)
    ),
    ("a preset dictionary", images([0x78, 0x20] + data.1.dropFirst(2)), .badZlibHeader(0x7820, offset: 41)),
    (
      "a wrong check of the header", images([0x78, 0x02] + data.1.dropFirst(2)),
      .badZlibHeader(0x7802, offset: 41)
    ),
    (
      "block type 3", images(data.1.replacing(at: 2, with: 7)),
      .corruptImageData(detail: "invalid block type", offset: 44)
    ),
  ]

  private static let cases = signatureCases + headerCases + chunkCases + paletteCases + imageDataCases

  @Test(arguments: cases.map(\.0)) func refusesByName(_ name: String) throws {
    let (_, bytes, error) = try #require(Self.cases.first { $0.0 == name })
    #expect(throws: error) { try PNG.decodeGray(bytes) }
  }

  @Test func theSoundOneIsSound() throws {
    #expect(try PNG.decodeGray(Self.sound) == GrayImage(width: 2, height: 2, pixels: [1, 2, 3, 4]))
    #expect(
      try PNG.decodeGray(TestPNG([Self.paletteHeader, Self.palette, Self.indices, Self.end]).bytes).pixels
        == [9, 9, 9, 9])
  }

  @Test func describesWhatIsWrong() {
    #expect(
      "\(PNGError.misplacedChunk(type: "PLTE", .afterImageData, offset: 60))"
        == "byte 60: the PNG chunk PLTE stands in the wrong place: it must stand before the image data")
    #expect(
      "\(PNGError.indexBeyondPalette(index: 2, colorCount: 2, x: 0, y: 1, offset: 51))"
        == "byte 51: the pixel in column 0 of row 1 has the colour 2 of a palette of 2")
    #expect(
      PNGError.notPNG(offset: 4).reason
        == "PNG's signature is damaged, as by a transfer that converts line ends")
  }

  @Test func headersAloneAreCheckedAsStrictly() throws {
    #expect(try PNG.header(Array(Self.sound[..<33])).width == 2)
    for (_, bytes, error) in Self.signatureCases + Self.headerCases.filter({ $0.0 != "two headers" }) {
      #expect(throws: error) { try PNG.header(bytes) }
    }
  }
}
