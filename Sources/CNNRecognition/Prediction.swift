import CNNEngine

/// What a network says about one picture.
public struct Prediction: Sendable, Equatable {
  /// The network's raw outputs, one for each class.
  public let logits: [Float]
  /// The softmax of the logits.
  public let probabilities: [Double]
  /// The names of the classes.
  public let labels: [String]

  /// Creates a prediction; classes without a name are called by their number.
  public init(logits: [Float], labels: [String]) {
    self.logits = logits
    self.labels = labels.count == logits.count ? labels : logits.indices.map(String.init)
    probabilities = Softmax.probabilities(logits)
  }

  /// The index of the most probable class; among equals the first.
  public var index: Int { Softmax.mostProbable(logits) }

  /// The name of the most probable class.
  public var label: String { labels.isEmpty ? "" : labels[index] }

  /// The probability of the most probable class, in 0...1.
  public var probability: Double { probabilities.isEmpty ? 0 : probabilities[index] }

  /// The `count` most probable classes, most probable first; among equals by their place. Logits that are NaN come
  /// last.
  public func top(_ count: Int) -> [(label: String, probability: Double)] {
    logits.indices
      .sorted { one, other in
        let (first, second) = (logits[one], logits[other])
        if first == second || (first.isNaN && second.isNaN) { return one < other }
        return second.isNaN || first > second
      }
      .prefix(max(count, 0))
      .map { (labels[$0], probabilities[$0]) }
  }
}
