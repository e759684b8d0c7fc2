import CNNCodecs

extension NetworkDescription {
  /// Names that a node may not have: they mean something else in graphs and in the tensors' names of checkpoints.
  static let reservedNames: Set<String> = [inputName, "optimizer", "ema", "best"]

  /// Checks the whole network and finds the shape that each node gives, without the batch dimension.
  ///
  /// `shapes["conv1"]` is `[20, 24, 24]`; the network's own input is there too, under `inputName`.
  ///
  /// - Throws: `GraphError` for the first node that makes no sense. What comes back can be computed: every size is
  ///   positive, and the input as well as all outputs together stay under the cap of `formats/model-file.md`.
  public func inferShapes() throws(GraphError) -> [String: [Int]] {
    guard (1...3).contains(inputShape.count),
      inputShape.allSatisfy({ (1...Limits.attribute).contains($0) })
    else { throw .inputShape(inputShape) }
    guard let inputCount = Self.elementCount(inputShape), inputCount <= Limits.outputElements else {
      throw .tooManyElements(node: Self.inputName, limit: Limits.outputElements)
    }
    guard !nodes.isEmpty else { throw .noNodes }
    try checkNames()

    var shapes = [Self.inputName: inputShape]
    var elements = 0
    var read: Set<String> = []
    for node in nodes {
      let inference = NodeInference(node: node)
      var inputs: [[Int]] = []
      for input in node.inputs {
        guard let shape = input.utf8.count <= Limits.nodeNameBytes ? shapes[input] : nil else {
          let exists = nodes.contains { $0.name.isExactly(input) }
          throw exists
            ? .inputComesLater(node: node.name, input: input) : .unknownInput(node: node.name, input: input)
        }
        inputs.append(shape)
        read.insert(input)
      }
      guard let shape = inputs.first, inputs.count == 1 else {
        throw .inputCount(node: node.name, expected: 1, found: inputs.count)
      }
      let output = try inference.outputShape(of: shape)
      guard let count = Self.elementCount(output), count <= Limits.outputElements - elements else {
        throw .tooManyElements(node: node.name, limit: Limits.outputElements)
      }
      elements += count
      shapes[node.name] = output
    }
    guard nodes.contains(where: { $0.name.isExactly(output) }) else { throw .unknownOutput(output) }
    for node in nodes where node.name != output && !read.contains(node.name) {
      throw .deadEnd(node.name)
    }
    return shapes
  }

  private func checkNames() throws(GraphError) {
    var names: Set<String> = []
    for node in nodes {
      let hasOddCharacter = node.name.unicodeScalars.contains {
        $0 == "." || $0 == "/" || $0.properties.generalCategory == .control
      }
      guard !node.name.isEmpty, node.name.utf8.count <= Limits.nodeNameBytes, !hasOddCharacter,
        !Self.reservedNames.contains(node.name)
      else {
        throw .nodeName(node.name)
      }
      guard names.insert(node.name).inserted else { throw .duplicateName(node.name) }
    }
  }

  /// The product of extents, or nil beyond `Int`.
  package static func elementCount(_ shape: [Int]) -> Int? {
    var product = 1
    for extent in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      product = next
    }
    return product
  }
}

/// What one node makes of its input's shape.
private struct NodeInference {
  let node: NetworkDescription.Node

  private var input: String { node.inputs.first ?? NetworkDescription.inputName }

  func outputShape(of shape: [Int]) throws(GraphError) -> [Int] {
    switch node.operation {
    case .conv2d(let layer): return try convolved(shape, layer)
    case .linear(let layer): return try multiplied(shape, layer)
    case .maxPool2d(let pooling): return try pooled(shape, pooling)
    case .batchNorm(let layer): return try normalized(shape, layer)
    case .dropout(let dropout):
      guard dropout.rate >= 0, dropout.rate < 1 else {
        throw attribute("p", dropout.rate, allowed: "at least 0 and less than 1")
      }
      return shape
    case .relu, .sigmoid, .tanh: return shape
    case .flatten:
      guard let count = NetworkDescription.elementCount(shape) else {
        throw .tooManyElements(node: node.name, limit: Limits.outputElements)
      }
      return [count]
    }
  }

  private func convolved(_ shape: [Int], _ layer: Operation.Convolution) throws(GraphError) -> [Int] {
    try checkPositive("in_channels", layer.inputChannels)
    try checkPositive("out_channels", layer.outputChannels)
    try checkPositive("groups", layer.groups)
    try checkPositive("kernel_size", layer.kernelSize)
    try checkPositive("stride", layer.stride)
    try checkPositive("dilation", layer.dilation)
    guard layer.inputChannels % layer.groups == 0, layer.outputChannels % layer.groups == 0 else {
      let allowed =
        "a divisor of in_channels (\(layer.inputChannels)) and out_channels (\(layer.outputChannels))"
      throw attribute("groups", layer.groups, allowed: allowed)
    }
    guard shape.count == 3, shape[0] == layer.inputChannels else {
      throw mismatch("\(layer.inputChannels) channel\(layer.inputChannels == 1 ? "" : "s")", shape)
    }
    let padded = try padded(shape, layer.padding)
    // At most 2^62: attributes are capped.
    let span = Operation.Size(
      layer.dilation.height * (layer.kernelSize.height - 1) + 1,
      layer.dilation.width * (layer.kernelSize.width - 1) + 1)
    try checkFits(span, padded, channels: shape[0])
    try checkParameters()
    return [
      layer.outputChannels, (padded.height - span.height) / layer.stride.height + 1,
      (padded.width - span.width) / layer.stride.width + 1,
    ]
  }

  private func pooled(_ shape: [Int], _ pooling: Operation.Pooling) throws(GraphError) -> [Int] {
    try checkPositive("kernel_size", pooling.kernelSize)
    try checkPositive("stride", pooling.stride)
    guard shape.count == 3 else { throw mismatch("[channels, height, width]", shape) }
    let padding = pooling.padding
    let padded = try padded(shape, padding)
    // Else a window could lie in the padding alone, where there is no maximum.
    guard max(padding.top, padding.bottom) < pooling.kernelSize.height,
      max(padding.left, padding.right) < pooling.kernelSize.width
    else { throw attribute("padding", describe(padding), allowed: "less than kernel_size on each side") }
    try checkFits(pooling.kernelSize, padded, channels: shape[0])

    func windows(_ extent: Int, _ paddedExtent: Int, _ before: Int, _ kernel: Int, _ stride: Int) -> Int {
      let distance = paddedExtent - kernel
      var count = distance / stride + 1
      if pooling.ceilMode, distance % stride != 0, count * stride < extent + before { count += 1 }
      return count
    }
    return [
      shape[0],
      windows(shape[1], padded.height, padding.top, pooling.kernelSize.height, pooling.stride.height),
      windows(shape[2], padded.width, padding.left, pooling.kernelSize.width, pooling.stride.width),
    ]
  }

  private func multiplied(_ shape: [Int], _ layer: Operation.Linear) throws(GraphError) -> [Int] {
    try checkPositive("in_features", layer.inputFeatures)
    try checkPositive("out_features", layer.outputFeatures)
    guard shape == [layer.inputFeatures] else {
      let hint = shape.count == 1 ? "" : " in a row (a flatten layer makes them)"
      throw mismatch("\(layer.inputFeatures) value\(layer.inputFeatures == 1 ? "" : "s")\(hint)", shape)
    }
    try checkParameters()
    return [layer.outputFeatures]
  }

  private func normalized(_ shape: [Int], _ layer: Operation.BatchNorm) throws(GraphError) -> [Int] {
    try checkPositive("num_features", layer.features)
    guard layer.epsilon > 0, layer.epsilon.isFinite else {
      throw attribute("eps", layer.epsilon, allowed: "greater than 0")
    }
    guard layer.momentum >= 0, layer.momentum <= 1 else {
      throw attribute("momentum", layer.momentum, allowed: "from 0 to 1")
    }
    guard shape.count == 1 || shape.count == 3, shape[0] == layer.features else {
      throw mismatch("\(layer.features) channel\(layer.features == 1 ? "" : "s")", shape)
    }
    return shape
  }

  /// The image with its padding.
  private func padded(_ shape: [Int], _ padding: Operation.Padding) throws(GraphError) -> Operation.Size {
    let sides = [padding.top, padding.left, padding.bottom, padding.right]
    guard sides.allSatisfy({ (0...Limits.attribute).contains($0) }) else {
      throw attribute("padding", describe(padding), allowed: "from 0 to \(Limits.attribute)")
    }
    return Operation.Size(shape[1] + padding.top + padding.bottom, shape[2] + padding.left + padding.right)
  }

  private func describe(_ padding: Operation.Padding) -> [Int] {
    [padding.top, padding.left, padding.bottom, padding.right]
  }

  private func checkFits(_ span: Operation.Size, _ padded: Operation.Size, channels: Int) throws(GraphError) {
    guard span.height <= padded.height, span.width <= padded.width else {
      throw .kernelTooLarge(
        node: node.name, kernel: [span.height, span.width], input: input,
        shape: [channels, padded.height, padded.width])
    }
  }

  private func checkPositive(_ name: String, _ value: Int) throws(GraphError) {
    guard (1...Limits.attribute).contains(value) else {
      throw attribute(name, value, allowed: "from 1 to \(Limits.attribute)")
    }
  }

  private func checkPositive(_ name: String, _ size: Operation.Size) throws(GraphError) {
    try checkPositive(name, size.height)
    try checkPositive(name, size.width)
  }

  private func checkParameters() throws(GraphError) {
    for parameter in node.operation.parameters {
      guard let count = NetworkDescription.elementCount(parameter.shape), count <= Limits.parameterElements
      else {
        throw .parameterTooLarge(
          node: node.name, shape: parameter.shape, limit: Limits.parameterElements)
      }
    }
  }

  private func mismatch(_ takes: String, _ shape: [Int]) -> GraphError {
    .shapeMismatch(node: node.name, takes: takes, input: input, shape: shape)
  }

  private func attribute(_ name: String, _ value: some Any, allowed: String) -> GraphError {
    .attribute(node: node.name, name: name, value: "\(value)", allowed: allowed)
  }
}
