import CNNCodecs
import CNNEngine
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@Suite struct DistortionTests {
  @Test func withoutChangeEveryBitStays() {
    var picture = Picture.noise(channels: 3, height: 5, width: 9, seed: 1)
    picture.pixels[0] = -0.0
    picture.pixels[1] = .infinity
    picture.pixels[2] = .leastNonzeroMagnitude
    let result = picture.distorted(Distortion(), background: 7)
    #expect(result.pixels.map(\.bitPattern) == picture.pixels.map(\.bitPattern))
  }

  @Test func wholePixelsMoveExactly() {
    for (height, width) in [(28, 28), (5, 9), (1, 1), (9, 4)] {
      let picture = Picture.noise(channels: 2, height: height, width: width, seed: 2)
      for (x, y) in [(1, 0), (0, -1), (3, 2), (-2, 1), (40, 0)] {
        let expected = Picture(channels: 2, height: height, width: width) { picture[$0, $1 - y, $2 - x] }
        let result = picture.distorted {
          $0.shiftX = Float(x)
          $0.shiftY = Float(y)
        }
        #expect(result == expected, "\(width)x\(height) by (\(x), \(y))")
      }
    }
  }

  @Test func aHalfPixelIsTheMeanOfNeighbours() {
    let result = Picture("..##4").distorted { $0.shiftX = 0.5 }
    #expect(result.difference(from: Picture("..5#7")) < 1e-6)
  }

  @Test func quarterTurnsAreExact() {
    let flag = Picture(
      "..#..",
      "..##.",
      "..#..",
      "..3..",
      "..3..")
    let left = Picture(
      ".....",
      ".#...",
      "###33",
      ".....",
      ".....")
    #expect(flag.distorted { $0.rotation = 90 } == left)
    #expect(flag.distorted { $0.rotation = -270 } == left)
    #expect(left.distorted { $0.rotation = -90 } == flag)
    #expect(
      flag.distorted { $0.rotation = 180 }
        == Picture(height: 5, width: 5) { flag[$0, 4 - $1, 4 - $2] })
    #expect(flag.distorted { $0.rotation = 360 } == flag)
    let plus = Picture(".#..", "###.", ".#..", "....")
    #expect(plus.distorted { $0.rotation = 90 } == Picture("....", ".#..", "###.", ".#.."))
  }

  @Test func aSlantLeansToTheRight() {
    // The tangent of 45 degrees: a row above the middle moves one pixel to the right, one below to the left.
    let result = Picture("..#..", "..#..", "..#..").distorted { $0.shear = 45 }
    #expect(result.difference(from: Picture("...#.", "..#..", ".#...")) < 1e-5)
  }

  @Test func eachAxisHasItsFactor() {
    let dot = Picture(".....", ".....", "..#..", ".....", ".....")
    let wide = dot.distorted { $0.scaleX = 2 }
    #expect(wide == Picture(".....", ".....", ".5#5.", ".....", "....."))
    let high = dot.distorted { $0.scaleY = 2 }
    #expect(high == Picture(".....", "..5..", "..#..", "..5..", "....."))
    let half = Picture("..#.#.#..").distorted { $0.scaleX = 0.5 }
    #expect(half == Picture("...###..."))
  }

  /// The same transformation the long way: matrices in Double, composed forwards and inverted as a whole.
  private func oracle(_ picture: Picture, _ d: Distortion, background: Float) -> Picture {
    let (angle, slant) = (Double(d.rotation) * .pi / 180, tan(Double(d.shear) * .pi / 180))
    let (sx, sy) = (Double(d.scaleX), Double(d.scaleY))
    // turn * slant * scale, with y downwards.
    let a = cos(angle) * sx
    let b = (-cos(angle) * slant + sin(angle)) * sy
    let c = -sin(angle) * sx
    let e = (sin(angle) * slant + cos(angle)) * sy
    let determinant = a * e - b * c
    let (middleX, middleY) = (Double(picture.width - 1) / 2, Double(picture.height - 1) / 2)
    func pixel(_ channel: Int, _ y: Int, _ x: Int) -> Double {
      (0..<picture.height).contains(y) && (0..<picture.width).contains(x)
        ? Double(picture[channel, y, x]) : Double(background)
    }
    return Picture(channels: picture.channels, height: picture.height, width: picture.width) {
      channel, y, x in
      let (u, v) = (Double(x) - middleX - Double(d.shiftX), Double(y) - middleY - Double(d.shiftY))
      let fromX = (e * u - b * v) / determinant + middleX
      let fromY = (-c * u + a * v) / determinant + middleY
      let (left, top) = (fromX.rounded(.down), fromY.rounded(.down))
      var sum = 0.0
      for (stepX, stepY) in [(0.0, 0.0), (1, 0), (0, 1), (1, 1)] {
        let weight = (1 - abs(left + stepX - fromX)) * (1 - abs(top + stepY - fromY))
        sum += weight * pixel(channel, Int(top + stepY), Int(left + stepX))
      }
      return Float(sum)
    }
  }

  @Test func compositionAgreesWithMatrices() {
    var random = RandomStream(seed: 3, purpose: .selection)
    let strong = Augmentation(shift: 6, rotation: 180, scale: 0.5, shear: 40)
    for (channels, height, width) in [(1, 28, 28), (3, 5, 9), (2, 9, 5), (1, 1, 1), (1, 17, 8)] {
      for trial in 0..<8 {
        let picture = Picture.noise(channels: channels, height: height, width: width, seed: UInt64(trial))
        let distortion = strong.draw(&random, height: height, width: width)
        let expected = oracle(picture, distortion, background: 0.25)
        let found = picture.distorted(distortion, background: 0.25)
        #expect(found.difference(from: expected) < 1e-4, "\(distortion)")
      }
    }
  }

  @Test(arguments: [(1, 1), (5, 9), (9, 4), (28, 28), (6, 33)])
  func movesAgreeWithMatrices(_ height: Int, _ width: Int) {
    let picture = Picture.noise(channels: 2, height: height, width: width, seed: 6)
    var random = RandomStream(seed: 8, purpose: .augmentation)
    for reach in [Float(0.01), 1, 9, 60] {
      for _ in 0..<20 {
        var distortion = Distortion()
        distortion.shiftX = random.uniform(-reach...reach)
        distortion.shiftY = random.uniform(-reach...reach)
        let result = picture.distorted(distortion, background: 0.25)
        #expect(
          result.difference(from: oracle(picture, distortion, background: 0.25)) < 1e-4,
          "\(width)x\(height) by (\(distortion.shiftX), \(distortion.shiftY))")
      }
    }
  }

  @Test func massIsKeptUpToTheScale() {
    let turned = Picture.ring.distorted {
      $0.rotation = 23
      $0.shear = 12
      $0.shiftX = 1.3
    }
    #expect(abs(turned.mass / Picture.ring.mass - 1) < 0.01)
    let larger = Picture.ring.distorted {
      $0.scaleX = 1.2
      $0.scaleY = 0.9
    }
    #expect(abs(larger.mass / Picture.ring.mass - 1.08) < 0.01)
  }

  @Test func erasingStaysInside() {
    let picture = Picture(channels: 2, height: 3, width: 4) { _, _, _ in 1 }
    func erased(_ rectangle: PixelRectangle) -> Picture {
      var distortion = Distortion()
      distortion.erased = rectangle
      return picture.distorted(distortion, background: 0.5)
    }
    #expect(
      erased(PixelRectangle(x: 1, y: 2, width: 2, height: 1))
        == Picture(channels: 2, height: 3, width: 4) { _, y, x in y == 2 && (1...2).contains(x) ? 0.5 : 1 })
    #expect(
      erased(PixelRectangle(x: 3, y: -1, width: 5, height: 2))
        == Picture(channels: 2, height: 3, width: 4) { _, y, x in y == 0 && x == 3 ? 0.5 : 1 })
    #expect(erased(PixelRectangle(x: 4, y: 0, width: 1, height: 1)) == picture)
    #expect(erased(PixelRectangle(x: 0, y: 0, width: 0, height: -2)) == picture)
  }

  @Test func inputMayBeOutput() {
    var distortion = Distortion()
    distortion.rotation = 10
    distortion.thickness = -0.5
    distortion.erased = PixelRectangle(x: 0, y: 14, width: 28, height: 2)
    let expected = Picture.ring.distorted(distortion)
    var pixels = Picture.ring.pixels
    let workspace = Picture.ring.workspace()
    pixels.withUnsafeMutableBufferPointer { buffer in
      guard let address = buffer.baseAddress else { return }
      distortion.apply(input: address, output: address, workspace: workspace)
    }
    #expect(pixels == expected.pixels)
  }
}
