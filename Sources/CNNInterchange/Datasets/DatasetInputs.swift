import CNNCodecs
import CNNFiles
import CNNModelFile

/// Data sets from whatever files hold them: what every tool that takes data does with its arguments.
public enum DatasetInputs {
  /// The splits of all inputs, files of pictures and of labels paired, as the tensors of one data set.
  ///
  /// - Parameters:
  ///   - split: the split that all of them belong to, whatever they say themselves.
  ///   - reading: what is known of the data beyond their files.
  ///   - labels: the names of the classes, whatever native files among the inputs call them.
  ///   - requiresLabels: whether pictures without labels are an error.
  /// - Throws: `InterchangeError` that names the files, or `LoadFailure` where a single file is to blame.
  static func read(
    _ inputs: [LoadedInput], split: DatasetSplit? = nil, reading: DataReading = DataReading(),
    labels: [String]? = nil, requiresLabels: Bool
  ) throws -> DatasetImport {
    let contents = try inputs.map { input in
      if case .modelFile(let file) = input.content, file.manifest.kind != .dataset {
        throw LoadFailure(
          path: input.path, isDecompressed: false, InterchangeError.notData(input.contentName))
      }
      return try ForeignContent(input, reading: reading)
    }
    return try read(
      inputs, contents, split: split, reading: reading, labels: labels, requiresLabels: requiresLabels)
  }

  /// The same for inputs whose contents are known.
  static func read(
    _ inputs: [LoadedInput], _ contents: [ForeignContent], split: DatasetSplit?, reading: DataReading,
    labels: [String]?, requiresLabels: Bool
  ) throws -> DatasetImport {
    // The convention that a name stands for is one of IDX and CSV files; in a picture one sees how digits stand.
    let sheets = Set(inputs.filter { if case .png = $0.content { true } else { false } }.map(\.path))
    guard reading.tile == nil || !sheets.isEmpty else { throw InterchangeError.noSheet }
    var arrays: [IDXPairing.File] = []
    var splits: [LabelledArrays] = []
    var folders: [(path: String, pictures: LabelledPictures)] = []
    var named: (path: String, labels: [String])?
    for (input, content) in zip(inputs, contents) {
      func failure(_ error: InterchangeError) -> LoadFailure {
        LoadFailure(path: input.path, isDecompressed: false, error)
      }
      switch content {
      case .array(let array, let notes):
        guard !array.shape.isEmpty else { throw failure(.notUsable("\(input.contentName) of one number")) }
        arrays.append(IDXPairing.File(name: input.path, array: array, notes: notes))
      case .splits(let found, let names):
        var isNative: Bool { if case .modelFile = input.content { true } else { false } }
        // A native data set without labels is one all the same.
        if requiresLabels, let bare = found.first(where: { $0.labels == nil }), !isNative {
          throw failure(.missingLabels(images: bare.imagesName))
        }
        splits += found.map {
          LabelledArrays($0, split: split ?? $0.split, prefix: inputs.count > 1 ? "\(input.path) " : "")
        }
        guard let names, labels == nil else { continue }
        if let named, named.labels != names { throw InterchangeError.differingLabels(named.path, input.path) }
        named = (input.path, names)
      case .pictures(let pictures):
        folders.append((input.path, pictures))
      case .weights, .network:
        throw failure(.notData("a file of weights"))
      }
    }
    splits += try IDXPairing.pair(arrays, split: split, requiresLabels: requiresLabels).map {
      reading.applied(
        to: $0, images: sheets.contains($0.imagesName) ? nil : $0.imagesName, labels: $0.labelsName)
    }
    let classes = try FolderClasses(
      folders, labels: labels, others: named?.labels, hasNumbers: !splits.isEmpty && named == nil)
    for folder in folders {
      splits += folder.pictures.arrays(
        numbers: classes.numbers(of: folder.pictures),
        fallback: DatasetSplit(stem: InputFile.baseName(of: folder.path))
      ).map { reading.applied(to: LabelledArrays($0, split: split ?? $0.split, prefix: "")) }
        .map { $0.adding(labelNotes: classes.renaming.map { [$0] } ?? []) }
    }
    do {
      return try DatasetImport(splits, labels: labels ?? named?.labels ?? classes.names)
    } catch {
      // Places in a sole file are named without it; files that are paired always have their names.
      guard inputs.count == 1, arrays.isEmpty, folders.isEmpty else { throw error }
      throw LoadFailure(path: inputs[0].path, isDecompressed: false, error)
    }
  }

  /// Reads data of any kind as a native data set, for tools that work on data.
  ///
  /// - Returns: the file's content; one native data set file is taken as it is.
  /// - Throws: `FileError`, `InterchangeError` or `LoadFailure`.
  public static func load(
    _ inputs: [LoadedInput], split: DatasetSplit? = nil, reading: DataReading = DataReading(),
    requiresLabels: Bool, tool: String, version: String
  ) throws -> ModelFile {
    if inputs.count == 1, reading.isDefault, split == nil, case .modelFile(let file) = inputs[0].content,
      file.manifest.kind == .dataset
    {
      return file
    }
    let result = try read(inputs, split: split, reading: reading, requiresLabels: requiresLabels)
    return ModelFile(
      manifest: Manifest(
        kind: .dataset, labels: result.labels, divisor: result.divisor,
        provenance: Provenance(tool: tool, version: version, sources: inputs.map(\.source))),
      tensors: result.tensors)
  }

  /// The splits of a native data set.
  static func splits(of file: ModelFile) -> [LabelledArrays] {
    DatasetSplit.allCases.compactMap { split in
      func array(_ kind: String) -> NumericArray? {
        file.tensor(named: "\(split.rawValue).\(kind)")?.array
      }
      guard let images = array("images") else { return nil }
      return LabelledArrays(
        split: split, images: images, imagesName: "\(split.rawValue).images", labels: array("labels"),
        labelsName: "\(split.rawValue).labels", divisor: file.manifest.divisor ?? 255)
    }
  }
}
