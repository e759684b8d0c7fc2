import CNNCodecs

/// The weights of a network of sigmoid layers as `network2.py` of *Neural Networks and Deep Learning* saves them: a
/// JSON object with `sizes`, `weights`, `biases` and `cost`.
///
/// `formats/network2.md` says what is read.
public struct Network2: Sendable {
  /// The widths of all layers, the input's first.
  public let sizes: [Int]
  /// For each layer but the input its weights, (out, in), and biases, (out, 1), as float64.
  public let layers: [(weights: NumericArray, biases: NumericArray)]
  /// The name of the cost that was trained for, if it is there; it changes no answer.
  public let cost: String?

  /// The most bytes of a file: 64 MiB, some three million weights.
  public static let maximumByteCount = 64 << 20
  /// An object, the list of layers, a layer, a row; a little more, so that other things are not called too deep.
  private static let maximumDepth = 8

  /// Whether a file that begins with `prefix` is a JSON object, white space in front of it left out.
  static func looksLikeJSON(prefix: [UInt8]) -> Bool {
    prefix.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "{")
  }

  /// Reads a file.
  ///
  /// - Throws: `JSONError` or `JSONContentError`; `InterchangeError` for an object without the three members.
  public init(parsing bytes: [UInt8]) throws {
    let root = JSONNode(try JSONReader.read(bytes, maximumDepth: Self.maximumDepth))
    guard let sizes = try root.optionalMember("sizes"), let weights = try root.optionalMember("weights"),
      let biases = try root.optionalMember("biases")
    else {
      throw InterchangeError.notUsable(
        "a JSON file without the members sizes, weights and biases of network2")
    }
    let widths = try sizes.integers(in: 1...65_536)
    self.sizes = widths
    cost = try root.optionalMember("cost")?.string()
    guard widths.count >= 2 else { throw sizes.error("should have two widths or more") }
    let count = widths.count - 1
    let matrices = try Self.elements(weights, count: count)
    let columns = try Self.elements(biases, count: count)
    layers = try (0..<count).map { layer in
      let (inputs, outputs) = (widths[layer], widths[layer + 1])
      return (
        try Self.matrix(JSONNode(matrices[layer], path: "weights[\(layer)]"), rows: outputs, columns: inputs),
        try Self.matrix(JSONNode(columns[layer], path: "biases[\(layer)]"), rows: outputs, columns: 1)
      )
    }
  }

  private static func elements(_ node: JSONNode, count: Int) throws(JSONContentError) -> [JSONValue] {
    guard let elements = node.value.arrayElements else {
      throw node.error("should be an array, and is \(node.value.kindName)")
    }
    guard elements.count == count else {
      throw node.error("should have \(count) elements, and has \(elements.count)")
    }
    return elements
  }

  private static func matrix(_ node: JSONNode, rows: Int, columns: Int) throws -> NumericArray {
    var bytes: [UInt8] = []
    for (row, element) in try elements(node, count: rows).enumerated() {
      let rowNode = JSONNode(element, path: "\(node.path)[\(row)]")
      for (column, value) in try elements(rowNode, count: columns).enumerated() {
        guard let number = value.numberValue else {
          throw JSONNode(value, path: "\(rowNode.path)[\(column)]").error(
            "should be a number, and is \(value.kindName)")
        }
        withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
      }
    }
    guard
      let array = NumericArray(
        elementType: .float64, shape: [rows, columns], storage: bytes, range: 0..<bytes.count)
    else { throw node.error("is too large") }
    return array
  }
}

extension ForeignWeights {
  /// The weights and biases in the order of the layers.
  init(_ network: Network2) {
    let arrays = network.layers.enumerated().flatMap { index, layer in
      [
        NamedArray(name: "weights[\(index)]", array: layer.weights),
        NamedArray(name: "biases[\(index)]", array: layer.biases),
      ]
    }
    self.init(arrays, naming: .network2)
  }
}
