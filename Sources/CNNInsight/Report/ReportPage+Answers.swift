import CNNCodecs
import CNNEngine
import CNNPictures

extension ReportPage {
  /// The most classes whose matrix is drawn.
  private static let matrixLimit = 64

  /// Which classes are taken for which, and how well each is told from the others.
  static func confusion(_ report: RunReport) -> Section? {
    guard let matrix = report.detail?.confusion, matrix.classCount > 1 else { return nil }
    let isDrawn = matrix.classCount <= matrixLimit
    var content: [HTML] = [
      note(
        (isDrawn
          ? "A row for each true class, a column for what it was read as, over the \(name(ofSplit: report.detailSplit)) "
            + "examples. Blue is right, by the share of the row; orange is wrong, stronger where it is more often. "
          : "")
          + "Precision: of what was read as a class, how much was right. Recall: of a class, how much was found. "
          + "F1 is their harmonic mean.")
    ]
    content.append(
      .element(
        "div", ["class": "together"], isDrawn ? matrixTable(matrix, report) : .empty,
        classTable(matrix, report)))
    content += commonest(matrix, report)
    if matrix.unknownCount > 0 {
      content.append(
        note(
          "\(count(matrix.unknownCount, "example is", plural: "examples are")) of classes that the model doesn't have."
        ))
    }
    return Section("confusion", "What is taken for what", HTML(content))
  }

  private static func matrixTable(_ matrix: ConfusionMatrix, _ report: RunReport) -> HTML {
    let classes = 0..<matrix.classCount
    let labels = classes.map { HTML(report.label($0)) }
    var mostWrong = 0
    for truth in classes {
      for read in classes where read != truth { mostWrong = max(mostWrong, matrix[truth, read]) }
    }
    let heading = HTML.element(
      "tr", [:],
      [.element("td", ["class": "corner"], "true \\ read")]
        + labels.map { .element("th", ["scope": "col"], $0) })
    let rows = classes.map { truth in
      let total = matrix.count(of: truth)
      return HTML.element(
        "tr", [:],
        [.element("th", ["scope": "row"], labels[truth])]
          + classes.map { read in
            cell(
              matrix[truth, read], isRight: truth == read,
              strength: truth == read
                ? Double(matrix[truth, read]) / Double(max(total, 1))
                : (Double(matrix[truth, read]) / Double(max(mostWrong, 1))).squareRoot())
          })
    }
    let caption = "Confusion matrix: true classes in rows, readings in columns"
    return .element(
      "div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": caption],
      .element(
        "table", ["class": matrixClass(matrix, report)],
        .element("caption", ["class": "hidden"], HTML(caption)), .element("thead", [:], heading),
        .element("tbody", [:], rows)))
  }

  /// Whether the matrix needs small type, or fits on a phone.
  private static func matrixClass(_ matrix: ConfusionMatrix, _ report: RunReport) -> String {
    if matrix.classCount > 12 { return "matrix many" }
    return report.labels.allSatisfy { $0.count <= 2 } ? "matrix few" : "matrix"
  }

  private static func cell(_ count: Int, isRight: Bool, strength: Double) -> HTML {
    guard count > 0 else { return .element("td", ["class": "none"], "\u{00B7}") }
    // Even one of thousands is to be seen.
    let share = NumberFormat.fixed(100 * max(strength, 0.12), 0)
    return .element(
      "td", ["class": isRight ? "right" : "wrong", "style": "--share:\(share)%"], HTML("\(count)"))
  }

  private static func commonest(_ matrix: ConfusionMatrix, _ report: RunReport) -> [HTML] {
    var pairs: [(truth: Int, read: Int, count: Int)] = []
    for truth in 0..<matrix.classCount {
      for read in 0..<matrix.classCount where read != truth && matrix[truth, read] > 0 {
        pairs.append((truth, read, matrix[truth, read]))
      }
    }
    guard !pairs.isEmpty else { return [note("Nothing is taken for anything else.")] }
    pairs.sort { $0.count != $1.count ? $0.count > $1.count : ($0.truth, $0.read) < ($1.truth, $1.read) }
    let shown = pairs.prefix(8).map { pair in
      HTML.element(
        "li", [:], .element("b", [:], HTML(report.label(pair.truth))), " read as ",
        .element("b", [:], HTML(report.label(pair.read))), ": \(NumberFormat.grouped(pair.count))")
    }
    return [.element("h3", [:], "Most often"), .element("ul", ["class": "pairs"], HTML(shown))]
  }

  private static func classTable(_ matrix: ConfusionMatrix, _ report: RunReport) -> HTML {
    let rows = (0..<matrix.classCount).map { label -> [HTML] in
      let shares = [matrix.precision(of: label), matrix.recall(of: label), matrix.f1(of: label)]
      return [
        HTML(report.label(label)), HTML(NumberFormat.grouped(matrix.count(of: label))),
        HTML(NumberFormat.grouped(matrix[label, label])),
      ] + shares.map { HTML($0.isNaN ? "\u{2013}" : NumberFormat.fixed(100 * $0, 2)) }
    }
    return table(
      ["class", "examples", "right", "precision %", "recall %", "F1 %"], rows,
      caption: "Every class by itself")
  }

  // MARK: Mistakes

  /// What the network was surest of and wrong about.
  static func mistakes(_ report: RunReport) -> Section? {
    guard report.mistakeCount > 0 else { return nil }
    let figures = report.mistakes.map { mistake -> HTML in
      let truth = report.label(mistake.truth)
      let read = report.label(mistake.prediction)
      let words = "\(truth) read as \(read)"
      let probability = NumberFormat.fixed(mistake.probability, 3)
      let split = name(ofSplit: report.detailSplit)
      let picture =
        mistake.picture.map {
          HTML.picture(
            png: $0.png, width: $0.width, height: $0.height,
            alternative: "\(split) example \(mistake.index): \(words) with probability \(probability)")
        } ?? HTML.element("span", ["class": "missing"], "no picture")
      return .element(
        "figure", [:], picture,
        .element(
          "figcaption", [:], .element("b", [:], HTML(words)), ", \(probability)",
          .element("small", [:], "no. \(mistake.index)")))
    }
    let shown = report.mistakes.count
    let all = count(report.mistakeCount, "\(name(ofSplit: report.detailSplit)) example")
    let text =
      shown < report.mistakeCount
      ? "Of \(all) that are read wrong, the \(shown) of which the network was surest."
      : "All \(all) that are read wrong, the surest first."
    return Section(
      "mistakes", "The worst mistakes",
      note(text + " The number behind is the probability that it gave to its answer."),
      .element("div", ["class": "mistakes"], figures))
  }

  // MARK: Calibration

  /// Whether the network knows when it is right.
  static func calibration(_ report: RunReport) -> Section? {
    guard let calibration = report.detail?.calibration, calibration.bins.contains(where: { $0.count > 0 })
    else { return nil }
    let bins = calibration.bins.filter { $0.count > 0 }
    let points = bins.map {
      LineChart.Point($0.probabilitySum / Double($0.count), Double($0.correct) / Double($0.count))
    }
    let chart = LineChart(
      title: "How often it is right when it is how sure", horizontalTitle: "mean probability of the answer",
      verticalTitle: "share that is right",
      series: [
        LineChart.Series("this network", points),
        LineChart.Series("honest", [.init(0, 0), .init(1, 1)], color: 6, dash: .dashed),
      ], limits: 0...1, width: chartWidth)
    let width = 1 / Double(calibration.bins.count)
    let rows = calibration.bins.enumerated().filter { $0.element.count > 0 }.map { place, bin -> [HTML] in
      [
        HTML(
          "\(NumberFormat.fixed(Double(place) * width, 3))\u{2060}\u{2013}\u{2060}\(NumberFormat.fixed(Double(place + 1) * width, 3))"
        ),
        HTML(NumberFormat.grouped(bin.count)), HTML(number(bin.probabilitySum / Double(bin.count))),
        HTML(number(Double(bin.correct) / Double(bin.count))),
      ]
    }
    return Section(
      "calibration", "Is it as sure as it is right?",
      note(
        "Answers in bins by their probability. On the dashed line a network that says 0.9 is right nine times of ten; below "
          + "it, it is too sure of itself. Expected calibration error: \(number(calibration.expectedError))."),
      .element(
        "div", ["class": "columns"], .element("figure", [:], .trusted(chart.svg(isStandalone: false))),
        table(
          ["probability", "examples", "mean probability", "right"], rows, caption: "Calibration in bins")))
  }
}
