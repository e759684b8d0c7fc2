import CNNCodecs
import CNNPictures
import Testing

@Suite struct PictureTests {
  private func image(_ width: Int, _ pixels: [UInt8]) -> GrayImage {
    GrayImage(width: width, height: pixels.count / width, pixels: pixels)
  }

  @Test func halvingTakesTheMeanOfFourPixels() {
    let half = image(4, [0, 10, 20, 30, 40, 50, 60, 70]).resampled(width: 2, height: 1)
    #expect(half.pixels == [25, 45])
  }

  @Test func doublingRepeatsPixels() {
    let double = image(2, [10, 200]).resampled(width: 4, height: 2)
    #expect(double.pixels == [10, 10, 200, 200, 10, 10, 200, 200])
  }

  @Test func pixelsThatAreCutCountInPart() {
    // Three pixels to two: each new one covers one and a half.
    let image = image(3, [0, 90, 240]).resampled(width: 2, height: 1)
    #expect(image.pixels == [30, 190])
  }

  @Test func aConstantPictureStaysConstant() {
    for (width, height) in [(1, 1), (7, 3), (28, 28), (61, 100)] {
      let flat = GrayImage(width: 13, height: 9, pixels: [UInt8](repeating: 77, count: 117))
      #expect(flat.resampled(width: width, height: height).pixels.allSatisfy { $0 == 77 })
    }
  }

  @Test func fittingKeepsProportionsAndCentres() {
    let fitted = image(4, [UInt8](repeating: 100, count: 8)).fitted(width: 4, height: 4, background: 9)
    #expect(fitted.pixels == [9, 9, 9, 9] + [UInt8](repeating: 100, count: 8) + [9, 9, 9, 9])
    let same = image(2, [1, 2, 3, 4])
    #expect(same.fitted(width: 2, height: 2, background: 0).pixels == same.pixels)
    let thin = GrayImage(width: 1, height: 10_000, pixels: [UInt8](repeating: 50, count: 10_000))
    #expect(thin.fitted(width: 28, height: 28, background: 0).pixels.count == 784)
  }

  @Test func theBorderTellsThePaper() {
    #expect(image(3, [255, 255, 255, 255, 0, 255, 255, 255, 255]).borderMean == 255)
    #expect(image(3, [0, 0, 0, 0, 255, 0, 0, 0, 0]).borderMean == 0)
    #expect(image(1, [10, 20]).borderMean == 15)
  }

  @Test func theSheetOfTheBookIs490By250() {
    let tiles = [[UInt8]](repeating: [UInt8](repeating: 0, count: 25), count: 30)
    let sheet = Sheet().draw(tiles: tiles, width: 5, height: 5)
    #expect(sheet?.width == 490)
    #expect(sheet?.height == 250)
  }

  @Test func tilesStandWhereTheyBelong() throws {
    let sheet = try #require(
      Sheet(columns: 2, scale: 2, margin: 1).draw(tiles: [[1, 2], [3, 4], [5, 6]], width: 2, height: 1))
    #expect(sheet.width == 11)
    #expect(sheet.height == 7)
    let rows = stride(from: 0, to: sheet.pixels.count, by: 11).map { Array(sheet.pixels[$0..<$0 + 11]) }
    let white: UInt8 = 255
    #expect(rows[0] == [UInt8](repeating: 255, count: 11))
    #expect(rows[1] == [white, 1, 1, 2, 2, white, 3, 3, 4, 4, white])
    #expect(rows[2] == rows[1])
    #expect(rows[4] == [white, 5, 5, 6, 6, white, white, white, white, white, white])
  }

  @Test func sheetsBeyondTheCapAreNotDrawn() {
    #expect(Sheet(columns: 1, scale: 10_000, margin: 0).draw(tiles: [[0, 0]], width: 2, height: 1) == nil)
    for sheet in [Sheet(scale: 0), Sheet(scale: -1), Sheet(margin: -1)] {
      #expect(sheet.draw(tiles: [[0]], width: 1, height: 1) == nil)
    }
    #expect(Sheet(columns: 8, scale: Int.max / 4, margin: 10).draw(tiles: [[0]], width: 1, height: 1) == nil)
  }

  @Test func darkIsLarge() {
    #expect(Sheet.darkIsLarge([-1, 0, 1] as [Float]) == [255, 128, 0])
    #expect(Sheet.darkIsLarge([3, 3] as [Float]) == [128, 128])
    #expect(Sheet.darkIsLarge([1, .nan] as [Float]) == nil)
    #expect(Sheet.darkIsLarge([-.greatestFiniteMagnitude, .greatestFiniteMagnitude] as [Float]) == [255, 0])
  }
}
