import CNNCodecs

/// Finds the bytes behind pictures that were divided by 255 or 256 and stored as floating-point numbers.
enum PixelRecovery {
  /// The divisors that are tried, in this order.
  static let divisors: [Double] = [255, 256]

  /// The bytes k for which every element equals Float(k) / divisor exactly, as an array of the same shape with its last
  /// index fastest; nil if there is an element for which no byte does.
  ///
  /// A float64 element may also equal the quotient in double precision.
  static func bytes(of array: NumericArray, divisor: Double) -> NumericArray? {
    let bytes: [UInt8]?
    switch array.elementType {
    case .float32:
      let table = (0..<256).map { Float($0) / Float(divisor) }
      bytes = recover(array, Float.self, scale: Float(divisor), truncated: { Int($0) }) { value, byte in
        value == table[byte]
      }
    case .float64:
      let exact = (0..<256).map { Double($0) / divisor }
      let single = (0..<256).map { Double(Float($0) / Float(divisor)) }
      bytes = recover(array, Double.self, scale: divisor, truncated: { Int($0) }) { value, byte in
        value == exact[byte] || value == single[byte]
      }
    default:
      return nil
    }
    return bytes.flatMap {
      NumericArray(elementType: .uint8, shape: array.shape, storage: $0, range: 0..<$0.count)
    }
  }

  /// - Parameter truncated: the conversion to `Int`, which is an instruction for a concrete type and a long way round
  ///   for a generic one.
  @inline(__always)
  private static func recover<T: BinaryFloatingPoint>(
    _ source: NumericArray, _ type: T.Type, scale: T, truncated: (T) -> Int, matches: (T, Int) -> Bool
  ) -> [UInt8]? {
    let source = source.normalized()
    let total = source.elementCount
    var isExact = true
    let bytes = [UInt8](unsafeUninitializedCapacity: total) { buffer, count in
      // No pieces of a view: within another closure `matches` would be called for each element.
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
          let byte = truncated(scaled)
          guard matches(value, byte) else {
            isExact = false
            return
          }
          buffer[index] = UInt8(truncatingIfNeeded: byte)
        }
      }
      count = isExact ? total : 0
    }
    return isExact ? bytes : nil
  }
}
