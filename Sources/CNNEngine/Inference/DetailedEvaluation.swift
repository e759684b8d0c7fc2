/// An evaluation with all that it can tell: which classes are taken for which, and how honest probabilities are.
public struct DetailedEvaluation: Sendable, Equatable {
  /// Accuracy, loss, interval.
  public private(set) var summary = Evaluation()
  /// Which classes are taken for which.
  public private(set) var confusion: ConfusionMatrix
  /// How honest the probabilities are.
  public private(set) var calibration = Calibration()

  /// An evaluation of nothing yet.
  public init(classCount: Int) {
    confusion = ConfusionMatrix(classCount: classCount)
  }

  /// Counts an input in.
  ///
  /// - Parameters:
  ///   - scores: one for each class.
  ///   - label: the true class; one beyond the classes is counted as wrong, with infinite loss.
  public mutating func add(_ scores: ClassScores, label: Int) {
    let classes = confusion.classCount
    guard classes > 0, scores.count == classes else { return }
    summary.add(scores, classes: classes, labels: CollectionOfOne(label))
    let prediction: Int
    let probability: Double
    switch scores {
    case .logits(let logits):
      prediction = Softmax.mostProbable(logits)
      probability = Softmax.probabilities(logits)[prediction]
    case .probabilities(let probabilities):
      prediction = Softmax.mostProbable(probabilities)
      probability = probabilities[prediction]
    }
    confusion.add(truth: label, prediction: prediction)
    calibration.add(probability: probability, isCorrect: prediction == label)
  }
}
