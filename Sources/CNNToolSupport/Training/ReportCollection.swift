import CNNCodecs
import CNNEngine
import CNNFiles
import CNNInsight
import CNNModelFile

/// What a report needs to know of a training before it begins; the rest is measured when it is over, so that the
/// training itself is not slowed.
public struct ReportCollection: Sendable {
  /// The command line as it was typed, less the folders of the tool.
  public var command: [String]
  /// The model's path.
  public var output: String
  /// What the network is called; nil where it has no name.
  public var architecture: String?
  /// What the first parameters come from, in words.
  public var origin: String
  /// Whether they are another model's.
  public var isFineTuned: Bool
  /// The options in force that change the result.
  public var options: [(name: String, value: JSONValue)]
  /// The first parameters, before any step: a training that is gone on with refuses others than those it began with.
  public var first: [Tensor]
  /// How many steps an earlier run took.
  public var earlierSteps: Int

  /// A collection.
  public init(
    command: [String], output: String, architecture: String?, origin: String, isFineTuned: Bool,
    options: [(name: String, value: JSONValue)], first: [Tensor], earlierSteps: Int
  ) {
    self.command = command
    self.output = output
    self.architecture = architecture
    self.origin = origin
    self.isFineTuned = isFineTuned
    self.options = options
    self.first = first
    self.earlierSteps = earlierSteps
  }

  /// The command line of this process, with the tool's name only in the place of where it lies.
  public static func ownCommand(tool: String) -> [String] { [tool] + CommandLine.arguments.dropFirst() }

  /// Measures what is still to be measured: which classes are taken for which (from the outputs that `outcome` has
  /// already), weights, activations, filters.
  ///
  /// - Parameter runs: this training first, and others to compare it with.
  /// - Throws: `EngineError`.
  public func report(
    on run: TrainingRun, of trainer: Trainer, data: TrainingData, outcome: TrainingRun.Outcome,
    runs: [CurveCharts.Run], tool: String, pool: WorkerPool
  ) throws -> RunReport {
    var report = RunReport(
      tool: tool, version: toolVersion, command: command,
      model: output == "-" ? "Model on standard output" : InputFile.baseName(of: output),
      architecture: architecture, origin: origin, options: options, sources: data.sources,
      network: trainer.network, labels: data.labels)
    report.isFineTuned = isFineTuned
    report.epochs = trainer.history.map { .init(record: $0, seconds: run.times.seconds[$0.epoch]) }
    report.earlierSteps = earlierSteps
    report.seconds = run.times.total
    report.threads = pool.threadCount
    report.log = run.log
    report.results = outcome.results
    if let last = outcome.results.last, let examples = outcome.examples {
      report.add(logits: outcome.logits, of: examples, split: last.split)
    }
    report.add(before: first, after: outcome.tensors)
    report.activations = try ActivationHistograms.measure(
      trainer.network, before: first, after: outcome.tensors, examples: data.training, pool: pool)
    report.activationExamples = min(data.training.count, ActivationHistograms.exampleLimit)
    report.name = runs.first?.name ?? report.model
    report.others = Array(runs.dropFirst())
    return report
  }
}
