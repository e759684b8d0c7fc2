#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What training makes small: how far the logits of a batch are from its labels.
///
/// Definitions are PyTorch's with their default reduction, the mean.
public enum Loss: Sendable, Equatable, CustomStringConvertible {
  /// The cross-entropy between the softmax of the logits and the labels: `CrossEntropyLoss(label_smoothing=)`.
  ///
  /// With a smoothing of s the wanted distribution over K classes is (1 - s) for the label plus s / K for each class;
  /// s is from 0 to 1.
  case softmaxCrossEntropy(labelSmoothing: Double = 0)
  /// The mean over batch and classes of the squares of logit - wanted, where 1 is wanted for the label and 0 for the
  /// other classes: `MSELoss` against one-hot labels.
  case meanSquaredError

  /// The losses and gradients of some rows of a batch.
  ///
  /// The loss of the batch is the sum of `losses` over all its rows, divided by `batchSize`; adding them up in order
  /// gives the same bits however the rows were shared out. A row's results depend on that row alone. Softmax, logarithm
  /// and squares are computed in `Double`, from the greatest logit down, so that finite logits never overflow. A NaN
  /// in a row makes its loss and gradient NaN, and so does a logit of plus infinity.
  ///
  /// - Parameters:
  ///   - logits: [batchSize, classes].
  ///   - labels: [batchSize].
  ///   - rows: the rows to look at; nothing is read or written outside them.
  ///   - classes: how many logits a row has.
  ///   - batchSize: what gradients are divided by, at least 1.
  ///   - gradient: room for [batchSize, classes]: the derivatives of the batch's mean loss; nil if not wanted. Not
  ///     the same memory as `logits`.
  ///   - losses: room for [batchSize]: the loss of each row, in nats for cross-entropy.
  ///   - isCorrect: room for [batchSize]: whether the label's logit is the greatest; among equals the first counts.
  ///     False in a row with a NaN.
  /// - Precondition: the labels are in 0..<classes.
  public func evaluate(
    logits: UnsafePointer<Float>, labels: UnsafePointer<Int>, rows: Range<Int>, classes: Int, batchSize: Int,
    gradient: UnsafeMutablePointer<Float>?, losses: UnsafeMutablePointer<Double>,
    isCorrect: UnsafeMutablePointer<Bool>
  ) {
    for row in rows {
      let label = labels[row]
      precondition(label >= 0 && label < classes, "label \(label) of row \(row) is not below \(classes)")
      let rowLogits = logits + row * classes
      let rowGradient = gradient.map { $0 + row * classes }
      let best = Self.indexOfGreatest(rowLogits, count: classes)
      switch self {
      case .softmaxCrossEntropy(let smoothing):
        losses[row] = Self.crossEntropy(
          rowLogits, count: classes, label: label, greatest: Double(rowLogits[best]), smoothing: smoothing,
          batchSize: batchSize, gradient: rowGradient)
      case .meanSquaredError:
        losses[row] = Self.squaredError(
          rowLogits, count: classes, label: label, batchSize: batchSize, gradient: rowGradient)
      }
      isCorrect[row] = best == label && !losses[row].isNaN
    }
  }

  /// Among equals the first; a NaN in the first place stays, so that it spreads from there.
  private static func indexOfGreatest(_ logits: UnsafePointer<Float>, count: Int) -> Int {
    var best = 0
    for index in 1..<max(count, 1) where logits[index] > logits[best] { best = index }
    return best
  }

  private static func crossEntropy(
    _ logits: UnsafePointer<Float>, count: Int, label: Int, greatest: Double, smoothing: Double,
    batchSize: Int,
    gradient: UnsafeMutablePointer<Float>?
  ) -> Double {
    var sum = 0.0
    for index in 0..<count { sum += exp(Double(logits[index]) - greatest) }
    let logSum = log(sum)
    let share = smoothing / Double(count)

    // Each logit's distance from the greatest first: adding a small logarithm to a huge logit would lose it.
    var loss = greatest - Double(logits[label]) + logSum
    if smoothing > 0 {
      var total = 0.0
      for index in 0..<count { total += greatest - Double(logits[index]) + logSum }
      // Not scaled to nothing first: 0 times an infinite loss would be NaN.
      loss = (smoothing < 1 ? (1 - smoothing) * loss : 0) + share * total
    }
    if let gradient {
      for index in 0..<count {
        let wanted = share + (index == label ? 1 - smoothing : 0)
        let probability = exp(Double(logits[index]) - greatest) / sum
        gradient[index] = Float((probability - wanted) / Double(batchSize))
      }
    }
    return loss
  }

  private static func squaredError(
    _ logits: UnsafePointer<Float>, count: Int, label: Int, batchSize: Int,
    gradient: UnsafeMutablePointer<Float>?
  ) -> Double {
    var sum = 0.0
    for index in 0..<count {
      let difference = Double(logits[index]) - (index == label ? 1 : 0)
      sum += difference * difference
      gradient?[index] = Float(2 * difference / (Double(batchSize) * Double(count)))
    }
    return sum / Double(count)
  }
}

extension Loss {
  /// What `init(parsing:)` understands.
  public static let understood = "cross-entropy, cross-entropy:SMOOTHING, mean-squared-error"

  /// The loss that is written as `cross-entropy`, `cross-entropy:0.1` (label smoothing) or `mean-squared-error`.
  ///
  /// - Throws: `TrainingOptionError` that says what is understood.
  public init(parsing text: String) throws(TrainingOptionError) {
    var reader = TrainingOptionReader(text, option: "loss", understood: Self.understood)
    switch reader.name {
    case "cross-entropy":
      self = .softmaxCrossEntropy(
        labelSmoothing: try reader.number("SMOOTHING", default: 0, in: 0...1, "from 0 to 1"))
    case "mean-squared-error": self = .meanSquaredError
    default: throw reader.unknownName()
    }
    try reader.finish()
  }

  /// The text that `init(parsing:)` takes.
  public var description: String {
    switch self {
    case .softmaxCrossEntropy(let smoothing): TrainingOptionReader.text("cross-entropy", [(smoothing, 0)])
    case .meanSquaredError: "mean-squared-error"
    }
  }
}
