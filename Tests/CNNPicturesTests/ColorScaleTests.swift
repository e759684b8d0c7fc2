import CNNCodecs
import CNNPictures
import Testing

@Suite struct ColorScaleTests {
  private func tile(_ scale: ColorScale, _ values: [Float], _ range: ValueRange? = nil) throws -> [UInt8] {
    let range = try #require(range ?? ValueRange(values))
    let picture = scale.tile(values: values, width: values.count, height: 1, range: range)
    #expect(picture.isColored == scale.isColored && picture.width == values.count && picture.height == 1)
    return picture.samples
  }

  @Test func rangesAreThoseOfFiniteNumbers() throws {
    let range = try #require(ValueRange([3, -1, 2] as [Float]))
    #expect(range.least == -1 && range.greatest == 3 && range.greatestMagnitude == 3)
    #expect(range.symmetric == ValueRange(least: -3, greatest: 3))
    #expect(range.union(try #require(ValueRange([5] as [Float]))) == ValueRange(least: -1, greatest: 5))
    for values in [[], [1, .nan], [.nan, 1], [.infinity], [0, -.infinity]] as [[Float]] {
      #expect(ValueRange(values) == nil)
    }
    #expect(ValueRange(least: 2, greatest: 1) == nil)
    #expect(ValueRange(least: .nan, greatest: 1) == nil)
    #expect(ValueRange(least: 0, greatest: .infinity) == nil)
  }

  @Test func greysByTheRuleOfTheBook() throws {
    #expect(try tile(.grayDarkIsLarge, [-1, 0, 1]) == [255, 128, 0])
    #expect(try tile(.grayLightIsLarge, [-1, 0, 1]) == [0, 128, 255])
    let greatest = Float.greatestFiniteMagnitude
    #expect(try tile(.grayDarkIsLarge, [-greatest, greatest]) == [255, 0])
    // Every value by the formula, in Double.
    let values = (0..<1000).map { Float($0 * $0 % 977) / 977 - 0.3 }
    let range = try #require(ValueRange(values))
    let expected = values.map {
      UInt8((255 * (range.greatest - Double($0)) / (range.greatest - range.least)).rounded())
    }
    #expect(try tile(.grayDarkIsLarge, values) == expected)
  }

  @Test func numbersThatAreAllEqualAreInTheMiddle() throws {
    #expect(try tile(.grayDarkIsLarge, [3, 3]) == [128, 128])
    #expect(try tile(.grayLightIsLarge, [-3, -3]) == [128, 128])
    #expect(try tile(.diverging, [0, -0.0]) == [255, 255, 255, 255, 255, 255])
    #expect(try tile(.diverging, [2]) == [178, 24, 43])
    #expect(try tile(.heat, [0]) == [253, 130, 40])
  }

  @Test func divergingColoursAreWhiteAtZero() throws {
    #expect(
      try tile(.diverging, [-2, -1, 0, 0.5, 1])
        == [33, 102, 172, 144, 179, 214, 255, 255, 255, 236, 197, 202, 217, 140, 149])
    // The range counts, not the tile's own numbers.
    let wide = try #require(ValueRange(least: -1, greatest: 4))
    #expect(try tile(.diverging, [1], wide) == [236, 197, 202])
  }

  @Test func numbersBeyondTheRangeAreItsEnds() throws {
    let range = try #require(ValueRange(least: -1, greatest: 1))
    let values: [Float] = [-.infinity, -5, 5, .infinity]
    #expect(try tile(.grayDarkIsLarge, values, range) == [255, 255, 0, 0])
    let (low, high): ([UInt8], [UInt8]) = ([33, 102, 172], [178, 24, 43])
    #expect(try tile(.diverging, values, range) == low + low + high + high)
    #expect(try tile(.heat, values, range) == [255, 240, 130, 255, 240, 130, 189, 0, 38, 189, 0, 38])
    #expect(try tile(.grayDarkIsLarge, [.nan], range) == [128])
    #expect(try tile(.diverging, [.nan], range) == [255, 255, 255])
    #expect(try tile(.heat, [.nan], range) == [253, 130, 40])
  }

  @Test func theBarShowsWhatTheTilesShow() throws {
    let range = try #require(ValueRange(least: -2, greatest: 2))
    for scale in ColorScale.allCases {
      for step in 0...64 {
        let value = Float(step) / 16 - 2
        let pixel = scale.tile(values: [value], width: 1, height: 1, range: range).samples
        let color = scale.color(at: Double(step) / 64)
        #expect(pixel == (scale.isColored ? [color.red, color.green, color.blue] : [color.red]))
      }
      #expect(scale.color(at: -3) == scale.color(at: 0))
      #expect(scale.color(at: .infinity) == scale.color(at: 1))
      #expect(scale.color(at: .nan) == scale.color(at: 0.5))
    }
  }

  @Test func aBarOfDivergingColoursIsSymmetric() throws {
    let range = try #require(ValueRange(least: -1, greatest: 3))
    #expect(ColorBar(scale: .diverging, range: range).range == ValueRange(least: -3, greatest: 3))
    #expect(ColorBar(scale: .heat, range: range).range == range)
  }

  @Test func heatLiesOverThePicture() {
    let picture = GrayImage(width: 5, height: 1, pixels: [200, 0, 255, 10, 20])
    let blended = Overlay.blend(picture, heat: [0, 1, 1, .nan, -4])
    #expect(
      blended.pixels == [200, 200, 200, 142, 0, 29, 206, 64, 92, 10, 10, 10, 20, 20, 20])
    let half = Overlay.blend(GrayImage(width: 1, height: 1, pixels: [100]), heat: [0.5])
    // 100 + 0.75 * 0.5 * (253 - 100), and so on.
    #expect(half.pixels == [157, 111, 78])
  }
}
