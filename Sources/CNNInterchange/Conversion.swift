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
    /// What is known of data beyond their files.
    public var reading: DataReading
    /// The names of the classes.
    public var labels: [String]?

    /// Creates options; what is left out is the default.
    public init(
      weights: WeightImportOptions = WeightImportOptions(), split: DatasetSplit? = nil,
      reading: DataReading = DataReading(), labels: [String]? = nil
    ) {
      self.weights = weights
      self.split = split
      self.reading = reading
      self.labels = labels
    }

    /// What is said of data, under the names of the tools' options.
    var dataOptions: [(name: String, value: JSONValue)] {
      reading.options + (split.map { [("split", .string($0.rawValue))] } ?? [])
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
    let contents = try inputs.map { try ForeignContent($0, reading: options.reading) }
    if contents.count == 1, let result = try Self.weights(contents[0], of: inputs[0], options: options) {
      file = ModelFile(
        manifest: Manifest(
          kind: .model, network: result.network, labels: result.labels, preprocessing: result.preprocessing,
          provenance: Provenance(
            tool: tool, version: version, options: result.options, sources: inputs.map(\.source))),
        tensors: result.tensors)
      report = .weights(result)
      return
    }
    for (index, content) in contents.enumerated() {
      switch content {
      case .weights, .network:
        throw InterchangeError.mixedInputs(inputs[index].path, inputs[index == 0 ? 1 : 0].path)
      case .splits, .array, .pictures: break
      }
    }
    if let option = options.weights.givenOption { throw InterchangeError.dataInFiles(option: option) }
    let result = try DatasetInputs.read(
      inputs, contents, split: options.split, reading: options.reading, labels: options.labels,
      requiresLabels: true)
    file = ModelFile(
      manifest: Manifest(
        kind: .dataset, labels: result.labels, divisor: result.divisor,
        provenance: Provenance(
          tool: tool, version: version, options: options.dataOptions, sources: inputs.map(\.source))),
      tensors: result.tensors)
    report = .dataset(result)
  }

  /// The network that one file's content is; nil for data.
  private static func weights(
    _ content: ForeignContent, of input: LoadedInput, options: Options
  ) throws(LoadFailure) -> WeightImport? {
    var weightOptions = options.weights
    weightOptions.labels = options.labels
    do {
      switch content {
      case .weights, .network:
        if let option = options.dataOptions.first {
          throw InterchangeError.weightsInFile(option: "--\(option.name)")
        }
      case .splits, .array, .pictures: return nil
      }
      switch content {
      case .weights(let weights): return try WeightImport(weights, options: weightOptions)
      case .network(let network): return try WeightImport(network, options: weightOptions)
      case .splits, .array, .pictures: return nil
      }
    } catch {
      throw LoadFailure(path: input.path, isDecompressed: false, error)
    }
  }
}
