import CNNCodecs
import CNNModelFile

/// A network with its parameters in memory: what a plan is made from.
public struct Network: Sendable {
  /// The nodes and how they are connected.
  public let description: NetworkDescription
  /// The output shape of every node, and of the input, without the batch dimension.
  public let shapes: [String: [Int]]
  /// The parameters by tensor name: `conv1.weight` as [O, I, KH, KW], last index fastest.
  public private(set) var parameters: [String: [Float]]

  /// Checks the graph and takes the parameters out of `tensors`.
  ///
  /// - Throws: `EngineError` if the graph makes no sense, or a parameter is missing or has the wrong shape.
  public init(_ description: NetworkDescription, tensors: [Tensor]) throws(EngineError) {
    self.description = description
    do {
      shapes = try description.inferShapes()
    } catch {
      throw .graph(error)
    }
    let byName = Dictionary(tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    parameters = [:]
    for node in description.nodes {
      for parameter in node.operation.parameters where parameter.elementType.isFloatingPoint {
        let name = "\(node.name).\(parameter.suffix)"
        guard let tensor = byName[name] else {
          throw .missingParameter(name: name, layer: node.name)
        }
        guard tensor.shape == parameter.shape else {
          throw .parameterShape(name: name, expected: parameter.shape, found: tensor.shape)
        }
        parameters[name] = tensor.floats()
      }
    }
  }

  /// How many numbers one input takes.
  public var inputCount: Int { description.inputShape.reduce(1, *) }

  /// How many logits the network gives.
  public var outputCount: Int { shapes[description.output]?.reduce(1, *) ?? 0 }

  /// The parameter of a node: `parameter("weight", of: "conv1")`; empty if there is none.
  func parameter(_ suffix: String, of node: String) -> [Float] {
    parameters["\(node).\(suffix)"] ?? []
  }
}
