import CNNCodecs
import CNNEngine
import CNNPictures

extension ReportPage {
  /// The first layer's filters before and after training.
  static func filters(_ report: RunReport) -> Section? {
    guard let filters = report.filters else { return nil }
    func figure(_ picture: RunReport.Picture, _ when: String) -> HTML {
      .element(
        "figure", [:],
        .picture(
          png: picture.png, width: picture.width, height: picture.height,
          alternative: "The filters of \(filters.layer) \(when)"),
        .element("figcaption", [:], HTML(when)))
    }
    let first = report.isFineTuned ? "before, as the base has them" : "before training"
    let pictures = [filters.before.map { figure($0, first) }, figure(filters.after, "after training")]
    return Section(
      "filters", "What the first layer looks for",
      note(
        "The weights of \(filters.layer), \(explanation(filters)) is scaled to its own range."
          + (filters.before == nil ? " How they began is not known." : "")),
      .element("div", ["class": "filters"], pictures.compactMap { $0 }))
  }

  /// What the tiles are, up to what has a range of its own.
  private static func explanation(_ filters: RunReport.Filters) -> String {
    switch (filters.form, filters.isInColors) {
    case (.kernels, true):
      "a tile for each filter in the colours that it looks for: much red is large for red. Each filter"
    case (.pictures, true):
      "a tile for each unit in the colours that it looks for: much red is large for red. Each unit"
    case (.kernels, false): "a tile for each filter and channel that it reads; dark is large. Each filter"
    case (.pictures, false): "a tile for each unit and channel that it reads; dark is large. Each unit"
    case (.matrix, _): "a row for each unit; dark is large. Each unit"
    }
  }

  /// The weights of every layer before and after training.
  static func weights(_ report: RunReport) -> Section? {
    guard !report.weights.isEmpty else { return nil }
    let known = report.weights.contains { $0.before != nil }
    return Section(
      "weights", "How the weights moved",
      note(
        "How often which value occurs among the weights of each layer"
          + (known ? ", before training and after it." : ". How they began is not known.")
          + " Values beyond six standard deviations count in the outermost bars."),
      charts(report.weights.map { chart($0) }, isSmall: true),
      details("Table of the weights", summaryTable(report.weights)))
  }

  /// What the layers give before and after training.
  static func activations(_ report: RunReport) -> Section? {
    guard !report.activations.isEmpty else { return nil }
    return Section(
      "activations", "What the layers give",
      note(
        "The outputs of each activation function, and of the network, for "
          + "\(count(report.activationExamples, "training example")). First weights are good if the values spread in every layer: "
          + "a layer whose values are all alike, all 0, or all at the ends of a sigmoid or tanh, learns little."
          + (report.activations.contains(where: \.leavesOutZeros)
            ? " Zeros behind ReLU are left out of the bars; their share is in the heading." : "")),
      charts(report.activations.map { chart($0) }, isSmall: true),
      details("Table of the activations", summaryTable(report.activations)))
  }

  private static func chart(_ histogram: LayerHistogram) -> String {
    var series: [HistogramChart.Series] = []
    if let before = histogram.before { series.append(.init("before", before.counts, color: 6)) }
    series.append(.init("after", histogram.after.counts, color: 0))
    var title = histogram.name
    if let operation = histogram.operation, !title.hasPrefix(operation) { title += " (\(operation))" }
    return HistogramChart(
      title: title,
      subtitle: subtitle(histogram), range: histogram.range, series: series
    ).svg(isStandalone: false)
  }

  /// Before and after in a line.
  private static func subtitle(_ histogram: LayerHistogram) -> String {
    func change(_ name: String, unit: String = "", _ text: (LayerHistogram.State) -> String) -> String {
      let after = text(histogram.after)
      guard let before = histogram.before.map(text), before != after else { return "\(name) \(after)\(unit)" }
      return "\(name) \(before) \u{2192} \(after)\(unit)"
    }
    var parts = [change("sd") { twoDigits($0.summary.deviation) }]
    if histogram.leavesOutZeros {
      parts.append(change("zeros", unit: " %") { NumberFormat.fixed(100 * $0.summary.zeroShare, 0) })
    }
    if histogram.after.saturatedCount != nil {
      parts.append(
        change("saturated", unit: " %") {
          NumberFormat.fixed(100 * LayerHistogram.share($0.saturatedCount ?? 0, of: $0.summary), 0)
        })
    }
    return parts.joined(separator: ", ")
  }

  /// A number to two significant digits, which is what a heading has room for: `0.063`, `6.5`, `120`.
  private static func twoDigits(_ value: Double) -> String {
    guard value.isFinite, value >= 1e-4, value < 1e6 else { return NumberFormat.short(value) }
    var digits = 1
    var scale = value
    while scale < 1 {
      scale *= 10
      digits += 1
    }
    return NumberFormat.fixed(value, value >= 10 ? 0 : digits)
  }

  private static func summaryTable(_ histograms: [LayerHistogram]) -> HTML {
    let hasEnds = histograms.contains { $0.after.saturatedCount != nil }
    let rows = histograms.flatMap { histogram in
      [("before", histogram.before), ("after", histogram.after)].compactMap { when, state -> [HTML]? in
        guard let state else { return nil }
        let summary = state.summary
        var cells = [
          histogram.name, when, NumberFormat.grouped(summary.count), NumberFormat.short(summary.least),
          NumberFormat.short(summary.mean), NumberFormat.short(summary.greatest),
          NumberFormat.short(summary.deviation), percent(summary.zeroShare),
        ]
        if hasEnds {
          cells.append(percent(state.saturatedCount.map { LayerHistogram.share($0, of: summary) }))
        }
        cells.append(NumberFormat.grouped(summary.notFiniteCount))
        return cells.map { HTML($0) }
      }
    }
    return table(
      ["layer", "training", "values", "least", "mean", "greatest", "standard deviation", "zeros"]
        + (hasEnds ? ["saturated"] : []) + ["not finite"], rows, caption: "Values by layer", textColumns: 2)
  }
}
