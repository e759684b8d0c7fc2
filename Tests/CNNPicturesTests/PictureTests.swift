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
}
