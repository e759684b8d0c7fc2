import CNNCodecs

/// What a layer weighs and costs: the numbers that a table of a network shows.
public struct LayerCost: Sendable, Equatable {
  /// How many numbers its parameters have.
  public let parameterCount: Int
  /// How many multiply-adds one input takes: the products of convolutions and linear layers, biases not counted.
  public let multiplyAddCount: Int
}

extension NetworkDescription {
  /// The cost of every node, in the nodes' order.
  ///
  /// *Edge cases*: sums beyond `Int` stop at the greatest number; that is far beyond what the format's limits let
  /// through.
  ///
  /// - Parameter shapes: what `inferShapes()` gave.
  public func costs(shapes: [String: [Int]]) -> [LayerCost] {
    nodes.map { node in
      let parameters = node.operation.parameters
        .filter { $0.elementType.isFloatingPoint }
        .map { Self.product($0.shape) }
        .reduce(0, Self.sum)
      let outputs = Self.product(shapes[node.name] ?? [])
      let multiplyAdds =
        switch node.operation {
        case .conv2d(let layer):
          Self.product([
            outputs, layer.inputChannels / max(layer.groups, 1), layer.kernelSize.height,
            layer.kernelSize.width,
          ])
        case .linear(let layer):
          Self.product([layer.inputFeatures, layer.outputFeatures])
        default: 0
        }
      return LayerCost(parameterCount: parameters, multiplyAddCount: multiplyAdds)
    }
  }

  private static func product(_ factors: [Int]) -> Int {
    factors.reduce(1) { partial, factor in
      let (product, overflow) = partial.multipliedReportingOverflow(by: factor)
      return overflow ? .max : product
    }
  }

  private static func sum(_ a: Int, _ b: Int) -> Int {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : sum
  }
}
