/// The mark of a point; the shape says the colour once more, for those who cannot see it.
struct Marker {
  private static let shapes = [
    "M-3.2 0a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0 -6.4 0z",
    "M-2.9 -2.9h5.8v5.8h-5.8z",
    "M0 -3.8L3.7 2.8H-3.7z",
    "M0 -4.2L4.2 0L0 4.2L-4.2 0z",
    "M0 3.8L3.7 -2.8H-3.7z",
  ]

  private let path: String
  private let isHollow: Bool

  /// The mark of a colour; hollow ones are for dashed lines.
  init(color: Int, isHollow: Bool) {
    path = Self.shapes[ChartStyle.paletteIndex(color) % Self.shapes.count]
    self.isHollow = isHollow
  }

  /// Draws the mark around a place, in the colour of the group around it.
  func draw(into svg: inout SVGWriter, x: Double, y: Double, tooltip: String?) {
    let place: SVGWriter.Value = .text("translate(\(SVGWriter.number(x)) \(SVGWriter.number(y)))")
    if isHollow {
      svg.element(
        "path",
        [
          "class": "chart-ground chart-point", "transform": place, "d": .text(path),
          "fill": .text(ChartStyle.light.ground), "stroke": "currentColor", "stroke-width": 1.4,
        ], tooltip: tooltip)
    } else {
      svg.element(
        "path", ["class": "chart-point", "transform": place, "d": .text(path), "fill": "currentColor"],
        tooltip: tooltip)
    }
  }
}
