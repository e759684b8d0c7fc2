import CNNCodecs
import CNNEngine
import CNNPictures

/// A report as one page that needs nothing else: no network, no script, light and dark as the reader's system is.
public enum ReportPage {
  /// The page about a training.
  public static func html(_ report: RunReport) -> String {
    let sections = [
      curves(report), comparison(report), confusion(report), mistakes(report),
      calibration(report), filters(report), weights(report), activations(report), network(report),
      making(report),
    ].compactMap { $0 }
    return document(
      title: "\(report.model): training report", header: header(report), sections: sections, data: report.json
    )
  }

  /// The page that compares the logs of several trainings.
  ///
  /// - Parameters:
  ///   - runs: at least one.
  ///   - command: the command line, the tool's name first, as it was typed.
  public static func html(comparing runs: [CurveCharts.Run], tool: String, version: String, command: [String])
    -> String
  {
    let header = HTML.element(
      "header", [:], .element("p", ["class": "kicker"], "Training logs compared"),
      .element("h1", [:], HTML(runs.map(\.name).joined(separator: ", "))), commandBlock(command))
    let data = JSONValue.object([
      .init("format", .string("cnn-training-comparison")),
      .init("version", .integer(RunReport.formatVersion)),
      .init("tool", .object([.init("name", .string(tool)), .init("version", .string(version))])),
      .init("command", .array(command.map { .string($0) })), .init("compared", .array(runs.map(\.json))),
    ])
    return document(
      title: "\(runs.map(\.name).joined(separator: ", ")): compared", header: header,
      sections: comparison(runs), data: data)
  }

  /// A part of the page with a heading that the list of contents leads to.
  struct Section {
    let id: String
    let title: String
    let content: HTML

    init(_ id: String, _ title: String, _ content: HTML...) {
      self.id = id
      self.title = title
      self.content = HTML(content)
    }

    var html: HTML {
      .element("section", ["id": id], .element("h2", [:], HTML(title)), content)
    }
  }

  private static func document(title: String, header: HTML, sections: [Section], data: JSONValue) -> String {
    let head: [HTML] = [
      .void("meta", ["charset": "utf-8"]),
      .void("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
      .void("meta", ["name": "color-scheme", "content": "light dark"]),
      // Whatever a label might try: nothing is run, and nothing is fetched.
      .void(
        "meta",
        [
          "http-equiv": "Content-Security-Policy",
          "content": "default-src 'none'; img-src data:; style-src 'unsafe-inline'",
        ]), .element("title", [:], HTML(title)),
      .element("style", [:], .trusted(ReportStyle.sheet + ChartStyle.styleSheet)),
    ]
    let links = sections.map { section in
      HTML.element("a", ["href": "#\(section.id)"], HTML(section.title))
    }
    let contents: HTML =
      sections.count > 2 ? .element("nav", ["aria-label": "Contents"], links) : .empty
    let body = HTML.element(
      "body", [:], header, contents, .element("main", [:], sections.map(\.html)),
      .scriptJSON(JSONWriter.text(of: data), id: "run"))
    return "<!DOCTYPE html>\n"
      + HTML.element("html", ["lang": "en"], .element("head", [:], head), body).markup + "\n"
  }

  // MARK: What several sections use

  /// A text under a heading.
  static func note(_ text: String) -> HTML { .element("p", ["class": "note"], HTML(text)) }

  /// What a shell takes, to be marked by one click.
  static func commandBlock(_ command: [String]) -> HTML {
    // Lines break between arguments, not at the hyphens within them.
    let words = ShellCommand.words(of: command).enumerated().map { place, word in
      HTML(place > 0 ? " " : "") + .element("span", [:], HTML(word))
    }
    return .element("pre", ["class": "command"], .element("code", [:], words))
  }

  /// A table; a first column of names, then numbers.
  static func table(
    _ headings: [String], _ rows: [[HTML]], caption: String, textColumns: Int = 1, footer: [HTML]? = nil
  ) -> HTML {
    func cells(_ cells: [HTML], _ name: String) -> [HTML] {
      cells.enumerated().map { column, cell in
        column == 0 && name == "td"
          ? .element("th", ["scope": "row"], cell)
          : .element(name, column < textColumns ? ["class": "text"] : [:], cell)
      }
    }
    var content: [HTML] = [
      .element("caption", ["class": "hidden"], HTML(caption)),
      .element("thead", [:], .element("tr", [:], cells(headings.map { HTML($0) }, "th"))),
      .element("tbody", [:], rows.map { .element("tr", [:], cells($0, "td")) }),
    ]
    if let footer { content.append(.element("tfoot", [:], .element("tr", [:], cells(footer, "td")))) }
    return .element(
      "div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": caption],
      .element("table", [:], content))
  }

  /// The width of charts in their own units: their text is to be read on a phone, where they are made smaller.
  static let chartWidth = 400

  /// The curves that there are.
  static func svg(_ charts: [LineChart?]) -> [String] {
    charts.compactMap { chart in
      var chart = chart
      chart?.width = chartWidth
      return chart?.svg(isStandalone: false)
    }
  }

  /// Charts beside each other, or below each other where there is no room.
  static func charts(_ charts: [String], isSmall: Bool = false) -> HTML {
    .element(
      "div", ["class": isSmall ? "charts small" : "charts"],
      charts.map { .element("figure", [:], .trusted($0)) })
  }

  /// What is read only by who wants to know.
  static func details(_ summary: String, _ content: HTML) -> HTML {
    .element("details", [:], .element("summary", [:], HTML(summary)), content)
  }

  /// A share in percent: `99.12 %`; a dash for what is no number.
  static func percent(_ share: Double?, _ digits: Int = 2) -> String {
    guard let share, share.isFinite else { return "\u{2013}" }
    return NumberFormat.fixed(100 * share, digits) + "\u{202F}%"
  }

  /// A number with some digits; a dash where there is none.
  static func number(_ value: Double?, _ digits: Int = 4) -> String {
    value.map { NumberFormat.fixed($0, digits) } ?? "\u{2013}"
  }

  /// A number of things: `1 epoch`, `10,000 steps`.
  static func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
    NumberFormat.grouped(number) + " " + (number == 1 ? noun : plural ?? noun + "s")
  }

  /// A time: `1.84 s`, `1 min 23 s`, `2 h 5 min`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "\u{2013}" }
    if seconds < 59.95 { return NumberFormat.fixed(seconds, seconds < 10 ? 2 : 1) + " s" }
    let whole = Int(min(seconds.rounded(), 1e12))
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }

  /// A split as it is spoken of.
  static func name(ofSplit split: String) -> String {
    ["train": "training", "valid": "validation"][split] ?? split
  }
}
