extension NumericArray {
  /// True when the bytes in `range` already are what `rowMajorLittleEndianBytes()` would give.
  public var isRowMajorLittleEndian: Bool {
    (byteOrder == .littleEndian || elementType.byteCount == 1)
      && (memoryOrder == .rowMajor || shape.filter { $0 != 1 }.count <= 1)
  }

  /// The elements' bytes, last index fastest, each element with its lowest byte first.
  public func rowMajorLittleEndianBytes() -> [UInt8] {
    if isRowMajorLittleEndian {
      return range == 0..<storage.count ? storage : [UInt8](storage[range])
    }
    let size = elementType.byteCount
    let swaps = byteOrder == .bigEndian && size > 1
    let strides = elementStrides
    var indices = [Int](repeating: 0, count: shape.count)
    var source = 0
    return [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      storage.withUnsafeBytes { storage in
        for element in 0..<elementCount {
          let from = range.lowerBound + source * size
          for byte in 0..<size {
            buffer[element * size + byte] = storage[from + (swaps ? size - 1 - byte : byte)]
          }
          var axis = shape.count - 1
          while axis >= 0 {
            indices[axis] += 1
            source += strides[axis]
            if indices[axis] < shape[axis] { break }
            source -= strides[axis] * shape[axis]
            indices[axis] = 0
            axis -= 1
          }
        }
      }
      count = range.count
    }
  }

  /// The same numbers with rows first and little-endian bytes; `self` where that is so already.
  public func normalized() -> NumericArray {
    if isRowMajorLittleEndian { return self }
    let bytes = rowMajorLittleEndianBytes()
    return NumericArray(
      elementType: elementType, shape: shape, storage: bytes, range: 0..<bytes.count) ?? self
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

  /// For each dimension, how many elements apart two neighbours along it are.
  private var elementStrides: [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    var product = 1
    let axes = memoryOrder == .rowMajor ? Array(shape.indices.reversed()) : Array(shape.indices)
    for axis in axes {
      strides[axis] = product
      product *= max(shape[axis], 1)
    }
    return strides
  }

  /// Calls `body` with every element; `self` must be normalized.
  func forEachElement(_ body: (Int, Double) -> Void) {
    storage.withUnsafeBytes { bytes in
      let base = range.lowerBound
      func load<T>(_ index: Int, _ type: T.Type) -> T {
        bytes.loadUnaligned(fromByteOffset: base + index * MemoryLayout<T>.size, as: T.self)
      }
      let count = elementCount
      switch elementType {
      case .bool: for i in 0..<count { body(i, load(i, UInt8.self) == 0 ? 0 : 1) }
      case .int8: for i in 0..<count { body(i, Double(load(i, Int8.self))) }
      case .uint8: for i in 0..<count { body(i, Double(load(i, UInt8.self))) }
      case .int16: for i in 0..<count { body(i, Double(Int16(littleEndian: load(i, Int16.self)))) }
      case .uint16: for i in 0..<count { body(i, Double(UInt16(littleEndian: load(i, UInt16.self)))) }
      case .int32: for i in 0..<count { body(i, Double(Int32(littleEndian: load(i, Int32.self)))) }
      case .uint32: for i in 0..<count { body(i, Double(UInt32(littleEndian: load(i, UInt32.self)))) }
      case .int64: for i in 0..<count { body(i, Double(Int64(littleEndian: load(i, Int64.self)))) }
      case .uint64: for i in 0..<count { body(i, Double(UInt64(littleEndian: load(i, UInt64.self)))) }
      case .float16:
        for i in 0..<count {
          body(i, HalfPrecision.double(float16: UInt16(littleEndian: load(i, UInt16.self))))
        }
      case .bfloat16:
        for i in 0..<count {
          body(i, HalfPrecision.double(bfloat16: UInt16(littleEndian: load(i, UInt16.self))))
        }
      case .float32:
        for i in 0..<count {
          body(i, Double(Float(bitPattern: UInt32(littleEndian: load(i, UInt32.self)))))
        }
      case .float64:
        for i in 0..<count { body(i, Double(bitPattern: UInt64(littleEndian: load(i, UInt64.self)))) }
      }
    }
  }
}
