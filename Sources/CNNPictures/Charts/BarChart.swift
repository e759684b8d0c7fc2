/// A bar for each of some things, such as classes or epochs.
public struct BarChart: Sendable, Equatable {
  /// A bar.
  public struct Bar: Sendable, Equatable {
    /// What stands below it.
    public var label: String
    /// Its height; nil, NaN and infinity leave its place empty.
    public var value: Double?

    /// A bar.
    public init(_ label: String, _ value: Double?) {
      self.label = label
      self.value = value
    }
  }

  /// What the chart shows.
  public var title: String
  /// What the bars stand for; empty for nothing.
  public var horizontalTitle: String
  /// What their heights are, written above the axis; empty for nothing.
  public var verticalTitle: String
  /// The bars from left to right.
  public var bars: [Bar]
  /// Their colour, an index into the palette.
  public var color: Int
  /// What the vertical axis goes from and to; nil for from 0 to a round number. Higher bars end at the edge.
  public var limits: ClosedRange<Double>?
  /// The width of the picture, at least 160.
  public var width: Int
  /// The height of the part with the bars, at least 40.
  public var plotHeight: Int

  /// A chart.
  public init(
    title: String, horizontalTitle: String = "", verticalTitle: String = "", bars: [Bar], color: Int = 0,
    limits: ClosedRange<Double>? = nil, width: Int = 480, plotHeight: Int = 160
  ) {
    self.title = title
    self.horizontalTitle = horizontalTitle
    self.verticalTitle = verticalTitle
    self.bars = bars
    self.color = color
    self.limits = limits
    self.width = width
    self.plotHeight = plotHeight
  }

  private static let padding = 12.0

  /// The picture as the text of an SVG document; `isStandalone` as for `LineChart`.
  public func svg(isStandalone: Bool = true) -> String {
    let width = Double(min(max(width, 160), 10_000))
    let plotHeight = Double(min(max(plotHeight, 40), 10_000))
    let heading = ChartHeading(title: title, verticalTitle: verticalTitle)
    let vertical = verticalAxis(count: max(2, Int(plotHeight / 36)))
    let left = Self.padding + PlotArea.leftMargin(for: vertical)
    let area = PlotArea(
      left: left, top: Self.padding + heading.height(width: width - 2 * Self.padding) + 8,
      width: width - left - Self.padding, height: plotHeight, horizontal: nil, vertical: vertical)
    let titleHeight = horizontalTitle.isEmpty ? 0 : PlotArea.tickSize + 6
    var svg = SVGWriter()
    svg.openPicture(
      width: width, height: area.top + plotHeight + PlotArea.tickSize + 16 + titleHeight, label: title,
      isStandalone: isStandalone)
    heading.draw(into: &svg, x: Self.padding, y: Self.padding, width: width - 2 * Self.padding)
    area.drawAxes(into: &svg)
    area.drawHorizontalTitle(horizontalTitle, into: &svg)
    drawBars(in: area, into: &svg)
    drawLabels(in: area, into: &svg)
    svg.close()
    return svg.text
  }

  private func verticalAxis(count: Int) -> AxisScale {
    if let limits, AxisScale.canDraw(limits.lowerBound), AxisScale.canDraw(limits.upperBound) {
      return AxisScale(linear: limits, count: count, extends: false)
    }
    let values = bars.compactMap(\.value).filter { AxisScale.canDraw($0) }
    let range = min(values.min() ?? 0, 0)...max(values.max() ?? 1, 0)
    return AxisScale(linear: range, count: count, extends: true)
  }

  private func drawBars(in area: PlotArea, into svg: inout SVGWriter) {
    let pitch = area.width / Double(max(bars.count, 1))
    let barWidth = min(pitch * 0.72, 48)
    let zero = area.y(0)
    svg.openGroup(color: color)
    for (index, bar) in bars.enumerated() {
      guard let value = bar.value, AxisScale.canDraw(value) else { continue }
      let y = area.y(value)
      svg.element(
        "rect",
        [
          "x": .number(area.left + (Double(index) + 0.5) * pitch - barWidth / 2), "y": .number(min(y, zero)),
          "width": .number(barWidth), "height": .number(abs(y - zero)), "fill": "currentColor",
        ], tooltip: "\(bar.label): \(ChartText.number(value))")
    }
    svg.close()
  }

  /// As many of the labels as fit, at equal distances.
  private func drawLabels(in area: PlotArea, into svg: inout SVGWriter) {
    let pitch = area.width / Double(max(bars.count, 1))
    let labels = bars.map { ChartText.fitted($0.label, size: PlotArea.tickSize, limit: max(pitch, 60)) }
    let widest = labels.map { ChartText.width(of: $0, size: PlotArea.tickSize) }.max() ?? 0
    let stride = max(1, Int(((widest + 6) / pitch).rounded(.up)))
    area.openLabels(anchor: "middle", fontSize: PlotArea.tickSize, into: &svg)
    for index in Swift.stride(from: 0, to: bars.count, by: stride) {
      svg.label(
        labels[index],
        [
          "class": "chart-muted", "x": .number(area.left + (Double(index) + 0.5) * pitch),
          "y": .number(area.top + area.height + 6 + PlotArea.tickSize),
        ], tooltip: labels[index] == bars[index].label ? nil : bars[index].label)
    }
    svg.close()
  }
}
