import CNNEngine

/// Why two models cannot be averaged.
public struct EnsembleMismatch: Error, Equatable, Sendable, CustomStringConvertible {
  /// What differs, first in the first member.
  public enum Difference: Equatable, Sendable {
    /// The sizes of the pictures that the networks take: height, width.
    case inputSize([Int], [Int])
    /// The numbers of classes.
    case classCount(Int, Int)
    /// The names of the class at `index`, counted from 0.
    case label(index: Int, String, String)

    /// What differs first, or nil if the two can be averaged.
    init?(between first: DigitRecognizer, and other: DigitRecognizer) {
      let sizes = (first.inputSize, other.inputSize)
      let classes = (first.session.plan.outputCount, other.session.plan.outputCount)
      if sizes.0 != sizes.1 {
        self = .inputSize([sizes.0.height, sizes.0.width], [sizes.1.height, sizes.1.width])
      } else if classes.0 != classes.1 {
        self = .classCount(classes.0, classes.1)
      } else {
        let names = (
          Prediction.names(first.labels, classes: classes.0),
          Prediction.names(other.labels, classes: classes.1)
        )
        guard let index = names.0.indices.first(where: { names.0[$0] != names.1[$0] }) else { return nil }
        self = .label(index: index, names.0[index], names.1[index])
      }
    }
  }

  /// The index of the model that differs from the first, counted from 0.
  public let member: Int
  /// In what it differs.
  public let difference: Difference

  /// Creates a mismatch.
  public init(member: Int, difference: Difference) {
    self.member = member
    self.difference = difference
  }

  /// What differs, as one sentence about the member: `the model takes pictures of 4x3, and FIRST of 28x28; ...`.
  ///
  /// - Parameter first: what the first model is called: its file.
  public func explanation(first: String) -> String {
    switch difference {
    case .inputSize(let size, let other):
      "the model takes pictures of \(other[0])x\(other[1]), and \(first) takes \(size[0])x\(size[1]); models that are "
        + "averaged must take the same pictures"
    case .classCount(let count, let other):
      "the model has \(other) classes, and \(first) has \(count); models that are averaged must have the same classes"
    case .label(let index, let name, let other):
      "output \(index) stands for '\(other)', and in \(first) for '\(name)'; models that are averaged must have the "
        + "same labels in the same order"
    }
  }

  /// One sentence.
  public var description: String { "model \(member + 1): " + explanation(first: "model 1") }
}
