import CNNCodecs

/// What many numbers have in common: how many, how large, how spread.
public struct ValueSummary: Sendable, Equatable {
  /// How many numbers there are, those that are not finite included.
  public private(set) var count = 0
  /// How many are infinite or no number; all that follows is about the others.
  public private(set) var notFiniteCount = 0
  /// How many are exactly 0.
  public private(set) var zeroCount = 0
  /// The least; infinity for none.
  public private(set) var least = Double.infinity
  /// The greatest; minus infinity for none.
  public private(set) var greatest = -Double.infinity
  private var sum = 0.0
  private var squareSum = 0.0

  /// A summary of nothing yet.
  public init() {}

  /// A summary of `values`.
  public init(_ values: some Sequence<Float>) { add(values) }

  /// Counts numbers in.
  public mutating func add(_ values: some Sequence<Float>) {
    for value in values {
      count += 1
      guard value.isFinite else {
        notFiniteCount += 1
        continue
      }
      if value == 0 { zeroCount += 1 }
      let number = Double(value)
      least = min(least, number)
      greatest = max(greatest, number)
      sum += number
      squareSum += number * number
    }
  }

  private var finiteCount: Double { Double(count - notFiniteCount) }

  /// The mean; NaN for none.
  public var mean: Double { sum / finiteCount }

  /// The standard deviation of these numbers themselves, divided by their count; NaN for none.
  public var deviation: Double { max(squareSum / finiteCount - mean * mean, 0).squareRoot() }

  /// The share that is exactly 0, in 0...1; NaN for none.
  public var zeroShare: Double { Double(zeroCount) / finiteCount }

  /// The range in which nearly all of the numbers lie: six deviations around the mean, and nothing beyond the least
  /// and the greatest. Nil where no number is finite.
  public var usualRange: ClosedRange<Double>? {
    guard least <= greatest else { return nil }
    let low = max(least, mean - 6 * deviation)
    let high = min(greatest, mean + 6 * deviation)
    return min(low, high)...max(low, high)
  }

  /// The summary as members: `count`, `not_finite`, `zeros`, `least`, `greatest`, `mean`, `deviation`.
  var members: [JSONValue.Member] {
    [
      .init("count", .integer(count)), .init("not_finite", .integer(notFiniteCount)),
      .init("zeros", .integer(zeroCount)), .init("least", .number(least)),
      .init("greatest", .number(greatest)), .init("mean", .number(mean)),
      .init("deviation", .number(deviation)),
    ]
  }
}
