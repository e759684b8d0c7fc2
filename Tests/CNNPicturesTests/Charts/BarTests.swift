import Testing

@testable import CNNPictures

/// Charts of bars: histograms, and one bar for each thing.
@Suite struct BarTests {
  private func rectangles(_ all: [XMLChecker.Element]) -> [(y: Double, height: Double)] {
    all.filter { $0.name == "rect" && $0.attributes["fill"] == "currentColor" }.compactMap { element in
      guard let y = element.attributes["y"].flatMap(Double.init),
        let height = element.attributes["height"].flatMap(Double.init)
      else { return nil }
      return (y, height)
    }
  }

  @Test func aBarIsAsHighAsItsNumber() throws {
    let chart = BarChart(
      title: "Accuracy",
      bars: [.init("0", 1), .init("1", 0.25), .init("2", nil), .init("3", .nan), .init("4", 0)],
      limits: 0...1)
    let all = try XMLChecker.elements(of: chart.svg())
    #expect(rectangles(all).map(\.height) == [160, 40, 0])
    #expect(all.tooltips == ["0: 1", "1: 0.25", "4: 0"])
    #expect(Set(all.labels).isSuperset(of: ["0", "1", "2", "3", "4"]))
  }

  @Test func barsBelowZero() throws {
    let all = try XMLChecker.elements(
      of: BarChart(title: "t", bars: [.init("a", 2), .init("b", -1)], color: -3).svg())
    let bars = rectangles(all)
    try #require(bars.count == 2)
    #expect(abs(bars[0].y + bars[0].height - bars[1].y) < 0.02)
    #expect(abs(bars[0].height - 2 * bars[1].height) < 0.02)
  }

  @Test func labelsDoNotRunIntoEachOther() throws {
    let chart = BarChart(title: "t", bars: (0..<300).map { .init("class number \($0)", 1) })
    let labels = try XMLChecker.elements(of: chart.svg()).filter {
      $0.name == "text" && $0.text.hasPrefix("cl")
    }
    #expect((3...12).contains(labels.count))
    let places = labels.compactMap { $0.attributes["x"].flatMap(Double.init) }
    for (left, right) in zip(places, places.dropFirst()) { #expect(right - left > 40) }
    #expect(try XMLChecker.elements(of: BarChart(title: "t", bars: []).svg()).count > 3)
  }

  @Test func aHistogramCounts() throws {
    let chart = HistogramChart(
      title: "conv1.weight", subtitle: "mean 0", range: -1...1,
      series: [.init("before", [1, 3, 0, 4]), .init("after", [2, 2, 2, 2])])
    let all = try XMLChecker.elements(of: chart.svg())
    #expect(
      all.tooltips == [
        "-1 to -0.5\nbefore: 1\nafter: 2", "-0.5 to 0\nbefore: 3\nafter: 2", "0 to 0.5\nbefore: 0\nafter: 2",
        "0.5 to 1\nbefore: 4\nafter: 2",
      ])
    let outline = try #require(all.curves.first?.attributes["d"])
    let heights = outline.split(separator: "V").dropFirst().compactMap { part in
      Double(part.prefix { $0 != "H" })
    }
    // Up to 4 in 96 units; the last is the way back to the axis.
    #expect(heights.map { heights[4] - $0 } == [24, 72, 0, 96, 0])
    #expect(
      Set(all.labels).isSuperset(of: ["conv1.weight", "mean 0", "before", "after", "-1.0", "0", "1.0", "4"]))
  }

  @Test func oddHistograms() throws {
    let ranges: [ClosedRange<Double>] = [
      0...0, -.infinity...(.infinity), 1e-300...1e-299, -1e300...1e300, 5...(5 + 1e-15),
    ]
    for range in ranges {
      for counts in [[], [0], [-5, 3], [Int.max, Int.min], [Int](repeating: 7, count: 1000)] {
        let chart = HistogramChart(
          title: "t", range: range, series: [.init("", counts)], width: -1, plotHeight: 0)
        #expect(try XMLChecker.elements(of: chart.svg(isStandalone: false)).count > 3)
      }
    }
  }

  @Test func textsAreCutInTheirMiddle() {
    #expect(ChartText.fitted("short", size: 12, limit: 100) == "short")
    let cut = ChartText.fitted("lenet-momentum-seed-0 and lenet-momentum-seed-1", size: 12, limit: 120)
    #expect(cut.hasPrefix("lenet") && cut.hasSuffix("seed-1") && cut.contains("…"))
    #expect(ChartText.width(of: cut, size: 12) <= 120)
    #expect(ChartText.fitted("anything", size: 12, limit: 0) == "…")
    let long = String(repeating: "漢", count: 1_000_000)
    #expect(ChartText.fitted(long, size: 12, limit: 100).count < 12)
  }

  @Test func aLegendGrowsDownwards() {
    let entries = (0..<12).map { (index: Int) in Legend.Entry("a training called \(index)", color: index) }
    #expect(Legend([]).height(width: 400) == 0)
    #expect(Legend([entries[0]]).height(width: 400) == 18)
    #expect(Legend(entries).height(width: 400) > 36)
    #expect(Legend(entries).height(width: 200) == 12 * 18)
  }
}
