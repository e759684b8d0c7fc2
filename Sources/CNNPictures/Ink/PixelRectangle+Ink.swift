import CNNCodecs

extension PixelRectangle {
  /// The column behind the last.
  public var right: Int { x + width }

  /// The row below the last.
  public var bottom: Int { y + height }

  /// The smallest rectangle that holds both.
  public func union(_ other: PixelRectangle) -> PixelRectangle {
    let (left, top) = (min(x, other.x), min(y, other.y))
    return PixelRectangle(
      x: left, y: top, width: max(right, other.right) - left, height: max(bottom, other.bottom) - top)
  }

  /// How many empty columns or rows, whichever are more, lie between the two; 0 where they touch or overlap.
  func gap(to other: PixelRectangle) -> Int {
    max(0, max(x, other.x) - min(right, other.right), max(y, other.y) - min(bottom, other.bottom))
  }

  /// The rectangle in a picture that is `factor` times as large, cut where that picture ends.
  func scaled(by factor: Int, width fullWidth: Int, height fullHeight: Int) -> PixelRectangle {
    PixelRectangle(
      x: x * factor, y: y * factor, width: min(width * factor, fullWidth - x * factor),
      height: min(height * factor, fullHeight - y * factor))
  }
}
