/// How much a pickle may ask for before it is refused.
///
/// Together with the length of the input these bound time and memory: the reader's own tables take at most 128
/// bytes for each byte of input, and at most what these limits allow.
public struct PickleLimits: Sendable, Equatable {
  /// The greatest number of objects: every number, text, container and array counts. At most 2^31.
  public var maximumObjects: Int
  /// The greatest number of references: the depth of the stack, the size of the memo, and the members of all
  /// containers together, each on its own.
  public var maximumReferences: Int
  /// The greatest length of an integer in decimal digits; as binary it may have as many bytes as such a number
  /// needs. Converting an integer takes time in the square of its length.
  public var maximumIntegerDigits: Int

  /// Limits, each with its default where it is left out: 8 million objects, 32 million references, and integers
  /// of 4,300 digits, Python's own bound for text.
  public init(
    maximumObjects: Int = 8_000_000, maximumReferences: Int = 32_000_000, maximumIntegerDigits: Int = 4300
  ) {
    self.maximumObjects = min(max(maximumObjects, 0), 1 << 31)
    self.maximumReferences = max(maximumReferences, 0)
    self.maximumIntegerDigits = max(maximumIntegerDigits, 0)
  }

  /// The limits that hold where none are named.
  public static let `default` = PickleLimits()

  /// How many bytes an integer of `maximumIntegerDigits` takes with its sign: a digit is log2(10)/8 < 0.4153 bytes.
  var maximumIntegerBytes: Int {
    let (product, overflow) = maximumIntegerDigits.multipliedReportingOverflow(by: 4153)
    return overflow ? Int.max : product / 10000 + 1
  }
}
