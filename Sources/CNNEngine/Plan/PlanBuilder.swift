import CNNModelFile

/// Turns a network into layers that run one after another: fuses what can be fused and leaves out what changes
/// nothing at inference.
struct PlanBuilder {
  /// A layer and the values that it goes between; values are numbered, 0 is the network's input.
  struct Step {
    let layer: any ForwardLayer
    /// The name of the node that it computes, without those that are fused to it.
    let name: String
    let input: Int
    let output: Int
    /// Whether `output` may be computed over `input`.
    let isElementwise: Bool
  }

  private let network: Network
  private let kernels: KernelSet
  private(set) var steps: [Step] = []
  /// How many numbers one image has, for each value.
  private(set) var valueCounts: [Int]
  /// For each value, if one image alone has it as `ChannelGroups`, the picture's shape; flattening doesn't change that.
  /// Else it is flat, [K], or the network's input as it came.
  private(set) var pictures: [[Int]?]
  /// The value that the network gives.
  private(set) var result = 0

  /// The most numbers that a layer may need for one image: its input, its output and what it convolves before a pooling.
  /// 256 MB, the activations of a picture of some thousand pixels squared.
  static let largestBuffer = 1 << 26

  /// The value that holds the output of each node, by name.
  private var values: [String: Int] = [NetworkDescription.inputName: 0]
  /// The nodes that read the output of each node, by name.
  private var readers: [String: [NetworkDescription.Node]] = [:]

  init(_ network: Network, kernels: KernelSet) throws(EngineError) {
    self.network = network
    self.kernels = kernels
    valueCounts = [network.inputCount]
    pictures = [nil]
    for node in network.description.nodes {
      for input in node.inputs { readers[input, default: []].append(node) }
    }

    var fused: Set<String> = []
    if let first = network.description.nodes.first(where: { $0.operation != .flatten }),
      network.shapes[first.inputs[0]]?.count == 3
    {
      if case .conv2d = first.operation {} else { pictures[0] = network.description.inputShape }
    }
    for (index, node) in network.description.nodes.enumerated() where !fused.contains(node.name) {
      let followers = fusableFollowers(of: index)
      try add(node, followers: followers)
      fused.formUnion(followers.map(\.name))
    }
    result = values[network.description.output] ?? 0
  }

  /// The activation and the pooling that can be computed together with the node at `index`: each the only reader
  /// of the one before it.
  private func fusableFollowers(of index: Int) -> [NetworkDescription.Node] {
    let node = network.description.nodes[index]
    var last = node.name
    var followers: [NetworkDescription.Node] = []
    func onlyReader(of name: String) -> NetworkDescription.Node? {
      guard name != network.description.output, let nodes = readers[name], nodes.count == 1 else {
        return nil
      }
      return nodes[0]
    }
    switch node.operation {
    case .conv2d, .linear: break
    default: return []
    }
    if let next = onlyReader(of: last), case .relu = next.operation {
      followers.append(next)
      last = next.name
    }
    if case .conv2d = node.operation, let next = onlyReader(of: last), case .maxPool2d = next.operation {
      followers.append(next)
    }
    return followers
  }

  private mutating func add(_ node: NetworkDescription.Node, followers: [NetworkDescription.Node])
    throws(EngineError)
  {
    let inputShape = network.shapes[node.inputs[0]] ?? []
    let outputShape = network.shapes[node.name] ?? []
    let source = values[node.inputs[0]] ?? 0
    let last = followers.last ?? node
    let activation: FusedActivation = followers.contains { $0.operation == .relu } ? .relu : .identity
    var pooled: [Int]?
    if case .maxPool2d = last.operation, last.name != node.name { pooled = network.shapes[last.name] }
    try Self.checkBuffers(
      of: node, input: inputShape, isGrouped: pictures[source] != nil, output: outputShape, pooled: pooled)

    switch node.operation {
    case .conv2d(let operation):
      var pooling: MaxPoolingLayer?
      if case .maxPool2d(let window) = last.operation {
        pooling = MaxPoolingLayer(window, input: outputShape, output: network.shapes[last.name] ?? [])
      }
      append(
        convolution(
          operation, of: node, input: inputShape, readsPlanes: pictures[source] == nil,
          convolved: outputShape,
          activation: activation, pooling: pooling), from: source, to: last, followers: [node] + followers)
    case .linear(let operation):
      append(
        LinearLayer(
          operation, picture: pictures[source],
          weight: network.parameter("weight", of: node.name),
          bias: network.parameter("bias", of: node.name), activation: activation),
        from: source, to: last, followers: [node] + followers)
    case .maxPool2d(let operation):
      append(
        MaxPoolingLayer(operation, input: inputShape, output: outputShape), from: source, to: node,
        followers: [node])
    case .batchNorm(let operation):
      append(
        BatchNormLayer(
          operation, shape: inputShape, flattens: inputShape.count == 1 ? pictures[source] : nil,
          weight: network.parameter("weight", of: node.name),
          bias: network.parameter("bias", of: node.name),
          mean: network.parameter("running_mean", of: node.name),
          variance: network.parameter("running_var", of: node.name)),
        from: source, to: node, followers: [node], isElementwise: true)
    case .relu: append(.relu, from: source, to: node)
    case .sigmoid: append(.sigmoid, from: source, to: node)
    case .tanh: append(.tanh, from: source, to: node)
    case .dropout(let operation):
      switch operation.scaling {
      case .training: values[node.name] = source
      case .inference: append(.scale(Float(1 - operation.rate)), from: source, to: node)
      }
    case .flatten: values[node.name] = source
    }
  }

  /// The convolution by the algorithm that takes least time for its shape. A picture that is still in planes, the
  /// network's input, goes the direct way.
  private func convolution(
    _ operation: Operation.Convolution, of node: NetworkDescription.Node, input: [Int], readsPlanes: Bool,
    convolved: [Int], activation: FusedActivation, pooling: MaxPoolingLayer?
  ) -> any ForwardLayer {
    let weight = network.parameter("weight", of: node.name)
    let bias = network.parameter("bias", of: node.name)
    if !readsPlanes, WinogradLayer.serves(operation, convolved: convolved, pooling: pooling) {
      return WinogradLayer(
        operation, input: input, convolved: convolved, weight: weight, bias: bias, activation: activation,
        pooling: pooling, kernels: kernels)
    }
    return ConvolutionLayer(
      operation, input: input, readsPlanes: readsPlanes, convolved: convolved, weight: weight, bias: bias,
      activation: activation, pooling: pooling, kernels: kernels)
  }

  private mutating func append(
    _ function: ElementwiseLayer.Function, from source: Int, to node: NetworkDescription.Node
  ) {
    let count = valueCounts[source]
    append(
      ElementwiseLayer(
        function: function, count: count,
        groupedCount: pictures[source].map(ChannelGroups.elements) ?? count), from: source, to: node,
      followers: [node],
      isElementwise: true)
  }

  private mutating func append(
    _ layer: any ForwardLayer, from source: Int, to last: NetworkDescription.Node,
    followers: [NetworkDescription.Node], isElementwise: Bool = false
  ) {
    let shape = network.shapes[last.name] ?? []
    valueCounts.append(shape.reduce(1, *))
    pictures.append(layer is ElementwiseLayer ? pictures[source] : shape.count == 3 ? shape : nil)
    let target = valueCounts.count - 1
    steps.append(
      Step(
        layer: layer, name: followers.first?.name ?? last.name, input: source, output: target,
        isElementwise: isElementwise))
    for node in followers { values[node.name] = target }
  }

  /// Refuses a layer that would need absurd buffers, as those of a large picture are.
  ///
  /// - Parameters:
  ///   - isGrouped: whether one image alone has the input as `ChannelGroups`, which take up to 16 times as much.
  ///   - pooled: the shape behind a pooling that is fused to the layer, if there is one.
  static func checkBuffers(
    of node: NetworkDescription.Node, input: [Int], isGrouped: Bool, output: [Int], pooled: [Int]?
  ) throws(EngineError) {
    // In Double: extents within the format's limits have products beyond Int.
    func count(_ shape: [Int]?) -> Double { (shape ?? []).reduce(1) { $0 * Double($1) } }
    func grouped(_ shape: [Int]) -> Double {
      guard shape.count == 3 else { return count(shape) }
      return Double(ChannelGroups.count(for: shape[0]) * ChannelGroups.size)
        * count(Array(shape.dropFirst()))
    }
    var elements = isGrouped ? grouped(input) : count(input)
    switch node.operation {
    case .conv2d:
      elements += grouped(output)
      if let pooled { elements += grouped(pooled) }
    case .linear, .maxPool2d:
      elements += grouped(output)
    case .relu, .sigmoid, .tanh, .batchNorm, .dropout, .flatten:
      break  // computed in place
    }
    guard elements <= Double(Self.largestBuffer) else {
      throw .bufferTooLarge(layer: node.name, elements: elements < 1e15 ? Int(elements) : .max)
    }
  }
}
