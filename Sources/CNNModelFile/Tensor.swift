import CNNCodecs

/// A named n-dimensional array as the model file holds it: little-endian, last index fastest.
public struct Tensor: Sendable, Equatable {
  /// The name, as in PyTorch's `state_dict`: `conv1.weight`.
  public let name: String
  /// The type of every element.
  public let elementType: ElementType
  /// The extent of each dimension, outermost first; empty for a single number.
  public let shape: [Int]
  /// The elements, `elementType.byteCount` bytes each.
  public let bytes: [UInt8]

  /// A tensor of raw bytes.
  ///
  /// - Precondition: `bytes` has exactly the length that `shape` and `elementType` say. Readers check this
  ///   before they come here.
  public init(name: String, elementType: ElementType, shape: [Int], bytes: [UInt8]) {
    precondition(
      NumericArray.byteCount(elementType: elementType, shape: shape) == bytes.count,
      "tensor \(name) has \(bytes.count) bytes, which is not what its shape \(shape) takes")
    self.name = name
    self.elementType = elementType
    self.shape = shape
    self.bytes = bytes
  }

  /// A float32 tensor.
  ///
  /// - Precondition: `values.count` is the product of `shape`.
  public init(name: String, shape: [Int], values: [Float]) {
    #if _endian(big)
      let values = values.map { Float(bitPattern: $0.bitPattern.littleEndian) }
    #endif
    self.init(
      name: name, elementType: .float32, shape: shape, bytes: values.withUnsafeBytes { [UInt8]($0) })
  }

  /// How many elements there are.
  public var elementCount: Int { bytes.count / elementType.byteCount }

  /// The elements as `Float`, widened or rounded from whatever type the file holds.
  public func floats() -> [Float] {
    NumericArray(elementType: elementType, shape: shape, storage: bytes, range: 0..<bytes.count)?
      .floats().values ?? []
  }

  /// The elements as integers; nil for a floating-point tensor and for values beyond `Int64`.
  public func integers() -> [Int64]? {
    NumericArray(elementType: elementType, shape: shape, storage: bytes, range: 0..<bytes.count)?
      .integers()
  }
}
