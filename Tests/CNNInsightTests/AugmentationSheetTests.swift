import CNNCodecs
import CNNEngine
import CNNInsight
import Testing

@Suite struct AugmentationSheetTests {
  /// A bright frame inside a dark field.
  private func frame(_ value: UInt8, width: Int = 12, height: Int = 10) -> GrayImage {
    var image = GrayImage(width: width, height: height, pixels: [UInt8](repeating: 0, count: width * height))
    for y in 3..<height - 3 {
      for x in 3..<width - 3 { image[x, y] = value }
    }
    return image
  }

  private func tile(_ sheet: GrayImage, column: Int, row: Int) -> [UInt8] {
    var pixels: [UInt8] = []
    for y in 0..<10 {
      for x in 0..<12 {
        pixels.append(sheet[4 + column * (12 * 2 + 4) + 2 * x, 4 + row * (10 * 2 + 4) + 2 * y])
      }
    }
    return pixels
  }

  @Test func eachRowBeginsWithThePictureItself() throws {
    let pictures = [frame(255), frame(120), frame(90)]
    let sheet = try AugmentationSheet.draw(pictures, augmentation: .light, versions: 4, seed: 3)
    #expect(sheet.width == 4 + 5 * (24 + 4))
    #expect(sheet.height == 4 + 3 * (20 + 4))
    for row in 0..<3 {
      #expect(tile(sheet, column: 0, row: row) == pictures[row].pixels)
      let versions = Set((1...4).map { tile(sheet, column: $0, row: row) })
      #expect(versions.count == 4 && !versions.contains(pictures[row].pixels))
    }
  }

  @Test func versionsAreWhatTrainingShows() throws {
    let picture = frame(200)
    let sheet = try AugmentationSheet.draw(
      [picture], augmentation: .digits, versions: 3, seed: 5, firstStep: 10, indices: [42])
    let workspace = AugmentationWorkspace(channels: 1, height: 10, width: 12)
    for version in 0..<3 {
      var random = RandomStream(seed: 5, purpose: .augmentation, step: 10 + version, image: 42)
      let input = picture.pixels.map { Float($0) / 255 }
      var output = input
      Augmentation.digits.apply(input: input, output: &output, random: &random, workspace: workspace)
      for (found, expected) in zip(tile(sheet, column: version + 1, row: 0), output) {
        #expect(abs(Float(found) - 255 * expected) <= 0.51)
      }
    }
  }

  @Test func withoutAugmentationAllAreEqual() throws {
    let sheet = try AugmentationSheet.draw([frame(99)], augmentation: .none, versions: 2)
    for column in 0..<3 { #expect(tile(sheet, column: column, row: 0) == frame(99).pixels) }
  }

  @Test func whatCannotBeDrawnIsNamed() {
    #expect(throws: AugmentationSheet.Failure.noPictures) {
      try AugmentationSheet.draw([], augmentation: .light)
    }
    #expect(throws: AugmentationSheet.Failure.differentSizes) {
      try AugmentationSheet.draw([frame(1), frame(1, width: 11)], augmentation: .light)
    }
    for versions in [1_000_000, Int.max] {
      #expect(throws: AugmentationSheet.Failure.tooLarge) {
        _ = try AugmentationSheet.draw([frame(1)], augmentation: .light, versions: versions)
      }
    }
    let wide = GrayImage(width: 20_000, height: 1, pixels: [UInt8](repeating: 0, count: 20_000))
    #expect(throws: AugmentationSheet.Failure.pictureTooLarge(width: 20_000, height: 1)) {
      try AugmentationSheet.draw([wide], augmentation: .light)
    }
  }
}
