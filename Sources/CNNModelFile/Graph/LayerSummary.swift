import CNNCodecs

/// A node of a network with what a table of the network shows of it.
public struct LayerSummary: Sendable, Equatable {
  /// The node.
  public let node: NetworkDescription.Node
  /// The extents of its output for one input; empty where the graph makes no sense.
  public let outputShape: [Int]
  /// What it weighs and costs.
  public let cost: LayerCost

  /// The layer as an object: `name`, `op`, `inputs`, `attributes`, `output_shape`, `parameters`, `multiply_adds`.
  public var json: JSONValue {
    .object([
      .init("name", .string(node.name)), .init("op", .string(node.operation.name)),
      .init("inputs", .array(node.inputs.map { .string($0) })),
      .init("attributes", node.operation.attributes),
      .init("output_shape", .array(outputShape.map { .integer($0) })),
      .init("parameters", .integer(cost.parameterCount)),
      .init("multiply_adds", .integer(cost.multiplyAddCount)),
    ])
  }
}

extension NetworkDescription {
  /// Every node with its output's shape and its cost, in the nodes' order.
  public var layerSummaries: [LayerSummary] {
    let shapes = (try? inferShapes()) ?? [:]
    return zip(nodes, costs(shapes: shapes)).map { node, cost in
      LayerSummary(node: node, outputShape: shapes[node.name] ?? [], cost: cost)
    }
  }
}

extension Operation {
  /// The operation in the shorthand of the field: `conv2d 20@5x5 pad 1`.
  public var summary: String {
    switch self {
    case .conv2d(let layer):
      var text = "conv2d \(layer.outputChannels)@\(layer.kernelSize.height)x\(layer.kernelSize.width)"
      if layer.stride != Size(1, 1) { text += " stride \(layer.stride.summary)" }
      if layer.padding != Padding(all: 0) { text += " pad \(layer.padding.summary)" }
      if layer.dilation != Size(1, 1) { text += " dilation \(layer.dilation.summary)" }
      if layer.groups != 1 { text += " groups \(layer.groups)" }
      return text
    case .linear(let layer): return "linear \(layer.outputFeatures)"
    case .maxPool2d(let window):
      var text = "max pool \(window.kernelSize.summary)"
      if window.stride != window.kernelSize { text += " stride \(window.stride.summary)" }
      if window.padding != Padding(all: 0) { text += " pad \(window.padding.summary)" }
      return text + (window.ceilMode ? " rounded up" : "")
    case .dropout(let layer):
      let place = layer.scaling == .inference ? ", scaled at inference" : ""
      return "dropout \(NumberFormat.plain(layer.rate))\(place)"
    case .batchNorm: return "batch norm"
    case .relu, .sigmoid, .tanh, .flatten: return name
    }
  }
}

extension Operation.Size {
  fileprivate var summary: String { height == width ? "\(height)" : "\(height)x\(width)" }
}

extension Operation.Padding {
  fileprivate var summary: String {
    top == bottom && top == left && left == right ? "\(top)" : "\(top),\(left),\(bottom),\(right)"
  }
}
