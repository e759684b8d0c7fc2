/// The counter-based random generator Philox4x32-10.
///
/// Its numbers are a function of a key and a counter, so there is no state to save, and each use of randomness can
/// have numbers of its own that depend on nothing else. It passes the known-answer tests of its authors.
///
/// Source: Salmon, Moraes, Dror and Shaw, *Parallel Random Numbers: As Easy as 1, 2, 3* (2011).
public struct Philox: Sendable {
  private let key: (UInt32, UInt32)

  /// A generator with the 64 bits of `key`.
  public init(key: UInt64) {
    self.key = (UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32))
  }

  /// The four numbers that belong to a counter.
  public func block(_ counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
    var x = counter
    var (k0, k1) = key
    for _ in 0..<10 {
      let (high0, low0) = UInt32(0xD251_1F53).multipliedFullWidth(by: x[0])
      let (high1, low1) = UInt32(0xCD9E_8D57).multipliedFullWidth(by: x[2])
      x = SIMD4(high1 ^ x[1] ^ k0, low1, high0 ^ x[3] ^ k1, low0)
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return x
  }
}
