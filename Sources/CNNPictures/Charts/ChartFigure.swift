/// Line charts below each other under one title and one legend, their curves beginning and ending in line.
public struct ChartFigure: Sendable, Equatable {
  /// What the figure shows.
  public var title: String
  /// The charts from top to bottom; their own legends are not drawn.
  public var panels: [LineChart]
  /// What the colours mean in all of them; nil for none.
  public var legend: Legend?

  /// A figure.
  public init(title: String, panels: [LineChart], legend: Legend?) {
    self.title = title
    self.panels = panels
    self.legend = legend
  }

  /// The picture as the text of an SVG document; `isStandalone` as for `LineChart`.
  public func svg(isStandalone: Bool = true) -> String {
    let own = panels.map { LineChartDrawing($0, legend: Legend([])) }
    let leftMargin = own.map(\.leftMargin).max()
    let drawings = panels.map { LineChartDrawing($0, legend: Legend([]), leftMargin: leftMargin) }
    let width = drawings.map(\.width).max() ?? 480
    let padding = LineChartDrawing.padding
    let heading = ChartHeading(
      title: title, titleSize: 16, legend: legend ?? Legend([]),
      showsMarkers: drawings.contains { $0.heading.showsMarkers })
    let top = padding + heading.height(width: width - 2 * padding)
    var svg = SVGWriter()
    svg.openPicture(
      width: width, height: drawings.reduce(top) { $0 + $1.height } + padding / 2, label: title,
      isStandalone: isStandalone)
    heading.draw(into: &svg, x: padding, y: padding, width: width - 2 * padding)
    var y = top
    for drawing in drawings {
      svg.open("g", ["transform": "translate(0 \(SVGWriter.number(y)))"])
      drawing.draw(into: &svg)
      svg.close()
      y += drawing.height
    }
    svg.close()
    return svg.text
  }
}
