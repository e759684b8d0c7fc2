import CNNCodecs
import CNNEngine
import CNNFiles
import CNNInsight
import CNNModelFile

/// A training from the command line: a trainer, and what is written while it runs and when it is done.
public final class TrainingRun {
  /// Where things go, and how often.
  public struct Outputs {
    /// The model.
    public var model: String
    /// Whether an existing model may be replaced.
    public var replaces: Bool
    /// The checkpoint; nil for none.
    public var checkpoint: String?
    /// After how many epochs a checkpoint is written.
    public var checkpointEvery: Int
    /// The log, a JSON line an epoch; nil for none.
    public var log: String?
    /// After how many steps there is a line between those of epochs; nil for none.
    public var logEvery: Int?
    /// Whether the logits are divided by the temperature that fits the validation data best.
    public var calibrates: Bool
    /// Whether an existing log may be begun anew: also when going on, since the history is written first.
    public var replacesLog: Bool

    /// Outputs.
    public init(
      model: String, replaces: Bool, checkpoint: String?, checkpointEvery: Int, log: String?,
      logEvery: Int? = nil, replacesLog: Bool, calibrates: Bool = false
    ) {
      self.model = model
      self.replaces = replaces
      self.checkpoint = checkpoint
      self.checkpointEvery = checkpointEvery
      self.log = log
      self.logEvery = logEvery
      self.replacesLog = replacesLog
      self.calibrates = calibrates
    }
  }

  private let trainer: Trainer
  private let data: TrainingData
  private let outputs: Outputs
  private let provenance: Provenance
  private var logSums: LogSums

  /// How long its epochs took.
  public private(set) var times = EpochTimes()

  /// What this training has said about itself so far, whether or not it is written anywhere.
  public private(set) var log: TrainingLog

  /// A run of `trainer`.
  ///
  /// - Parameters:
  ///   - options: the command line's options that change the result, for the provenance.
  ///   - checkpoint: the state that the trainer goes on from, if it does: lines between those of epochs are taken over
  ///     from the earlier log, if that is still there.
  public init(
    _ trainer: Trainer, data: TrainingData, outputs: Outputs, options: [(name: String, value: JSONValue)],
    resumingFrom checkpoint: JSONValue? = nil
  ) {
    self.trainer = trainer
    self.data = data
    self.outputs = outputs
    logSums = LogSums(every: outputs.logEvery, resumingFrom: checkpoint)
    let earlier = checkpoint == nil ? nil : outputs.log.flatMap { Self.earlierLog($0, until: trainer.step) }
    log = TrainingLog(history: trainer.history, steps: earlier?.steps ?? [])
    provenance = Provenance(
      tool: "cnn-train", version: toolVersion, options: options, sources: data.sources)
  }

  /// Trains, showing progress, until the end or until a signal asks to stop.
  ///
  /// - Returns: true if the training is finished, false if it was stopped; the checkpoint is written then.
  /// What cannot be gone on from is not kept: the checkpoint before it stays.
  ///
  /// - Throws: `TrainingError`, `FileError`, `ModelFileError`.
  public func run(progress: TrainingProgress) throws -> Bool {
    let file = try outputs.log.map { try GrowingFile(path: $0, replacing: outputs.replacesLog) }
    for record in log.records { try file?.write(record.line) }
    func write(_ record: TrainingLog.Record) throws {
      log.records.append(record)
      try file?.write(record.line)
    }
    times.begin(isWithinEpoch: trainer.step % trainer.stepsPerEpoch != 0)
    do {
      try trainer.run { event in
        switch event {
        case .step(let report):
          progress.step(report)
          if let record = logSums.add(report) { try write(record) }
        case .epoch(let record):
          times.end(epoch: record.epoch)
          defer { times.beginNext() }
          progress.epoch(record)
          try write(TrainingLog.Record(record))
          if record.epoch % outputs.checkpointEvery == 0, !trainer.isFinished, trainer.isSound {
            try writeCheckpoint()
          }
        }
        return StopRequest.signal == nil ? .goOn : .stop
      }
    } catch {
      progress.end()
      // A log that cannot be written to is no reason to lose what was learnt.
      if !(error is TrainingError), trainer.isSound { try? writeCheckpoint() }
      throw error
    }
    progress.end()
    if !trainer.isFinished {
      // The next step says what is wrong, and in which layer.
      if !trainer.isSound { try trainer.run { _ in .stop } }
      try writeCheckpoint()
      return false
    }
    return true
  }

  /// Writes the state to go on from.
  ///
  /// - Throws: `FileError` or `ModelFileError`.
  public func writeCheckpoint() throws {
    guard let path = outputs.checkpoint else { return }
    let file = ModelFile(
      manifest: Manifest(
        kind: .checkpoint, network: trainer.network, labels: data.labels, preprocessing: data.preprocessing,
        provenance: provenance, training: logSums.added(to: trainer.checkpointState)),
      tensors: trainer.checkpointTensors)
    try file.write(to: path, replacing: true)
  }

  /// The lines up to a step of a log that is there already; nil where there is none to read.
  private static func earlierLog(_ path: String, until step: Int) -> TrainingLog? {
    guard OutputFile.isRegular(path), InputFile.exists(path), let file = try? InputFile(path: path),
      let bytes = try? file.readAll(limit: TrainingLog.maximumByteCount)
    else { return nil }
    return TrainingLog(keeping: step, of: bytes)
  }

  /// What a training has come to.
  public struct Outcome: Sendable {
    /// The parameters of the model.
    public let tensors: [Tensor]
    /// How it does on the splits that there are, in the order train, valid, test.
    public fileprivate(set) var results: [RunReport.Result] = []
    /// The examples of the last of these.
    public fileprivate(set) var examples: Examples?
    /// What the model gives for them, [N, classes].
    public fileprivate(set) var logits: [Float] = []

    /// How it does on examples that it has not learnt from: the test split, else validation data; nil where there is
    /// neither.
    public var measured: RunReport.Result? { results.last.flatMap { $0.split == "train" ? nil : $0 } }
  }

  /// Measures the result and writes the model; where it cannot be written, the finished training is kept in the
  /// checkpoint.
  ///
  /// - Returns: how well it does on every split.
  /// - Throws: `TrainingError` for a result that is worthless, `EngineError`, `ModelFileError`, or `ToolFailure` where
  ///   the model cannot be written, or cannot be calibrated.
  public func finish(pool: WorkerPool) throws -> Outcome {
    let (tensors, temperature) = try calibrated(trainer.result, pool: pool)
    let network = try Network(trainer.network, tensors: tensors)
    var results: [JSONValue.Member] = []
    var outcome = Outcome(tensors: tensors)
    for (split, examples) in [("train", data.training), ("valid", data.validation), ("test", data.test)] {
      guard let examples else { continue }
      let logits = try InferenceSession(network, pool: pool).logits(for: examples)
      var measurement = Evaluation()
      measurement.add(logits: logits, classes: network.outputCount, labels: examples.labels)
      guard measurement.loss.isFinite else { throw TrainingError.worthless(Self.name(of: split)) }
      results.append(
        .init(
          split,
          .object([
            .init("accuracy", .number(measurement.accuracy)), .init("correct", .integer(measurement.correct)),
            .init("examples", .integer(measurement.total)), .init("loss", .number(measurement.loss)),
          ])))
      outcome.results.append(RunReport.Result(split: split, evaluation: measurement))
      outcome.examples = examples
      outcome.logits = logits
    }
    var members: [JSONValue.Member] = []
    if case .object(let state) = trainer.checkpointState {
      members = state.filter {
        ["data", "epoch", "history", "options", "seed", "step"].contains($0.name)
      }
    }
    members.append(.init("results", .object(results)))
    if let temperature { members.append(.init("temperature", .number(temperature))) }
    let model = ModelFile(
      manifest: Manifest(
        kind: .model, network: trainer.network, labels: data.labels, preprocessing: data.preprocessing,
        provenance: provenance, training: .object(members)), tensors: tensors)
    do {
      try model.write(to: outputs.model, replacing: outputs.replaces)
    } catch let error as FileError where !error.isBrokenPipe {
      throw keepingCheckpoint(ToolFailure(error))
    }
    return outcome
  }

  /// The parameters with logits that give honest probabilities, and the temperature, where that was asked for.
  private func calibrated(_ tensors: [Tensor], pool: WorkerPool) throws -> ([Tensor], Double?) {
    guard outputs.calibrates, let validation = data.validation else { return (tensors, nil) }
    let network = try Network(trainer.network, tensors: tensors)
    let logits = try InferenceSession(network, pool: pool).logits(for: validation)
    guard logits.allSatisfy(\.isFinite) else { throw TrainingError.worthless(Self.name(of: "valid")) }
    let temperature = Temperature.fitted(
      logits: logits, classes: network.outputCount, labels: validation.labels)
    guard let divided = Temperature.dividing(tensors, of: trainer.network, by: temperature) else {
      throw keepingCheckpoint(
        ToolFailure(
          "--calibrate divides the last linear layer, and this network doesn't end in one", status: .badData))
    }
    return (divided, temperature)
  }

  /// A failure behind the end of the training, and where that is kept: the finished training is written to the
  /// checkpoint.
  ///
  /// - Parameter modelIsWritten: whether only what is shown of the training is missing.
  public func keepingCheckpoint(_ failure: ToolFailure, modelIsWritten: Bool = false) -> ToolFailure {
    var message = failure.message
    if modelIsWritten, outputs.model != "-" { message += "; the model is saved in \(outputs.model)" }
    if let checkpoint = outputs.checkpoint, (try? writeCheckpoint()) != nil {
      message += "; the finished training is in \(checkpoint): --resume"
      message +=
        modelIsWritten
        ? " --force goes on to what is missing without learning anew"
        : " writes its model without learning anew"
    }
    return ToolFailure(path: failure.path, message, status: failure.status)
  }

  /// A split in a sentence.
  private static func name(of split: String) -> String {
    ["train": "training", "valid": "validation"][split] ?? split
  }
}
