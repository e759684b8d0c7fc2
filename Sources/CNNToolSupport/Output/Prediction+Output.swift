import CNNCodecs
import CNNEngine
import CNNRecognition

extension Prediction {
  /// The prediction as a line of tab-separated text without a line feed: the input's name, then label and
  /// probability of the most probable classes, then, if asked for, all logits, which an ensemble doesn't have.
  /// Control characters are escaped. The first label is "?" if its probability is below `leastConfidence`.
  func line(for name: String, topK: Int, showsLogits: Bool, leastConfidence: Double) -> String {
    var fields = [name.onOneLine]
    for (place, (label, probability)) in top(topK).enumerated() {
      fields.append(place == 0 ? self.label(confidence: leastConfidence).onOneLine : label.onOneLine)
      fields.append(NumberFormat.fixed(probability, 4))
    }
    if showsLogits, let logits { fields += logits.map { "\($0)" } }
    return fields.joined(separator: "\t")
  }

  /// The prediction as members of an object: `label`, `probability`, with more than one class asked for `top`, and
  /// if asked for `logits`, which an ensemble doesn't have. Probabilities have six decimals.
  func members(topK: Int, showsLogits: Bool, leastConfidence: Double) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init("label", .string(label(confidence: leastConfidence))),
      .init("probability", .number(Self.rounded(probability))),
    ]
    if topK > 1 {
      members.append(
        .init(
          "top",
          .array(
            top(topK).map {
              .object([
                .init("label", .string($0.label)),
                .init("probability", .number(Self.rounded($0.probability))),
              ])
            })))
    }
    if showsLogits, let logits {
      members.append(.init("logits", .array(logits.map { .number(Double("\($0)") ?? Double($0)) })))
    }
    return members
  }

  /// A probability to six decimals, which is more than it is good for and the same on every processor.
  static func rounded(_ probability: Double) -> Double {
    (probability * 1e6).rounded() / 1e6
  }
}

extension Evaluation {
  /// The evaluation as text: accuracy, loss, and the accuracy's 95 % interval, a line each.
  public var text: String {
    """
    accuracy \(NumberFormat.fixed(accuracy, 4)) (\(correct)/\(total))
    loss \(NumberFormat.fixed(loss, 4))
    95% interval \(NumberFormat.fixed(interval.lowerBound, 4)) to \(NumberFormat.fixed(interval.upperBound, 4))

    """
  }
}
