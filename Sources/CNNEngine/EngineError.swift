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
  /// A layer's buffers for one image would take more numbers than this engine lays out; `Int.max` from 10^15 on.
  case bufferTooLarge(layer: String, elements: Int)
  /// All values of a network and their gradients would take absurd memory together: so many numbers for one image.
  case valuesTooLarge(elements: Int, images: Int)

  /// One sentence that names the layer and both shapes.
  public var description: String {
    switch self {
    case .graph(let error): error.description
    case .missingParameter(let name, let layer): "\(layer): the tensor \(name) is missing"
    case .parameterShape(let name, let expected, let found):
      "the tensor \(name) has shape \(found), and its layer takes \(expected)"
    case .bufferTooLarge(let layer, let elements):
      "\(layer): the buffers for one image would take \(elements == .max ? "more than 10^15" : "\(elements)") "
        + "numbers; this engine lays out at most \(PlanBuilder.largestBuffer)"
    case .valuesTooLarge(let elements, let images):
      "all values and their gradients would take \(elements == .max ? "more than 10^15" : "\(elements)") numbers for one "
        + "image, with room for \(images) at a time; that is more than 1 GB"
    }
  }
}
