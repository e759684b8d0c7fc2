import CNNModelFile

/// Turns a network into layers for training, one after another.
///
/// Every operation reads one value and every value is read, so a network is a chain. Flatten, and dropout where it
/// does nothing, are left out.
struct TrainingChain {
  private(set) var layers: [any TrainingLayer] = []
  /// For each layer the name of its first node.
  private(set) var names: [String] = []
  /// For each node the value that it gives: 0 is the network's input, k what layer k - 1 computes. A node that is left
  /// out gives the value before it; one whose value only passes through a fused layer has none.
  private(set) var values: [String: Int] = [NetworkDescription.inputName: 0]

  private let network: NetworkDescription
  private let shapes: [String: [Int]]
  private let store: ParameterStore
  private let frozen: Set<String>
  private let batch: Int
  private let isFused: Bool

  /// - Parameters:
  ///   - frozen: the layers that run as at inference and don't learn.
  ///   - batch: the most images of a batch.
  ///   - isFused: whether activations and poolings become part of the layer before them, which is faster; otherwise
  ///     every node's value is there to be looked at, and convolutions are summed up directly, so that over empty paper
  ///     the first of equals is a pooling's maximum, as the definition of its gradient has it.
  init(
    _ network: NetworkDescription, shapes: [String: [Int]], store: ParameterStore, frozen: Set<String>,
    batch: Int, isFused: Bool = true
  ) throws(EngineError) {
    self.network = network
    self.shapes = shapes
    self.store = store
    self.frozen = frozen
    self.batch = batch
    self.isFused = isFused
    var index = 0
    while index < network.nodes.count {
      let before = layers.count
      let taken = try add(at: index)
      if layers.count > before { names.append(network.nodes[index].name) }
      index += taken
      values[network.nodes[index - 1].name] = layers.count
    }
  }

  /// Adds the layer at `index` with what is fused to it, and returns how many nodes that were.
  private mutating func add(at index: Int) throws(EngineError) -> Int {
    let node = network.nodes[index]
    let input = shapes[node.inputs[0]] ?? []
    let output = shapes[node.name] ?? []
    let count = output.reduce(1, *)
    try Self.checkBuffers(of: node, input: input, output: output)
    switch node.operation {
    case .conv2d(let operation):
      let hasReLU = fusableOperation(at: index + 1) == .relu
      var pooling: PoolingIndices?
      let poolIndex = index + (hasReLU ? 2 : 1)
      if case .maxPool2d(let window)? = fusableOperation(at: poolIndex) {
        pooling = try indices(window, at: poolIndex)
      }
      layers.append(
        ConvolutionTraining(
          operation, input: input, convolved: output, weight: try parameter("weight", of: node),
          bias: store.entry("bias", of: node.name), hasReLU: hasReLU, pooling: pooling,
          isDirect: !isFused))
      return 1 + (hasReLU ? 1 : 0) + (pooling == nil ? 0 : 1)
    case .linear(let operation):
      let hasReLU = fusableOperation(at: index + 1) == .relu
      layers.append(
        LinearTraining(
          operation, weight: try parameter("weight", of: node), bias: store.entry("bias", of: node.name),
          hasReLU: hasReLU, batch: batch))
      return hasReLU ? 2 : 1
    case .maxPool2d(let window):
      layers.append(PoolingTraining(try indices(window, at: index)))
    case .relu: layers.append(ElementwiseTraining(.relu, count: count))
    case .sigmoid: layers.append(ElementwiseTraining(.sigmoid, count: count))
    case .tanh: layers.append(ElementwiseTraining(.tanh, count: count))
    case .batchNorm(let operation):
      guard
        let layer = BatchNormTraining(
          operation, node: node.name, shape: input, store: store, isFrozen: frozen.contains(node.name))
      else { throw .missingParameter(name: "\(node.name).weight", layer: node.name) }
      layers.append(layer)
    case .dropout(let operation):
      if frozen.contains(node.name) || operation.rate == 0 {
        if operation.scaling == .inference, operation.rate > 0 {
          layers.append(ScalingTraining(factor: Float(1 - operation.rate), count: count))
        }
      } else {
        layers.append(DropoutTraining(operation, count: count, layer: index))
      }
    case .flatten: break
    }
    return 1
  }

  /// Refuses a layer whose buffers for a block of images would be absurd: 256 MB.
  private static func checkBuffers(of node: NetworkDescription.Node, input: [Int], output: [Int])
    throws(EngineError)
  {
    // In Double: extents within the format's limits have products beyond Int.
    func count(_ shape: [Int]) -> Double { shape.reduce(1) { $0 * Double($1) } }
    var elements = count(input) + count(output)
    if case .conv2d(let operation) = node.operation {
      elements += BlockConvolution.paddedPlane(operation, input: input, output: output)
    }
    elements *= Double(ImageBlock.size)
    guard elements <= Double(PlanBuilder.largestBuffer) else {
      throw .bufferTooLarge(layer: node.name, elements: elements < 1e15 ? Int(elements) : .max)
    }
  }

  private func fusableOperation(at index: Int) -> CNNModelFile.Operation? {
    isFused && network.nodes.indices.contains(index) ? network.nodes[index].operation : nil
  }

  private func parameter(_ suffix: String, of node: NetworkDescription.Node) throws(EngineError)
    -> ParameterStore.Entry
  {
    guard let entry = store.entry(suffix, of: node.name) else {
      throw .missingParameter(name: "\(node.name).\(suffix)", layer: node.name)
    }
    return entry
  }

  private func indices(_ window: CNNModelFile.Operation.Pooling, at index: Int) throws(EngineError)
    -> PoolingIndices
  {
    let node = network.nodes[index]
    let places = Double(window.kernelSize.height) * Double(window.kernelSize.width)
    guard places <= Double(UInt16.max) else {
      throw .bufferTooLarge(layer: node.name, elements: Int(min(places, 1e15)))
    }
    return PoolingIndices(
      window, input: shapes[node.inputs[0]] ?? [], output: shapes[node.name] ?? [], batch: batch)
  }
}
