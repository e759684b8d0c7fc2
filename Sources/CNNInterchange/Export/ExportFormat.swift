/// A format of other programs that native files are written in.
///
/// Pickles are none of them and never will be: whoever reads one runs what is in it.
public enum ExportFormat: String, Sendable, CaseIterable {
  /// Arrays with names, for NumPy: models and data sets.
  case npz
  /// A network, for ONNX Runtime and its like: models.
  case onnx
  /// A picture a row, label first: data sets.
  case csv
  /// The same, compressed.
  case compressedCSV = "csv.gz"
  /// A folder of the files in which MNIST is published: data sets.
  case idx
  /// The same, compressed.
  case compressedIDX = "idx.gz"
  /// A folder of pictures, `train/7/00012.png`: data sets.
  case png

  /// The format that a path calls for by its ending, in letters of any size, if that is one of a single file.
  public init?(path: String) {
    let name = path.lowercased()
    let match = Self.allCases.first { !$0.isAlwaysFolder && name.hasSuffix(".\($0.rawValue)") }
    guard let match else { return nil }
    self = match
  }

  /// Whether there are always several files, so that the output is a folder.
  public var isAlwaysFolder: Bool {
    switch self {
    case .idx, .compressedIDX, .png: true
    case .npz, .onnx, .csv, .compressedCSV: false
    }
  }

  /// Whether the output may be a folder: one file for each split, or for each picture.
  public var mayBeFolder: Bool {
    switch self {
    case .csv, .compressedCSV, .idx, .compressedIDX, .png: true
    case .npz, .onnx: false
    }
  }

  /// The format's name in messages.
  public var name: String {
    switch self {
    case .npz: "npz"
    case .onnx: "ONNX"
    case .csv, .compressedCSV: "CSV"
    case .idx, .compressedIDX: "IDX"
    case .png: "PNG"
    }
  }
}
