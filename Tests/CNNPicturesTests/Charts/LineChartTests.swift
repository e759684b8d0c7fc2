import Testing

@testable import CNNPictures

@Suite struct LineChartTests {
  private func points(_ values: [Double?]) -> [LineChart.Point] {
    values.enumerated().map { LineChart.Point(Double($0.offset + 1), $0.element) }
  }

  private func chart(_ values: [Double?]..., isLogarithmic: Bool = false) -> LineChart {
    LineChart(
      title: "Loss", horizontalTitle: "epoch",
      series: values.enumerated().map { .init("run \($0.offset)", points($0.element)) },
      isLogarithmic: isLogarithmic, hasWholeNumbers: true)
  }

  private func elements(_ chart: LineChart, isStandalone: Bool = true) throws -> [XMLChecker.Element] {
    try XMLChecker.elements(of: chart.svg(isStandalone: isStandalone))
  }

  /// The corners of a line in the units of the picture.
  private func corners(_ path: String) -> [(x: Double, y: Double)] {
    path.split { "ML".contains($0) }.flatMap { part in
      let numbers = part.split(separator: " ").compactMap { Double($0) }
      return stride(from: 0, to: numbers.count - 1, by: 2).map { (numbers[$0], numbers[$0 + 1]) }
    }
  }

  @Test func aPointIsWhereItsNumbersSay() throws {
    let all = try elements(chart([1, 0.5, 0]))
    let path = try #require(all.curves.first?.attributes["d"])
    let corners = corners(path)
    try #require(corners.count == 3)
    // The axis goes from 0 to 1 and the plot is 200 units high.
    #expect(abs(corners[2].y - corners[0].y - 200) < 0.011)
    #expect(abs(corners[1].y - corners[0].y - 100) < 0.011)
    #expect(abs(corners[1].x - (corners[0].x + corners[2].x) / 2) < 0.011)
    // At their heights stand their numbers.
    for (label, corner) in [("1.0", corners[0]), ("0", corners[2])] {
      let text = try #require(all.first { $0.name == "text" && $0.text == label })
      let y = try #require(text.attributes["y"].flatMap(Double.init))
      #expect(abs(y - corner.y) < 6)
    }
    #expect(all.labels.contains("2") && all.labels.contains("epoch") && all.labels.contains("Loss"))
    #expect(all.tooltips == ["run 0\nepoch 1: 1", "run 0\nepoch 2: 0.5", "run 0\nepoch 3: 0"])
  }

  @Test func whatIsNoNumberIsAGap() throws {
    let all = try elements(chart([2.3, 1.1, .nan, 0.9, .infinity, nil, 1.4, 1.3, 1e201]))
    let path = try #require(all.curves.first?.attributes["d"])
    #expect(path.filter { $0 == "M" }.count == 2)
    #expect(corners(path).count == 4)
    // The point between gaps has its mark.
    #expect(all.tooltips.contains("run 0\nepoch 4: 0.9"))
    #expect(all.tooltips.count == 5)
    let logarithmic = try elements(chart([1, 0.1, 0, -1, 0.01, 0.001], isLogarithmic: true))
    #expect(corners(try #require(logarithmic.curves.first?.attributes["d"])).count == 4)
  }

  @Test func nothingToDraw() throws {
    for values: [Double?] in [[], [nil], [.nan, .infinity]] {
      let all = try elements(chart(values))
      #expect(all.labels.contains("nothing to draw"))
      #expect(all.curves.isEmpty)
    }
    #expect(try elements(LineChart(title: "", series: [])).labels.contains("nothing to draw"))
  }

  @Test func onePointHasAMark() throws {
    let all = try elements(chart([0.3]))
    #expect(all.curves.isEmpty)
    #expect(all.tooltips == ["run 0\nepoch 1: 0.3"])
    #expect(all.labels.contains("1"))
  }

  @Test func everythingIsEscaped() throws {
    let text = "</text><script>alert('&\"')</script>\u{0}\u{1B}\u{FFFE}"
    let shown = "</text><script>alert('&\"')</script>\\u{0}\\u{1b}\\u{fffe}"
    let chart = LineChart(
      title: text, horizontalTitle: text, verticalTitle: text, series: [.init(text, points([1, 2]))])
    for isStandalone in [true, false] {
      let all = try elements(chart, isStandalone: isStandalone)
      #expect(!all.contains { $0.name == "script" })
      #expect(all.labels.filter { $0 == shown }.count == 4)
      #expect(all.first?.attributes["aria-label"] == shown)
      #expect(all.tooltips.first?.hasPrefix(shown) == true)
    }
  }

  @Test func aloneItBringsItsStyleAndInAPageItDoesNot() throws {
    let alone = try elements(chart([1, 2]))
    #expect(alone[0].name == "svg" && alone[0].attributes["xmlns"] == "http://www.w3.org/2000/svg")
    #expect(alone[0].attributes["width"] == "600")
    #expect(alone.first { $0.name == "style" }?.text.contains("prefers-color-scheme: dark") == true)
    let inPage = try elements(chart([1, 2]), isStandalone: false)
    #expect(!inPage.contains { $0.name == "style" })
    #expect(inPage[0].attributes["width"] == nil)
    #expect(inPage[0].attributes["viewBox"] == alone[0].attributes["viewBox"])
    // Nothing is fetched, nothing is run, and nothing is named that another chart of the page might be.
    for element in alone + inPage {
      #expect(!["script", "image", "use", "a", "foreignObject"].contains(element.name))
      #expect(element.attributes["id"] == nil && element.attributes["href"] == nil)
    }
    #expect(!ChartStyle.styleSheet.contains("url(") && !ChartStyle.styleSheet.contains("@import"))
  }

  @Test func everyClassIsInTheStyleSheet() throws {
    let many = LineChart(
      title: "t", series: (0..<9).map { .init("\($0)", points([1, 2, 3]), dash: $0 == 4 ? .dashed : .solid) })
    for element in try elements(many) {
      for name in (element.attributes["class"] ?? "").split(separator: " ") {
        #expect(ChartStyle.styleSheet.contains(".\(name)"), "\(name)")
      }
    }
  }

  @Test func manySeriesCanBeToldApart() throws {
    let many = LineChart(title: "t", series: (0..<12).map { .init("\($0)", points([1, Double($0)])) })
    let all = try elements(many)
    let groups = all.filter { $0.name == "g" && $0.attributes["class"]?.hasPrefix("chart-color") == true }
    let looks = zip(
      groups.suffix(12).compactMap { $0.attributes["class"] },
      all.curves.compactMap { $0.attributes["stroke-dasharray"] })
    #expect(Set(looks.map { "\($0) \($1)" }).count == 12)
    #expect(Set(all.labels).isSuperset(of: (0..<12).map(String.init)))
  }

  @Test func aLongSeriesIsBounded() throws {
    var values = (0..<200_000).map { Double($0 % 97) / 97 }
    values[123_456] = 40
    values[77_777] = -3
    let text = chart(values).svg()
    #expect(text.utf8.count < 40_000)
    let path = try #require(try XMLChecker.elements(of: text).curves.first?.attributes["d"])
    let corners = corners(path)
    #expect(corners.count <= 3 * Decimation.partCount)
    // The axis goes from -10 to 40: the greatest is at its upper end, the least 43 fiftieths below.
    let heights = corners.map(\.y)
    let least = try #require(heights.max())
    let greatest = try #require(heights.min())
    #expect(abs(least - greatest - 200 * 43 / 50) < 0.05)
  }

  @Test func theSameChartIsTheSameText() {
    let values = (0..<2_000).map { Double(($0 * 7919) % 1009) }
    #expect(chart(values, [1, nil, 2]).svg() == chart(values, [1, nil, 2]).svg())
  }

  @Test func limitsAndABaseline() throws {
    var limited = chart([0.2, 5])
    limited.limits = 0...1
    let path = try #require(try elements(limited).curves.first?.attributes["d"])
    #expect(abs(corners(path)[0].y - corners(path)[1].y - 160) < 0.011)
    limited.limits = 1e300...1e301
    #expect(try elements(limited).labels.contains("5"))
    var rate = chart([0.001, 0.001])
    rate.baseline = 0
    #expect(try elements(rate).labels.contains("0.0010"))
    #expect(try elements(rate).labels.contains("0"))
  }

  @Test func aFigureHasOneLegendAndItsCurvesInLine() throws {
    let figure = ChartFigure(
      title: "Both", panels: [chart([1, 2]), chart([100_000, 200_000])],
      legend: Legend([.init("training", color: 0)]))
    let all = try XMLChecker.elements(of: figure.svg())
    #expect(all.labels.filter { $0 == "training" }.count == 1)
    #expect(!all.labels.contains("run 0"))
    let starts = all.curves.compactMap { $0.attributes["d"].map { corners($0)[0].x } }
    #expect(starts.count == 2 && starts[0] == starts[1])
    #expect(figure.svg() == figure.svg())
    #expect(all.filter { $0.name == "svg" }.count == 1)
  }
}
