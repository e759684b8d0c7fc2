/// How charts look: their colours, light and dark, and the style sheet that says so.
///
/// The colours are those of Masataka Okabe and Kei Ito, *Color Universal Design* (2008), which most colour-blind readers
/// can tell apart; yellow is darker on white, and on black the two blues change places and the others are lighter.
public enum ChartStyle {
  /// How many colours there are; series beyond them begin again, with other dashes.
  public static let colorCount = 8

  /// The fonts: those of the reader's system.
  static let fonts = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', sans-serif"

  /// The colours on a light ground. They also stand in the elements, for programs that know no variables in style sheets.
  static let lightColors = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#1a1a1a", "#a39600",
  ]

  /// The colours on a dark ground.
  static let darkColors = [
    "#56b4e9", "#f3814a", "#2fc79a", "#e39cc6", "#f5b942", "#3d86d8", "#e6e6e6", "#f0e442",
  ]

  /// What isn't a series, on a light ground.
  static let light = Ground(
    ink: "#1f2328", muted: "#59636e", grid: "#e4e7eb", axis: "#9aa4af", ground: "#ffffff")
  /// What isn't a series, on a dark ground.
  static let dark = Ground(
    ink: "#e6edf3", muted: "#9da7b3", grid: "#2a313a", axis: "#646e7a", ground: "#0d1117")

  /// The colours of text, lines and ground.
  struct Ground {
    var ink: String
    var muted: String
    var grid: String
    var axis: String
    var ground: String
  }

  /// The style sheet that charts for a page (`isStandalone: false`) need there once.
  ///
  /// It says something about the class `chart` and classes that begin with `chart-` only. Its variables are `--chart-ink`,
  /// `--chart-muted`, `--chart-grid`, `--chart-axis`, `--chart-ground` and `--chart-1` to `--chart-8`; a page may set
  /// them again for `.chart`.
  public static let styleSheet: String = {
    var text = ".chart { \(variables(light, lightColors)) }\n"
    text += "@media (prefers-color-scheme: dark) { .chart { \(variables(dark, darkColors)) } }\n"
    text += ".chart { display: block; width: 100%; height: auto; }\n"
    text +=
      ".chart text { font-family: \(fonts); font-variant-numeric: tabular-nums; fill: var(--chart-ink); }\n"
    text += ".chart .chart-muted { fill: var(--chart-muted); color: var(--chart-muted); }\n"
    text += ".chart .chart-grid { stroke: var(--chart-grid); }\n"
    text += ".chart .chart-axis { stroke: var(--chart-axis); }\n"
    text += ".chart .chart-ground { fill: var(--chart-ground); }\n"
    text += ".chart .chart-point:hover { stroke: var(--chart-ink); }\n"
    for index in 1...colorCount {
      text += ".chart .chart-color-\(index) { color: var(--chart-\(index)); }\n"
    }
    return text
  }()

  private static func variables(_ ground: Ground, _ colors: [String]) -> String {
    let named = [
      ("ink", ground.ink), ("muted", ground.muted), ("grid", ground.grid), ("axis", ground.axis),
      ("ground", ground.ground),
    ]
    return (named + colors.enumerated().map { ("\($0.offset + 1)", $0.element) })
      .map { "--chart-\($0.0): \($0.1);" }.joined(separator: " ")
  }

  /// The place of a colour in the palette, whatever number a series has.
  static func paletteIndex(_ color: Int) -> Int {
    ((color % colorCount) + colorCount) % colorCount
  }
}

extension SVGWriter {
  /// Begins a picture of a size, alone or for a page.
  mutating func openPicture(width: Double, height: Double, label: String, isStandalone: Bool) {
    let viewBox = "0 0 \(Self.number(width)) \(Self.number(height))"
    guard isStandalone else {
      open("svg", ["class": "chart", "viewBox": .text(viewBox), "role": "img", "aria-label": .text(label)])
      return
    }
    // A quarter larger than its units, which reads well on a desktop; a small screen shrinks it to its own width.
    open(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "chart", "viewBox": .text(viewBox),
        "width": .number(width * 1.25), "height": .number(height * 1.25), "role": "img",
        "aria-label": .text(label),
      ])
    style(
      ChartStyle.styleSheet
        + ":root.chart { width: auto; max-width: 100%; max-height: none; background: var(--chart-ground); }\n"
    )
    element(
      "rect",
      [
        "class": "chart-ground", "width": .number(width), "height": .number(height),
        "fill": .text(ChartStyle.light.ground),
      ])
  }

  /// Begins a group drawn in a colour of the palette, as `currentColor`; nil is the colour of quiet text.
  mutating func openGroup(color: Int?) {
    if let color {
      let index = ChartStyle.paletteIndex(color)
      open(
        "g", ["class": "chart-color-\(index + 1)", "color": .text(ChartStyle.lightColors[index])])
    } else {
      open("g", ["class": "chart-muted", "color": .text(ChartStyle.light.muted)])
    }
  }
}
