import CNNCodecs
import CNNEngine
import CNNPictures

/// What augmentation makes of some pictures, on one sheet, for people to judge whether it goes too far.
///
/// Each row begins with a picture as it is; its augmented versions follow.
public enum AugmentationSheet {
  /// Why there is no sheet.
  public enum Failure: Error, Equatable, Sendable, CustomStringConvertible {
    /// There are no pictures.
    case noPictures
    /// Not all pictures have the size of the first.
    case differentSizes
    /// A picture is larger than the engine distorts.
    case pictureTooLarge(width: Int, height: Int)
    /// The sheet would be larger than is drawn.
    case tooLarge

    /// One sentence.
    public var description: String {
      switch self {
      case .noPictures: "there is no picture to augment"
      case .differentSizes: "the pictures to augment are not all of one size"
      case .pictureTooLarge(let width, let height):
        "pictures of \(width)x\(height) are not augmented, only up to \(AugmentationWorkspace.greatestSide) a side"
      case .tooLarge:
        "the sheet would have more than \(Sheet.maximumPixelCount / 1_000_000) megapixels; draw fewer pictures"
      }
    }
  }

  /// Draws pictures and augmented versions of them.
  ///
  /// Version v of a picture is what a training run with this seed shows the network of it in step `firstStep` + v,
  /// but for rounding to 256 greys.
  ///
  /// - Parameters:
  ///   - pictures: of one size.
  ///   - augmentation: what to do to them.
  ///   - versions: how many augmented versions stand in a row, not negative.
  ///   - seed: the run's seed.
  ///   - firstStep: the step or epoch, whichever the run counts, of the first version.
  ///   - indices: the pictures' numbers among the examples; 0, 1, 2 ... if nil. Pictures for which there is none are left out.
  ///   - background: the grey of empty paper: 0 for digits that are white on black.
  ///   - scale: how many pixels high and wide each pixel is drawn.
  /// - Throws: `Failure`.
  public static func draw(
    _ pictures: [GrayImage], augmentation: Augmentation, versions: Int = 10, seed: UInt64 = 0,
    firstStep: Int = 0, indices: [Int]? = nil, background: UInt8 = 0, scale: Int = 2
  ) throws(Failure) -> GrayImage {
    guard let first = pictures.first else { throw .noPictures }
    let (width, height) = (first.width, first.height)
    precondition(versions >= 0 && scale > 0, "\(versions) versions at \(scale) times their size")
    guard pictures.allSatisfy({ $0.width == width && $0.height == height }) else { throw .differentSizes }
    guard max(width, height) <= AugmentationWorkspace.greatestSide else {
      throw .pictureTooLarge(width: width, height: height)
    }
    let workspace = AugmentationWorkspace(
      channels: 1, height: height, width: width, background: Float(background))
    var tiles: [Picture] = []
    for (picture, index) in zip(pictures, indices ?? Array(pictures.indices)) {
      // The sheet is refused before its tiles are made.
      let room = Sheet.maximumPixelCount / picture.pixels.count - tiles.count
      guard versions < room else { throw .tooLarge }
      tiles.append(.gray(picture))
      let values = picture.pixels.map(Float.init)
      for version in 0..<versions {
        var random = RandomStream(
          seed: seed, purpose: .augmentation, step: firstStep + version, image: index)
        var distorted = values
        values.withUnsafeBufferPointer { input in
          distorted.withUnsafeMutableBufferPointer { output in
            guard let input = input.baseAddress, let output = output.baseAddress else { return }
            augmentation.apply(input: input, output: output, random: &random, workspace: workspace)
          }
        }
        let pixels = distorted.map { UInt8(min(max($0.rounded(), 0), 255)) }
        tiles.append(.gray(GrayImage(width: width, height: height, pixels: pixels)))
      }
    }
    let sheet = Sheet(columns: versions + 1, scale: scale, margin: 2 * scale)
    do throws(Sheet.Failure) {
      return try sheet.draw(tiles: tiles).grayImage
    } catch .noTiles {
      throw .noPictures
    } catch {
      throw .tooLarge
    }
  }
}
