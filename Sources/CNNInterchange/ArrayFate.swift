import CNNCodecs
import CNNModelFile

/// What became of one array of a foreign file.
public struct ArrayFate: Sendable, Equatable {
  /// The array's name in its file; of pictures and labels also the file's name.
  public let name: String
  /// Its shape there.
  public let shape: [Int]
  /// Its element type there.
  public let elementType: ElementType
  /// The tensor that it became.
  public let tensor: String
  /// That tensor's shape.
  public let tensorShape: [Int]
  /// That tensor's element type.
  public let tensorElementType: ElementType
  /// What was done to it, in a few words, or empty.
  public let changes: [String]

  /// `array` became `tensor`.
  init(_ name: String, _ array: NumericArray, became tensor: Tensor, changes: [String] = []) {
    self.name = name
    shape = array.shape
    elementType = array.elementType
    self.tensor = tensor.name
    tensorShape = tensor.shape
    tensorElementType = tensor.elementType
    self.changes = changes
  }
}
