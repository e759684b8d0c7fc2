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
}
