import CNNCodecs
import CNNModelFile

/// What one foreign file can contribute.
enum ForeignContent {
  case weights(ForeignWeights)
  /// Weights with their graph.
  case network(ImportedNetwork)
  /// Pictures that say which split they are, and the names of their classes if the file has them.
  case splits([LabelledArrays], labels: [String]?)
  /// Pictures or labels, to be paired with those of another file, and what was done to them, in a few words.
  case array(NumericArray, notes: [String] = [])
  /// Pictures with names for labels, which become numbers when all names are known.
  case pictures(LabelledPictures)

  /// - Throws: `LoadFailure` for files that hold neither weights nor data.
  init(_ input: LoadedInput, reading: DataReading) throws(LoadFailure) {
    do {
      switch input.content {
      case .idx(let array), .npy(let array):
        self = .array(array)
      case .pickle(let pickle):
        switch try PickleContent(pickle, name: input.source.name) {
        case .dataset(let splits): self = .splits(splits.map { reading.applied(to: $0) }, labels: nil)
        case .weights(let weights): self = .weights(weights)
        }
      case .npz(let arrays):
        self = try Self.content(of: arrays, name: input.source.name, reading: reading)
      case .torch(let file):
        if let splits = try TorchPictures.splits(of: file, fileName: input.source.name) {
          self = .splits(splits.map { reading.applied(to: $0) }, labels: nil)
        } else {
          self = .weights(try TorchWeights(file).weights)
        }
      case .hdf5(let file):
        self = try Self.content(of: file, name: input.source.name, reading: reading)
      case .keras(let file):
        self = .network(try ImportedNetwork(file))
      case .onnx(let model):
        self = .network(try ImportedNetwork(model))
      case .plainSafetensors(let plain):
        self = .weights(try ForeignWeights(plain))
      case .modelFile(let file) where file.manifest.kind == .dataset:
        let labels = file.manifest.labels
        self = .splits(
          DatasetInputs.splits(of: file).map { reading.applied(to: $0) },
          labels: labels.isEmpty ? nil : labels)
      case .modelFile(let file):
        throw InterchangeError.alreadyNative(file.manifest.kind.rawValue)
      case .png(let bytes):
        let digits = try PictureSheet.digits(of: bytes, tile: reading.tile)
        self = .array(digits, notes: try LabelledPictures.notes(on: bytes))
      case .csv(let table):
        self = Self.content(of: table, name: input.source.name, reading: reading)
      case .network2(let network):
        self = .weights(ForeignWeights(network))
      case .folder(let pictures):
        self = .pictures(pictures)
      }
    } catch {
      throw LoadFailure(path: input.path, isDecompressed: false, error)
    }
  }

  /// Named arrays are a data set by their names, pictures or labels if there is but one without a name of its own, and
  /// else weights.
  private static func content(
    of arrays: [NamedArray], name: String, reading: DataReading
  ) throws(InterchangeError) -> ForeignContent {
    if let splits = try NamedPictures.splits(of: arrays, fileName: name) {
      return .splits(splits.map { reading.applied(to: $0) }, labels: nil)
    }
    if arrays.count == 1, !arrays[0].array.elementType.isFloatingPoint { return .array(arrays[0].array) }
    return .weights(try ForeignWeights(named: arrays))
  }

  /// An HDF5 file is a model of Keras or its weights, or a data set by the names of its arrays.
  private static func content(of file: HDF5File, name: String, reading: DataReading) throws -> ForeignContent
  {
    if let model = try KerasFile(file) { return .network(try ImportedNetwork(model)) }
    if let weights = try KerasWeights.weights(in: file) { return .weights(weights) }
    if let splits = try HDF5Pictures.splits(of: file, fileName: name) {
      return .splits(splits.map { reading.applied(to: $0) }, labels: nil)
    }
    throw InterchangeError.unknownHDF5
  }

  /// A table with both is a split; pictures alone and labels alone are to be paired.
  private static func content(of table: CSVDataset, name: String, reading: DataReading) -> ForeignContent {
    guard let images = table.images, let labels = table.labels else {
      return (table.images ?? table.labels).map { .array($0, notes: table.notes) } ?? .splits([], labels: nil)
    }
    var split = LabelledArrays(
      split: DatasetSplit(stem: IDXPairing.stem(of: name)), images: images, imagesName: "pixels",
      labels: labels, labelsName: "label")
    split.notes = table.notes
    split.labelNotes = table.labelNotes
    return .splits([reading.applied(to: split, images: name, labels: name)], labels: nil)
  }
}
