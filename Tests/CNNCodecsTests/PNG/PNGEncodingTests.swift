import CNNCodecs
import CNNTestSupport
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

  @Test func coloursComeBackAsTheyWere() throws {
    var noise = SeededNoise(seed: 8)
    // Red, green and blue; a palette; grey.
    let many = RGBImage(width: 40, height: 30, pixels: noise.bytes(3_600))
    let few = RGBImage(
      width: 40, height: 30, pixels: noise.bytes(1_200).flatMap { [$0 & 0x80, 7, $0 & 0x80] })
    let none = RGBImage(width: 3, height: 1, pixels: [0, 0, 0, 9, 9, 9, 255, 255, 255])
    for (image, type) in [(many, PNGHeader.ColorType.rgb), (few, .palette), (none, .gray)] {
      let file = try PNG.encode(image)
      #expect(try PNG.header(file).colorType == type)
      #expect(try PNG.decodeRGB(file) == image)
      // The grey of these colours is the grey that is read.
      #expect(try PNG.decodeGray(file) == Picture.rgb(image).grayImage)
    }
    #expect(throws: PNGError.self) { try PNG.decodeRGB(Array(PNG.encode(many).dropLast(20))) }
  }

  /// A picture in blocks of 10 by 10 pixels, whose colours `color` gives by column and row of the block.
  private func blocks(_ width: Int, _ height: Int, color: (Int, Int) -> [UInt8]) -> RGBImage {
    let pixels = (0..<height).flatMap { y in (0..<width).flatMap { x in color(x / 10, y / 10) } }
    return RGBImage(width: width, height: height, pixels: pixels)
  }

  @Test func coloursThatAreAllGreyBecomeGrey() throws {
    let image = blocks(100, 40) { x, y in [UInt8](repeating: UInt8(x * 20 + y), count: 3) }
    let gray = Picture.rgb(image).grayImage
    #expect(try PNG.encode(image) == PNG.encode(gray))
    #expect(try PNG.encode(Picture.rgb(image)) == PNG.encode(Picture.gray(gray)))
    #expect(try PNG.header(PNG.encode(image)).colorType == .gray)
  }

  @Test func fewColoursBecomeAPaletteInAscendingOrder() throws {
    let colors: [[UInt8]] = [[200, 0, 1], [7, 9, 8], [200, 0, 0], [7, 8, 9]]
    let image = blocks(160, 160) { x, y in colors[(x * 3 + y * y) % 4] }
    let file = try PNG.encode(image)
    #expect(try PNG.encode(image) == file)
    let chunks = TestPNG(parsing: file).chunks
    #expect(chunks.map(\.type) == ["IHDR", "PLTE", "IDAT", "IEND"])
    #expect(chunks[0].data == TestPNG.header(160, 160, type: 3))
    #expect(chunks[1].data == [7, 8, 9, 7, 9, 8, 200, 0, 0, 200, 0, 1])
    #expect(try PNG.decodeGray(file) == Picture.rgb(image).grayImage)
  }

  @Test func paletteHoldsUpTo256Colours() throws {
    for (count, type) in [(256, PNGHeader.ColorType.palette), (257, .rgb)] {
      let image = blocks(340, 320) { x, y in
        let number = min(x % 17 + y % 16 * 17, count - 1)
        return [UInt8(number % 256), UInt8(number / 256), 3]
      }
      let file = try PNG.encode(image)
      #expect(try PNG.header(file).colorType == type)
      #expect(try PNG.decodeGray(file) == Picture.rgb(image).grayImage)
    }
  }

  @Test func largePicturesComeBackAsTheyWere() throws {
    // More pixels than are tried whole, so that a sample of the rows chooses the method.
    var noise = SeededNoise(seed: 5)
    let width = 1500
    let tones = noise.bytes(150 * 71)
    let pixels = (0..<710 * width).map { tones[$0 / width / 10 * 150 + $0 % width / 10] }
    let image = GrayImage(width: width, height: 710, pixels: pixels)
    let file = try PNG.encode(image)
    #expect(try PNG.decodeGray(file) == image)
    #expect(try PNG.encode(image) == file)
    #expect(file.count < 20_000)
    for (width, height) in [(8, 140_000), (1_100_000, 1)] {
      let long = GrayImage(width: width, height: height, pixels: [UInt8](repeating: 9, count: width * height))
      let limits = PNGLimits(maximumWidth: width, maximumHeight: height)
      #expect(try PNG.decodeGray(PNG.encode(long), limits: limits) == long)
    }
  }

  @Test func blocksTakeFewBytesForEach() throws {
    // 750 blocks of random tones: two or three bytes each, and no more in the colours of a palette.
    var noise = SeededNoise(seed: 11)
    let tones = noise.bytes(750)
    let gray = blocks(300, 250) { x, y in [UInt8](repeating: tones[y * 30 + x], count: 3) }
    let grayCount = try PNG.encode(gray).count
    #expect(grayCount < 2000)
    let colored = blocks(300, 250) { x, y in [tones[y * 30 + x], 255 - tones[y * 30 + x], 40] }
    let coloredCount = try PNG.encode(colored).count
    #expect(coloredCount < 2000 + 768)
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

  @Test func quicklyIsTheSamePicture() throws {
    let gray = GrayImage(width: 3, height: 2, pixels: [0, 255, 7, 7, 7, 9])
    let file = try PNG.encodeQuickly(.gray(gray))
    #expect(try PNG.decodeGray(file) == gray)
    #expect(try PNG.encodeQuickly(.gray(gray)) == file)
    // Greys in a picture of colours stay colours: a folder of pictures is of one kind.
    let colored = RGBImage(width: 2, height: 1, pixels: [1, 1, 1, 9, 9, 9])
    let coloredFile = try PNG.encodeQuickly(.rgb(colored))
    #expect(try PNG.header(coloredFile).colorType == .rgb)
    #expect(try PNG.decodeRGB(coloredFile) == colored)
  }
}
