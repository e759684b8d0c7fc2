import CNNPictures

/// What a recognizer reads in one digit's picture.
public struct DigitReading: Sendable {
  /// What the models say.
  public let prediction: Prediction
  /// What each model saw.
  public let prepared: [PreparedPicture]

  /// Creates a reading.
  public init(prediction: Prediction, prepared: [PreparedPicture]) {
    self.prediction = prediction
    self.prepared = prepared
  }

  /// What normalisation did for the first model; nil where the picture was only scaled.
  public var report: NormalizationReport? { prepared.first?.report }
}

/// What a recognizer reads in a picture of one digit, or of a line of them.
public struct PictureReading: Sendable {
  /// The digits in reading order; exactly one unless a line was read.
  public let digits: [DigitReading]
  /// Whether the picture was read as a line.
  public let isLine: Bool

  /// The reading of a single digit.
  public init(_ digit: DigitReading) {
    digits = [digit]
    isLine = false
  }

  /// The reading of a line.
  public init(line: [DigitReading]) {
    digits = line
    isLine = true
  }

  /// The labels one after another; "?" for each digit whose probability is below `confidence`.
  public func text(confidence: Double = 0) -> String {
    digits.map { $0.prediction.label(confidence: confidence) }.joined()
  }

  /// The probability that all digits are right, if the models' confidences are independent: their product.
  public var probability: Double { digits.reduce(1) { $0 * $1.prediction.probability } }
}

extension Prediction {
  /// The name of the most probable class, or "?" if its probability is below `confidence` or no number.
  public func label(confidence: Double) -> String { probability >= confidence ? label : "?" }

  /// By how much the most probable class leads the next; 1 if there is only one class, 0 if any is not a number.
  public var margin: Double {
    let two = top(2).map(\.probability)
    guard let first = two.first else { return 0 }
    let lead = two.count > 1 ? first - two[1] : first
    return lead.isFinite ? lead : 0
  }
}
