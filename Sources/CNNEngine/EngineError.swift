import CNNCodecs
import CNNModelFile

/// A network that cannot be run.
public enum EngineError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The graph itself makes no sense.
  case graph(GraphError)
  /// A parameter that the graph needs is not among the tensors.
  case missingParameter(name: String, layer: String)
  /// A parameter has another shape than its layer.
  case parameterShape(name: String, expected: [Int], found: [Int])
  /// The network needs a working buffer beyond what this engine lays out.
  case bufferTooLarge(layer: String, elements: Int)

  /// One sentence that names the layer and both shapes.
  public var description: String {
    switch self {
    case .graph(let error): error.description
    case .missingParameter(let name, let layer): "\(layer): the tensor \(name) is missing"
    case .parameterShape(let name, let expected, let found):
      "the tensor \(name) has shape \(found), and its layer takes \(expected)"
    case .bufferTooLarge(let layer, let elements):
      "\(layer): one image needs a buffer of \(elements) numbers, more than this engine lays out"
    }
  }
}
