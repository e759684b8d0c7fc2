import CNNModelFile

/// What the user says of a network's input: each number stands instead of the file's own, and what is left out stays.
public struct PreprocessingOptions: Sendable, Equatable {
  /// What pixels are divided by first.
  public var divisor: Double?
  /// What is subtracted then.
  public var mean: Double?
  /// What is divided by last.
  public var deviation: Double?

  /// Creates what is known; nil for all that is not.
  public init(divisor: Double? = nil, mean: Double? = nil, deviation: Double? = nil) {
    self.divisor = divisor
    self.mean = mean
    self.deviation = deviation
  }

  /// A preprocessing, the file's own or the one that its kind implies, with what is given.
  func applied(to preprocessing: Preprocessing) -> Preprocessing {
    var result = preprocessing
    if let divisor { result.divisor = divisor }
    if let mean { result.mean = mean }
    if let deviation { result.deviation = deviation }
    return result
  }
}
