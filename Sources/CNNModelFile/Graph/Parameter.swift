import CNNCodecs

/// A tensor that a layer needs.
public struct Parameter: Sendable, Equatable {
  /// The last part of the tensor's name: `weight`.
  public let suffix: String
  /// The extents, outermost first.
  public let shape: [Int]
  /// float32 for what may be of any floating-point type; int64 for a counter.
  public let elementType: ElementType
  /// Whether gradients reach it; false for statistics that are only gathered.
  public let isTrained: Bool

  /// Creates a parameter.
  public init(_ suffix: String, shape: [Int], elementType: ElementType = .float32, isTrained: Bool = true) {
    self.suffix = suffix
    self.shape = shape
    self.elementType = elementType
    self.isTrained = isTrained
  }
}

extension Operation {
  /// The parameters of a node with this operation, in PyTorch's order; empty for most.
  public var parameters: [Parameter] {
    switch self {
    case .conv2d(let layer):
      let kernel = Parameter(
        "weight",
        shape: [
          layer.outputChannels, layer.inputChannels / max(layer.groups, 1), layer.kernelSize.height,
          layer.kernelSize.width,
        ])
      return layer.hasBias ? [kernel, Parameter("bias", shape: [layer.outputChannels])] : [kernel]
    case .linear(let layer):
      let weight = Parameter("weight", shape: [layer.outputFeatures, layer.inputFeatures])
      return layer.hasBias ? [weight, Parameter("bias", shape: [layer.outputFeatures])] : [weight]
    case .batchNorm(let layer):
      return [
        Parameter("weight", shape: [layer.features]), Parameter("bias", shape: [layer.features]),
        Parameter("running_mean", shape: [layer.features], isTrained: false),
        Parameter("running_var", shape: [layer.features], isTrained: false),
        Parameter("num_batches_tracked", shape: [], elementType: .int64, isTrained: false),
      ]
    case .maxPool2d, .relu, .sigmoid, .tanh, .dropout, .flatten: return []
    }
  }
}

extension NetworkDescription {
  /// The parameters of `node`: the suffixes of its tensors' names, and their shapes.
  public func parameters(of node: Node) -> [Parameter] { node.operation.parameters }

  /// The full name of each parameter of the network, in the nodes' order: `conv1.weight`.
  public var parameters: [(name: String, parameter: Parameter)] {
    nodes.flatMap { node in
      node.operation.parameters.map { (name: "\(node.name).\($0.suffix)", parameter: $0) }
    }
  }
}
