import ArgumentParser
import CNNCodecs
import CNNEngine
import CNNFiles
import CNNInsight
import CNNInterchange
import CNNModelFile
import CNNToolSupport

@main
struct CNNTrain: CommandLineTool {
  static let configuration = CommandConfiguration(
    commandName: "cnn-train",
    abstract: "Train a network on pictures, or fine-tune one.",
    discussion: """
      Data are a data set file, IDX image and label files in any order, or whatever else mnist-convert reads. \
      The split 'train' is learnt from, 'valid' is what schedules and stopping go by, and 'test' is only \
      measured at the end. The same data, options and seed give the same file, whatever the number of threads.

        cnn-train mnist.safetensors -o lenet.safetensors
        cnn-train *-ubyte.gz -o model.safetensors --recipe fast
        cnn-train *-ubyte.gz -o model.safetensors --architecture deep-convnet \\
          --augment digits --epochs 20 --schedule cosine --average 0.999
        cnn-train letters.safetensors -o letters-model.safetensors \\
          --from lenet.safetensors --freeze 'conv*' --new-head
        cnn-train mnist.safetensors -o lenet.safetensors --report lenet.html
        cnn-train --plot optimizers.svg sgd.jsonl momentum.jsonl adam.jsonl

      SIGINT and SIGTERM finish the step and write a checkpoint; the same command with --resume goes on from \
      there, to the same bits.
      """,
    version: toolVersion)

  @Argument(help: "Data files, and logs of earlier trainings to compare with.", completion: .file())
  var data: [String] = []

  @Option(
    name: .shortAndLong, help: "The model file to write.", completion: .file(extensions: ["safetensors"]))
  var output: String?

  @OptionGroup(title: "Training") var training: TrainingArguments
  @OptionGroup(title: "Data") var selection: DataArguments
  @OptionGroup(title: "Transfer learning") var transfer: TransferArguments
  @OptionGroup(title: "Showing") var showing: ReportArguments
  @OptionGroup(title: "Running") var running: RunningArguments

  static func main() {
    runMain(preparing: ConfigFile.expand)
  }

  /// Endings of other formats' files, which a model would be taken for.
  private static let foreignEndings = [".onnx", ".npz", ".pt", ".pth", ".h5", ".keras", ".pkl", ".csv"]

  func validate() throws {
    if running.printConfig { return }
    if data.isEmpty { throw ValidationError("no data; name a data set file or IDX files") }
    if output == nil { try checkNothingAsksForTraining() }
    if let output, let ending = Self.foreignEndings.first(where: { output.lowercased().hasSuffix($0) }) {
      throw ValidationError(
        "'\(output)' ends in \(ending), and cnn-train writes native files; name it .safetensors"
          + (ending == ".onnx" || ending == ".npz"
            ? ", and mnist-convert makes \(ending.dropFirst()) of it" : ""))
    }
    try checkOutputsDiffer()
    try showing.check(log: running.log)
    try training.check()
    try transfer.check()
    guard running.threads.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--threads must be from 1 to 1024")
    }
    guard running.checkpointEvery >= 1 else { throw ValidationError("--checkpoint-every must be at least 1") }
  }

  func execute() throws -> ExitStatus {
    if running.printConfig {
      try StandardStreams.write(JSONWriter.text(of: configuration, indentation: 2) + "\n")
      return .success
    }
    for path in [showing.plot, showing.report].compactMap(\.self) {
      try OutputFile.preflight(path: path, replacing: running.force)
    }
    guard let output else {
      let runs = try TrainingInputs(data, trains: false).runs()
      try show(runs)
      if let report = showing.report { try compare(runs, report: report) }
      return .success
    }
    try OutputFile.preflight(path: output, replacing: running.force)
    let checkpoint = running.checkpoint ?? Self.checkpointPath(beside: output)
    if let checkpoint, !running.resume {
      try checkCheckpoint(checkpoint)
    }
    if let log = running.log {
      try OutputFile.preflight(path: log, replacing: running.force || running.resume)
    }
    let inputs = try TrainingInputs(data, trains: true)
    if let log = inputs.firstLog, !showing.showsLogs {
      throw ToolFailure(
        path: log, "this is the log of a training, which goes with --plot or --report", status: .usage)
    }
    StopRequest.install()

    let base = try transfer.from.map { try ModelFileArgument.load($0) }
    let examples = try TrainingData(
      inputs.data, selection: selection.selection(seed: training.seed),
      preprocessing: base?.manifest.preprocessing)
    if training.calibrate, examples.validation == nil {
      throw ToolFailure(
        "--calibrate needs validation examples; hold some back with --validation 0.1, say", status: .usage)
    }
    let remembered = try transfer.rememberedExamples(base: base)
    if !running.quiet, !examples.classesWithoutExamples.isEmpty {
      Self.note("no training example has label \(examples.classesWithoutExamples.joined(separator: ", "))")
    }
    let start = try transfer.start(
      base: base, training: training, labels: examples.labels, inputShape: examples.training.inputShape)
    if !running.quiet, let rows = start.rows {
      StandardStreams.writeError(TransferTable.text(of: rows))
    }
    let options = training.options(
      examples: examples.training.count, network: start.network, frozen: start.frozen,
      rateScales: try transfer.rateScales(for: start.network))
    if let path = training.augmentSheet {
      let sheet = try AugmentationSheet.draw(
        examples.training.first(10).pictures, augmentation: options.augmentation, seed: options.seed,
        background: examples.training.preprocessing?.backgroundPixel ?? 0)
      try OutputFile.write(to: path, replacing: running.force) { file in
        try PNG.encode(sheet).withUnsafeBytes { try file.write($0) }
      }
    }
    let pool = WorkerPool(threadCount: running.threads ?? WorkerPool.processorCount)
    let trainer = try Trainer(
      start.network, tensors: start.tensors, training: examples.training, validation: examples.validation,
      options: options, pool: pool, cacheMemory: transfer.cacheBytes)
    if let cache = trainer.cache, !running.quiet {
      Self.note(
        "the outputs of \(cache.lastLayer) are computed once and kept: "
          + NumberFormat.byteCount(cache.byteCount))
    }
    var state: JSONValue?
    if running.resume {
      guard let checkpoint else {
        throw ToolFailure("--resume needs a checkpoint; name it with --checkpoint", status: .usage)
      }
      state = try resume(trainer, from: checkpoint)
    }

    let collection = showing.report.map { _ in
      ReportCollection(
        command: ReportCollection.ownCommand(tool: Self.toolName), output: output,
        architecture: transfer.architectureName(training.architecture, base: base),
        origin: transfer.origin(initializer: training.initializer, seed: training.seed),
        isFineTuned: base != nil, options: provenanceOptions, first: start.tensors,
        earlierSteps: trainer.step)
    }
    let run = TrainingRun(
      trainer, data: examples,
      outputs: TrainingRun.Outputs(
        model: output, replaces: running.force, checkpoint: checkpoint,
        checkpointEvery: running.checkpointEvery, log: running.log, logEvery: showing.logEvery,
        replacesLog: running.force || running.resume, calibrates: training.calibrate),
      options: provenanceOptions, resumingFrom: state)
    let progress = TrainingProgress(
      isQuiet: running.quiet, totalSteps: options.steps, hasValidation: examples.validation != nil)
    guard try run.run(progress: progress) else {
      let place = checkpoint.map { "; go on from \($0) with the same command and --resume" } ?? ""
      Self.note("stopped after step \(trainer.step) of \(options.steps)\(place)")
      return StopRequest.signal == 15 ? .terminated : .interrupted
    }
    let outcome = try run.finish(pool: pool)
    // What is shown behind it may have to be made again.
    if !showing.showsLogs { removeOwnCheckpoint() }
    if let remembered, let base {
      try report(try transfer.forgetting(on: remembered, base: base, body: trainer.result, pool: pool))
    }
    let measured = outcome.measured?.evaluation
    if let measured, let split = outcome.measured?.split {
      try tell(
        "\(split) accuracy \(NumberFormat.fixed(measured.accuracy, 4)) "
          + "(\(measured.correct)/\(measured.total)), loss \(NumberFormat.fixed(measured.loss, 4))\n")
    }
    let runs = inputs.runs(behind: (output, run.log))
    do {
      try show(runs)
      if let path = showing.report, let collection {
        let report = try collection.report(
          on: run, of: trainer, data: examples, outcome: outcome, runs: runs, tool: Self.toolName, pool: pool)
        try OutputFile.write(ReportPage.html(report), to: path, replacing: running.force)
      }
    } catch let error as FileError where error.isBrokenPipe {
      removeOwnCheckpoint()
      throw error
    } catch {
      throw run.keepingCheckpoint(ToolFailure(error), modelIsWritten: true)
    }
    removeOwnCheckpoint()
    if let gate = running.requireAccuracy, let measured, measured.accuracy < gate {
      Self.note("the accuracy is below \(NumberFormat.plain(gate)), which --require-accuracy asks for")
      return .failure
    }
    return .success
  }

  /// Goes on from a checkpoint, whose state it gives back, or says which option makes it another training's.
  private func resume(_ trainer: Trainer, from path: String) throws -> JSONValue? {
    do {
      let checkpoint = try ModelFile(contentsOf: path)
      do {
        try trainer.resume(from: checkpoint)
      } catch {
        throw error.named(by: provenanceOptions, provenance: checkpoint.manifest.provenance)
      }
      return checkpoint.manifest.training
    } catch {
      throw ToolFailure(error, path: path)
    }
  }

  /// Finds out whether a new checkpoint may be written, before long work.
  private func checkCheckpoint(_ path: String) throws {
    do {
      try OutputFile.preflight(path: path, replacing: running.force)
    } catch {
      if error.reason == .alreadyExists {
        throw ToolFailure(
          path: path,
          "a checkpoint of an earlier training is there; use --resume to go on from it, or --force to begin anew",
          status: .cannotCreate)
      }
      throw error
    }
  }

  /// Without a model to write there is no training, and what would change one is a mistake.
  private func checkNothingAsksForTraining() throws {
    guard showing.showsLogs else {
      throw ValidationError("no output; name the model file to write with -o")
    }
    // Options that print the configuration only are all at their defaults but for that.
    let defaults = try Self.parse(["--print-config"]).trainingMembers
    var names = zip(trainingMembers, defaults).filter { $0.0 != $0.1 }.map(\.0.name)
    if training.augmentSheet != nil { names.append("augment-sheet") }
    if running.resume { names.append("resume") }
    if let name = names.first {
      throw ValidationError("--\(name) goes with a training; name its model with -o")
    }
  }

  /// The options that only a training has.
  private var trainingMembers: [JSONValue.Member] {
    guard case .object(let members) = configuration else { return [] }
    return members.filter { !["threads", "plot", "report"].contains($0.name) }
  }

  private func report(_ forgetting: (before: Evaluation, after: Evaluation)) throws {
    try tell(
      "the old task: \(NumberFormat.fixed(forgetting.before.accuracy, 4)) before, "
        + "\(NumberFormat.fixed(forgetting.after.accuracy, 4)) with the old head on the new body\n")
  }

  /// The options in force, under the names of the options.
  private var configuration: JSONValue {
    .object(
      training.members + selection.members + selection.splitMembers + selection.reading.members
        + transfer.placeMembers
        + transfer.members + showing.members + running.members)
  }

  /// The options that change the content.
  private var provenanceOptions: [(name: String, value: JSONValue)] {
    let members =
      training.members + selection.members + selection.splitMembers + selection.reading.givenMembers
      + [transfer.baseMember]
      + transfer.members
    return members.map { member in
      // A file may lie anywhere; what it is called says what it is.
      if member.name == "architecture", case .string(let name) = member.value {
        return (member.name, .string(InputFile.baseName(of: name)))
      }
      return (member.name, member.value)
    }
  }
}
