/// The two 16-bit floating-point formats, widened exactly.
///
/// Done on the bits, since `Float16` is not available on every platform that this package builds for.
enum HalfPrecision {
  /// IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits.
  static func double(float16 bits: UInt16) -> Double {
    let sign = bits & 0x8000 == 0 ? 1.0 : -1.0
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Double(bits & 0x3FF)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
    }
  }

  /// The same number in single precision, where it is exact too.
  @inline(__always)
  static func float(float16 bits: UInt16) -> Float {
    let magnitude = UInt32(bits & 0x7FFF)
    // The fields in their places, but the exponent too small by the difference of the biases.
    let finite = Float(bitPattern: magnitude << 13) * 0x1p112
    let value = magnitude < 0x7C00 ? finite : .infinity
    let signed = Float(bitPattern: value.bitPattern | UInt32(bits & 0x8000) << 16)
    return magnitude > 0x7C00 ? .nan : signed
  }

  /// bfloat16: the upper half of an IEEE 754 binary32.
  static func double(bfloat16 bits: UInt16) -> Double {
    Double(Float(bitPattern: UInt32(bits) << 16))
  }
}
