#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What random numbers are for. Streams for different purposes never share a number.
public enum RandomPurpose: UInt32, Sendable {
  /// The first values of the parameters.
  case initialization = 1
  /// The order of the examples in an epoch.
  case order = 2
  /// The distortions of a picture.
  case augmentation = 3
  /// The values that dropout drops.
  case dropout = 4
  /// Which examples are held back for validation, or kept when only some for each class are wanted.
  case selection = 5
  /// Where the search for the input that excites a unit most begins, and how it is shaken on its way.
  case maximization = 6
}

/// Random numbers for one use: a function of the seed, the purpose and three indices.
///
/// The same arguments give the same numbers, whatever else is or was drawn, in whatever order and on whatever thread.
public struct RandomStream: Sendable {
  private let philox: Philox
  /// The counter's words 1 to 3; word 0 counts blocks.
  private let place: SIMD4<UInt32>
  private var block = SIMD4<UInt32>()
  private var used = 4
  private var nextBlock: UInt32 = 0

  /// The stream for `purpose`.
  ///
  /// - Parameters:
  ///   - seed: the run's seed.
  ///   - layer: the layer or parameter that the numbers are for, below 2^16.
  ///   - step: the optimiser's step, the epoch, or 0, below 2^40.
  ///   - image: the example that the numbers are for, or 0, below 2^32.
  public init(seed: UInt64, purpose: RandomPurpose, layer: Int = 0, step: Int = 0, image: Int = 0) {
    // The purpose goes into the key and the rest into the counter, so that no two uses meet.
    philox = Philox(key: seed &+ UInt64(purpose.rawValue) &* 0x9E37_79B9_7F4A_7C15)
    let high = UInt32(truncatingIfNeeded: step >> 32) << 16 | UInt32(truncatingIfNeeded: layer) & 0xFFFF
    place = SIMD4(0, UInt32(truncatingIfNeeded: image), UInt32(truncatingIfNeeded: step), high)
  }

  /// The next 32 random bits.
  public mutating func next() -> UInt32 {
    if used == 4 {
      block = philox.block(SIMD4(nextBlock, place[1], place[2], place[3]))
      nextBlock &+= 1
      used = 0
    }
    defer { used += 1 }
    return block[used]
  }

  /// A number in 0..<1, one of 2^24 equally likely ones.
  public mutating func uniform() -> Float {
    Float(next() >> 8) * 0x1p-24
  }

  /// A number in `range`, uniformly distributed; the upper bound may be met by rounding.
  public mutating func uniform(_ range: ClosedRange<Float>) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// A whole number in 0..<`bound`, each equally likely (Lemire's method). `bound` is positive.
  public mutating func integer(below bound: UInt32) -> UInt32 {
    while true {
      let (high, low) = next().multipliedFullWidth(by: bound)
      if low >= bound || low >= (0 &- bound) % bound { return high }
    }
  }

  /// A number from the standard normal distribution (Box and Muller's transform, one of its two numbers).
  public mutating func normal() -> Float {
    let radius = (-2 * log((Double(next()) + 1) * 0x1p-32)).squareRoot()
    return Float(radius * cos(2 * .pi * Double(next()) * 0x1p-32))
  }

  /// Puts `items` into a random order, each equally likely (Fisher and Yates).
  public mutating func shuffle<T>(_ items: inout [T]) {
    for last in stride(from: items.count - 1, to: 0, by: -1) {
      items.swapAt(last, Int(integer(below: UInt32(last + 1))))
    }
  }
}
