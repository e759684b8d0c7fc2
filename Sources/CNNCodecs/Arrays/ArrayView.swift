/// The numbers of an array in another arrangement, and maybe as float32, which are made when they are asked for.
///
/// A view of a gigabyte costs nothing: it refers to the array's storage. Its numbers come in pieces, of which only one is
/// in memory at a time, so that an array can be transposed, turned round and widened on its way into a file.
public struct ArrayView: Sendable {
  private let storage: [UInt8]
  private let storedType: ElementType
  private let byteOrder: NumericArray.ByteOrder
  private var elements: StridedElements

  /// The type of the numbers that come out.
  public private(set) var elementType: ElementType
  /// The extent of each dimension, outermost first; empty for a single number.
  public var shape: [Int] { elements.shape }
  /// How many elements there are.
  public var elementCount: Int { elements.elementCount }
  /// How many bytes the elements take.
  public var byteCount: Int { elementCount * elementType.byteCount }

  /// The array as it is.
  public init(_ array: NumericArray) {
    storage = array.storage
    storedType = array.elementType
    byteOrder = array.byteOrder
    elementType = array.elementType
    elements = StridedElements(
      start: array.range.lowerBound, elementByteCount: array.elementType.byteCount, shape: array.shape,
      memoryOrder: array.memoryOrder)
  }

  /// The numbers with dimension `axes[0]` of these as the first, and so on.
  ///
  /// - Precondition: `axes` has every dimension once.
  public func transposed(_ axes: [Int]) -> ArrayView {
    var view = self
    view.elements = elements.transposed(axes)
    return view
  }

  /// The numbers with those along dimension `axis` in reverse.
  public func reversed(_ axis: Int) -> ArrayView {
    var view = self
    view.elements = elements.reversed(axis)
    return view
  }

  /// The same numbers in the same order under another shape. Where dimensions are joined that do not lie behind one
  /// another, as in a transposed array, the numbers are brought into order, which takes memory for all of them.
  ///
  /// - Precondition: `shape` has as many elements.
  public func reshaped(to shape: [Int]) -> ArrayView {
    precondition(
      NumericArray.byteCount(elementType: storedType, shape: shape) == elements.elementCount
        * storedType.byteCount,
      "the shape \(shape) takes another number of elements than \(self.shape)")
    var view = self
    if let elements = elements.reshaped(to: shape) {
      view.elements = elements
      return view
    }
    view = ArrayView(array)
    view.elements = view.elements.reshaped(to: shape) ?? view.elements
    return view
  }

  /// The numbers as float32: floating-point numbers and integers rounded to nearest, false and true as 0 and 1.
  public func asFloat32() -> ArrayView {
    var view = self
    view.elementType = .float32
    return view
  }

  /// Where in the array's storage the bytes stand that `bytes` has, if they stand there as they are.
  private var readyRange: Range<Int>? {
    guard elementType == storedType, byteOrder == .littleEndian || storedType.byteCount == 1 else {
      return nil
    }
    return elements.contiguousRange
  }

  /// About how many bytes of the array are in one piece.
  private static let pieceByteCount = 4 << 20

  /// Calls `body` with the elements' bytes in pieces, one behind the other: last index fastest, each element with its
  /// lowest byte first.
  ///
  /// What stands in the storage like that is one piece and is not copied. Other pieces have some megabytes and are gone
  /// when `body` returns.
  ///
  /// - Throws: what `body` throws.
  public func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    guard elementCount > 0 else { return }
    try storage.withUnsafeBytes { storage in
      if let range = readyRange {
        return try body(UnsafeRawBufferPointer(rebasing: storage[range]))
      }
      var stored = PieceBuffer()
      var converted = PieceBuffer()
      try elements.forEachBlock(ofAbout: Self.pieceByteCount) { block in
        var piece: UnsafeRawBufferPointer
        let swaps = byteOrder == .bigEndian && storedType.byteCount > 1
        if !swaps, let range = block.contiguousRange {
          piece = UnsafeRawBufferPointer(rebasing: storage[range])
        } else {
          let buffer = stored.bytes(block.elementCount * storedType.byteCount)
          block.gather(from: storage, into: buffer)
          if swaps { storedType.swapBytes(of: buffer) }
          piece = UnsafeRawBufferPointer(buffer)
        }
        if elementType != storedType {
          let buffer = converted.bytes(block.elementCount * elementType.byteCount)
          storedType.convertToFloat32(piece, into: buffer)
          piece = UnsafeRawBufferPointer(buffer)
        }
        try body(piece)
      }
    }
  }

  /// All elements' bytes, as `forEachPiece(_:)` gives them; the storage itself if it has nothing else.
  public var bytes: [UInt8] {
    if let range = readyRange {
      return range == 0..<storage.count ? storage : Array(storage[range])
    }
    let byteCount = byteCount
    return [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
      let target = UnsafeMutableRawBufferPointer(buffer)
      if elementType == storedType {
        storage.withUnsafeBytes { elements.gather(from: $0, into: target) }
        if byteOrder == .bigEndian { storedType.swapBytes(of: target) }
        count = byteCount
      } else {
        forEachPiece { piece in
          UnsafeMutableRawBufferPointer(rebasing: target[count...]).copyMemory(from: piece)
          count += piece.count
        }
      }
    }
  }

  /// The elements as an array, rows first and little-endian; it shares the storage where that has them like that.
  public var array: NumericArray {
    let array: NumericArray?
    if let range = readyRange {
      array = NumericArray(elementType: elementType, shape: shape, storage: storage, range: range)
    } else {
      let bytes = bytes
      array = NumericArray(elementType: elementType, shape: shape, storage: bytes, range: 0..<bytes.count)
    }
    guard let array else { preconditionFailure("a view of an array has as many elements as its shape says") }
    return array
  }

  /// Whether both give the same bytes, whatever their shapes.
  public func hasSameBytes(as other: ArrayView) -> Bool {
    if let range = readyRange, let otherRange = other.readyRange {
      return storage[range] == other.storage[otherRange]
    }
    return bytes == other.bytes
  }
}

/// Room for one piece after another.
private struct PieceBuffer: ~Copyable {
  private var buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)

  deinit { buffer.deallocate() }

  mutating func bytes(_ count: Int) -> UnsafeMutableRawBufferPointer {
    if buffer.count < count {
      buffer.deallocate()
      buffer = .allocate(byteCount: count, alignment: 16)
    }
    return UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
  }
}
