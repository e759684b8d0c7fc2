import CNNCodecs
import CNNEngine

/// How a training is shown: on a terminal a live line and a row an epoch, elsewhere a plain line an epoch, on standard
/// error.
public final class TrainingProgress {
  private let isQuiet: Bool
  private let isLive: Bool
  private let totalSteps: Int
  private let hasValidation: Bool
  private var firstStep: Int?
  private var seconds = 0.0
  private var examples = 0
  private var lastShown = 0.0
  private var hasHeading = false

  /// Progress of a training of `totalSteps` steps.
  public init(isQuiet: Bool, totalSteps: Int, hasValidation: Bool) {
    self.isQuiet = isQuiet
    isLive = !isQuiet && StandardStreams.errorIsTerminal
    self.totalSteps = totalSteps
    self.hasValidation = hasValidation
    seconds = EpochTimes.now
  }

  /// A step is done.
  public func step(_ report: Trainer.StepReport) {
    if firstStep == nil { firstStep = report.step - 1 }
    examples += report.examples
    guard isLive else { return }
    let now = EpochTimes.now
    guard now - lastShown > 0.1 else { return }
    lastShown = now
    let done = report.step - (firstStep ?? 0)
    let rate = Double(examples) / max(now - seconds, 1e-9)
    let left = Double(totalSteps - report.step) * (now - seconds) / Double(max(done, 1))
    StandardStreams.writeError(
      "\r\u{1B}[Kepoch \(report.epoch)  step \(report.step)/\(totalSteps)  \(Int(rate)) images/s  "
        + "\(Self.duration(left)) left  loss \(NumberFormat.fixed(report.loss, 4))  "
        + "accuracy \(NumberFormat.fixed(report.accuracy, 4))")
  }

  /// An epoch is over.
  public func epoch(_ record: EpochRecord) {
    guard !isQuiet else { return }
    if isLive {
      StandardStreams.writeError("\r\u{1B}[K")
      if !hasHeading {
        StandardStreams.writeError(
          "epoch     step    rate        loss  accuracy"
            + (hasValidation ? "  valid loss  valid accuracy\n" : "\n"))
        hasHeading = true
      }
      var row = Self.padded("\(record.epoch)", 5) + Self.padded("\(record.step)", 9)
      row += "  " + "\(NumberFormat.short(record.learningRate))".padding(8)
      row += Self.padded(NumberFormat.fixed(record.trainLoss, 4), 8)
      row += Self.padded(NumberFormat.fixed(record.trainAccuracy, 4), 10)
      if let loss = record.validLoss, let accuracy = record.validAccuracy {
        row += Self.padded(NumberFormat.fixed(loss, 4), 12) + Self.padded(NumberFormat.fixed(accuracy, 4), 16)
      }
      StandardStreams.writeError(row + "\n")
    } else {
      var line = "epoch \(record.epoch) step \(record.step) lr \(NumberFormat.short(record.learningRate))"
      line += " loss \(NumberFormat.fixed(record.trainLoss, 4))"
      line += " accuracy \(NumberFormat.fixed(record.trainAccuracy, 4))"
      if let loss = record.validLoss, let accuracy = record.validAccuracy {
        line += " valid_loss \(NumberFormat.fixed(loss, 4)) valid_accuracy \(NumberFormat.fixed(accuracy, 4))"
      }
      StandardStreams.writeError(line + "\n")
    }
  }

  /// The training is over or has been stopped: the live line goes.
  public func end() {
    if isLive { StandardStreams.writeError("\r\u{1B}[K") }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private static func duration(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds, 0), 359_999))
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}

extension String {
  fileprivate func padding(_ width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}
