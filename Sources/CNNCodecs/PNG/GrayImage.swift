/// A picture of grey pixels, 0 black to 255 white.
public struct GrayImage: Sendable, Equatable {
  /// The number of columns, at least 1.
  public let width: Int
  /// The number of rows, at least 1.
  public let height: Int
  /// The pixels, [height, width], row by row from the top, each from the left.
  public private(set) var pixels: [UInt8]

  /// A picture of `pixels`.
  ///
  /// - Precondition: `width` and `height` are positive, and `pixels` has `width * height` elements.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(width > 0 && height > 0, "a picture has at least one pixel")
    precondition(pixels.count == width * height, "\(pixels.count) pixels do not make \(width) by \(height)")
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// The pixel in column `x`, counted from the left, and row `y`, counted from the top.
  ///
  /// - Precondition: both are in the picture.
  public subscript(x: Int, y: Int) -> UInt8 {
    get {
      precondition(x >= 0 && x < width && y >= 0 && y < height, "(\(x), \(y)) is not in the picture")
      return pixels[y * width + x]
    }
    set {
      precondition(x >= 0 && x < width && y >= 0 && y < height, "(\(x), \(y)) is not in the picture")
      pixels[y * width + x] = newValue
    }
  }
}
