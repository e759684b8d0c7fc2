import CNNCodecs

extension Canvas {
  /// Writes a line of text whose upper left corner is at (x, y), each pixel of a letter as a block of `scale` by `scale`.
  ///
  /// `Glyphs` says how much room it takes and what its letters are. Nothing is wrapped: a line break is a box, as every
  /// other character is for which there is no letter.
  ///
  /// *Edge cases*: a scale that is not positive writes nothing.
  public mutating func draw(_ text: String, x: Int, y: Int, scale: Int = 1, color: Color = .black) {
    guard scale > 0 else { return }
    var left = x
    for character in text {
      guard left < width else { return }
      for (line, bits) in Glyphs.bitmap(of: character).enumerated() where bits != 0 {
        for column in 0..<Glyphs.columns where bits >> (Glyphs.columns - 1 - column) & 1 == 1 {
          fill(
            PixelRectangle(
              x: left.saturatingSum(column.saturatingProduct(scale)),
              y: y.saturatingSum(line.saturatingProduct(scale)),
              width: scale, height: scale), color)
        }
      }
      left = left.saturatingSum(Glyphs.advance.saturatingProduct(scale))
    }
  }
}

extension Int {
  /// The sum with a number that is not negative, or the greatest number if it overflows.
  fileprivate func saturatingSum(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
