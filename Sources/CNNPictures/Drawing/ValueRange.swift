/// From which number to which a scale of greys or colours goes.
public struct ValueRange: Sendable, Equatable {
  /// The least number.
  public let least: Double
  /// The greatest number, not less than the least.
  public let greatest: Double

  /// From `least` to `greatest`; nil unless both are finite and in order.
  public init?(least: Double, greatest: Double) {
    guard least.isFinite, greatest.isFinite, least <= greatest else { return nil }
    self.least = least
    self.greatest = greatest
  }

  /// From the least to the greatest of `values`; nil if there are none, or if one is infinite or NaN.
  public init?(_ values: some Collection<Float>) {
    guard var least = values.first else { return nil }
    var greatest = least
    for value in values {
      guard value.isFinite else { return nil }
      least = min(least, value)
      greatest = max(greatest, value)
    }
    self.least = Double(least)
    self.greatest = Double(greatest)
  }

  /// The greatest distance of either end from 0.
  public var greatestMagnitude: Double { max(abs(least), abs(greatest)) }

  /// The smallest range around this one that has 0 in its middle.
  public var symmetric: ValueRange {
    ValueRange(checkedLeast: -greatestMagnitude, greatest: greatestMagnitude)
  }

  /// The smallest range that contains both: what two models, or all filters of a layer, have in common.
  public func union(_ other: ValueRange) -> ValueRange {
    ValueRange(checkedLeast: min(least, other.least), greatest: max(greatest, other.greatest))
  }

  private init(checkedLeast: Double, greatest: Double) {
    least = checkedLeast
    self.greatest = greatest
  }
}
