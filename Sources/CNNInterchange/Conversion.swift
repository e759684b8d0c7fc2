import CNNCodecs
import CNNModelFile

/// Foreign files as one native file, and what became of their content.
public struct Conversion: Sendable {
  /// What the user says beyond the files themselves.
  public struct Options: Sendable {
    /// What is known of weights.
    public var weights: WeightImportOptions
    /// The split that all pictures belong to, if the files' names are not to say.
    public var split: DatasetSplit?
    /// The names of the classes.
    public var labels: [String]?

    /// Creates options; what is left out is the default.
    public init(
      weights: WeightImportOptions = WeightImportOptions(), split: DatasetSplit? = nil,
      labels: [String]? = nil
    ) {
      self.weights = weights
      self.split = split
      self.labels = labels
    }
  }

  /// What became of the content.
  public enum Report: Sendable {
    case weights(WeightImport)
    case dataset(DatasetImport)
  }

  /// The native file.
  public let file: ModelFile
  /// What became of the content.
  public let report: Report

  /// Converts inputs that have been read.
  ///
  /// - Parameters:
  ///   - inputs: data of any number of files, or one file of weights.
  ///   - tool: who converts, for the provenance.
  /// - Throws: `InterchangeError`, or `LoadFailure` around one where a single file is to blame.
  public init(_ inputs: [LoadedInput], options: Options, tool: String, version: String) throws {
    if inputs.count == 1, case .weights(let weights) = try ForeignContent(inputs[0]) {
      var weightOptions = options.weights
      weightOptions.labels = options.labels
      let result: WeightImport
      do {
        result = try WeightImport(weights, options: weightOptions)
      } catch {
        throw LoadFailure(path: inputs[0].path, isDecompressed: false, error)
      }
      file = ModelFile(
        manifest: Manifest(
          kind: .model, network: result.network, labels: result.labels,
          preprocessing: weightOptions.preprocessing,
          provenance: Provenance(
            tool: tool, version: version, options: result.options, sources: inputs.map(\.source))),
        tensors: result.tensors)
      report = .weights(result)
      return
    }
    for (index, input) in inputs.enumerated() {
      if case .weights = try ForeignContent(input) {
        throw InterchangeError.mixedInputs(input.path, inputs[index == 0 ? 1 : 0].path)
      }
    }
    let result = try DatasetInputs.read(
      inputs, split: options.split, labels: options.labels, requiresLabels: true)
    var settled: [(name: String, value: JSONValue)] = []
    if let split = options.split { settled.append(("split", .string(split.rawValue))) }
    file = ModelFile(
      manifest: Manifest(
        kind: .dataset, labels: result.labels, divisor: result.divisor,
        provenance: Provenance(tool: tool, version: version, options: settled, sources: inputs.map(\.source))),
      tensors: result.tensors)
    report = .dataset(result)
  }
}

/// What one foreign file can contribute.
enum ForeignContent {
  case weights(ForeignWeights)
  /// Pictures that say which split they are, and the names of their classes if the file has them.
  case splits([LabelledArrays], labels: [String]?)
  case idx(NumericArray)

  /// - Throws: `LoadFailure` for files that hold neither weights nor data.
  init(_ input: LoadedInput) throws(LoadFailure) {
    do {
      switch input.content {
      case .idx(let array):
        self = .idx(array)
      case .pickle(let pickle):
        switch try PickleContent(pickle, name: input.source.name) {
        case .dataset(let splits): self = .splits(splits, labels: nil)
        case .weights(let weights): self = .weights(weights)
        }
      case .plainSafetensors(let plain):
        self = .weights(try ForeignWeights(plain))
      case .modelFile(let file) where file.manifest.kind == .dataset:
        let labels = file.manifest.labels
        self = .splits(DatasetInputs.splits(of: file), labels: labels.isEmpty ? nil : labels)
      case .modelFile(let file):
        throw InterchangeError.alreadyNative(file.manifest.kind.rawValue)
      case .png:
        throw InterchangeError.notUsable("a PNG picture without a label")
      }
    } catch {
      throw LoadFailure(path: input.path, isDecompressed: false, error)
    }
  }
}
