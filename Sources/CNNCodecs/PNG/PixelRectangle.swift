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
}
