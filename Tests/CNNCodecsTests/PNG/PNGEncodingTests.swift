import CNNCodecs
import Testing

@Suite struct PNGEncodingTests {
  @Test func grayComesBackAsItWas() throws {
    var noise = SeededNoise(seed: 7)
    for (width, height) in [(1, 1), (1, 9), (28, 28), (200, 3)] {
      let image = GrayImage(width: width, height: height, pixels: noise.bytes(width * height))
      let file = try PNG.encode(image)
      #expect(try PNG.decodeGray(file) == image)
      #expect(try PNG.encode(image) == file)
      let header = try PNG.header(file)
      #expect(header.colorType == .gray && header.bitDepth == 8 && !header.isInterlaced)
      #expect(TestPNG(parsing: file).chunks.map(\.type) == ["IHDR", "IDAT", "IEND"])
    }
  }

  @Test func colorsKeepTheirOrder() throws {
    let image = RGBImage(width: 3, height: 1, pixels: [255, 0, 0, 0, 255, 0, 0, 0, 255])
    let file = try PNG.encode(image)
    #expect(try PNG.header(file).colorType == .rgb)
    #expect(try PNG.decodeGray(file).pixels == [76, 150, 29])
  }

  @Test func compressesFlatAndSmoothPictures() throws {
    // White lines between blocks of few tones, as a sheet of filters has them.
    var sheet = GrayImage(width: 490, height: 250, pixels: [UInt8](repeating: 255, count: 490 * 250))
    for y in 0..<250 where y % 60 >= 10 {
      for x in 0..<490 where x % 60 >= 10 { sheet[x, y] = UInt8((x / 10 * 5) ^ (y / 10 * 3)) }
    }
    #expect(try PNG.encode(sheet).count < 4000)
    var slope = GrayImage(width: 256, height: 256, pixels: [UInt8](repeating: 0, count: 65536))
    for y in 0..<256 {
      for x in 0..<256 { slope[x, y] = UInt8((x + y) / 2) }
    }
    #expect(try PNG.encode(slope).count < 2000)
  }

  @Test func pixelsAreAddressedByColumnAndRow() {
    var image = GrayImage(width: 3, height: 2, pixels: [1, 2, 3, 4, 5, 6])
    #expect(image[2, 0] == 3 && image[0, 1] == 4)
    image[1, 1] = 9
    #expect(image.pixels == [1, 2, 3, 4, 9, 6])
  }
}
