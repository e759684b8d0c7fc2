import CNNCodecs
import CNNModelFile

/// A native file that cannot be exported as it was asked for.
public enum ExportError: FormatError, Equatable {
  /// The format holds pictures, and the file is a model or a checkpoint.
  case noPictures(Manifest.Kind, format: ExportFormat)
  /// The data set has no such split.
  case noSplit(DatasetSplit, found: [DatasetSplit])
  /// A split was asked for, and the file is no data set.
  case splitOfModel(Manifest.Kind)
  /// A CSV file holds one split, and the data set has these.
  case severalSplits([DatasetSplit])
  /// Pixels of a type that the format cannot hold.
  case pixelType(ElementType, format: ExportFormat)
  /// Pictures of neither one nor three channels.
  case channelCount(Int)
  /// A label beyond the greatest number that the format can say.
  case labelTooLarge(Int64)
  /// A number beyond the greatest of the type that was asked for.
  case overflow(tensor: String, value: Double, ElementType)
  /// Rounding was asked for where there is nothing but whole numbers.
  case nothingToRound(Manifest.Kind)
  /// Rounding was asked for in the middle of a training.
  case roundedCheckpoint
  /// The network cannot be said in ONNX.
  case onnx(ONNXExportError)

  /// Always nil: nothing is wrong with bytes.
  public var offset: Int? { nil }

  /// What is wrong, as a sentence fragment.
  public var reason: String {
    switch self {
    case .noPictures(let kind, let format):
      "a \(kind.rawValue) holds no pictures, and \(format.name) nothing else; npz and onnx hold models"
    case .noSplit(let split, let found):
      "the data set has no split '\(split.rawValue)'; it has \(Self.list(found))"
    case .splitOfModel(let kind): "a \(kind.rawValue) has no splits; --only goes with data sets"
    case .severalSplits(let found):
      "a CSV file holds one split, and the data set has \(Self.list(found)); choose one with --only, or name a "
        + "folder (with a slash behind it) for a file of each"
    case .pixelType(let type, let format):
      "the pixels are \(type.name), and \(format.name) holds bytes; npz, IDX and CSV hold such pixels"
    case .channelCount(let count):
      "the pictures have \(count) channels; PNG files hold one (grey) or three (red, green, blue)"
    case .labelTooLarge(let label): "IDX holds labels up to 2147483647, and one is \(label)"
    case .overflow(let tensor, let value, let type):
      "\(tensor.quotedForMessage) holds \(value), which is beyond the greatest \(type.name)"
    case .nothingToRound(let kind):
      "the \(kind == .dataset ? "data set" : kind.rawValue) has no floating-point numbers that --dtype could change"
    case .roundedCheckpoint:
      "a training goes on from a checkpoint bit for bit, so that its numbers are not rounded; --dtype goes with "
        + "models and data sets"
    case .onnx(let error): error.reason
    }
  }

  private static func list(_ splits: [DatasetSplit]) -> String {
    splits.map(\.rawValue).joined(separator: ", ")
  }
}
