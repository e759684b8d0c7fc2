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
      between. A folder stands for the PNG files in it. A picture that cannot be read is one line on standard \
      error; the rest goes on, and the exit status is 1.

      A 28x28 picture, white on black, is taken as it is; other pictures are brought to that form: alpha over \
      white, grey by luma, inverted if their border is bright, scaled as a whole into the middle of the field. \
      Pictures of data sets and IDX files are only divided, as the model's preprocessing says.

        cnn-infer --model model.safetensors digit.png
        cnn-infer --model model.safetensors --json --top-k 3 digits/
        cnn-infer --model model.safetensors --evaluate t10k-*-ubyte.gz
        cnn-infer --model a.safetensors --model b.safetensors digits/
      """,
    version: toolVersion)

  @Argument(
    help: "PNG files, folders, or data: data set files, IDX files, pickles. - is standard input.")
  var inputs: [String]

  @Option(
    name: .customLong("model"),
    help: """
      The model file. Given several times, the probabilities of all models are averaged; they must take pictures \
      of the same size and have the same labels.
      """)
  var models: [String]

  @Option(help: ArgumentHelp("How many classes to print, most probable first.", valueName: "n"))
  var topK: Int = 1

  @Flag(
    help: """
      Print accuracy, loss and a 95 % interval instead of predictions. The inputs are labelled data (the test \
      split, else validation, else training) or folders that hold a folder of PNG files for each label.
      """)
  var evaluate = false

  @Flag(help: "Print the network's raw outputs too (with one model).")
  var logits = false

  @Flag(help: "Print JSON, an object a line: file, label, probability, top, logits, or error.")
  var json = false

  @Option(help: ArgumentHelp("The split of the data to use.", valueName: "train|valid|test"))
  var split: DatasetSplit?

  @Option(help: ArgumentHelp("How many threads work. (default: one for each processor)", valueName: "n"))
  var threads: Int?

  @Flag(name: .shortAndLong, help: "No notes on standard error, only errors.")
  var quiet = false

  static func main() {
    HeapPages.prepare()
    runMain()
  }

  func validate() throws {
    guard topK >= 1 else { throw ValidationError("--top-k must be at least 1") }
    guard threads.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--threads must be from 1 to 1024")
    }
    guard !evaluate || !logits else {
      throw ValidationError("--evaluate prints no line per picture, so it has no --logits")
    }
    guard !logits || models.count == 1 else {
      throw ValidationError(
        "--logits takes one --model; of several, the probabilities are averaged, and there are no common logits"
      )
    }
    guard (inputs + models).filter({ $0 == "-" }).count <= 1 else {
      throw ValidationError("- stands for standard input, which can be read only once")
    }
  }

  func execute() throws -> ExitStatus {
    let sorted = try InferenceInputs(inputs, evaluates: evaluate)
    let ensemble = try loadModels()
    return try evaluate ? evaluate(sorted, ensemble) : predict(sorted, ensemble)
  }

  private func loadModels() throws -> RecognizerEnsemble {
    let pool = WorkerPool(threadCount: threads ?? WorkerPool.processorCount)
    // A file that is named twice counts twice, but is read once: it may be a pipe.
    var loaded: [String: DigitRecognizer] = [:]
    let members = try models.map { path in
      if let recognizer = loaded[path] { return recognizer }
      do {
        let recognizer = try DigitRecognizer(ModelFileArgument.load(path), pool: pool)
        loaded[path] = recognizer
        return recognizer
      } catch {
        throw ToolFailure(error, path: path)
      }
    }
    do {
      return try RecognizerEnsemble(members)
    } catch {
      throw ToolFailure(
        path: models[error.member], error.explanation(first: models[0]), status: .badData)
    }
  }

  private func predict(_ inputs: InferenceInputs, _ ensemble: RecognizerEnsemble) throws -> ExitStatus {
    var status = ExitStatus.success
    let inference = PictureInference(ensemble, streams: inputs.streams)
    try inference.run(inputs.pictures) { _, path, result in
      switch result {
      case .success(let prediction): try printPrediction(prediction, name: path)
      case .failure(let failure):
        status = .failure
        try printFailure(failure, name: path)
      }
    }
    if !inputs.data.isEmpty {
      let data = try load(inputs, ensemble, requiresLabels: false)
      for (index, prediction) in ensemble.predictions(from: data.scores).enumerated() {
        try printPrediction(prediction, name: "\(data.split.rawValue)[\(index)]")
      }
    }
    if inputs.pictures.isEmpty, inputs.data.isEmpty, !quiet {
      let folders = self.inputs.joined(separator: ", ")
      Self.note("\(folders): there are no PNG files in the folder\(self.inputs.count == 1 ? "" : "s")")
    }
    return status
  }

  private func evaluate(_ inputs: InferenceInputs, _ ensemble: RecognizerEnsemble) throws -> ExitStatus {
    var status = ExitStatus.success
    var evaluation = Evaluation()
    let classes = ensemble.classCount
    if let picture = inputs.pictures.first {
      throw ToolFailure(
        path: picture,
        "a picture has no label; --evaluate takes data, or folders that hold a folder of pictures for each label",
        status: .badData)
    }
    for path in inputs.folders {
      let folder = try LabelledFolder(path, labels: ensemble.labels)
      try PictureInference(ensemble).run(folder.pictures) { index, path, result in
        switch result {
        case .success(let prediction):
          evaluation.add(prediction.scores, classes: classes, labels: [folder.labels[index]])
        case .failure(let failure):
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
      evaluation.add(data.scores, classes: classes, labels: labels)
    }
    guard evaluation.total > 0 else {
      throw ToolFailure(path: self.inputs.first, "there is nothing to evaluate", status: .badData)
    }
    try StandardStreams.write(json ? JSONWriter.text(of: evaluation.json) + "\n" : evaluation.text)
    return status
  }

  private func load(_ inputs: InferenceInputs, _ ensemble: RecognizerEnsemble, requiresLabels: Bool) throws
    -> DatasetInference
  {
    let paths = inputs.data
    let data: ModelFile
    do {
      let loaded = try paths.map(inputs.load)
      // One pair of IDX files is of the split that the user says; more data know their splits.
      let isOnePair =
        loaded.count <= 2 && loaded.allSatisfy { if case .idx = $0.content { true } else { false } }
      data = try DatasetInputs.load(
        loaded, split: isOnePair ? split : nil, requiresLabels: requiresLabels, tool: Self.toolName,
        version: toolVersion)
    } catch let error as InterchangeError {
      throw ToolFailure(error, path: paths.count == 1 ? paths[0] : nil)
    }
    return try DatasetInference(data, path: paths[0], split: split, ensemble: ensemble)
  }

  private func printPrediction(_ prediction: Prediction, name: String) throws {
    try StandardStreams.write(
      json
        ? JSONWriter.text(of: prediction.json(for: name, topK: topK, showsLogits: logits)) + "\n"
        : prediction.line(for: name, topK: topK, showsLogits: logits) + "\n")
  }

  private func printFailure(_ failure: ToolFailure, name: String) throws {
    if json {
      try StandardStreams.write(
        JSONWriter.text(
          of: .object([.init("file", .string(name)), .init("error", .string(failure.message))]))
          + "\n")
    } else {
      // What was printed before comes before.
      try StandardStreams.flushOutput()
      Self.report(failure)
    }
  }
}

extension DatasetSplit: ExpressibleByArgument {}
