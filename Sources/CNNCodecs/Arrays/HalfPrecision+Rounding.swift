extension HalfPrecision {
  /// The bits of the binary16 nearest to `value`, of two equally near the even one; beyond 65504 and half a step,
  /// infinity.
  static func float16(rounding value: Double) -> UInt16 {
    round(value, fractionBits: 10, leastExponent: -14, greatestExponent: 15)
  }

  /// The bits of the bfloat16 nearest to `value`, of two equally near the even one; beyond the greatest and half a
  /// step, infinity.
  static func bfloat16(rounding value: Double) -> UInt16 {
    round(value, fractionBits: 7, leastExponent: -126, greatestExponent: 127)
  }

  /// A number is a significand of `fractionBits` behind the point times a power of two. Steps are the same below the
  /// least exponent, so that subnormal numbers need nothing of their own.
  private static func round(
    _ value: Double, fractionBits: Int, leastExponent: Int, greatestExponent: Int
  ) -> UInt16 {
    let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
    let one = 1 << fractionBits
    let infinity = UInt16(truncatingIfNeeded: (greatestExponent - leastExponent + 2) << fractionBits)
    if value.isNaN { return sign | infinity | UInt16(truncatingIfNeeded: one >> 1) }
    let magnitude = value.magnitude
    guard magnitude > 0 else { return sign }
    guard magnitude.exponent <= greatestExponent else { return sign | infinity }
    let exponent = max(Int(magnitude.exponent), leastExponent)
    // Scaling by a power of two is exact, so that this is the only rounding.
    let scale = Double(sign: .plus, exponent: fractionBits - exponent, significand: 1)
    let steps = Int((magnitude * scale).rounded(.toNearestOrEven))
    // A significand that is rounded up to 2 carries into the exponent, and at last into infinity.
    return sign | UInt16(truncatingIfNeeded: (exponent - leastExponent) << fractionBits + steps)
  }
}
