import CNNCodecs
import CNNPictures
import CNNTestSupport
import Testing

/// Pictures that are hardly any.
@Suite struct HostilePictureTests {
  private let normalizer = DigitNormalizer()

  private func flat(_ width: Int, _ height: Int, _ value: UInt8) -> GrayImage {
    GrayImage(width: width, height: height, pixels: [UInt8](repeating: value, count: width * height))
  }

  @Test(arguments: [(1, 1), (1, 10_000), (10_000, 1), (2, 2), (28, 28), (300, 200)]) func paperAloneIsBlank(
    width: Int, height: Int
  ) {
    for value in [0, 1, 128, 255] as [UInt8] {
      #expect(throws: BlankPicture(contrast: 0)) { try normalizer.normalize(flat(width, height, value)) }
      #expect(throws: BlankPicture(contrast: 0)) { try LineSegmenter().segment(flat(width, height, value)) }
    }
  }

  @Test func almostNothingIsBlank() {
    var faint = flat(100, 100, 200)
    for y in 30..<60 { faint[50, y] = 195 }
    #expect(throws: BlankPicture(contrast: 5)) { try normalizer.normalize(faint) }
    var speck = flat(100, 100, 255)
    speck[50, 50] = 0
    #expect(throws: BlankPicture(contrast: 255)) { try normalizer.normalize(speck) }
    #expect(
      "\(BlankPicture(contrast: 0))"
        == "the picture is blank: there is paper, perhaps in light and shadow, and no ink")
  }

  @Test(arguments: [(1, 2), (2, 1), (1, 1000), (1000, 1), (3, 3), (5, 400), (12, 12)])
  func anythingElseIsADigit(
    width: Int, height: Int
  ) {
    // Whatever comes out, it has the right size or is blank; nothing traps.
    var state: UInt64 = 3
    for round in 0..<40 {
      let pixels = (0..<width * height).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: round % 2 == 0 ? state >> 56 : (state >> 60 == 0 ? 0 : 255))
      }
      let picture = GrayImage(width: width, height: height, pixels: pixels)
      for normalizer in [normalizer, DigitNormalizer(width: 8, height: 9, deskews: true)] {
        do {
          let digit = try normalizer.normalize(picture)
          #expect(digit.image.width == normalizer.width && digit.image.height == normalizer.height)
          #expect(digit.report.box.right <= width && digit.report.box.bottom <= height)
        } catch {
          #expect(error.contrast >= 0)
        }
        _ = try? LineSegmenter(normalizer: normalizer).segment(picture)
      }
    }
  }

  @Test func largePicturesAreReduced() throws {
    var large = flat(3000, 1000, 255)
    for y in 300..<600 {
      for x in 2000..<2040 { large[x, y] = 0 }
    }
    let digit = try normalizer.normalize(large)
    #expect(digit.report.reduction == 2)
    #expect(digit.report.box == PixelRectangle(x: 2000, y: 300, width: 40, height: 300))
  }

  @Test(.enabled(if: SharedData.isPresent, "the real MNIST is not beside the repository"))
  func allOfTheTestDigitsMeetTheStandard() throws {
    let bytes = try Gzip.decompress(TemporaryFolder.read(SharedData.path("mnist/t10k-images-idx3-ubyte.gz")))
    var unchanged = 0
    for index in 0..<10_000 {
      let start = 16 + 784 * index
      if normalizer.meetsStandard(GrayImage(width: 28, height: 28, pixels: Array(bytes[start..<start + 784])))
      {
        unchanged += 1
      }
    }
    #expect(unchanged == 10_000, "none is normalised anew")
  }
}
