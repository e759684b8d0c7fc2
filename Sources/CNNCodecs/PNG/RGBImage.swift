/// A picture of coloured pixels, each of red, green and blue from 0 to 255.
public struct RGBImage: Sendable, Equatable {
  /// The number of columns, at least 1.
  public let width: Int
  /// The number of rows, at least 1.
  public let height: Int
  /// The samples, [height, width, 3], row by row from the top: red, green and blue of the first pixel, and so on.
  public let pixels: [UInt8]

  /// A picture of `pixels`.
  ///
  /// - Precondition: `width` and `height` are positive, and `pixels` has `3 * width * height` elements.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(width > 0 && height > 0, "a picture has at least one pixel")
    precondition(
      pixels.count == 3 * width * height, "\(pixels.count) samples do not make \(width) by \(height) by 3")
    self.width = width
    self.height = height
    self.pixels = pixels
  }
}
