/// What one network, or several together, say of the classes of N inputs: [N, classes].
///
/// One network says logits, which hold more than their probabilities: classes can still be told apart where the
/// probability of one is rounded to 1. Several networks have no logits in common, only the mean of their
/// probabilities.
public enum ClassScores: Sendable, Equatable {
  /// The raw outputs of one network.
  case logits([Float])
  /// Probabilities in 0...1; the sum of each row is 1.
  case probabilities([Double])

  /// The scores of several networks for the same inputs: the means of their probabilities.
  ///
  /// A mean is a sum in `Double`, in the networks' order, divided by their number: the same bits on any number of
  /// threads. One network's logits are kept as they are.
  ///
  /// - Parameters:
  ///   - logits: for each network, [N, classes].
  ///   - classes: how many classes there are.
  /// - Precondition: all networks have as many logits, a multiple of `classes`.
  public init(averaging logits: [[Float]], classes: Int) {
    if logits.count == 1 {
      self = .logits(logits[0])
      return
    }
    let count = logits.first?.count ?? 0
    precondition(
      logits.allSatisfy { $0.count == count }, "the networks have seen different numbers of inputs")
    var means = [Double](repeating: 0, count: count)
    for logits in logits where classes > 0 {
      for start in stride(from: 0, to: count, by: classes) {
        for (place, probability) in Softmax.probabilities(logits[start..<start + classes]).enumerated() {
          means[start + place] += probability
        }
      }
    }
    for place in means.indices { means[place] /= Double(logits.count) }
    self = .probabilities(means)
  }

  /// How many scores there are: N times the classes.
  public var count: Int {
    switch self {
    case .logits(let logits): logits.count
    case .probabilities(let probabilities): probabilities.count
    }
  }

  /// The scores at `range` alone, as those of one input.
  ///
  /// - Precondition: `range` is within 0..<count.
  public subscript(range: Range<Int>) -> ClassScores {
    switch self {
    case .logits(let logits): .logits(Array(logits[range]))
    case .probabilities(let probabilities): .probabilities(Array(probabilities[range]))
    }
  }
}
