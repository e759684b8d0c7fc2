/// A rectangle of whole pixels in a picture.
public struct PixelRectangle: Sendable, Equatable {
  /// The first column, counted from the left.
  public var x: Int
  /// The first row, counted from the top.
  public var y: Int
  /// The number of columns.
  public var width: Int
  /// The number of rows.
  public var height: Int

  /// The rectangle of `width` columns from `x` on and `height` rows from `y` on.
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// A random rectangle that lies wholly in a picture: each side between an eighth and a fifth of the picture's,
  /// rounded down but at least one pixel, so that it hardly ever takes away what a digit is known by.
  init(random: inout RandomStream, height: Int, width: Int) {
    func side(of length: Int) -> Int {
      let least = max(1, length / 8)
      let greatest = max(least, length / 5)
      return least + Int(random.integer(below: UInt32(greatest - least + 1)))
    }
    self.height = side(of: height)
    self.width = side(of: width)
    y = Int(random.integer(below: UInt32(height - self.height + 1)))
    x = Int(random.integer(below: UInt32(width - self.width + 1)))
  }
}
