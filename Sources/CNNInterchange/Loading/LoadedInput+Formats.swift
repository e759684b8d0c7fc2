import CNNCodecs
import CNNFiles
import CNNModelFile

extension LoadedInput {
  /// What a file holds.
  public enum Content: Sendable {
    /// A native file, verified.
    case modelFile(ModelFile)
    /// A safetensors file without checksums.
    case plainSafetensors(PlainSafetensors)
    /// One array of an IDX file.
    case idx(NumericArray)
    /// One array of an npy file.
    case npy(NumericArray)
    /// The arrays of an npz file, verified.
    case npz([NamedArray])
    /// The tensors of a file of PyTorch.
    case torch(TorchFile)
    /// Groups and arrays of an HDF5 file.
    case hdf5(HDF5File)
    /// A network of an ONNX file.
    case onnx(ONNXModel)
    /// One or more pickles.
    case pickle(Pickle)
    /// A picture, not decoded: its bytes.
    case png([UInt8])
    /// Pictures or labels or both in a table.
    case csv(CSVDataset)
    /// The weights of a network of linear layers in JSON.
    case network2(Network2)
    /// A folder of pictures, which is no file, in folders named by their labels.
    case folder(LabelledPictures)
  }

  /// Reads a file of a known format: a case for each, which takes the bytes one after another or all at once.
  ///
  /// - Throws: what the format's reader throws.
  static func content(of format: FileFormat, in input: some InputBytes) throws -> Content {
    switch format {
    case .png:
      return .png(try input.all())
    case .safetensors:
      switch try ModelFileReader.readAny(from: input.source()) {
      case .modelFile(let model): return .modelFile(model)
      case .plain(let plain): return .plainSafetensors(plain)
      }
    case .idx:
      guard let declared = IDX.declaredByteCount(input.beginning) else {
        return .idx(try IDX.parse(input.all()))
      }
      let (bytes, isFollowed) = try input.declared(declared)
      if isFollowed { throw IDXError.trailingBytes(count: nil, offset: declared) }
      return .idx(try IDX.parse(bytes))
    case .npy:
      return .npy(try NPY.parse(input.all()))
    case .zip:
      return try content(of: ZipArchive(parsing: input.all()), beginning: input.beginning)
    case .torch:
      return .torch(try TorchFile(parsing: input.all()))
    case .hdf5:
      return .hdf5(try HDF5File(parsing: input.all()))
    case .onnx:
      return .onnx(try ONNXModel(parsing: input.all()))
    case .pickle:
      return .pickle(try Pickle(parsing: input.all()))
    case .json:
      return .network2(try Network2(parsing: input.all(limit: Network2.maximumByteCount)))
    case .csv:
      return .csv(try CSVDataset(input.source()))
    case .gzip:
      throw InterchangeError.unknownFormat(beginning: Array(input.beginning.prefix(8)))
    }
  }

  /// What a zip archive is by what is in it.
  ///
  /// - Throws: what the format's reader throws; `InterchangeError` for an archive of anything else.
  private static func content(of archive: ZipArchive, beginning: [UInt8]) throws -> Content {
    if TorchFile.isTorch(archive) { return .torch(try TorchFile(archive)) }
    if NPZ.isNPZ(archive) {
      let file = try NPZ(archive)
      return .npz(
        try file.names.enumerated().map { NamedArray(name: $1, array: try file.array(at: $0)) })
    }
    throw InterchangeError.refusal(beginning: beginning)
  }

  /// Whether the content says itself which splits its pictures are, as files of several splits do.
  public var saysItsSplit: Bool {
    switch content {
    case .modelFile, .plainSafetensors, .pickle, .npz, .torch, .hdf5, .onnx, .network2, .folder: true
    case .idx, .npy, .png, .csv: false
    }
  }

  /// What the file is, as a noun phrase for messages: `a pickle`.
  public var contentName: String {
    switch content {
    case .modelFile(let file): "a native \(file.manifest.kind.rawValue) file"
    case .plainSafetensors: "a plain safetensors file"
    case .idx: "an IDX file"
    case .npy: "a NumPy array"
    case .npz: "an npz file"
    case .torch: "a file of PyTorch"
    case .hdf5: "an HDF5 file"
    case .onnx: "an ONNX file"
    case .pickle: "a pickle"
    case .png: "a PNG picture"
    case .csv: "a CSV file"
    case .network2: "a JSON file of weights"
    case .folder: "a folder of pictures"
    }
  }

  /// The arrays of formats that are just that, for a listing: empty for those that have more to say.
  public var arraySummaries: [(name: String, elementType: ElementType, shape: [Int])] {
    switch content {
    case .modelFile, .plainSafetensors, .idx, .pickle, .png:
      return []
    case .npy(let array):
      return [("", array.elementType, array.shape)]
    case .npz(let arrays):
      return arrays.map { ($0.name, $0.array.elementType, $0.array.shape) }
    case .torch(let file):
      return file.groups.flatMap { group in
        group.tensors.map {
          (group.path.isEmpty ? $0.name : "\(group.path).\($0.name)", $0.array.elementType, $0.array.shape)
        }
      }
    case .hdf5(let file):
      var summaries: [(name: String, elementType: ElementType, shape: [Int])] = []
      for entry in (try? file.datasets()) ?? [] {
        guard let type = entry.dataset.elementType else { continue }
        summaries.append((entry.path, type, entry.dataset.shape))
      }
      return summaries
    case .onnx(let model):
      return model.graph.initializers.map { ($0.name, $0.array.elementType, $0.array.shape) }
    case .csv(let table):
      return [("label", table.labels), ("pixels", table.images)].compactMap { name, array in
        array.map { (name, $0.elementType, $0.shape) }
      }
    case .network2(let network):
      return ForeignWeights(network).arrays.map { ($0.name, $0.array.elementType, $0.array.shape) }
    case .folder(let pictures):
      return pictures.arrays(numbers: Array(pictures.names.indices), fallback: .train).map {
        ($0.imagesName, $0.images.elementType, $0.images.shape)
      }
    }
  }
}
