/// How often inputs of each class were taken for each class.
public struct ConfusionMatrix: Sendable, Equatable {
  /// How many classes there are.
  public let classCount: Int
  /// The counts: [true class, predicted class].
  public private(set) var counts: [Int]
  /// How many inputs were of a class that the network does not have.
  public private(set) var unknownCount = 0

  /// A matrix of nothing yet.
  public init(classCount: Int) {
    self.classCount = classCount
    counts = [Int](repeating: 0, count: classCount * classCount)
  }

  /// Counts an input in.
  ///
  /// - Parameter truth: its true class; one beyond the classes counts as unknown.
  /// - Precondition: `prediction` is a class.
  public mutating func add(truth: Int, prediction: Int) {
    precondition((0..<classCount).contains(prediction), "class \(prediction) of \(classCount)")
    guard (0..<classCount).contains(truth) else {
      unknownCount += 1
      return
    }
    counts[truth * classCount + prediction] += 1
  }

  /// How many inputs of class `truth` were taken for class `prediction`.
  ///
  /// - Precondition: both are classes.
  public subscript(truth: Int, prediction: Int) -> Int { counts[truth * classCount + prediction] }

  /// How many inputs were of a class.
  public func count(of truth: Int) -> Int { (0..<classCount).reduce(0) { $0 + self[truth, $1] } }

  /// Of the inputs that were taken for a class, the share that were of it; NaN for none.
  public func precision(of prediction: Int) -> Double {
    Double(self[prediction, prediction])
      / Double((0..<classCount).reduce(0) { $0 + self[$1, prediction] })
  }

  /// Of the inputs of a class, the share that were taken for it; NaN for none.
  public func recall(of truth: Int) -> Double { Double(self[truth, truth]) / Double(count(of: truth)) }

  /// The harmonic mean of precision and recall, 2 right / (of the class + taken for it); NaN where both are none.
  public func f1(of label: Int) -> Double {
    let taken = (0..<classCount).reduce(0) { $0 + self[$1, label] }
    return 2 * Double(self[label, label]) / Double(count(of: label) + taken)
  }
}
