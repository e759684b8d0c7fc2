import CNNCodecs
import CNNEngine
import CNNModelFile
import CNNPictures
import CNNTestSupport
import Testing

@testable import CNNInsight

/// Sheets of what is seen through a network.
@Suite struct LookingSheetTests {
  private func pixel(_ picture: Picture, _ x: Int, _ y: Int) -> [UInt8] {
    let depth = picture.isColored ? 3 : 1
    let start = (y * picture.width + x) * depth
    return Array(picture.samples[start..<start + depth])
  }

  @Test func mapsHaveRangesOfTheirOwnOrOneForAll() throws {
    let maps = FeatureMaps(layer: "relu1", shape: [2, 1, 2], values: [0, 1, 0, 4])
    func row(_ scaling: SheetAppearance.Scaling) throws -> [[UInt8]] {
      let sheet = try FeatureMapSheet.draw(maps, appearance: .init(scaling: scaling, scale: 10))
      #expect(pixel(sheet, 8, 8) == [200])
      return [9, 19, 39, 49].map { pixel(sheet, $0, 9) }
    }
    #expect(try row(.filter) == [[255], [0], [255], [0]])
    #expect(try row(.layer) == [[255], [191], [255], [0]])
  }

  @Test func rowsOfNumbersAreBlocksOfOneRange() throws {
    let maps = FeatureMaps(layer: "fc2", shape: [12], values: (0..<12).map { Float($0) })
    let sheet = try FeatureMapSheet.draw(maps)
    // Ten blocks of 24 pixels, and two more.
    #expect(sheet.width == 8 + 10 * 34 && sheet.height == 8 + 2 * 34)
    #expect(pixel(sheet, 10, 10) == [255] && pixel(sheet, 10 + 34, 10 + 34) == [0])
    let labelled = try FeatureMapSheet.draw(maps, appearance: .init(isLabelled: true))
    #expect(labelled.height > sheet.height + 20)
  }

  @Test func heatLiesOverThePicture() throws {
    let picture = Picture.gray(GrayImage(width: 2, height: 1, pixels: [0, 200]))
    let map = SaliencyMap(
      method: .gradient, classIndex: 0, probability: 1, height: 1, width: 2, values: [-1, 5])
    let sheet = try SaliencySheet.draw(picture, maps: [map], appearance: .init(scale: 10))
    #expect(sheet.width == 70 && sheet.height == 30)
    #expect(pixel(sheet, 10, 10) == [0, 0, 0] && pixel(sheet, 20, 10) == [200, 200, 200])
    // What speaks against the class has no heat; the greatest value is the end of the scale, a quarter see-through.
    #expect(pixel(sheet, 40, 10) == [0, 0, 0])
    let hot = ColorScale.heat.color(at: 1)
    let expected = [hot.red, hot.green, hot.blue].map { UInt8((200 + 0.75 * (Double($0) - 200)).rounded()) }
    #expect(pixel(sheet, 50, 10) == expected)
    let alone = try SaliencySheet.draw(
      picture, maps: [map], showsPicture: false, appearance: .init(scale: 10))
    #expect(alone.width == 40)
  }

  @Test func whatAUnitLooksAtIsFramed() throws {
    let picture = Picture.gray(GrayImage(width: 4, height: 4, pixels: [UInt8](repeating: 9, count: 16)))
    func top(_ field: PixelRectangle) -> TopActivating {
      TopActivating(
        layer: "conv1",
        units: [[TopActivating.Hit(example: 3, activation: 2, position: nil, field: field)]])
    }
    let framed = try TopActivatingSheet.draw(
      top(PixelRectangle(x: 1, y: 2, width: 2, height: 1)), appearance: .init(scale: 4)
    ) { example in
      #expect(example == 3)
      return picture
    }
    #expect(framed.width == 18 + 16 && framed.height == 18 + 16)
    let color = TopActivatingSheet.frameColor
    #expect(pixel(framed, 9 + 4, 9 + 8) == [color.red, color.green, color.blue])
    #expect(pixel(framed, 9 + 3, 9 + 8) == [9, 9, 9])
    #expect(pixel(framed, 9 + 11, 9 + 11) == [color.red, color.green, color.blue])
    #expect(pixel(framed, 9 + 12, 9 + 11) == [9, 9, 9])
    // All of the picture needs no frame.
    let whole = try TopActivatingSheet.draw(
      top(PixelRectangle(x: 0, y: 0, width: 4, height: 4)), appearance: .init(scale: 4)
    ) { _ in picture }
    #expect(pixel(whole, 9, 9) == [9, 9, 9] && pixel(whole, 8, 8) == [200, 200, 200])
    // Names stand in front of the rows, activations below the pictures.
    let labelled = try TopActivatingSheet.draw(
      top(PixelRectangle(x: 0, y: 0, width: 4, height: 4)), appearance: .init(scale: 4, isLabelled: true)
    ) { _ in picture }
    #expect(labelled.width == 8 + 2 * 26 && labelled.height > 36)
  }

  @Test func exciterPicturesAreCutToWhatTheUnitSees() throws {
    let result = ActivationMaximization(
      layer: "conv1", unit: 0, pixels: [0, 1, 2, 3, 4, 5, 6, 7, 8], shape: [1, 3, 3],
      field: PixelRectangle(x: 1, y: 1, width: 2, height: 2), activation: 1)
    let sheet = try MaximizationSheet.draw([result], appearance: .init(scale: 10))
    #expect(sheet.width == 38 && sheet.height == 38)
    #expect([8, 9, 19, 29].map { pixel(sheet, $0, 9) } == [[200], [4], [5], [200]])
    #expect([9, 19].map { pixel(sheet, $0, 19) } == [[7], [8]])
    let both = try MaximizationSheet.compare(
      ([result], [result]), names: ("a", "b"), appearance: .init(scale: 10))
    #expect(both.width == 106 && both.height == 58)
  }

  @Test func exciterPicturesThatAreTooLargeAreKnownBefore() throws {
    let network = try LearntNetwork(SampleModel.make())
    func check(_ scale: Int, besides other: LearntNetwork? = nil) throws -> Int? {
      do throws(Sheet.Failure) {
        try MaximizationSheet.check(
          "conv1", units: 0..<30, in: network, besides: other,
          appearance: .init(scale: scale, isLabelled: true))
        return nil
      } catch {
        guard case .tooLarge(_, _, let fitting?) = error else { throw error }
        return fitting
      }
    }
    // Eight by four tiles of 5x5: 320 pixels a side fill one sheet, but not a place for two.
    #expect(try check(320) == nil)
    let fitting = try #require(try check(320, besides: network))
    #expect((200..<320).contains(fitting))
    #expect(try check(fitting, besides: network) == nil)
    #expect(try check(fitting + 1, besides: network) == fitting)
  }

  @Test func inputsAsPictures() {
    #expect(
      Picture(pixels: [1, 2], shape: [1, 1, 2]) == .gray(GrayImage(width: 2, height: 1, pixels: [1, 2])))
    #expect(
      Picture(pixels: [1, 2, 3, 4, 5, 6], shape: [3, 1, 2])
        == .rgb(RGBImage(width: 2, height: 1, pixels: [1, 3, 5, 2, 4, 6])))
    // Two channels have no colours; their mean is drawn.
    #expect(Picture(pixels: [0, 255, 10, 255], shape: [2, 1, 2]).samples == [5, 255])
  }

  @Test func theLastLayersUnitsAreClasses() throws {
    let network = try LearntNetwork(SampleModel.make())
    #expect(network.unitNames(of: network.description.output) == (0..<10).map(String.init))
    #expect(network.unitNames(of: "conv1").count == 30)
  }
}
