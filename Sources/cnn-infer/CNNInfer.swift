import ArgumentParser
import CNNCodecs
import CNNEngine
import CNNInterchange
import CNNModelFile
import CNNRecognition
import CNNToolSupport

@main
struct CNNInfer: CommandLineTool {
  static let configuration = CommandConfiguration(
    commandName: "cnn-infer",
    abstract: "Read digits off PNG pictures, or evaluate a model on labelled data.",
    discussion: """
      Prints a line for each picture, in the order given: its name, the label, and the probability, with tabs \
      between; those of data come last. A folder stands for the PNG files in it and in the folders in it, a tar archive for those in it, \
      and --files-from names a list of paths, of any length. A picture that cannot be read is one line on standard \
      error (in JSON and CSV it stands in its place); the rest goes on, and the exit status is 1.

      Any picture of a digit will do: in any colours, on uneven paper, anywhere in the picture, at any size. It is \
      brought to the form of MNIST's digits, unless it has that already: white on black, the ink in a box of 20x20 \
      pixels, its centre of mass in the middle of 28x28. --show prints what the network sees. Pictures of data \
      sets and IDX files are only divided, as the model's preprocessing says.

        cnn-infer digit.png
        cnn-infer --json --top-k 3 digits/
        cnn-infer --digits number.png
        find . -name '*.png' | cnn-infer --files-from -
        tar c digits/ | cnn-infer --csv -
        cnn-infer --model model.safetensors --evaluate t10k-*-ubyte.gz
        cnn-infer --model a.safetensors --model b.safetensors digits/
      """,
    version: toolVersion)

  @Argument(
    help: """
      PNG files, folders, tar archives of them, or data: data set files, IDX, CSV, npy, npz and HDF5 files, pickles; \
      all are known by their content. A folder of train, valid and test is one of splits. - is standard input.
      """, completion: .file())
  var inputs: [String] = []

  @OptionGroup var input: InputArguments

  @Option(
    name: .customLong("model"),
    help: """
      The model file. Given several times, the probabilities of all models are averaged; they must take pictures \
      of the same size and have the same labels. (default: a model that is part of the program and reads digits)
      """, completion: .file(extensions: ["safetensors"]))
  var models: [String] = []

  @Option(help: ArgumentHelp("How many classes to print, most probable first.", valueName: "n"))
  var topK: Int = 1

  @Flag(
    help: """
      Print accuracy, loss, a 95 % interval, calibration error, confusion matrix and classes instead of \
      predictions. The inputs are labelled data (the test split, else validation, else training), or folders or tar \
      archives that hold a folder of PNG files for each label.
      """)
  var evaluate = false

  @OptionGroup var evaluation: EvaluationArguments

  @Flag(help: "Print the network's raw outputs too (with one model).")
  var logits = false

  @Flag(
    help:
      "Print JSON, an object a line, with all there is to say: probabilities, margin, normalization, or error."
  )
  var json = false

  @Flag(help: "Print comma-separated values with a heading: file, label, probability, ..., error.")
  var csv = false

  @OptionGroup(title: "Pictures")
  var pictures: NormalizationArguments

  @Option(help: ArgumentHelp("The split of the data to use.", valueName: "train|valid|test"))
  var split: DatasetSplit?

  @OptionGroup(title: "Data") var reading: DataReadingArguments

  @Option(help: ArgumentHelp("How many threads work. (default: one for each processor)", valueName: "n"))
  var threads: Int?

  @Flag(help: "Write into folders that are not empty, and replace files.")
  var force = false

  @Flag(name: .shortAndLong, help: "No notes on standard error, only errors.")
  var quiet = false

  static func main() {
    HeapPages.prepare()
    runMain()
  }

  func validate() throws {
    guard !inputs.isEmpty || input.filesFrom != nil else {
      throw ValidationError("Missing expected argument '<inputs> ...'")
    }
    guard topK >= 1 else { throw ValidationError("--top-k must be at least 1") }
    guard threads.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--threads must be from 1 to 1024")
    }
    guard !evaluate || !logits else {
      throw ValidationError("--evaluate prints no line per picture, so it has no --logits")
    }
    guard !evaluate || (topK == 1 && !pictures.isShown && pictures.minConfidence == 0) else {
      throw ValidationError(
        "--evaluate prints no line per picture, so it has no --top-k, --min-confidence, --show or --save-normalized"
      )
    }
    guard !pictures.digits || (topK == 1 && !logits && !evaluate) else {
      throw ValidationError(
        "--digits prints one number for a picture, so it has no --top-k, --logits or --evaluate")
    }
    guard !logits || models.count <= 1 else {
      throw ValidationError(
        "--logits takes one --model; of several, the probabilities are averaged, and there are no common logits"
      )
    }
    if let option = evaluation.evaluationOption, !evaluate {
      throw ValidationError("\(option) needs --evaluate")
    }
    guard reading.tile == nil || evaluate else {
      throw ValidationError("--tile is for sheets with labels, so it needs --evaluate")
    }
    guard !csv || !json else { throw ValidationError("--csv and --json exclude each other") }
    guard !csv || !evaluate else {
      throw ValidationError(
        "--evaluate prints no line per picture, so it has no --csv; --json has everything")
    }
    guard (inputs + models + [input.filesFrom ?? ""]).filter({ $0 == "-" }).count <= 1 else {
      throw ValidationError("- stands for standard input, which can be read only once")
    }
  }

  func execute() throws -> ExitStatus {
    let sorted = try InferenceInputs(
      inputs, list: input.filesFrom, isNullSeparated: input.isNullSeparated, evaluates: evaluate)
    let ensemble = try loadModels()
    return try evaluate ? evaluate(sorted, ensemble) : predict(sorted, ensemble)
  }

  private func loadModels() throws -> RecognizerEnsemble {
    let pool = WorkerPool(threadCount: threads ?? WorkerPool.processorCount)
    // A file that is named twice counts twice, but is read once: it may be a pipe.
    var loaded: [String: DigitRecognizer] = [:]
    func load(_ model: @autoclosure () throws -> ModelFile, name: String) throws -> DigitRecognizer {
      if let recognizer = loaded[name] { return recognizer }
      do {
        var recognizer = try DigitRecognizer(model(), pool: pool)
        recognizer.preparation = pictures.preparation
        loaded[name] = recognizer
        return recognizer
      } catch {
        throw ToolFailure(error, path: name)
      }
    }
    let members =
      models.isEmpty
      ? [try load(BuiltInModel.load(), name: BuiltInModel.name)]
      : try models.map { path in try load(ModelFileArgument.load(path), name: path) }
    do {
      return try RecognizerEnsemble(members)
    } catch {
      throw ToolFailure(
        path: models[error.member], error.explanation(first: models[0]), status: .badData)
    }
  }

  private func predict(_ inputs: InferenceInputs, _ ensemble: RecognizerEnsemble) throws -> ExitStatus {
    var status = ExitStatus.success
    let lines = PredictionLines(
      csv ? .csv : json ? .json : .text,
      ReadingFormat(topK: topK, showsLogits: logits, leastConfidence: pictures.minConfidence),
      labels: ensemble.labels)
    if let heading = lines.heading { try StandardStreams.write(heading + "\n") }
    let views = try pictures.views(replacing: force)
    let inference = PictureInference(ensemble, readsLines: pictures.digits, limits: input.limits)
    try inference.run(inputs.source()) { readings in
      for reading in readings {
        switch reading.result {
        case .success(let picture):
          try views.show(picture, name: reading.name)
          try StandardStreams.write(lines.line(picture, name: reading.name) + "\n")
        case .failure(let failure):
          status = .failure
          try report(failure, in: lines, name: reading.name)
        }
      }
      try StandardStreams.flushForReader()
    }
    if !inputs.data.isEmpty {
      let data = try load(inputs, ensemble, requiresLabels: false)
      for (index, prediction) in ensemble.predictions(from: data.scores).enumerated() {
        try StandardStreams.write(
          lines.line(prediction, name: "\(data.split.rawValue)[\(index)]") + "\n")
      }
    }
    return status
  }

  /// Tells of a picture that has failed, where its line would stand or on standard error.
  private func report(_ failure: ToolFailure, in lines: PredictionLines, name: String) throws {
    if let line = lines.line(failure, name: name) {
      try StandardStreams.write(line + "\n")
    } else {
      // What was printed before comes before.
      try StandardStreams.flushOutput()
      Self.report(failure)
    }
  }

  private func evaluate(_ inputs: InferenceInputs, _ ensemble: RecognizerEnsemble) throws -> ExitStatus {
    var status = ExitStatus.success
    if let picture = inputs.files.first {
      throw ToolFailure(
        path: picture,
        "a picture has no label; --evaluate takes data, or folders that hold a folder of pictures for each label",
        status: .badData)
    }
    let mistakes = try evaluation.mistakes.map {
      try MistakeFolder($0, replacing: force, labels: ensemble.labels)
    }
    var run = EvaluationRun(classCount: ensemble.classCount, mistakes: mistakes)
    let inference = PictureInference(ensemble, limits: input.limits, keepsMistakes: mistakes != nil)
    try inference.run(inputs.source(labels: ensemble.labels, split: split)) { readings in
      for reading in readings {
        if let failure = try run.add(reading) {
          status = .failure
          Self.report(failure)
        }
      }
    }
    if !inputs.data.isEmpty {
      let data = try load(inputs, ensemble, requiresLabels: true)
      guard let labels = data.labels else {
        throw ToolFailure(
          path: inputs.data[0], "the split '\(data.split.rawValue)' has no labels", status: .badData)
      }
      try run.add(data, labels: labels, ensemble: ensemble)
    }
    let result = run.evaluation
    guard result.summary.total > 0 else {
      throw ToolFailure(path: self.inputs.first, "there is nothing to evaluate", status: .badData)
    }
    try StandardStreams.write(
      json
        ? JSONWriter.text(of: result.json(labels: ensemble.labels)) + "\n"
        : result.text(labels: ensemble.labels))
    if let gate = evaluation.requireAccuracy, result.summary.accuracy < gate {
      try StandardStreams.flushOutput()
      Self.note("the accuracy is below \(NumberFormat.plain(gate)), which --require-accuracy asks for")
      status = .failure
    }
    return status
  }

  private func load(_ inputs: InferenceInputs, _ ensemble: RecognizerEnsemble, requiresLabels: Bool) throws
    -> DatasetInference
  {
    let paths = inputs.data
    let data: ModelFile
    do {
      let loaded = try paths.map(inputs.load)
      // One file of pictures and one of labels are of the split that the user says; more data know their splits.
      let isOnePair = loaded.count <= 2 && !loaded.contains(where: \.saysItsSplit)
      data = try DatasetInputs.load(
        loaded, split: isOnePair ? split : nil, reading: reading.reading, requiresLabels: requiresLabels,
        tool: Self.toolName,
        version: toolVersion)
    } catch let error as InterchangeError {
      throw ToolFailure(error, path: paths.count == 1 ? paths[0] : nil)
    }
    return try DatasetInference(data, path: paths[0], split: split, ensemble: ensemble)
  }
}
