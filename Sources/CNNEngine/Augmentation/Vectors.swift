extension SIMD8<Float> {
  /// Eight floats from any address.
  @inline(__always)
  init(at address: UnsafePointer<Float>) {
    self = UnsafeRawPointer(address).loadUnaligned(as: SIMD8<Float>.self)
  }

  /// Puts the eight floats at any address.
  @inline(__always)
  func store(at address: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(address).storeBytes(of: self, as: SIMD8<Float>.self)
  }

  /// Each lane, but at least 0 and at most `greatest`; NaN becomes 0.
  @inline(__always)
  func clamped(to greatest: Float) -> SIMD8<Float> {
    let limit = SIMD8(repeating: greatest)
    let bounded = replacing(with: limit, where: self .> limit)
    return bounded.replacing(with: SIMD8(), where: .!(bounded .>= SIMD8()))
  }

  /// The greatest whole numbers that are not greater than the lanes, as floats and as integers.
  ///
  /// - Precondition: every lane is in 0..<2^22.
  @inline(__always)
  var floors: (float: SIMD8<Float>, integer: SIMD8<Int32>) {
    // From 2^23 on floats are whole numbers, and their last bits are these numbers. The baseline of x86-64 has no
    // instruction that rounds down.
    let magic = SIMD8<Float>(repeating: 0x1p23)
    let nearest = (self + magic) - magic
    let float = nearest.replacing(with: nearest - 1, where: nearest .> self)
    let bits = unsafeBitCast(float + magic, to: SIMD8<Int32>.self)
    return (float, bits & SIMD8<Int32>(repeating: 0x7F_FFFF))
  }
}

extension SIMD4<Float> {
  /// Puts the four floats at any address.
  @inline(__always)
  func store(at address: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(address).storeBytes(of: self, as: SIMD4<Float>.self)
  }
}

extension SIMD8<Float> {
  /// Of each two lanes the greater one.
  @inline(__always)
  func greater(of other: SIMD8<Float>) -> SIMD8<Float> { other.replacing(with: self, where: self .> other) }

  /// Of each two lanes the lesser one.
  @inline(__always)
  func lesser(of other: SIMD8<Float>) -> SIMD8<Float> { other.replacing(with: self, where: self .< other) }
}
