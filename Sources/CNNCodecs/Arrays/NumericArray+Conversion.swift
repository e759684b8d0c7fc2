extension NumericArray {
  /// True when the bytes in `range` already are what `rowMajorLittleEndianBytes()` would give.
  public var isRowMajorLittleEndian: Bool {
    (byteOrder == .littleEndian || elementType.byteCount == 1)
      && (memoryOrder == .rowMajor || shape.filter { $0 != 1 }.count <= 1)
  }

  /// The elements' bytes, last index fastest, each element with its lowest byte first.
  public func rowMajorLittleEndianBytes() -> [UInt8] { ArrayView(self).bytes }

  /// The same numbers with rows first and little-endian bytes; `self` where that is so already.
  public func normalized() -> NumericArray {
    isRowMajorLittleEndian ? self : ArrayView(self).array
  }

  /// The elements as `Double`, last index fastest. Integers beyond 2^53 are rounded to nearest.
  public func doubles() -> [Double] {
    let source = normalized()
    return [Double](unsafeUninitializedCapacity: elementCount) { buffer, count in
      source.forEachElement { index, value in buffer[index] = value }
      count = elementCount
    }
  }

  /// The elements as `Float`, last index fastest, and the largest relative rounding error on the way.
  ///
  /// The error is |float - value| / |value| over the finite non-zero elements: 0 for float32 and narrower, up
  /// to 2^-24 for float64, and more only where a value falls among the subnormal floats or beyond the greatest.
  public func floats() -> (values: [Float], largestRelativeError: Double) {
    let source = normalized()
    if elementType == .float32 {
      let values = [Float](unsafeUninitializedCapacity: elementCount) { buffer, count in
        source.storage.withUnsafeBytes { bytes in
          UnsafeMutableRawBufferPointer(buffer).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: bytes[source.range]))
        }
        count = elementCount
      }
      return (values, 0)
    }
    var largest = 0.0
    let values = [Float](unsafeUninitializedCapacity: elementCount) { buffer, count in
      source.forEachElement { index, value in
        let rounded = Float(value)
        buffer[index] = rounded
        if value.isFinite, value != 0 {
          largest = max(largest, abs(Double(rounded) - value) / abs(value))
        }
      }
      count = elementCount
    }
    return (values, largest)
  }

  /// What `floats()` would say of the elements, without making them: the largest relative rounding error, infinite
  /// where a number is beyond the greatest float, and whether there is neither NaN nor infinity.
  public func float32Fitness() -> (largestRelativeError: Double, isFinite: Bool) {
    let flat = NumericArray(
      elementType: elementType, shape: [elementCount], byteOrder: byteOrder, storage: storage, range: range)
    var largest = 0.0
    var isFinite = true
    ArrayView(flat ?? self).forEachPiece { piece in
      func check<T: FixedWidthInteger>(_ type: T.Type, exponent: T) {
        var count = 0
        for offset in stride(from: 0, to: piece.count, by: MemoryLayout<T>.size) {
          let bits = T(littleEndian: piece.loadUnaligned(fromByteOffset: offset, as: T.self))
          count += bits & exponent == exponent ? 1 : 0
        }
        if count > 0 { isFinite = false }
      }
      switch elementType {
      case .float32: check(UInt32.self, exponent: 0x7F80_0000)
      case .float16: check(UInt16.self, exponent: 0x7C00)
      case .bfloat16: check(UInt16.self, exponent: 0x7F80)
      default:
        elementType.forEachElement(in: piece) { _, value in
          if !value.isFinite {
            isFinite = false
          } else if value != 0 {
            largest = max(largest, abs(Double(Float(value)) - value) / abs(value))
          }
        }
      }
    }
    return (largest, isFinite)
  }

  /// The elements as integers, last index fastest; nil if the element type is not an integer type or an element
  /// exceeds `Int64`. Booleans count as 0 and 1.
  public func integers() -> [Int64]? {
    guard !elementType.isFloatingPoint else { return nil }
    let source = normalized()
    var fits = true
    let values = [Int64](unsafeUninitializedCapacity: elementCount) { buffer, count in
      source.storage.withUnsafeBytes { bytes in
        let base = source.range.lowerBound
        func fill<T: FixedWidthInteger>(_ type: T.Type) {
          for index in 0..<elementCount {
            let value = T(
              littleEndian: bytes.loadUnaligned(
                fromByteOffset: base + index * MemoryLayout<T>.size, as: T.self))
            if let exact = Int64(exactly: value) {
              buffer[index] = exact
            } else {
              buffer[index] = 0
              fits = false
            }
          }
        }
        switch elementType {
        case .bool:
          for index in 0..<elementCount { buffer[index] = bytes[base + index] == 0 ? 0 : 1 }
        case .int8: fill(Int8.self)
        case .uint8: fill(UInt8.self)
        case .int16: fill(Int16.self)
        case .uint16: fill(UInt16.self)
        case .int32: fill(Int32.self)
        case .uint32: fill(UInt32.self)
        case .int64: fill(Int64.self)
        case .uint64: fill(UInt64.self)
        case .float16, .bfloat16, .float32, .float64: break
        }
      }
      count = elementCount
    }
    return fits ? values : nil
  }

  /// Calls `body` with every element; `self` must be normalized.
  @inline(__always)
  func forEachElement(_ body: (Int, Double) -> Void) {
    storage.withUnsafeBytes { bytes in
      elementType.forEachElement(in: UnsafeRawBufferPointer(rebasing: bytes[range]), body)
    }
  }
}
