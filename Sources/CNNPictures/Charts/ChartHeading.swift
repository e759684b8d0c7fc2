/// What stands above a chart: its title, its legend, and what the vertical axis shows.
struct ChartHeading {
  var title: String
  var titleSize = 14.0
  var isBold = true
  var legend = Legend([])
  var showsMarkers = false
  var verticalTitle = ""
  var textSize = 12.0

  /// The height that it takes in a width.
  func height(width: Double) -> Double {
    var height = 0.0
    if !title.isEmpty { height += titleSize + 8 }
    if !legend.entries.isEmpty { height += legend.height(width: width) + 4 }
    if !verticalTitle.isEmpty { height += textSize + 4 }
    return height
  }

  /// Draws it with its upper left corner at a place.
  func draw(into svg: inout SVGWriter, x: Double, y: Double, width: Double) {
    var y = y
    if !title.isEmpty {
      let text = ChartText.fitted(title, size: titleSize * 1.06, limit: width)
      svg.label(
        text,
        [
          "x": .number(x), "y": .number(y + titleSize), "font-size": .number(titleSize),
          "font-weight": isBold ? "600" : "400", "fill": .text(ChartStyle.light.ink),
        ], tooltip: text == title ? nil : title)
      y += titleSize + 8
    }
    if !legend.entries.isEmpty {
      legend.draw(into: &svg, x: x, y: y, width: width, showsMarkers: showsMarkers)
      y += legend.height(width: width) + 4
    }
    if !verticalTitle.isEmpty {
      svg.label(
        ChartText.fitted(verticalTitle, size: textSize, limit: width),
        [
          "class": "chart-muted", "x": .number(x), "y": .number(y + textSize - 1),
          "font-size": .number(textSize),
          "fill": .text(ChartStyle.light.muted),
        ])
    }
  }
}
