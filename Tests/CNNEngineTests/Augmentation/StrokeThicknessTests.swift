import CNNEngine
import Testing

@Suite struct StrokeThicknessTests {
  private let block = Picture(
    ".......",
    ".#####.",
    ".#####.",
    ".#####.",
    ".......",
    ".......")

  @Test func strokesGrowByAPixel() {
    #expect(
      block.distorted { $0.thickness = 1 }
        == Picture("#######", "#######", "#######", "#######", "#######", "......."))
    #expect(
      block.distorted { $0.thickness = 0.5 }
        == Picture("5555555", "5#####5", "5#####5", "5#####5", "5555555", "......."))
  }

  @Test func strokesShrinkByAPixel() {
    #expect(
      block.distorted { $0.thickness = -1 }
        == Picture(".......", ".......", "..###..", ".......", ".......", "......."))
    #expect(
      block.distorted { $0.thickness = -0.5 }
        == Picture(".......", ".55555.", ".5###5.", ".55555.", ".......", "......."))
  }

  @Test func thinStrokesDoNotFade() {
    let lines = Picture("......", ".####.", ".#....", ".#....", "......")
    #expect(lines.distorted { $0.thickness = -1 } == lines)
  }

  @Test func inkAtTheEdgeIsErodedFromOutsideToo() {
    let full = Picture("###", "###", "###")
    #expect(full.distorted { $0.thickness = -1 } == Picture("...", ".#.", "..."))
  }

  @Test func darkInkOnBrightPaperIsInkToo() {
    for amount: Float in [-0.75, 0.75] {
      var distortion = Distortion()
      distortion.thickness = amount
      let bright = Picture.ring.distorted(distortion)
      let dark = Picture.ring.map { 1 - $0 }.distorted(distortion, background: 1)
      #expect(dark.map { 1 - $0 }.difference(from: bright) < 1e-6)
      #expect(amount > 0 ? bright.mass > Picture.ring.mass + 20 : bright.mass < Picture.ring.mass - 20)
    }
  }

  @Test func channelsDoNotMix() {
    let picture = Picture(channels: 3, height: 6, width: 7) { channel, y, x in
      block[0, y, x] * Float(channel)
    }
    let result = picture.distorted { $0.thickness = 0.5 }
    let single = block.distorted { $0.thickness = 0.5 }
    #expect(
      result
        == Picture(channels: 3, height: 6, width: 7) { channel, y, x in single[0, y, x] * Float(channel) })
  }

  /// As the definition says it, pixel by pixel.
  private static func thickened(_ picture: Picture, by amount: Float) -> Picture {
    func strongest(_ pixels: Picture, _ choose: (Float, Float) -> Float, _ y: Int, _ x: Int) -> Float {
      var chosen = pixels[0, y, x]
      for row in y - 1...y + 1 {
        for column in x - 1...x + 1 { chosen = choose(chosen, pixels[0, row, column]) }
      }
      return chosen
    }
    func each(_ body: (Int, Int) -> Float) -> Picture {
      Picture(height: picture.height, width: picture.width) { body($1, $2) }
    }
    let shape = amount < 0 ? each { strongest(picture, min, $0, $1) } : picture
    return each { picture[0, $0, $1] + amount * (strongest(shape, max, $0, $1) - shape[0, $0, $1]) }
  }

  @Test(arguments: [(1, 1), (1, 9), (9, 1), (2, 5), (7, 8), (28, 28), (13, 31)])
  func everyPixelOfPicturesOfAnySize(_ height: Int, _ width: Int) {
    let picture = Picture.noise(height: height, width: width, seed: 11)
    for amount: Float in [0.625, -0.625] {
      let wanted = Self.thickened(picture, by: amount)
      #expect(picture.distorted { $0.thickness = amount }.difference(from: wanted) < 1e-6)
      // What comes in from outside is background still.
      var moved = Distortion()
      moved.thickness = amount
      moved.shiftX = 1
      moved.shiftY = -1
      let there = Picture(height: height, width: width) { _, y, x in
        wanted[0, y + 1, x - 1]
      }
      #expect(picture.distorted(moved).difference(from: there) < 1e-5)
    }
  }
}
