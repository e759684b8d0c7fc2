/// How often numbers occur, in bins of equal width: a small chart, of which several stand side by side.
public struct HistogramChart: Sendable, Equatable {
  /// A distribution.
  public struct Series: Sendable, Equatable {
    /// What it is called in the legend.
    public var name: String
    /// How many numbers are in each bin, from the least.
    public var counts: [Int]
    /// Its colour, an index into the palette; nil for that of its place.
    public var color: Int?

    /// A distribution.
    public init(_ name: String, _ counts: [Int], color: Int? = nil) {
      self.name = name
      self.counts = counts
      self.color = color
    }
  }

  /// What the chart shows.
  public var title: String
  /// A quiet line below the title; empty for none.
  public var subtitle: String
  /// What the bins go from and to, together.
  public var range: ClosedRange<Double>
  /// The distributions, which lie over each other: before and after a training, say. The first is filled, the others
  /// are outlines.
  public var series: [Series]
  /// What the numbers are; empty for nothing.
  public var horizontalTitle: String
  /// The width of the picture, at least 160.
  public var width: Int
  /// The height of the part with the bars, at least 40.
  public var plotHeight: Int

  /// A histogram.
  public init(
    title: String, subtitle: String = "", range: ClosedRange<Double>, series: [Series],
    horizontalTitle: String = "", width: Int = 240, plotHeight: Int = 96
  ) {
    self.title = title
    self.subtitle = subtitle
    self.range = range
    self.series = series
    self.horizontalTitle = horizontalTitle
    self.width = width
    self.plotHeight = plotHeight
  }

  private static let padding = 8.0
  private static let fontSize = 11.0

  /// The picture as the text of an SVG document; `isStandalone` as for `LineChart`.
  ///
  /// *Edge cases*: counts below 0 are drawn as 0; without counts the chart is empty; a range that is not finite is drawn
  /// as 0...1.
  public func svg(isStandalone: Bool = true) -> String {
    let width = Double(min(max(width, 160), 10_000))
    let plotHeight = Double(min(max(plotHeight, 40), 10_000))
    let isNamed = series.contains { !$0.name.isEmpty }
    let heading = ChartHeading(
      title: title, titleSize: 12,
      legend: Legend(
        isNamed && series.count > 1 ? series.indices.map { .init(series[$0].name, color: color(of: $0)) } : []
      ),
      verticalTitle: subtitle, textSize: Self.fontSize)
    let greatest = series.flatMap(\.counts).max() ?? 0
    let vertical = AxisScale(
      linear: 0...Double(max(greatest, 1)), count: 3, extends: true, hasWholeNumbers: true, isCompact: true)
    let isDrawable = AxisScale.canDraw(range.lowerBound) && AxisScale.canDraw(range.upperBound)
    let left = Self.padding + PlotArea.leftMargin(for: vertical, fontSize: Self.fontSize)
    let area = PlotArea(
      left: left, top: Self.padding + heading.height(width: width - 2 * Self.padding) + 8,
      width: width - left - Self.padding - 8, height: plotHeight,
      horizontal: AxisScale(linear: isDrawable ? range : nil, count: 4, extends: false), vertical: vertical)
    let titleHeight = horizontalTitle.isEmpty ? 0 : Self.fontSize + 5

    var svg = SVGWriter()
    svg.openPicture(
      width: width, height: area.top + plotHeight + Self.fontSize + 12 + titleHeight + 4, label: title,
      isStandalone: isStandalone)
    heading.draw(into: &svg, x: Self.padding, y: Self.padding, width: width - 2 * Self.padding)
    area.drawAxes(into: &svg, fontSize: Self.fontSize)
    area.drawHorizontalTitle(horizontalTitle, into: &svg, fontSize: Self.fontSize)
    for index in series.indices { draw(index, in: area, into: &svg) }
    if let first = series.first { drawTooltips(binCount: first.counts.count, in: area, into: &svg) }
    svg.close()
    return svg.text
  }

  private func color(of index: Int) -> Int { series[index].color ?? index }

  private func draw(_ index: Int, in area: PlotArea, into svg: inout SVGWriter) {
    let counts = series[index].counts
    guard !counts.isEmpty else { return }
    let bottom = area.top + area.height
    var path = "M\(SVGWriter.number(area.left)) \(SVGWriter.number(bottom))"
    for (bin, count) in counts.enumerated() {
      let end = area.left + area.width * Double(bin + 1) / Double(counts.count)
      path += "V\(SVGWriter.number(area.y(Double(count))))H\(SVGWriter.number(end))"
    }
    path += "V\(SVGWriter.number(bottom))"
    svg.openGroup(color: color(of: index))
    svg.element(
      "path",
      [
        "d": .text(path), "fill": index == 0 ? "currentColor" : "none", "fill-opacity": 0.35,
        "stroke": "currentColor", "stroke-width": 1.25, "stroke-linejoin": "round",
      ])
    svg.close()
  }

  private func drawTooltips(binCount: Int, in area: PlotArea, into svg: inout SVGWriter) {
    let size = (range.upperBound - range.lowerBound) / Double(max(binCount, 1))
    for bin in 0..<binCount {
      let least = range.lowerBound + Double(bin) * size
      var lines = ["\(ChartText.number(least)) to \(ChartText.number(least + size))"]
      for one in series where bin < one.counts.count {
        lines.append((one.name.isEmpty ? "" : one.name + ": ") + String(one.counts[bin]))
      }
      svg.element(
        "rect",
        [
          "x": .number(area.left + area.width * Double(bin) / Double(binCount)), "y": .number(area.top),
          "width": .number(area.width / Double(binCount)), "height": .number(area.height), "fill": "none",
          "pointer-events": "all",
        ], tooltip: lines.joined(separator: "\n"))
    }
  }
}
