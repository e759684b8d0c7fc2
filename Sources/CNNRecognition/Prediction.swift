import CNNEngine

/// What a network, or an ensemble of networks, says about one picture.
public struct Prediction: Sendable, Equatable {
  /// What the classes are ranked by: one network's logits, or an ensemble's probabilities.
  public let scores: ClassScores
  /// The softmax of the logits, or its mean over the networks of an ensemble.
  public let probabilities: [Double]
  /// The names of the classes.
  public let labels: [String]

  /// Creates a network's prediction; classes without a name are called by their number.
  public init(logits: [Float], labels: [String]) {
    self.init(.logits(logits), labels: labels)
  }

  /// Creates a prediction from the scores of one picture; classes without a name are called by their number.
  public init(_ scores: ClassScores, labels: [String]) {
    self.scores = scores
    self.labels = Self.names(labels, classes: scores.count)
    switch scores {
    case .logits(let logits): probabilities = Softmax.probabilities(logits)
    case .probabilities(let mean): probabilities = mean
    }
  }

  /// Predictions from the scores of many pictures.
  static func all(_ scores: ClassScores, classes: Int, labels: [String]) -> [Prediction] {
    guard classes > 0 else { return [] }
    return stride(from: 0, to: scores.count, by: classes).map {
      Prediction(scores[$0..<$0 + classes], labels: labels)
    }
  }

  /// Names for all classes: those given, or numbers where there are not as many.
  static func names(_ labels: [String], classes: Int) -> [String] {
    labels.count == classes ? labels : (0..<classes).map(String.init)
  }

  /// The network's raw outputs, one for each class; nil for an ensemble, whose networks have none in common.
  public var logits: [Float]? {
    if case .logits(let logits) = scores { logits } else { nil }
  }

  /// The index of the most probable class; among equals the first.
  public var index: Int {
    switch scores {
    case .logits(let logits): Softmax.mostProbable(logits)
    case .probabilities(let probabilities): Softmax.mostProbable(probabilities)
    }
  }

  /// The name of the most probable class.
  public var label: String { labels.isEmpty ? "" : labels[index] }

  /// The probability of the most probable class, in 0...1.
  public var probability: Double { probabilities.isEmpty ? 0 : probabilities[index] }

  /// The `count` most probable classes, most probable first; among equals by their place. Scores that are NaN come
  /// last.
  public func top(_ count: Int) -> [(label: String, probability: Double)] {
    let ranking =
      switch scores {
      case .logits(let logits): Self.ranking(logits)
      case .probabilities(let probabilities): Self.ranking(probabilities)
      }
    return ranking.prefix(max(count, 0)).map { (labels[$0], probabilities[$0]) }
  }

  private static func ranking(_ scores: [some BinaryFloatingPoint]) -> [Int] {
    scores.indices.sorted { one, other in
      let (first, second) = (scores[one], scores[other])
      if first == second || (first.isNaN && second.isNaN) { return one < other }
      return second.isNaN || first > second
    }
  }
}
