import CNNCodecs
import CNNModelFile

/// Data sets from whatever files hold them: what every tool that takes data does with its arguments.
public enum DatasetInputs {
  /// The splits of all inputs, IDX files paired.
  ///
  /// - Parameters:
  ///   - split: the split that all of them belong to, if their names are not to say.
  ///   - requiresLabels: whether pictures without labels are an error.
  /// - Throws: `InterchangeError` or `LoadFailure`.
  static func splits(_ inputs: [LoadedInput], split: DatasetSplit?, requiresLabels: Bool) throws
    -> [LabelledArrays]
  {
    var arrays: [IDXPairing.File] = []
    var splits: [LabelledArrays] = []
    for input in inputs {
      if case .modelFile(let file) = input.content, file.manifest.kind != .dataset {
        throw LoadFailure(
          path: input.path, isDecompressed: false, InterchangeError.notData(input.contentName))
      }
      switch try ForeignContent(input, split: split) {
      case .idx(let array):
        guard !array.shape.isEmpty else {
          throw LoadFailure(
            path: input.path, isDecompressed: false, InterchangeError.notUsable("an IDX file of one number"))
        }
        arrays.append(IDXPairing.File(name: input.path, array: array))
      case .splits(let found):
        splits += found
      case .weights:
        throw LoadFailure(
          path: input.path, isDecompressed: false, InterchangeError.notData("a file of weights"))
      }
    }
    splits += try IDXPairing.pair(arrays, split: split, requiresLabels: requiresLabels)
    return splits
  }

  /// Reads data of any kind as a native data set, for tools that work on data.
  ///
  /// - Returns: the file's content; one native data set file is taken as it is.
  /// - Throws: `FileError`, `InterchangeError` or `LoadFailure`.
  public static func load(
    _ inputs: [LoadedInput], split: DatasetSplit? = nil, requiresLabels: Bool, tool: String, version: String
  ) throws -> ModelFile {
    if inputs.count == 1, case .modelFile(let file) = inputs[0].content, file.manifest.kind == .dataset {
      return file
    }
    let result = try DatasetImport(
      splits(inputs, split: split, requiresLabels: requiresLabels))
    return ModelFile(
      manifest: Manifest(
        kind: .dataset, labels: result.labels, divisor: result.divisor,
        provenance: Provenance(tool: tool, version: version, sources: inputs.map(\.source))),
      tensors: result.tensors)
  }

  /// The splits of a native data set.
  static func splits(of file: ModelFile, name: String) -> [LabelledArrays] {
    DatasetSplit.allCases.compactMap { split in
      func array(_ kind: String) -> NumericArray? {
        guard let tensor = file.tensor(named: "\(split.rawValue).\(kind)") else { return nil }
        return NumericArray(
          elementType: tensor.elementType, shape: tensor.shape, storage: tensor.bytes,
          range: 0..<tensor.bytes.count)
      }
      guard let images = array("images") else { return nil }
      return LabelledArrays(
        split: split, images: images, imagesName: "\(name) \(split.rawValue).images", labels: array("labels"),
        labelsName: "\(name) \(split.rawValue).labels", divisor: file.manifest.divisor ?? 255)
    }
  }
}
