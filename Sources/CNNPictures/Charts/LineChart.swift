/// Curves over a common axis, such as losses over epochs.
///
/// The picture is SVG: text that browsers show in the size that is there. It is laid out for `width` units, in which text
/// is 12 units high, and grows in height with its legend.
public struct LineChart: Sendable, Equatable {
  /// A point of a curve, or a gap in it.
  public struct Point: Sendable, Equatable {
    /// Where it is on the horizontal axis.
    public var x: Double
    /// Its height; nil for a gap. NaN, infinity, magnitudes above 1e200 and, on a logarithmic axis, what is not positive
    /// are gaps too.
    public var y: Double?

    /// A point, or a gap for nil.
    public init(_ x: Double, _ y: Double?) {
      self.x = x
      self.y = y
    }
  }

  /// How a line is drawn.
  public enum Dash: Sendable, Equatable, CaseIterable {
    /// Without interruption.
    case solid
    /// In dashes.
    case dashed
    /// In dots.
    case dotted
    /// In dashes and dots by turns.
    case dashDotted

    var pattern: String {
      switch self {
      case .solid: "none"
      case .dashed: "6 4"
      case .dotted: "1.5 3"
      case .dashDotted: "8 3 1.5 3"
      }
    }
  }

  /// A curve.
  public struct Series: Sendable, Equatable {
    /// What it is called in the legend.
    public var name: String
    /// Its points from left to right.
    public var points: [Point]
    /// Its colour, an index into the palette of `ChartStyle.colorCount`; nil for that of its place among the series.
    public var color: Int?
    /// How its line is drawn.
    public var dash: Dash

    /// A curve.
    public init(_ name: String, _ points: [Point], color: Int? = nil, dash: Dash = .solid) {
      self.name = name
      self.points = points
      self.color = color
      self.dash = dash
    }
  }

  /// What the chart shows.
  public var title: String
  /// What the horizontal axis shows; empty for nothing.
  public var horizontalTitle: String
  /// What the vertical axis shows, written above it; empty for nothing.
  public var verticalTitle: String
  /// The curves. Where there are more than `ChartStyle.colorCount` without colours of their own, the others have the same
  /// colours and are dotted.
  public var series: [Series]
  /// Whether equal ratios of height, not equal differences, are equally far apart.
  public var isLogarithmic: Bool
  /// What the vertical axis goes from and to; nil for round numbers around the data. What is beyond is drawn at the edge.
  public var limits: ClosedRange<Double>?
  /// A number that the vertical axis shows besides the data, such as 0; nil for none. A logarithmic axis has none.
  public var baseline: Double?
  /// Whether only whole numbers stand at the horizontal axis.
  public var hasWholeNumbers: Bool
  /// What the colours mean; nil for an entry a series, and none where a single one has no name.
  public var legend: Legend?
  /// The width of the picture, at least 160.
  public var width: Int
  /// The height of the part with the curves, at least 40.
  public var plotHeight: Int

  /// A chart.
  public init(
    title: String, horizontalTitle: String = "", verticalTitle: String = "", series: [Series],
    isLogarithmic: Bool = false, limits: ClosedRange<Double>? = nil, baseline: Double? = nil,
    hasWholeNumbers: Bool = false,
    legend: Legend? = nil, width: Int = 480, plotHeight: Int = 200
  ) {
    self.title = title
    self.horizontalTitle = horizontalTitle
    self.verticalTitle = verticalTitle
    self.series = series
    self.isLogarithmic = isLogarithmic
    self.limits = limits
    self.baseline = baseline
    self.hasWholeNumbers = hasWholeNumbers
    self.legend = legend
    self.width = width
    self.plotHeight = plotHeight
  }

  /// The picture as the text of an SVG document; the same chart gives the same text.
  ///
  /// - Parameter isStandalone: whether it is a file of its own, with its style, a ground and a size; else it is for a page
  ///   of HTML that has `ChartStyle.styleSheet`, and is as wide as what it stands in.
  public func svg(isStandalone: Bool = true) -> String {
    let drawing = LineChartDrawing(self, legend: legend ?? automaticLegend)
    var svg = SVGWriter()
    svg.openPicture(
      width: drawing.width, height: drawing.height, label: title, isStandalone: isStandalone)
    drawing.draw(into: &svg)
    svg.close()
    return svg.text
  }

  private var automaticLegend: Legend {
    if series.count == 1, series[0].name.isEmpty { return Legend([]) }
    return Legend(
      series.indices.map { Legend.Entry(series[$0].name, color: color(of: $0), dash: dash(of: $0)) })
  }

  func color(of index: Int) -> Int { ChartStyle.paletteIndex(series[index].color ?? index) }

  func dash(of index: Int) -> Dash {
    let series = series[index]
    guard series.color == nil, series.dash == .solid else { return series.dash }
    return Dash.allCases[[0, 2, 1, 3][index / ChartStyle.colorCount % 4]]
  }
}
