import CNNPictures

/// The curves of trainings, from their logs: loss, accuracy and learning rate.
///
/// One training has a colour for what it learnt from and one for its validation data; of several, each has a colour of
/// its own, with solid lines for training and dashed ones for validation data. The horizontal axis counts epochs, or
/// steps where a log has lines of some steps.
public struct CurveCharts: Sendable, Equatable {
  /// A training and what it is called.
  public struct Run: Sendable, Equatable {
    /// Its name in the legend.
    public var name: String
    /// What it said about itself.
    public var log: TrainingLog

    /// A training.
    public init(name: String, log: TrainingLog) {
      self.name = name
      self.log = log
    }
  }

  private let runs: [Run]
  private let countsSteps: Bool

  /// The curves of some trainings.
  public init(_ runs: [Run]) {
    self.runs = runs
    countsSteps = runs.contains { !$0.log.steps.isEmpty }
  }

  /// The losses; nil where no log has one.
  ///
  /// The axis is logarithmic where the greatest is more than 300 times the least: the end of a long training, or all but
  /// one of some trainings, would be a flat line else.
  public var loss: LineChart? {
    guard var chart = chart("Loss", training: \.trainLoss, validation: \.validLoss) else { return nil }
    let values = chart.series.flatMap { $0.points.compactMap(\.y) }.filter(\.isFinite)
    if let least = values.min(), let greatest = values.max(), least > 0, greatest / 300 > least {
      chart.isLogarithmic = true
    }
    return chart
  }

  /// The shares of examples that were right; nil where no log has one.
  public var accuracy: LineChart? {
    chart("Accuracy", training: \.trainAccuracy, validation: \.validAccuracy)
  }

  /// The learning rates, from 0 on, so that one that stays the same does not look as if it changed; nil where no log has
  /// one. The axis is logarithmic where the greatest rates of two trainings differ by more than 100 times: the smaller
  /// one would be as good as 0 else.
  public var learningRate: LineChart? {
    guard var chart = chart("Learning rate", training: \.learningRate, validation: nil) else { return nil }
    chart.plotHeight = 90
    chart.baseline = 0
    let greatest = chart.series.compactMap { $0.points.compactMap(\.y).max() }
    if let least = greatest.min(), let most = greatest.max(), least > 0, most / 100 > least {
      chart.isLogarithmic = true
    }
    return chart
  }

  /// All of them in one picture.
  public var figure: ChartFigure {
    let names = runs.map(\.name)
    let title = names.count == 1 ? "Training of \(names[0])" : "Comparison of \(names.count) trainings"
    return ChartFigure(
      title: title, panels: [loss, accuracy, learningRate].compactMap(\.self), legend: legend)
  }

  private var hasValidation: Bool {
    runs.contains { $0.log.records.contains { $0.validLoss != nil || $0.validAccuracy != nil } }
  }

  private var legend: Legend {
    if runs.count == 1 {
      let training = Legend.Entry("training", color: 0)
      return Legend(
        hasValidation ? [training, Legend.Entry("validation", color: 1, dash: .dashed)] : [training])
    }
    var entries = runs.indices.map {
      Legend.Entry(runs[$0].name, color: $0, dash: Self.dashes(of: $0).training)
    }
    if hasValidation {
      entries.append(Legend.Entry("training", color: nil))
      entries.append(Legend.Entry("validation", color: nil, dash: .dashed))
    }
    return Legend(entries)
  }

  private static func dashes(of run: Int) -> (training: LineChart.Dash, validation: LineChart.Dash) {
    run / ChartStyle.colorCount % 2 == 0 ? (.solid, .dashed) : (.dotted, .dashDotted)
  }

  private func chart(
    _ title: String, training: KeyPath<TrainingLog.Record, Double?>,
    validation: KeyPath<TrainingLog.Record, Double?>?
  ) -> LineChart? {
    var series: [LineChart.Series] = []
    for (index, run) in runs.enumerated() {
      let dashes = Self.dashes(of: index)
      add(
        points(lines(of: run.log, for: training), training), "training", of: run, color: index,
        dash: dashes.training, to: &series)
      if let validation {
        add(
          points(run.log.epochs, validation), "validation", of: run, color: runs.count == 1 ? 1 : index,
          dash: dashes.validation, to: &series)
      }
    }
    guard !series.isEmpty else { return nil }
    return LineChart(
      title: title, horizontalTitle: countsSteps ? "step" : "epoch", series: series, hasWholeNumbers: true,
      legend: legend)
  }

  /// The lines whose numbers are drawn: those of some steps, which say more finely what their epoch's says, unless there
  /// are fewer of them. A learning rate is that of a step in all of them.
  private func lines(of log: TrainingLog, for value: KeyPath<TrainingLog.Record, Double?>)
    -> [TrainingLog.Record]
  {
    if value == \.learningRate { return log.records }
    let (fine, epochs) = (log.steps, log.epochs)
    let isFiner = fine.count >= epochs.count && fine.contains { $0[keyPath: value] != nil }
    return isFiner ? fine : epochs
  }

  private func points(
    _ records: [TrainingLog.Record], _ value: KeyPath<TrainingLog.Record, Double?>
  ) -> [LineChart.Point] {
    records.map {
      LineChart.Point(Double(countsSteps ? $0.step : $0.epoch ?? $0.step), $0[keyPath: value])
    }
  }

  private func add(
    _ points: [LineChart.Point], _ part: String, of run: Run, color: Int, dash: LineChart.Dash,
    to series: inout [LineChart.Series]
  ) {
    guard points.contains(where: { $0.y != nil }) else { return }
    let name = runs.count == 1 ? part : "\(run.name), \(part)"
    series.append(LineChart.Series(name, points, color: color, dash: dash))
  }
}
