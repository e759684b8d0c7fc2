import CNNCodecs
import CNNPictures
import CNNTestSupport
import Testing

@Suite struct CanvasTests {
  private func canvas(_ width: Int, _ height: Int, isColored: Bool = false) throws -> Canvas {
    try #require(Canvas(width: width, height: height, isColored: isColored))
  }

  private let tile = Picture.gray(GrayImage(width: 2, height: 2, pixels: [1, 2, 3, 4]))

  @Test func aNewCanvasIsWhite() throws {
    #expect(try canvas(2, 1).picture == .gray(GrayImage(width: 2, height: 1, pixels: [255, 255])))
    #expect(
      try canvas(1, 2, isColored: true).picture
        == .rgb(RGBImage(width: 1, height: 2, pixels: [UInt8](repeating: 255, count: 6))))
  }

  @Test func canvasesBeyondTheCapAreNotMade() {
    #expect(Canvas(width: 10_000, height: 10_000) != nil)
    for (width, height) in [(10_001, 10_000), (.max, .max), (0, 1), (1, 0), (-1, -1), (.min, 1)] {
      #expect(Canvas(width: width, height: height) == nil)
    }
  }

  @Test func rectanglesAreFilledAndFramed() throws {
    var canvas = try canvas(5, 4)
    canvas.fill(PixelRectangle(x: 1, y: 1, width: 3, height: 2), .gray(7))
    canvas.frame(PixelRectangle(x: 0, y: 0, width: 5, height: 4), .black)
    #expect(
      canvas.picture.samples == [
        0, 0, 0, 0, 0,
        0, 7, 7, 7, 0,
        0, 7, 7, 7, 0,
        0, 0, 0, 0, 0,
      ])
    canvas.frame(PixelRectangle(x: 1, y: 1, width: 3, height: 2), thickness: 9, .gray(8))
    #expect(canvas.picture.samples[6..<9] == [8, 8, 8] && canvas.picture.samples[11..<14] == [8, 8, 8])
    #expect(canvas.picture.samples.filter { $0 == 0 }.count == 14)
  }

  @Test func coloursOnAGreyCanvasBecomeTheirLuma() throws {
    var canvas = try canvas(1, 1)
    canvas.fill(PixelRectangle(x: 0, y: 0, width: 1, height: 1), Color(red: 255, green: 0, blue: 0))
    #expect(canvas.picture.samples == [76])
    canvas.draw(.rgb(RGBImage(width: 1, height: 1, pixels: [0, 255, 0])), x: 0, y: 0)
    #expect(canvas.picture.samples == [150])
  }

  @Test func picturesAreDrawnAsBlocks() throws {
    var gray = try canvas(5, 4)
    gray.draw(tile, x: 1, y: 0, scale: 2)
    #expect(
      gray.picture.samples == [
        255, 1, 1, 2, 2,
        255, 1, 1, 2, 2,
        255, 3, 3, 4, 4,
        255, 3, 3, 4, 4,
      ])
    var colored = try canvas(3, 1, isColored: true)
    colored.draw(tile, x: 1, y: -1)
    #expect(colored.picture.samples == [255, 255, 255, 3, 3, 3, 4, 4, 4])
    colored.draw(.rgb(RGBImage(width: 1, height: 1, pixels: [9, 8, 7])), x: 0, y: 0, scale: 2)
    #expect(colored.picture.samples == [9, 8, 7, 9, 8, 7, 4, 4, 4])
  }

  @Test func whatLiesOutsideIsLeftOut() throws {
    // Every place and scale gives what a large canvas, cut, gives.
    for isColored in [false, true] {
      for scale in 1...3 {
        for x in -7...7 {
          for y in -7...7 {
            var small = try canvas(4, 3, isColored: isColored)
            small.draw(tile, x: x, y: y, scale: scale)
            var large = try canvas(30, 30, isColored: isColored)
            large.draw(tile, x: x + 10, y: y + 10, scale: scale)
            let cut = (0..<3).flatMap { row in
              let depth = isColored ? 3 : 1
              let start = ((row + 10) * 30 + 10) * depth
              return Array(large.picture.samples[start..<start + 4 * depth])
            }
            #expect(small.picture.samples == cut)
          }
        }
      }
    }
  }

  @Test func extremePlacesAndSizesDoNoHarm() throws {
    var canvas = try canvas(3, 2)
    let extremes = [Int.min, Int.min + 1, -1, 0, 1, 3, Int.max - 1, Int.max]
    var paintedOver = 0
    for x in extremes {
      for y in extremes {
        for size in extremes {
          canvas.fill(PixelRectangle(x: x, y: y, width: size, height: size), .white)
          canvas.frame(PixelRectangle(x: x, y: y, width: size, height: size), thickness: size, .white)
          canvas.draw(.gray(GrayImage(width: 1, height: 2, pixels: [255, 255])), x: x, y: y, scale: size)
          canvas.draw("a\u{1F600}\n", x: x, y: y, scale: size, color: .white)
          if canvas.picture.samples.contains(where: { $0 != 255 }) { paintedOver += 1 }
        }
      }
    }
    #expect(paintedOver == 0)
    // Two blocks of almost half of all columns: the last of the first is visible.
    canvas.draw(tile, x: -(Int.max / 2) + 1, y: 0, scale: Int.max / 2)
    #expect(canvas.picture.samples == [1, 2, 2, 1, 2, 2])
    for scale in [0, -1, Int.min] {
      canvas.draw(.gray(GrayImage(width: 1, height: 1, pixels: [77])), x: 0, y: 0, scale: scale)
      canvas.draw("M", x: 0, y: 0, scale: scale)
    }
    #expect(canvas.picture.samples == [1, 2, 2, 1, 2, 2])
  }
}
