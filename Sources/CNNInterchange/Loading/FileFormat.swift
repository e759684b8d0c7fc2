import CNNCodecs
import CNNFiles
import CNNModelFile

/// The formats that are read, told by how a file begins.
public enum FileFormat: Sendable, CaseIterable {
  /// A picture.
  case png
  /// Compressed data of whatever format.
  case gzip
  /// A zip archive: what is in it tells an npz file, a file of PyTorch and one of Keras.
  case zip
  /// A file of Keras.
  case hdf5
  /// One array of NumPy.
  case npy
  /// A file of PyTorch from before its zip archives.
  case torch
  /// A native file or a plain safetensors file.
  case safetensors
  /// A network.
  case onnx
  /// One array.
  case idx
  /// Python objects.
  case pickle
  /// A JSON object.
  case json
  /// A table of numbers.
  case csv

  /// What a file of the format is, as a noun phrase for messages: `a pickle`.
  public var name: String {
    switch self {
    case .png: "a PNG picture"
    case .gzip: "a gzip file"
    case .zip: "a zip archive"
    case .hdf5: "an HDF5 file"
    case .npy: "a NumPy array"
    case .torch: "a file of PyTorch"
    case .safetensors: "a safetensors file"
    case .onnx: "an ONNX file"
    case .idx: "an IDX file"
    case .pickle: "a pickle"
    case .json: "a JSON file"
    case .csv: "a CSV file"
    }
  }

  /// Who knows each format by its first bytes, in the order in which they are asked: those with a signature first,
  /// texts last.
  private static let recognizers: [(format: FileFormat, claims: @Sendable ([UInt8]) -> Bool)] = [
    (.png, { PNG.isPNG($0) }),
    (.gzip, { Gzip.isGzip($0) }),
    (.zip, { ZipArchive.isZip($0) }),
    (.hdf5, { HDF5File.isRecognized($0) }),
    (.npy, { NPY.isNPY($0) }),
    // Before pickles, which it begins like.
    (.torch, { TorchFile.isLegacy($0) }),
    // A header of some lengths begins like an ONNX file.
    (.safetensors, { ModelFileReader.recognize(prefix: $0) != nil }),
    (.onnx, { ONNXModel.isONNX($0) }),
    (.idx, { IDX.isIDX($0) }),
    (.pickle, { Pickle.looksLikePickle(prefix: $0) }),
    (.json, { Network2.looksLikeJSON(prefix: $0) }),
    (.csv, { CSVTable.looksLikeCSV(prefix: $0) }),
  ]

  /// The format of a file that begins with these bytes, or nil.
  ///
  /// 64 bytes tell the formats that have a signature, a few thousand a pickle of protocol 0 or 1, and a table of
  /// numbers with a line of names in front may take 64 KiB.
  public init?(beginning: [UInt8]) {
    guard let recognizer = Self.recognizers.first(where: { $0.claims(beginning) }) else { return nil }
    self = recognizer.format
  }

  /// How many bytes of a file are looked at, one number after the other until it is known.
  private static let prefixSizes = [64, 4096, 1 << 16]

  /// The format of a file that has been opened, and as much of its beginning as it took; nothing is taken from it.
  ///
  /// Of a pipe no more is waited for than the format needs.
  ///
  /// - Throws: `FileError`.
  public static func recognize(_ file: InputFile) throws(FileError) -> (
    format: FileFormat?, beginning: [UInt8]
  ) {
    var beginning: [UInt8] = []
    for size in prefixSizes {
      beginning = try file.peek(size)
      let isWhole = beginning.count < size
      if let format = FileFormat(beginning: beginning), format.hasSignature || size > 64 || isWhole {
        return (format, beginning)
      }
      if isWhole { break }
    }
    return (nil, beginning)
  }

  /// The same for bytes that come from elsewhere: `read` gives the first ones of the file, up to a number of them.
  static func recognize(reading read: (_ count: Int) throws -> [UInt8]) rethrows -> (
    format: FileFormat?, beginning: [UInt8]
  ) {
    let beginning = try read(prefixSizes[prefixSizes.count - 1])
    return (FileFormat(beginning: beginning), beginning)
  }

  /// Whether the first few bytes leave no doubt.
  private var hasSignature: Bool {
    switch self {
    case .png, .gzip, .zip, .hdf5, .npy, .torch, .safetensors, .onnx, .idx: true
    case .pickle, .json, .csv: false
    }
  }
}
