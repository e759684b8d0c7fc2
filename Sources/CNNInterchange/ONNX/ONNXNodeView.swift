import CNNCodecs
import CNNModelFile

/// A node with its attributes checked as they are read.
struct ONNXNodeView {
  let node: ONNXNode
  /// Its place in the file, for nodes without a name.
  let index: Int

  /// The node as a note names it: `node "pool1" (AveragePool)`.
  var description: String { "node \(shownName) (\(shownOperator))" }

  private var shownName: String { node.name.isEmpty ? "\(index)" : node.name.quotedForMessage }
  private var shownOperator: String {
    node.operatorType.isEmpty ? "no operator" : node.operatorType.quotedUnlessPlain
  }

  /// An error about this node.
  func error(_ problem: String) -> ONNXImportError {
    .node(name: shownName, operator: shownOperator, problem: problem)
  }

  /// Refuses attributes that `known` does not name: they could mean anything.
  func checkAttributes(_ known: Set<String>) throws(ONNXImportError) {
    for attribute in node.attributes where !known.contains(attribute.name) {
      throw error("the attribute \(attribute.name.quotedForMessage) is not known here")
    }
  }

  func integer(_ name: String, default fallback: Int64) throws(ONNXImportError) -> Int64 {
    switch node.attribute(name) {
    case nil: return fallback
    case .integer(let value): return value
    default: throw error("\(name) should be an integer")
    }
  }

  func float(_ name: String, default fallback: Float) throws(ONNXImportError) -> Float {
    switch node.attribute(name) {
    case nil: return fallback
    case .float(let value): return value
    default: throw error("\(name) should be a number")
    }
  }

  /// Integers from `minimum` to 2^31 - 1, so that sums and products of two fit; nil where there are none.
  func sizes(_ name: String, count: Int, minimum: Int64) throws(ONNXImportError) -> [Int]? {
    switch node.attribute(name) {
    case nil: return nil
    case .integers(let values):
      guard values.count == count, values.allSatisfy({ (minimum...Int64(Int32.max)).contains($0) }) else {
        throw error(
          "\(name) is \(values.prefix(8)); \(count) numbers from \(minimum) to \(Int32.max) are needed, as of pictures"
        )
      }
      return values.map { Int($0) }
    default: throw error("\(name) should be a list of integers")
    }
  }

  /// The name of an output that is wanted besides the first; nil where there is none.
  func furtherOutput(among wanted: Set<ONNXName>) -> String? {
    node.outputs.dropFirst().first { !$0.isEmpty && wanted.contains(ONNXName($0)) }
  }
}

/// A name by its bytes: Swift's own way of comparing strings is slow for texts that are made to be.
struct ONNXName: Hashable {
  private let utf8: [UInt8]

  init(_ name: String) { utf8 = Array(name.utf8) }
}

extension String {
  /// The text as it is if it is a plain word, else in quotation marks.
  fileprivate var quotedUnlessPlain: String {
    let isPlain = utf8.count <= 60 && utf8.allSatisfy { (0x21..<0x7F).contains($0) }
    return isPlain ? self : quotedForMessage
  }
}

extension Float {
  /// The number of fewest decimal digits that is this float: 1e-05 for what is a little less than that.
  var shortestDecimal: Double { Double("\(self)") ?? Double(self) }
}
