/// What the colours and dashes of a chart mean: entries in rows below the title.
public struct Legend: Sendable, Equatable {
  /// A line of the chart, or what some lines have in common.
  public struct Entry: Sendable, Equatable {
    /// What it is called.
    public var name: String
    /// Its colour, an index into the palette; nil for the colour of quiet text, where dashes alone mean something.
    public var color: Int?
    /// How its line is drawn.
    public var dash: LineChart.Dash

    /// An entry.
    public init(_ name: String, color: Int?, dash: LineChart.Dash = .solid) {
      self.name = name
      self.color = color
      self.dash = dash
    }
  }

  /// The entries in their order.
  public var entries: [Entry]

  /// A legend.
  public init(_ entries: [Entry]) { self.entries = entries }

  private static let fontSize = 12.0
  private static let rowHeight = 18.0
  private static let swatchWidth = 24.0
  private static let gap = 16.0

  /// The names as they fit, each with its place.
  private func placed(width: Double) -> [(entry: Entry, text: String, x: Double, row: Int)] {
    var result: [(entry: Entry, text: String, x: Double, row: Int)] = []
    var (x, row) = (0.0, 0)
    for entry in entries {
      let text = ChartText.fitted(entry.name, size: Self.fontSize, limit: width - Self.swatchWidth - 6)
      let entryWidth = Self.swatchWidth + 6 + ChartText.width(of: text, size: Self.fontSize)
      if x > 0, x + entryWidth > width { (x, row) = (0, row + 1) }
      result.append((entry, text, x, row))
      x += entryWidth + Self.gap
    }
    return result
  }

  /// The height of its rows; 0 for none.
  func height(width: Double) -> Double {
    Double((placed(width: width).last?.row ?? -1) + 1) * Self.rowHeight
  }

  /// Draws the rows with their upper left corner at a place.
  func draw(into svg: inout SVGWriter, x: Double, y: Double, width: Double, showsMarkers: Bool) {
    for (entry, text, offset, row) in placed(width: width) {
      let left = x + offset
      let middle = y + (Double(row) + 0.5) * Self.rowHeight
      svg.openGroup(color: entry.color)
      svg.element(
        "path",
        [
          "d": .text(
            "M\(SVGWriter.number(left)) \(SVGWriter.number(middle))h\(SVGWriter.number(Self.swatchWidth))"),
          "fill": "none", "stroke": "currentColor", "stroke-width": 2,
          "stroke-dasharray": .text(entry.dash.pattern),
        ])
      if showsMarkers, let color = entry.color {
        Marker(color: color, isHollow: entry.dash != .solid)
          .draw(into: &svg, x: left + Self.swatchWidth / 2, y: middle, tooltip: nil)
      }
      svg.close()
      svg.label(
        text,
        [
          "x": .number(left + Self.swatchWidth + 6), "y": .number(middle + 4),
          "font-size": .number(Self.fontSize),
          "fill": .text(ChartStyle.light.ink),
        ], tooltip: text == entry.name ? nil : entry.name)
    }
  }
}
