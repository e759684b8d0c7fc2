import CNNCodecs

/// What tells the reader of a sheet which number a grey or a colour stands for: a ramp with numbers below it.
public struct ColorBar: Sendable, Equatable {
  /// The ramp's greys or colours.
  public var scale: ColorScale
  /// The numbers at its ends.
  public var range: ValueRange

  /// A bar for tiles that were drawn with `scale` and `range`; a diverging one shows the symmetric range.
  public init(scale: ColorScale, range: ValueRange) {
    self.scale = scale
    self.range = scale == .diverging ? range.symmetric : range
  }

  /// Least and greatest, and 0 between them where colours diverge, to four digits.
  var texts: (least: String, middle: String?, greatest: String) {
    (NumberFormat.short(range.least), scale == .diverging ? "0" : nil, NumberFormat.short(range.greatest))
  }

  /// The columns that its numbers take beside each other at least.
  func leastWidth(textScale: Int) -> Int {
    let texts = [texts.least, texts.middle, texts.greatest].compactMap(\.self)
    let gaps = (texts.count - 1) * 2 * Glyphs.advance * textScale
    let widths = texts.map { Glyphs.width(of: $0, scale: textScale) }
    // The middle stands in the middle, whichever of the others is longer.
    return texts.count == 3 ? widths[1] + 2 * max(widths[0], widths[2]) + gaps : widths.reduce(gaps, +)
  }

  /// The rows that it takes.
  static func height(textScale: Int) -> Int {
    (rampHeight + gap) * textScale + Glyphs.height(scale: textScale)
  }

  private static let rampHeight = 10
  private static let gap = 2

  /// Draws the bar, `width` columns wide.
  func draw(on canvas: inout Canvas, x: Int, y: Int, width: Int, textScale: Int) {
    let rampHeight = Self.rampHeight * textScale
    for column in 0..<width {
      let color = scale.color(at: width > 1 ? Double(column) / Double(width - 1) : 0.5)
      canvas.fill(PixelRectangle(x: x + column, y: y, width: 1, height: rampHeight), color)
    }
    // The white end would be lost on white paper.
    canvas.frame(
      PixelRectangle(x: x, y: y, width: width, height: rampHeight), thickness: textScale, .gray(128))
    let top = y + rampHeight + Self.gap * textScale
    let texts = texts
    canvas.draw(texts.least, x: x, y: top, scale: textScale)
    if let middle = texts.middle {
      canvas.draw(
        middle, x: x + (width - Glyphs.width(of: middle, scale: textScale)) / 2, y: top, scale: textScale)
    }
    canvas.draw(
      texts.greatest, x: x + width - Glyphs.width(of: texts.greatest, scale: textScale), y: top,
      scale: textScale)
  }
}
