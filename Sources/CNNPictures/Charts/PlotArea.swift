/// The rectangle in which a chart's data are drawn, with its axes.
struct PlotArea {
  var left: Double
  var top: Double
  var width: Double
  var height: Double
  var horizontal: AxisScale?
  var vertical: AxisScale

  static let tickSize = 12.0

  /// How far from the left the area must begin so that the numbers of an axis fit.
  static func leftMargin(for axis: AxisScale, fontSize: Double = tickSize) -> Double {
    let widest = axis.ticks.map { ChartText.width(of: $0.label, size: fontSize) }.max() ?? 0
    return (widest + 14).rounded(.up)
  }

  func x(_ value: Double) -> Double { left + (horizontal?.fraction(of: value) ?? 0) * width }
  func y(_ value: Double) -> Double { top + (1 - vertical.fraction(of: value)) * height }

  /// Draws the lines of the grid, the numbers at both axes and the line below.
  func drawAxes(into svg: inout SVGWriter, fontSize: Double = tickSize) {
    let bottom = top + height
    var grid = ""
    for tick in vertical.ticks {
      grid += "M\(SVGWriter.number(left)) \(SVGWriter.number(y(tick.value)))h\(SVGWriter.number(width))"
    }
    if !grid.isEmpty { drawLines(grid, name: "grid", color: ChartStyle.light.grid, into: &svg) }
    var axis = "M\(SVGWriter.number(left)) \(SVGWriter.number(bottom))h\(SVGWriter.number(width))"
    for tick in horizontal?.ticks ?? [] {
      axis += "M\(SVGWriter.number(x(tick.value))) \(SVGWriter.number(bottom))v4"
    }
    drawLines(axis, name: "axis", color: ChartStyle.light.axis, into: &svg)

    openLabels(anchor: "end", fontSize: fontSize, into: &svg)
    for tick in vertical.ticks where !tick.label.isEmpty {
      svg.label(
        tick.label,
        ["class": "chart-muted", "x": .number(left - 6), "y": .number(y(tick.value) + fontSize * 0.35)])
    }
    svg.close()
    guard let horizontal else { return }
    openLabels(anchor: "middle", fontSize: fontSize, into: &svg)
    var end = -Double.infinity
    for tick in horizontal.ticks {
      let half = ChartText.width(of: tick.label, size: fontSize) / 2
      guard x(tick.value) - half > end + 4 else { continue }
      end = x(tick.value) + half
      svg.label(
        tick.label,
        ["class": "chart-muted", "x": .number(x(tick.value)), "y": .number(bottom + 6 + fontSize)])
    }
    svg.close()
  }

  private func drawLines(_ path: String, name: String, color: String, into svg: inout SVGWriter) {
    svg.element(
      "path", ["class": "chart-\(name)", "d": .text(path), "fill": "none", "stroke": .text(color)])
  }

  /// Begins a group of quiet labels.
  func openLabels(anchor: String, fontSize: Double, into svg: inout SVGWriter) {
    svg.open(
      "g",
      ["text-anchor": .text(anchor), "font-size": .number(fontSize), "fill": .text(ChartStyle.light.muted)])
  }

  /// What the horizontal axis shows, below its numbers.
  func drawHorizontalTitle(_ title: String, into svg: inout SVGWriter, fontSize: Double = tickSize) {
    guard !title.isEmpty else { return }
    svg.label(
      ChartText.fitted(title, size: fontSize, limit: width),
      [
        "class": "chart-muted", "x": .number(left + width / 2),
        "y": .number(top + height + 10 + 2 * fontSize),
        "text-anchor": "middle", "font-size": .number(fontSize), "fill": .text(ChartStyle.light.muted),
      ])
  }
}
