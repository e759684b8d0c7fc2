import CNNCodecs

/// A named n-dimensional array as the model file holds it: little-endian, last index fastest.
///
/// The elements may stand in the bytes of a foreign file, in another arrangement, until someone asks for them: so a
/// converted tensor takes no memory of its own. Whoever goes through many of them once takes `elements.forEachPiece`.
public struct Tensor: Sendable {
  /// The name, as in PyTorch's `state_dict`: `conv1.weight`.
  public let name: String
  /// The extent of each dimension, outermost first; empty for a single number.
  public let shape: [Int]
  /// The elements in order; the dimensions of this view don't matter.
  public let elements: ArrayView

  /// A tensor of whatever numbers a view gives, one after another.
  ///
  /// - Precondition: `shape` takes as many elements as there are.
  public init(name: String, shape: [Int], elements: ArrayView) {
    let byteCount = elements.byteCount
    precondition(
      NumericArray.byteCount(elementType: elements.elementType, shape: shape) == byteCount,
      "tensor \(name) has \(byteCount) bytes, which is not what its shape \(shape) takes")
    self.name = name
    self.shape = shape
    self.elements = elements
  }

  /// A tensor of raw bytes.
  ///
  /// - Precondition: `bytes` has exactly the length that `shape` and `elementType` say. Readers check this
  ///   before they come here.
  public init(name: String, elementType: ElementType, shape: [Int], bytes: [UInt8]) {
    guard
      let array = NumericArray(
        elementType: elementType, shape: shape, storage: bytes, range: 0..<bytes.count)
    else {
      preconditionFailure(
        "tensor \(name) has \(bytes.count) bytes, which is not what its shape \(shape) takes")
    }
    self.init(name: name, shape: shape, elements: ArrayView(array))
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

  /// The type of every element.
  public var elementType: ElementType { elements.elementType }

  /// How many elements there are.
  public var elementCount: Int { elements.elementCount }

  /// How many bytes the elements take.
  public var byteCount: Int { elements.byteCount }

  /// The elements, `elementType.byteCount` bytes each.
  ///
  /// They are copied, at each call, unless the tensor was made of just these bytes or read from a model file.
  public var bytes: [UInt8] { elements.bytes }

  /// The CRC-32 of the bytes.
  public var crc32: UInt32 {
    var checksum = CRC32()
    elements.forEachPiece { checksum.update($0) }
    return checksum.value
  }

  /// The elements as an array of the tensor's shape, little-endian; it shares the bytes where they stand in order.
  public var array: NumericArray {
    let array = elements.array
    return NumericArray(
      elementType: elementType, shape: shape, storage: array.storage, range: array.range) ?? array
  }

  /// The elements as `Float`, widened or rounded from whatever type the file holds.
  public func floats() -> [Float] { array.floats().values }

  /// The elements as integers; nil for a floating-point tensor and for values beyond `Int64`.
  public func integers() -> [Int64]? { array.integers() }
}

extension Tensor: Equatable {
  /// Whether name, type, shape and bytes are the same, wherever they stand.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    a.name == b.name && a.elementType == b.elementType && a.shape == b.shape
      && a.elements.hasSameBytes(as: b.elements)
  }
}
