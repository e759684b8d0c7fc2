import CNNCodecs
import CNNEngine
import CNNInsight

/// What the steps since the log's last line of some steps have measured, until the next such line.
///
/// It is kept in checkpoints, so that a training that was stopped leaves the same log as one that was not.
struct LogSums {
  private static let name = "log_sums"

  private let every: Int?
  private var loss = 0.0
  private var correct = 0
  private var examples = 0

  /// - Parameters:
  ///   - every: how many steps a line is for; nil for no lines.
  ///   - checkpoint: the state that the training goes on from; where it has no sums for lines of as many steps they
  ///     begin at 0.
  init(every: Int?, resumingFrom checkpoint: JSONValue?) {
    self.every = every
    guard let every, let checkpoint, let sums = try? JSONNode(checkpoint).optionalMember(Self.name),
      (try? sums.member("every").integer()) == every,
      let loss = try? sums.member("loss").numberOrInfinity(),
      let correct = try? sums.member("correct").integer(in: 0...1 << 53),
      let examples = try? sums.member("examples").integer(in: 0...1 << 53)
    else { return }
    (self.loss, self.correct, self.examples) = (loss, correct, examples)
  }

  /// Adds a step, and gives the line if it is the last of a line's steps.
  mutating func add(_ report: Trainer.StepReport) -> TrainingLog.Record? {
    guard let every else { return nil }
    loss += report.lossSum
    correct += report.correct
    examples += report.examples
    guard report.step % every == 0, examples > 0 else { return nil }
    defer { (loss, correct, examples) = (0, 0, 0) }
    return TrainingLog.Record(
      step: report.step, learningRate: report.learningRate, trainLoss: loss / Double(examples),
      trainAccuracy: Double(correct) / Double(examples))
  }

  /// A checkpoint's state with these sums, in the order of names.
  func added(to state: JSONValue) -> JSONValue {
    guard let every, case .object(var members) = state else { return state }
    members.append(
      .init(
        Self.name,
        .object([
          .init("correct", .integer(correct)), .init("every", .integer(every)),
          .init("examples", .integer(examples)), .init("loss", .finite(loss)),
        ])))
    return .object(members.sorted { $0.name < $1.name })
  }
}

extension TrainingLog {
  /// The log of a training that went so far: the lines of epochs, and between them those of some steps.
  init(history: [EpochRecord], steps: [Record]) {
    var records = steps[...]
    var all: [Record] = []
    for epoch in history {
      let before = records.prefix { $0.step <= epoch.step }
      all += before
      records = records.dropFirst(before.count)
      all.append(Record(epoch))
    }
    self.init(records: all + records)
  }
}

extension TrainingLog.Record {
  /// The line with its line feed.
  var line: String { JSONWriter.text(of: json) + "\n" }
}
