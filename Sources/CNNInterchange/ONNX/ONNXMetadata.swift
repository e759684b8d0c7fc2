import CNNCodecs
import CNNModelFile

/// What ONNX has no place for, as canonical JSON in a model's `metadata_props`.
enum ONNXMetadata {
  static let labelsKey = "cnn.labels"
  static let preprocessingKey = "cnn.preprocess"

  /// The properties of a model with these labels and this preprocessing, in order of their keys.
  static func properties(labels: [String], preprocessing: Preprocessing) throws(JSONWriter.WriteError)
    -> [ONNXModel.Property]
  {
    let labels = JSONValue.array(labels.map { .string($0) })
    return [
      .init(key: labelsKey, value: try text(labels)),
      .init(key: preprocessingKey, value: try text(preprocessing.json)),
    ]
  }

  /// The names of `count` classes, or nil where the file has none.
  static func labels(in properties: [ONNXModel.Property], count: Int) throws(ONNXImportError) -> [String]? {
    try value(of: labelsKey, in: properties) { node throws(JSONContentError) in
      let labels = try node.elements().map { label throws(JSONContentError) in try label.string() }
      guard labels.count == count else {
        throw node.error("has \(labels.count) names, and the network has \(count) outputs")
      }
      return labels
    }
  }

  /// The preprocessing, or nil where the file says nothing of it.
  static func preprocessing(in properties: [ONNXModel.Property]) throws(ONNXImportError) -> Preprocessing? {
    try value(of: preprocessingKey, in: properties) { node throws(JSONContentError) in
      Preprocessing(
        divisor: try number("divisor", of: node, isPositive: true),
        mean: try number("mean", of: node, isPositive: false),
        deviation: try number("deviation", of: node, isPositive: true),
        polarity: try choice("polarity", of: node), normalization: try choice("normalization", of: node))
    }
  }

  private static func text(_ value: JSONValue) throws(JSONWriter.WriteError) -> String {
    String(decoding: try JSONWriter.canonicalBytes(of: value), as: UTF8.self)
  }

  private static func value<Value>(
    of key: String, in properties: [ONNXModel.Property],
    _ read: (JSONNode) throws(JSONContentError) -> Value
  ) throws(ONNXImportError) -> Value? {
    guard let property = properties.first(where: { $0.key.isExactly(key) }) else { return nil }
    let value: JSONValue
    do { value = try JSONReader.read(Array(property.value.utf8)) } catch {
      throw .metadata(key: key, problem: "is no JSON: \(error)")
    }
    do { return try read(JSONNode(value)) } catch {
      throw .metadata(key: key, problem: "cannot be understood: \(error.reason)")
    }
  }

  private static func number(_ name: String, of node: JSONNode, isPositive: Bool) throws(JSONContentError)
    -> Double
  {
    let member = try node.member(name)
    let value = try member.number()
    guard value.isFinite, value > 0 || !isPositive else {
      throw member.error("should be \(isPositive ? "greater than 0" : "finite"), and is \(value)")
    }
    return value
  }

  private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, of node: JSONNode
  ) throws(JSONContentError) -> Choice {
    let member = try node.member(name)
    let text = try member.string()
    guard let choice = Choice.allCases.first(where: { $0.rawValue.isExactly(text) }) else {
      throw member.error(
        "should be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", ")), and is \(text.quotedForMessage)"
      )
    }
    return choice
  }
}
