extension ElementType {
  /// Reverses the bytes of each element of this type in `buffer`, which has whole elements.
  func swapBytes(of buffer: UnsafeMutableRawBufferPointer) {
    func swap<T: FixedWidthInteger>(_ type: T.Type) {
      for offset in stride(from: 0, to: buffer.count, by: MemoryLayout<T>.size) {
        let value = buffer.loadUnaligned(fromByteOffset: offset, as: T.self)
        buffer.storeBytes(of: value.byteSwapped, toByteOffset: offset, as: T.self)
      }
    }
    switch byteCount {
    case 2: swap(UInt16.self)
    case 4: swap(UInt32.self)
    case 8: swap(UInt64.self)
    default: break
    }
  }

  /// Writes the little-endian elements of this type in `source` as little-endian float32 into `target`, which has room
  /// for them; each rounded to nearest, as `NumericArray.floats()` does.
  func convertToFloat32(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) {
    let count = source.count / byteCount
    guard count > 0, let from = source.baseAddress, let to = target.baseAddress else { return }
    // No checks of overflow, which would keep the loops from being vectors.
    func store(_ value: Float, at index: Int) {
      to.storeBytes(of: value.bitPattern.littleEndian, toByteOffset: index &* 4, as: UInt32.self)
    }
    switch self {
    case .float32:
      to.copyMemory(from: from, byteCount: count * 4)
    case .float64:
      for index in 0..<count {
        let bits = UInt64(littleEndian: from.loadUnaligned(fromByteOffset: index &* 8, as: UInt64.self))
        store(Float(Double(bitPattern: bits)), at: index)
      }
    case .float16:
      for index in 0..<count {
        let bits = UInt16(littleEndian: from.loadUnaligned(fromByteOffset: index &* 2, as: UInt16.self))
        store(HalfPrecision.float(float16: bits), at: index)
      }
    default:
      forEachElement(in: source) { index, value in store(Float(value), at: index) }
    }
  }

  /// Calls `body` with every little-endian element of this type in `bytes`; integers beyond 2^53 are rounded.
  @inline(__always)
  func forEachElement(in bytes: UnsafeRawBufferPointer, _ body: (Int, Double) -> Void) {
    func load<T>(_ index: Int, _ type: T.Type) -> T {
      bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<T>.size, as: T.self)
    }
    let count = bytes.count / byteCount
    switch self {
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
