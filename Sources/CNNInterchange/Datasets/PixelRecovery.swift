import CNNCodecs

/// Finds the bytes behind pictures that were divided by 255 or 256 and stored as floating-point numbers.
enum PixelRecovery {
  /// The divisors that are tried, in this order.
  static let divisors: [Double] = [255, 256]

  /// The bytes k for which every element equals Float(k) / divisor exactly, or nil if there is an element for
  /// which no byte does.
  ///
  /// A float64 element may also equal the quotient in double precision.
  static func bytes(of array: NumericArray, divisor: Double) -> [UInt8]? {
    let source = array.normalized()
    switch source.elementType {
    case .float32:
      let table = (0..<256).map { Float($0) / Float(divisor) }
      return recover(source, Float.self, scale: Float(divisor)) { value, byte in value == table[Int(byte)] }
    case .float64:
      let exact = (0..<256).map { Double($0) / divisor }
      let single = (0..<256).map { Double(Float($0) / Float(divisor)) }
      return recover(source, Double.self, scale: divisor) { value, byte in
        value == exact[Int(byte)] || value == single[Int(byte)]
      }
    default:
      return nil
    }
  }

  @inline(__always)
  private static func recover<T: BinaryFloatingPoint>(
    _ source: NumericArray, _ type: T.Type, scale: T, matches: (T, UInt8) -> Bool
  ) -> [UInt8]? {
    let total = source.elementCount
    var isExact = true
    let bytes = [UInt8](unsafeUninitializedCapacity: total) { buffer, count in
      source.storage.withUnsafeBytes { storage in
        let base = source.range.lowerBound
        for index in 0..<total {
          let value = storage.loadUnaligned(fromByteOffset: base + index * MemoryLayout<T>.size, as: T.self)
          let scaled = value * scale + 0.5
          // Also false for NaN.
          guard scaled >= 0, scaled < 256 else {
            isExact = false
            return
          }
          let byte = UInt8(scaled)
          guard matches(value, byte) else {
            isExact = false
            return
          }
          buffer[index] = byte
        }
      }
      count = isExact ? total : 0
    }
    return isExact ? bytes : nil
  }
}
