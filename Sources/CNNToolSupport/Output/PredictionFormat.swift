import CNNCodecs
import CNNRecognition

/// How predictions are written, a line for each picture.
public enum PredictionFormat: Sendable {
  /// Name, label and probability with tabs between; failures are told on standard error.
  case text
  /// An object a line; failures stand in their place.
  case json
  /// Comma-separated values with a heading, quoted as in RFC 4180; failures stand in their place, in the last column.
  case csv
}

/// Writes predictions in one format.
public struct PredictionLines: Sendable {
  /// The format.
  public let format: PredictionFormat
  private let reading: ReadingFormat
  private let labels: [String]

  /// Lines in `format`.
  ///
  /// - Parameters:
  ///   - reading: what is written of each picture.
  ///   - labels: the names of the classes.
  public init(_ format: PredictionFormat, _ reading: ReadingFormat, labels: [String]) {
    self.format = format
    self.reading = reading
    self.labels = labels
  }

  /// A table has a column for each class that is asked for; there are no more than there are.
  private var columnCount: Int { max(min(reading.topK, labels.count), 1) }

  /// What comes before the first line; nil for nothing.
  ///
  /// CSV has a heading: `file,label,probability`, for further classes `label2,probability2` and so on, for logits
  /// `logit` and a label each, and `error`.
  public var heading: String? {
    guard format == .csv else { return nil }
    let columns =
      ["file", "label", "probability"]
      + (columnCount > 1 ? (2...columnCount).flatMap { ["label\($0)", "probability\($0)"] } : [])
      + (reading.showsLogits ? labels.map { "logit " + $0 } : []) + ["error"]
    return Self.csv(columns)
  }

  /// The line for a picture, without a line feed.
  public func line(_ picture: PictureReading, name: String) -> String {
    switch format {
    case .text: return reading.line(picture, name: name)
    case .json: return JSONWriter.text(of: reading.json(picture, name: name))
    case .csv:
      if !picture.isLine, let digit = picture.digits.first { return line(digit.prediction, name: name) }
      let number = picture.text(confidence: reading.leastConfidence)
      return Self.csv([name, number, NumberFormat.fixed(picture.probability, 6), ""])
    }
  }

  /// The line for a prediction that no picture file led to, without a line feed.
  public func line(_ prediction: Prediction, name: String) -> String {
    switch format {
    case .text: return reading.line(prediction, name: name)
    case .json: return JSONWriter.text(of: reading.json(prediction, name: name))
    case .csv:
      // Six decimals, as in JSON.
      var fields = [name]
      for (place, (label, probability)) in prediction.top(columnCount).enumerated() {
        fields += [
          place == 0 ? prediction.label(confidence: reading.leastConfidence) : label,
          NumberFormat.fixed(probability, 6),
        ]
      }
      if reading.showsLogits { fields += prediction.logits?.map { "\($0)" } ?? labels.map { _ in "" } }
      return Self.csv(fields + [""])
    }
  }

  /// The line for a picture that has failed, without a line feed; nil where failures go to standard error.
  public func line(_ failure: ToolFailure, name: String) -> String? {
    switch format {
    case .text: return nil
    case .json:
      return JSONWriter.text(
        of: .object([.init("file", .string(name)), .init("error", .string(failure.message))]))
    case .csv:
      let columns = 2 * columnCount + (reading.showsLogits ? labels.count : 0)
      return Self.csv([name] + [String](repeating: "", count: columns) + [failure.message])
    }
  }

  /// One record: fields with commas or quotation marks stand in quotation marks, which are doubled in them. Line
  /// breaks don't occur: control characters are escaped, as in the other formats.
  static func csv(_ fields: [String]) -> String {
    fields.map { field in
      let field = field.onOneLine
      guard field.utf8.contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") }) else {
        return field
      }
      var quoted = "\""
      for scalar in field.unicodeScalars {
        if scalar == "\"" { quoted += "\"" }
        quoted.unicodeScalars.append(scalar)
      }
      return quoted + "\""
    }.joined(separator: ",")
  }
}
