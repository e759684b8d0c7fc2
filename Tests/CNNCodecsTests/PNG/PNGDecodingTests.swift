import CNNCodecs
import CNNTestSupport
import Testing

@Suite struct PNGDecodingTests {
  /// The lines of `expected.txt`, which `reference.py` beside it has computed.
  private static func expectations() throws -> [[Substring]] {
    try String(decoding: FixtureFile.bytes("png/expected.txt"), as: UTF8.self)
      .split(separator: "\n").map { $0.split(separator: " ") }
  }

  @Test func decodesPngSuiteAsTheReferenceDoes() throws {
    let expectations = try Self.expectations()
    #expect(expectations.count == 3 * 60)
    for fields in expectations {
      let bytes = try FixtureFile.bytes("png/\(fields[0])")
      #expect(PNG.isPNG(bytes))
      let image = try PNG.decodeGray(bytes, background: #require(UInt8(fields[1])))
      #expect(image.width == Int(fields[2]) && image.height == Int(fields[3]), "\(fields[0])")
      #expect(
        CRC32.checksum(of: image.pixels) == UInt32(fields[4], radix: 16), "\(fields[0]) on \(fields[1])")
    }
  }

  @Test func readsHeaders() throws {
    let types: [Character: PNGHeader.ColorType] = [
      "0": .gray, "2": .rgb, "3": .palette, "4": .grayAlpha, "6": .rgbAlpha,
    ]
    for name in Set(try Self.expectations().map { String($0[0]) }) {
      let header = try PNG.header(Array(FixtureFile.bytes("png/\(name)").prefix(33)))
      let stem = Array(name.dropLast(4))
      #expect(header.colorType == types[stem[stem.count - 4]], "\(name)")
      #expect(header.bitDepth == Int(String(stem.suffix(2))), "\(name)")
      // Three images are no more interlaced than those whose names lack the i.
      let isInterlaced = stem[0] == "i" && !["iftbrn2c08", "iftbbn2c16", "iftbgn2c16"].contains(String(stem))
      #expect(header.isInterlaced == isInterlaced, "\(name)")
    }
  }

  /// All colour types and depths, interlaced or not, with and without transparency, at sizes that leave passes
  /// empty and bytes half full; against the definition of formats/png.md, written out with fractions.
  @Test(arguments: [0, 2, 3, 4, 6] as [UInt8]) func decodesEveryKind(_ type: UInt8) throws {
    var noise = SeededNoise(seed: 100 + UInt64(type))
    let channelCount = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][type] ?? 0
    for depth in [0: [1, 2, 4, 8, 16], 3: [1, 2, 4, 8]][type] ?? [8, 16] {
      for (width, height) in [(1, 1), (2, 5), (3, 2), (5, 9), (13, 7)] {
        for round in 0..<4 {
          let top = 1 << depth - 1
          let samples = (0..<height).map { _ in
            (0..<width).map { _ in
              // Few different values, so that the transparent colour is met.
              (0..<channelCount).map { _ in Int.random(in: 0...3, using: &noise) * top / 3 }
            }
          }
          let palette = type == 3 ? noise.bytes(3 * (top + 1)) : nil
          var transparency: [UInt8]?
          if round >= 2, type == 3 { transparency = noise.bytes(Int.random(in: 1...top + 1, using: &noise)) }
          if round >= 2, type == 0 || type == 2 {
            transparency = samples[0][0].flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
          }
          let file = TestPNG(
            samples, depth: depth, type: type, interlaced: round % 2 == 1, palette: palette,
            transparency: transparency)
          let background = UInt8.random(in: 0...255, using: &noise)
          let image = try PNG.decodeGray(file.bytes, background: background)
          let expected = samples.joined().map { pixel in
            Self.gray(
              pixel, depth: depth, palette: palette, transparency: transparency, key: samples[0][0],
              background: Int(background))
          }
          #expect(image.width == width && image.height == height)
          #expect(
            image.pixels == expected, "type \(type), depth \(depth), \(width)x\(height), round \(round)")
        }
      }
    }
  }

  private static func gray(
    _ pixel: [Int], depth: Int, palette: [UInt8]?, transparency: [UInt8]?, key: [Int], background: Int
  ) -> UInt8 {
    func divided(_ numerator: Int, _ denominator: Int) -> Int {
      (2 * numerator + denominator) / (2 * denominator)
    }
    var color = pixel.map { divided($0 * 255, 1 << depth - 1) }
    var alpha = 255
    if let palette {
      color = palette[3 * pixel[0]..<3 * pixel[0] + 3].map { Int($0) }
      if let transparency, pixel[0] < transparency.count { alpha = Int(transparency[pixel[0]]) }
    } else if pixel.count % 2 == 0 {
      alpha = color.removeLast()
    } else if transparency != nil, pixel == key {
      alpha = 0
    }
    if color.count == 1 { color = [color[0], color[0], color[0]] }
    let level = divided(19595 * color[0] + 38470 * color[1] + 7471 * color[2], 65536)
    return UInt8(divided(level * alpha + background * (255 - alpha), 255))
  }

  @Test func scalesByHandWrittenValues() throws {
    func pixels(_ row: [[Int]], depth: Int, type: UInt8, background: UInt8 = 255) throws -> [UInt8] {
      try PNG.decodeGray(
        TestPNG([row], depth: depth, type: type, interlaced: false).bytes, background: background
      ).pixels
    }
    #expect(try pixels([[0], [1]], depth: 1, type: 0) == [0, 255])
    #expect(try pixels([[0], [1], [2], [3]], depth: 2, type: 0) == [0, 85, 170, 255])
    #expect(try pixels([[0], [7], [15]], depth: 4, type: 0) == [0, 119, 255])
    // 128 / 257 is just below a half, 129 / 257 just above.
    #expect(
      try pixels([[128], [129], [257], [65406], [65407], [65535]], depth: 16, type: 0) == [
        0, 1, 1, 254, 255, 255,
      ])
    #expect(
      try pixels([[255, 0, 0], [0, 255, 0], [0, 0, 255], [77, 77, 77]], depth: 8, type: 2) == [
        76, 150, 29, 77,
      ])
    #expect(try pixels([[0, 0], [0, 128], [0, 255], [200, 1]], depth: 8, type: 4) == [255, 127, 0, 255])
    #expect(try pixels([[0, 0], [0, 128], [255, 128]], depth: 8, type: 4, background: 0) == [0, 0, 128])
  }

  @Test func takesTheLowBitsOfTheTransparentColor() throws {
    let file = TestPNG([[[1], [2]]], depth: 4, type: 0, interlaced: false, transparency: [0xFF, 0xF2])
    #expect(try PNG.decodeGray(file.bytes).pixels == [17, 255])
  }

  @Test func readsImageDataInAnyPieces() throws {
    let whole = TestPNG([[[1], [2], [3]], [[4], [5], [6]]], depth: 8, type: 0, interlaced: false)
    let data = whole.chunks[1].data
    var pieces = whole
    let parts = [[]] + data.map { [$0] } + [[], []]
    pieces.chunks.replaceSubrange(1..<2, with: parts.map { TestPNG.Chunk(type: "IDAT", data: $0) })
    #expect(try PNG.decodeGray(pieces.bytes).pixels == [1, 2, 3, 4, 5, 6])
  }

  @Test func readsDataThatReachBeyondTheirDeclaredWindow() throws {
    var noise = SeededNoise(seed: 10)
    let row = [0] + noise.bytes(1000)
    let rows = [UInt8](repeatElement(row, count: 20).joined())
    let deflated = try Gzip.compress(rows, level: 9).dropFirst(10).dropLast(8)
    #expect(deflated.count < 2000)
    // A window of 256 bytes, although each row is copied from the one before.
    let data = [0x08, 0x1D] + deflated + TestPNG.zlib(rows).suffix(4)
    let file = TestPNG([("IHDR", TestPNG.header(1000, 20)), ("IDAT", data), ("IEND", [])])
    #expect(try PNG.decodeGray(file.bytes).pixels == [UInt8](repeatElement(row[1...], count: 20).joined()))
  }

  @Test func skipsAncillaryChunksOfAnySize() throws {
    var file = TestPNG([[[7]]], depth: 8, type: 0, interlaced: false)
    let text = TestPNG.Chunk(type: "tEXt", data: [UInt8](repeating: 0x41, count: 3 << 20))
    let profile = TestPNG.Chunk(type: "iCCP", data: [0, 0, 0, 1])
    let unknown = TestPNG.Chunk(type: "quUx", data: [1, 2, 3])
    file.chunks.insert(contentsOf: [text, profile, unknown, profile], at: 1)
    file.chunks.insert(contentsOf: [unknown, text], at: file.chunks.count - 1)
    #expect(try PNG.decodeGray(file.bytes).pixels == [7])
  }
}
