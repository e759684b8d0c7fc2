import CNNCodecs
import CNNPictures
import CNNRecognition

/// What is printed for a picture.
public struct ReadingFormat: Sendable {
  /// How many classes are printed.
  public var topK = 1
  /// Whether raw outputs are printed too.
  public var showsLogits = false
  /// Digits with less probability are printed as "?".
  public var leastConfidence = 0.0

  /// Creates a format.
  public init(topK: Int = 1, showsLogits: Bool = false, leastConfidence: Double = 0) {
    self.topK = topK
    self.showsLogits = showsLogits
    self.leastConfidence = leastConfidence
  }

  /// A reading as a line of tab-separated text without a line feed: name, label and probability, and what else was
  /// asked for; of a line of digits name, number and probability.
  public func line(_ reading: PictureReading, name: String) -> String {
    guard reading.isLine else {
      return reading.digits.first.map { line($0.prediction, name: name) } ?? name.onOneLine
    }
    let text = reading.text(confidence: leastConfidence)
    return [name.onOneLine, text.onOneLine, NumberFormat.fixed(reading.probability, 4)].joined(
      separator: "\t")
  }

  /// A prediction as a line of tab-separated text without a line feed.
  public func line(_ prediction: Prediction, name: String) -> String {
    prediction.line(for: name, topK: topK, showsLogits: showsLogits, leastConfidence: leastConfidence)
  }

  /// A reading as an object: for one digit what a prediction has and `normalization`; for a line `file`, `number`,
  /// `probability` and `digits`, an object each, whose `normalization` has the `box` (x, y, width, height in the
  /// picture's pixels).
  public func json(_ reading: PictureReading, name: String) -> JSONValue {
    if !reading.isLine, let digit = reading.digits.first {
      return .object([.init("file", .string(name))] + members(digit))
    }
    return .object([
      .init("file", .string(name)),
      .init("number", .string(reading.text(confidence: leastConfidence))),
      .init("probability", .number(Prediction.rounded(reading.probability))),
      .init("digits", .array(reading.digits.map { .object(members($0)) })),
    ])
  }

  /// A prediction as an object: `file`, `label`, `probability`, `top` where more than one class was asked for, `logits`
  /// where asked for, `probabilities` of all classes in the model's order, `margin`, and `normalization`, which is null.
  public func json(_ prediction: Prediction, name: String) -> JSONValue {
    .object([.init("file", .string(name))] + members(prediction) + [.init("normalization", .null)])
  }

  private func members(_ digit: DigitReading) -> [JSONValue.Member] {
    members(digit.prediction) + [.init("normalization", digit.report?.json ?? .null)]
  }

  private func members(_ prediction: Prediction) -> [JSONValue.Member] {
    prediction.members(topK: topK, showsLogits: showsLogits, leastConfidence: leastConfidence) + [
      .init("probabilities", .array(prediction.probabilities.map { .number(Prediction.rounded($0)) })),
      .init("margin", .number(Prediction.rounded(prediction.margin))),
    ]
  }
}

extension NormalizationReport {
  /// The report as an object: `unchanged`, `inverted`, `reduction`, `light`, `noise`, `dropped`, `box`, `scale`, `angle`.
  var json: JSONValue {
    func rounded(_ value: Double) -> JSONValue { .number((value * 1e4).rounded() / 1e4) }
    return .object([
      .init("unchanged", .bool(isUnchanged)), .init("inverted", .bool(isInverted)),
      .init("reduction", .number(Double(reduction))), .init("light", .bool(removedLight)),
      .init("noise", rounded(noise)), .init("dropped", .number(Double(droppedSpecks))),
      .init("box", .array([box.x, box.y, box.width, box.height].map { .number(Double($0)) })),
      .init("scale", rounded(scale)), .init("angle", angle.map(rounded) ?? .null),
    ])
  }
}
