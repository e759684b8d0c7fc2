import CNNCodecs
import CNNEngine
import CNNPictures

extension ReportPage {
  /// How the training went, epoch by epoch.
  static func curves(_ report: RunReport) -> Section? {
    guard !report.epochs.isEmpty else { return nil }
    let drawn = CurveCharts([CurveCharts.Run(name: report.model, log: report.log)])
    var rate = drawn.learningRate
    // Validation has no learning rate, and a single curve needs no legend.
    rate?.legend = Legend([])
    var pictures = svg([drawn.loss, drawn.accuracy, rate])
    if let times = times(report.epochs) { pictures.append(times) }
    var content: [HTML] = [charts(pictures)]
    if report.earlierSteps > 0 {
      content.append(
        note(
          "This training was stopped after step \(NumberFormat.grouped(report.earlierSteps)) and gone on with. "
            + "Of the epochs that began before, no times are known."))
    }
    content.append(details("Table of \(count(report.epochs.count, "epoch"))", epochTable(report.epochs)))
    return Section("curves", "How it learnt", HTML(content))
  }

  /// The most epochs that are bars; more are a curve.
  private static let barLimit = 40

  private static func times(_ epochs: [RunReport.Epoch]) -> String? {
    guard epochs.contains(where: { $0.seconds != nil }) else { return nil }
    if epochs.count <= barLimit {
      return BarChart(
        title: "Seconds per epoch", horizontalTitle: "epoch", verticalTitle: "s",
        bars: epochs.map { BarChart.Bar("\($0.record.epoch)", $0.seconds) }, width: chartWidth
      ).svg(isStandalone: false)
    }
    let greatest = epochs.compactMap(\.seconds).max() ?? 1
    return LineChart(
      title: "Seconds per epoch", horizontalTitle: "epoch", verticalTitle: "s",
      series: [
        LineChart.Series("", epochs.map { LineChart.Point(Double($0.record.epoch), $0.seconds) })
      ], limits: 0...max(greatest, 1e-3), hasWholeNumbers: true, width: chartWidth
    ).svg(isStandalone: false)
  }

  private static func epochTable(_ epochs: [RunReport.Epoch]) -> HTML {
    let hasValidation = epochs.contains { $0.record.validLoss != nil }
    let rows = epochs.map { epoch -> [HTML] in
      let record = epoch.record
      var cells = [
        "\(record.epoch)", NumberFormat.grouped(record.step), NumberFormat.short(record.learningRate),
        number(record.trainLoss), percent(record.trainAccuracy),
      ]
      if hasValidation { cells += [number(record.validLoss), percent(record.validAccuracy)] }
      cells.append(epoch.seconds.map { NumberFormat.fixed($0, 2) } ?? "\u{2013}")
      return cells.map { HTML($0) }
    }
    return table(
      ["epoch", "step", "learning rate", "loss", "accuracy"]
        + (hasValidation ? ["validation loss", "validation accuracy"] : []) + ["seconds"],
      rows, caption: "The epochs")
  }

  // MARK: Several trainings

  /// This training among earlier ones.
  static func comparison(_ report: RunReport) -> Section? {
    guard !report.others.isEmpty else { return nil }
    let own = CurveCharts.Run(name: report.name, log: report.log)
    let parts = comparison([own] + report.others)
    return Section("comparison", "Compared with earlier trainings", HTML(parts.map(\.content)))
  }

  /// Curves of several logs, and what they come to.
  static func comparison(_ runs: [CurveCharts.Run]) -> [Section] {
    let drawn = CurveCharts(runs)
    let pictures = svg([drawn.loss, drawn.accuracy, drawn.learningRate])
    return [
      Section("compared-curves", "Curves", charts(pictures)),
      Section("compared-values", "What they come to", comparisonTable(runs)),
    ]
  }

  private static func comparisonTable(_ runs: [CurveCharts.Run]) -> HTML {
    let hasValidation = runs.contains { $0.log.records.contains { $0.validLoss != nil } }
    let rows = runs.map { run -> [HTML] in
      let last = run.log.epochs.last ?? run.log.records.last
      var cells = [
        run.name, NumberFormat.grouped(run.log.epochs.count), NumberFormat.grouped(last?.step ?? 0),
        number(last?.trainLoss), percent(last?.trainAccuracy),
      ]
      if hasValidation {
        let best = run.log.epochs.filter { $0.validLoss != nil }
          .min { ($0.validLoss ?? .infinity) < ($1.validLoss ?? .infinity) }
        cells += [
          number(last?.validLoss), percent(last?.validAccuracy), number(best?.validLoss),
          best?.epoch.map { "\($0)" } ?? "\u{2013}",
          percent(run.log.epochs.compactMap(\.validAccuracy).max()),
        ]
      } else {
        cells += [
          number(run.log.epochs.compactMap(\.trainLoss).min()),
          percent(run.log.epochs.compactMap(\.trainAccuracy).max()),
        ]
      }
      return cells.map { HTML($0) }
    }
    let validation = [
      "validation loss", "validation accuracy", "least validation loss", "in epoch",
      "best validation accuracy",
    ]
    return table(
      ["training", "epochs", "steps", "last loss", "last accuracy"]
        + (hasValidation ? validation : ["least loss", "best accuracy"]), rows,
      caption: "What the trainings come to")
  }
}
