import CNNCodecs

/// Working memory for distorting pictures of one shape, and what their background is.
///
/// Each thread needs one of its own. Nothing of one picture remains for the next.
public final class AugmentationWorkspace {
  /// The planes of a picture.
  public let channels: Int
  /// The rows of a plane.
  public let height: Int
  /// The columns of a plane.
  public let width: Int
  /// What lies around the picture, and what erased pixels become, in the scale of the pixels.
  public let background: Float

  /// The input with background around it: one pixel to the left and above, two to the right and below. Wherever a
  /// sample falls, the four pixels around it are there.
  let padded: FloatBuffer
  /// From one row of a padded plane to the next.
  let stride: Int
  /// From one padded plane to the next.
  let plane: Int
  /// A padded plane whose strokes have lost their edges.
  let eroded: FloatBuffer
  /// A padded plane for work on strokes.
  let strongestInRow: FloatBuffer
  /// The elastic field of the picture at hand.
  let elastic: ElasticRows

  /// The greatest height and width: coordinates stay exact, and a plane's pixels are counted in 32 bits.
  public static let greatestSide = 16_384

  /// Working memory for pictures [channels, height, width].
  ///
  /// - Parameters:
  ///   - channels: at least 1.
  ///   - height: rows, in 1...`greatestSide`.
  ///   - width: columns, in 1...`greatestSide`.
  ///   - background: the value of empty paper in the scale of the pixels: 0 unless the network's input is shifted or
  ///     inverted.
  public init(channels: Int, height: Int, width: Int, background: Float = 0) {
    precondition(channels >= 1, "\(channels) channels")
    precondition(
      1...Self.greatestSide ~= height && 1...Self.greatestSide ~= width,
      "a picture of \(width)x\(height) pixels")
    self.channels = channels
    self.height = height
    self.width = width
    self.background = background
    stride = width + 3
    plane = (height + 3) * stride
    padded = FloatBuffer(count: channels * plane)
    padded.pointer.update(repeating: background, count: padded.count)
    eroded = FloatBuffer(count: plane)
    eroded.pointer.update(repeating: background, count: plane)
    // Vectors reach over the end.
    strongestInRow = FloatBuffer(count: plane + 8)
    elastic = ElasticRows(width: width)
  }

  /// How many pixels a picture has, all channels together.
  var count: Int { channels * height * width }

  /// Takes a picture in.
  func take(_ input: UnsafePointer<Float>) {
    for row in 0..<channels * height {
      paddedRow(row).update(from: input + row * width, count: width)
    }
  }

  /// Gives the picture out as it stands.
  func give(_ output: UnsafeMutablePointer<Float>) {
    for row in 0..<channels * height {
      (output + row * width).update(from: paddedRow(row), count: width)
    }
  }

  /// The pixels of a row, counted through all channels.
  private func paddedRow(_ row: Int) -> UnsafeMutablePointer<Float> {
    padded.pointer + row / height * plane + (row % height + 1) * stride + 1
  }

  /// Sets a rectangle's pixels to the background in all channels. What lies outside of the picture is left out.
  func erase(_ rectangle: PixelRectangle, _ output: UnsafeMutablePointer<Float>) {
    let columns = (0..<width).clamped(to: rectangle.x..<max(rectangle.x, rectangle.x + rectangle.width))
    let rows = (0..<height).clamped(to: rectangle.y..<max(rectangle.y, rectangle.y + rectangle.height))
    for channel in 0..<channels {
      for y in rows {
        (output + (channel * height + y) * width + columns.lowerBound)
          .update(repeating: background, count: columns.count)
      }
    }
  }
}
