/// A line chart with everything that is worked out before it can be drawn.
struct LineChartDrawing {
  let chart: LineChart
  let width: Double
  let height: Double
  let heading: ChartHeading
  private let area: PlotArea
  /// The heights that can be drawn, nil for gaps, a row a series.
  private let heights: [[Double?]]

  static let padding = 12.0

  /// - Parameters:
  ///   - leftMargin: where the curves begin if not right beside the numbers of the axis.
  init(_ chart: LineChart, legend: Legend, leftMargin: Double? = nil) {
    self.chart = chart
    width = Double(min(max(chart.width, 160), 10_000))
    heights = chart.series.map { series in
      series.points.map { point in
        guard let y = point.y, AxisScale.canDraw(y, isLogarithmic: chart.isLogarithmic),
          AxisScale.canDraw(point.x)
        else { return nil }
        return y
      }
    }
    let colors = Set(chart.series.indices.map { chart.color(of: $0) })
    let showsMarkers =
      colors.count > 2 || chart.series.contains { $0.points.count <= LineChartDrawing.markedPoints }
    heading = ChartHeading(
      title: chart.title, legend: legend, showsMarkers: showsMarkers, verticalTitle: chart.verticalTitle)

    let plotHeight = Double(min(max(chart.plotHeight, 40), 10_000))
    let vertical = Self.verticalAxis(of: chart, heights: heights, count: max(2, Int(plotHeight / 36)))
    let left = Self.padding + (leftMargin ?? PlotArea.leftMargin(for: vertical))
    var xs: [Double] = []
    for (series, values) in zip(chart.series, heights) {
      for (point, value) in zip(series.points, values) where value != nil { xs.append(point.x) }
    }
    // A gap at the end is part of the picture: the curve stops before it.
    let horizontalRange = Self.range(
      xs.isEmpty ? [] : chart.series.flatMap { $0.points.map(\.x) }.filter { AxisScale.canDraw($0) })
    let plotWidth = max(width - left - Self.padding - 10, 40)
    let horizontal = AxisScale(
      linear: horizontalRange, count: max(2, Int(plotWidth / 56)), extends: false,
      hasWholeNumbers: chart.hasWholeNumbers)
    let top = Self.padding + heading.height(width: width - 2 * Self.padding) + 8
    area = PlotArea(
      left: left, top: top, width: plotWidth, height: plotHeight, horizontal: xs.isEmpty ? nil : horizontal,
      vertical: vertical)
    let below = PlotArea.tickSize + 10 + (chart.horizontalTitle.isEmpty ? 0 : PlotArea.tickSize + 6)
    height = top + plotHeight + below + 6
  }

  /// Where the curves begin, for charts that stand below each other.
  var leftMargin: Double { area.left - Self.padding }

  private static func range(_ values: [Double]) -> ClosedRange<Double>? {
    guard let least = values.min(), let greatest = values.max() else { return nil }
    return least...greatest
  }

  private static func verticalAxis(of chart: LineChart, heights: [[Double?]], count: Int) -> AxisScale {
    let limits = chart.limits.flatMap { limits in
      [limits.lowerBound, limits.upperBound].allSatisfy {
        AxisScale.canDraw($0, isLogarithmic: chart.isLogarithmic)
      } ? limits : nil
    }
    var values = heights.flatMap { $0.compactMap(\.self) }
    if let baseline = chart.baseline, !chart.isLogarithmic, AxisScale.canDraw(baseline), !values.isEmpty {
      values.append(baseline)
    }
    let range = limits ?? range(values)
    return chart.isLogarithmic
      ? AxisScale(logarithmic: range, count: count + 1)
      : AxisScale(linear: range, count: count, extends: limits == nil)
  }

  /// Draws the chart with its upper left corner at the origin.
  func draw(into svg: inout SVGWriter) {
    heading.draw(into: &svg, x: Self.padding, y: Self.padding, width: width - 2 * Self.padding)
    area.drawAxes(into: &svg)
    area.drawHorizontalTitle(chart.horizontalTitle, into: &svg)
    if area.horizontal == nil {
      svg.label(
        "nothing to draw",
        [
          "class": "chart-muted", "x": .number(area.left + area.width / 2),
          "y": .number(area.top + area.height / 2), "text-anchor": "middle", "font-size": 12,
          "fill": .text(ChartStyle.light.muted),
        ])
    }
    for index in chart.series.indices { drawSeries(index, into: &svg) }
  }

  /// Up to how many points each has its mark.
  static let markedPoints = 40
  /// How many points of a longer curve say their numbers.
  private static let speakingPoints = 40

  private func drawSeries(_ index: Int, into svg: inout SVGWriter) {
    let points = chart.series[index].points
    let values = heights[index]
    let color = chart.color(of: index)
    let dash = chart.dash(of: index)
    let (path, lonely) = path(of: points, values)
    svg.openGroup(color: color)
    if !path.isEmpty {
      svg.element(
        "path",
        [
          "d": .text(path), "fill": "none", "stroke": "currentColor",
          "stroke-width": points.count > 400 ? 1.25 : 1.75, "stroke-linejoin": "round",
          "stroke-dasharray": .text(dash.pattern),
        ])
    }
    let present = values.indices.filter { values[$0] != nil }
    let marked = marked(among: present, series: index).union(lonely)
    let marker = Marker(color: color, isHollow: dash != .solid)
    let stride = max(1, (present.count + Self.speakingPoints - 1) / Self.speakingPoints)
    for (place, point) in present.enumerated() {
      let isMarked = marked.contains(point)
      guard isMarked || place % stride == 0 || point == present.last, let value = values[point] else {
        continue
      }
      let (x, y) = (area.x(points[point].x), area.y(value))
      let tooltip = tooltip(index, x: points[point].x, y: value)
      if isMarked {
        marker.draw(into: &svg, x: x, y: y, tooltip: tooltip)
      } else {
        svg.element(
          "circle",
          ["cx": .number(x), "cy": .number(y), "r": 6, "fill": "none", "pointer-events": "all"],
          tooltip: tooltip)
      }
    }
    svg.close()
  }

  /// The line through what is left of the points, and the points that have no neighbours to be joined to.
  private func path(of points: [LineChart.Point], _ values: [Double?]) -> (path: String, lonely: Set<Int>) {
    var path = ""
    var lonely: Set<Int> = []
    var run: [Int] = []
    func endRun() {
      if run.count == 1 { lonely.insert(run[0]) }
      if run.count > 1 {
        for (number, index) in run.enumerated() {
          path += number == 0 ? "M" : number == 1 ? "L" : " "
          path +=
            SVGWriter.number(area.x(points[index].x)) + " "
            + SVGWriter.number(area.y(values[index] ?? 0))
        }
      }
      run = []
    }
    for index in Decimation.indices(of: values) {
      if values[index] == nil { endRun() } else { run.append(index) }
    }
    endRun()
    return (path, lonely)
  }

  /// The points with a mark: all of a short curve; of a long one a few, at other places in each curve, where there are
  /// so many colours that shapes help.
  private func marked(among present: [Int], series: Int) -> Set<Int> {
    if present.count <= Self.markedPoints { return Set(present) }
    guard Set(chart.series.indices.map { chart.color(of: $0) }).count > 2 else { return [] }
    let distance = present.count / 8
    let start = distance * series / chart.series.count
    return Set(stride(from: start, to: present.count, by: max(distance, 1)).map { present[$0] })
  }

  private func tooltip(_ index: Int, x: Double, y: Double) -> String {
    let name = chart.series[index].name
    let place = [chart.horizontalTitle, ChartText.number(x)].filter { !$0.isEmpty }.joined(separator: " ")
    return (name.isEmpty ? "" : name + "\n") + place + ": " + ChartText.number(y)
  }
}
