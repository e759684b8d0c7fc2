import CNNCodecs
import CNNEngine
import CNNModelFile

extension ReportPage {
  /// What everybody wants to know first.
  static func header(_ report: RunReport) -> HTML {
    let result = report.results.last
    var pieces: [HTML] = [
      .element("p", ["class": "kicker"], HTML(kicker(report))),
      .element("h1", [:], HTML(report.model)),
    ]
    if let result { pieces.append(headline(result)) }
    pieces.append(facts(report))
    pieces.append(commandBlock(report.command))
    return .element("header", [:], pieces)
  }

  private static func kicker(_ report: RunReport) -> String {
    let verb = report.isFineTuned ? "fine-tuned" : "trained"
    let name = report.architecture ?? "A network"
    return "\(name), \(verb) by \(report.tool) \(report.version)"
  }

  private static func headline(_ result: RunReport.Result) -> HTML {
    let measured = result.evaluation
    let wrong = measured.total - measured.correct
    return .element(
      "div", ["class": "headline"],
      .element(
        "p", ["class": "accuracy"], .element("strong", [:], HTML(percent(measured.accuracy))),
        .element("span", [:], HTML("\(name(ofSplit: result.split)) accuracy"))),
      .element(
        "p", ["class": "counts"],
        "\(NumberFormat.grouped(measured.correct)) of \(NumberFormat.grouped(measured.total)) right, \(NumberFormat.grouped(wrong)) wrong",
        .void("br", [:]),
        HTML(
          "95 % interval \(NumberFormat.fixed(100 * measured.interval.lowerBound, 2))\u{2013}"
            + "\(NumberFormat.fixed(100 * measured.interval.upperBound, 2)) %"), .void("br", [:]),
        HTML("loss \(number(measured.loss))")))
  }

  private static func facts(_ report: RunReport) -> HTML {
    let parameters = report.network.layerSummaries.map(\.cost.parameterCount).reduce(0, +)
    var facts: [(String, String, String)] = []
    if let name = report.architecture { facts.append(("Network", name, "")) }
    facts.append(("Parameters", NumberFormat.grouped(parameters), ""))
    let steps = report.epochs.last?.record.step ?? 0
    facts.append(("Epochs", NumberFormat.grouped(report.epochs.count), count(steps, "step")))
    if let seconds = report.seconds {
      let share = report.earlierSteps > 0 ? "of \(count(steps - report.earlierSteps, "step"))" : "in all"
      facts.append(
        ("Time", duration(seconds), "\(share), \(count(report.threads, "thread"))"))
    }
    if let training = report.results.first, training.split == "train", report.results.count > 1 {
      facts.append(
        (
          "Training accuracy", percent(training.evaluation.accuracy),
          "of \(count(training.evaluation.total, "example"))"
        ))
    }
    if report.results.count > 2, report.results[1].split == "valid" {
      let valid = report.results[1].evaluation
      facts.append(("Validation accuracy", percent(valid.accuracy), "of \(count(valid.total, "example"))"))
    }
    return .element(
      "dl", ["class": "facts"],
      facts.map { name, value, remark in
        .element(
          "div", [:], .element("dt", [:], HTML(name)),
          .element(
            "dd", [:], HTML(value),
            remark.isEmpty ? .empty : .element("small", [:], HTML(remark))))
      })
  }

  // MARK: How it was made

  /// Everything that it takes to make the model again.
  static func making(_ report: RunReport) -> Section {
    let options = report.options.filter { $0.value != .null }.map { option in
      [HTML("--\(option.name)"), HTML(text(option.value))]
    }
    let sources = report.sources.map { source in
      [
        HTML(source.name), HTML(NumberFormat.byteCount(source.size)),
        HTML(source.crc32.eightHexadecimalDigits),
      ]
    }
    let splits = report.results.map { result in
      "\(count(result.evaluation.total, "\(name(ofSplit: result.split)) example"))"
    }
    return Section(
      "making", "How it was made",
      note(
        "The same command, data and seed give the same model, bit for bit, on processors with the same instruction set, "
          + "whatever the number of threads. Times are the only thing here that differs from run to run."),
      .element(
        "dl", ["class": "plain"],
        HTML(
          [
            ("Tool", "\(report.tool) \(report.version)"), ("First weights", report.origin),
            ("Data", splits.joined(separator: ", ")),
          ].map { name, value in
            .element("div", [:], .element("dt", [:], HTML(name)), .element("dd", [:], HTML(value)))
          })),
      .element(
        "div", ["class": "columns"],
        .element(
          "div", [:], .element("h3", [:], "Options in force"),
          table(["option", "value"], options, caption: "Options in force", textColumns: 2)),
        .element(
          "div", [:], .element("h3", [:], "Data files"),
          table(["file", "size", "CRC-32"], sources, caption: "Data files"))))
  }

  private static func text(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): text
    case .bool(let flag): flag ? "yes" : "no"
    case .array(let values) where values.isEmpty: "none"
    case .array(let values): values.map { Self.text($0) }.joined(separator: ", ")
    default: JSONWriter.text(of: value)
    }
  }

  // MARK: The network

  /// The layers with what they give and weigh.
  static func network(_ report: RunReport) -> Section {
    let layers = report.network.layerSummaries
    func amount(_ number: Int) -> HTML { number == 0 ? "" : HTML(NumberFormat.grouped(number)) }
    let input: [HTML] = [
      HTML(NetworkDescription.inputName), "", HTML(shape(report.network.inputShape)), "", "",
    ]
    let rows = layers.map { layer in
      [
        HTML(layer.node.name), HTML(layer.node.operation.summary), HTML(shape(layer.outputShape)),
        amount(layer.cost.parameterCount), amount(layer.cost.multiplyAddCount),
      ]
    }
    return Section(
      "network", "The network",
      table(
        ["layer", "operation", "output", "parameters", "multiply-adds"], [input] + rows,
        caption: "The layers of the network", textColumns: 2,
        footer: [
          "total", "", "", amount(layers.map(\.cost.parameterCount).reduce(0, +)),
          amount(layers.map(\.cost.multiplyAddCount).reduce(0, +)),
        ]))
  }

  private static func shape(_ shape: [Int]) -> String {
    shape.map(String.init).joined(separator: "\u{202F}\u{00D7}\u{202F}")
  }
}
