/// What numbers lost on the way to a narrower floating-point type.
public struct RoundingError: Sendable, Equatable {
  /// The greatest |rounded - value|.
  public var largest: Double
  /// The greatest |rounded - value| / |value| of the values that did not become 0.
  public var largestRelative: Double
  /// How many values other than 0 became 0, since they are too small for the type.
  public var vanishedCount: Int

  /// No error at all, or one of these sizes.
  public init(largest: Double = 0, largestRelative: Double = 0, vanishedCount: Int = 0) {
    self.largest = largest
    self.largestRelative = largestRelative
    self.vanishedCount = vanishedCount
  }

  /// Takes in the error of further numbers.
  public mutating func formUnion(_ other: RoundingError) {
    largest = max(largest, other.largest)
    largestRelative = max(largestRelative, other.largestRelative)
    vanishedCount += other.vanishedCount
  }
}

extension NumericArray {
  /// The numbers as another floating-point type, rounded to nearest, ties to even; last index fastest, little-endian.
  ///
  /// - Returns: the array; what it lost, over the finite values; and the first finite value that is beyond the type's
  ///   greatest and became infinite, if there is one. NaN and infinity stay what they are.
  /// - Precondition: `type` is a floating-point type.
  public func rounded(to type: ElementType)
    -> (array: NumericArray, error: RoundingError, overflowing: Double?)
  {
    precondition(type.isFloatingPoint, "\(type.name) is no floating-point type")
    if type == elementType { return (normalized(), RoundingError(), nil) }
    let size = type.byteCount
    var error = RoundingError()
    var overflowing: Double?
    let source = normalized()
    let bytes = [UInt8](unsafeUninitializedCapacity: elementCount * size) { buffer, count in
      let target = UnsafeMutableRawBufferPointer(buffer)
      source.forEachElement { index, value in
        let rounded: Double
        switch type {
        case .float16:
          let bits = HalfPrecision.float16(rounding: value)
          target.storeBytes(of: bits.littleEndian, toByteOffset: index * size, as: UInt16.self)
          rounded = HalfPrecision.double(float16: bits)
        case .bfloat16:
          let bits = HalfPrecision.bfloat16(rounding: value)
          target.storeBytes(of: bits.littleEndian, toByteOffset: index * size, as: UInt16.self)
          rounded = HalfPrecision.double(bfloat16: bits)
        case .float32:
          let float = Float(value)
          target.storeBytes(of: float.bitPattern.littleEndian, toByteOffset: index * size, as: UInt32.self)
          rounded = Double(float)
        default:
          target.storeBytes(of: value.bitPattern.littleEndian, toByteOffset: index * size, as: UInt64.self)
          rounded = value
        }
        guard rounded != value, value.isFinite else { return }
        guard rounded.isFinite else {
          if overflowing == nil { overflowing = value }
          return
        }
        let difference = abs(rounded - value)
        error.largest = max(error.largest, difference)
        if rounded == 0 {
          error.vanishedCount += 1
        } else {
          error.largestRelative = max(error.largestRelative, difference / abs(value))
        }
      }
      count = elementCount * size
    }
    // As many bytes as the shape takes: it did so with another size of element.
    let array = NumericArray(elementType: type, shape: shape, storage: bytes, range: 0..<bytes.count)
    return (array ?? self, error, overflowing)
  }
}
