/// How far a network's probabilities are from how often it is right.
///
/// Inputs are put into bins of equal width by the probability of the predicted class. In each the mean probability
/// should be the share of inputs that are right; the *expected calibration error* (Guo, Pleiss, Sun and Weinberger
/// 2017) is the mean of the differences, weighted by the inputs in the bins.
public struct Calibration: Sendable, Equatable {
  /// One bin.
  public struct Bin: Sendable, Equatable {
    /// How many inputs are in it.
    public fileprivate(set) var count = 0
    /// How many of them are right.
    public fileprivate(set) var correct = 0
    /// The sum of their probabilities.
    public fileprivate(set) var probabilitySum = 0.0
  }

  /// The bins; that at k holds probabilities p with k < p * count <= k + 1, the first also 0.
  public private(set) var bins: [Bin]
  /// How many inputs had a probability that is no number.
  public private(set) var undefinedCount = 0

  /// Bins for nothing yet.
  ///
  /// - Precondition: at least one bin.
  public init(binCount: Int = 15) {
    precondition(binCount > 0, "no bins")
    bins = [Bin](repeating: Bin(), count: binCount)
  }

  /// Counts an input in.
  ///
  /// - Parameter probability: of the predicted class, in 0...1; values beyond count as the nearest.
  public mutating func add(probability: Double, isCorrect: Bool) {
    guard !probability.isNaN else {
      undefinedCount += 1
      return
    }
    let place = (min(max(probability, 0), 1) * Double(bins.count)).rounded(.up)
    let index = max(Int(place) - 1, 0)
    bins[index].count += 1
    bins[index].correct += isCorrect ? 1 : 0
    bins[index].probabilitySum += probability
  }

  /// The expected calibration error, in 0...1; NaN for no inputs, or where a probability is no number.
  public var expectedError: Double {
    guard undefinedCount == 0 else { return .nan }
    let total = bins.reduce(0) { $0 + $1.count }
    return bins.reduce(0) { $0 + abs($1.probabilitySum - Double($1.correct)) } / Double(total)
  }
}
