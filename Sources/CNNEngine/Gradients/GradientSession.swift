import CKernels
import CNNModelFile

/// A network at inference, all of whose values can be looked at, and the gradients of any of them at any other.
///
///     let session = try GradientSession(network, tensors: model.tensors, maximumBatch: 1, pool: pool)
///     session.run(input, count: 1)
///     let logits = session.values(of: network.output)
///     let gradients = session.gradients(of: network.output, seeds: oneHot, at: ["input", "relu6"])
///
/// The layers are those of training, all of them frozen and none fused with another: batch normalisation goes by its
/// running statistics, dropout does what it does at inference. Inputs stand side by side in blocks of 16
/// (`ImageBlock`); whole blocks, and pieces of linear layers, are shared out among threads, and every number is one sum
/// in a fixed order, so the bits are the same for any number of threads and whatever else is in the batch.
///
/// A session is for one thread at a time.
public final class GradientSession {
  /// The network.
  public let network: NetworkDescription
  /// The shape of each node's value, and of the input, without the batch dimension.
  public let shapes: [String: [Int]]
  /// The most inputs of a run.
  public let maximumBatch: Int
  /// How many inputs the last run had; 0 before the first.
  public private(set) var count = 0

  private let layers: [any TrainingLayer]
  /// For each node which value it gives; 0 is the input.
  private let values: [String: Int]
  private let kernels: KernelSet
  private let pool: WorkerPool
  /// The input, then each layer's output: [blocks, count, 16].
  private let activations: [FloatBuffer]
  /// Two buffers that the gradients of values alternate between: [blocks, the largest count, 16].
  private let gradients: (FloatBuffer, FloatBuffer)
  private let scratch: [FloatBuffer]
  private let context = StepContext(seed: 0, step: 0)

  /// The most numbers that all values of a run, and gradients, may take together: 1 GB.
  private static let largestTotal = 1 << 28

  /// Makes a network ready.
  ///
  /// - Parameters:
  ///   - tensors: all parameters of the network; others do no harm.
  ///   - maximumBatch: the most inputs of a run, at least 1. Memory is taken for multiples of 16.
  /// - Throws: `EngineError` for a graph that makes no sense, parameters that are missing or of another shape, and
  ///   buffers that would be absurd.
  public init(
    _ network: NetworkDescription, tensors: [Tensor], maximumBatch: Int = 16, pool: WorkerPool = WorkerPool(),
    kernels: KernelSet = .best
  ) throws(EngineError) {
    precondition(maximumBatch > 0, "a session for \(maximumBatch) inputs")
    let shapes: [String: [Int]]
    do { shapes = try network.inferShapes() } catch { throw .graph(error) }
    try Self.check(network, shapes: shapes, maximumBatch: maximumBatch)
    let frozen = Set(network.nodes.map(\.name))
    let store = try ParameterStore(network, tensors: tensors, frozen: frozen)
    let chain = try TrainingChain(
      network, shapes: shapes, store: store, frozen: frozen, batch: maximumBatch, isFused: false)
    self.network = network
    self.shapes = shapes
    self.maximumBatch = maximumBatch
    self.pool = pool
    self.kernels = kernels
    layers = chain.layers
    values = chain.values

    let inputCount = network.inputShape.reduce(1, *)
    let counts = [inputCount] + chain.layers.map(\.outputCount)
    let largest = counts.max() ?? 0
    let places = ImageBlock.count(for: maximumBatch) * ImageBlock.size
    activations = counts.map { FloatBuffer(count: $0 * places) }
    // Written before they are read; where no gradient is asked for they take no memory.
    gradients = (
      FloatBuffer(uninitializedCount: largest * places), FloatBuffer(uninitializedCount: largest * places)
    )
    let scratchCount = chain.layers.compactMap { ($0 as? any PerImageLayer)?.scratchCount }.max() ?? 0
    scratch = (0..<pool.threadCount).map { _ in FloatBuffer(count: scratchCount) }
    let layers = layers
    pool.run(layers.count) { layer, _ in layers[layer].prepare(kernels: kernels) }
  }

  /// Refuses what would take absurd memory, before any is taken.
  private static func check(_ network: NetworkDescription, shapes: [String: [Int]], maximumBatch: Int)
    throws(EngineError)
  {
    // In Double: extents within the format's limits have products beyond Int.
    let counts = ([NetworkDescription.inputName] + network.nodes.map(\.name)).map {
      (shapes[$0] ?? []).reduce(1) { $0 * Double($1) }
    }
    let perImage = counts.reduce(0, +) + 2 * (counts.max() ?? 0)
    guard perImage * Double(max(maximumBatch, ImageBlock.size)) <= Double(largestTotal) else {
      throw .valuesTooLarge(elements: perImage < 1e15 ? Int(perImage) : .max, images: maximumBatch)
    }
  }

  /// How many numbers the value of a node, or `input`, has for one input; nil if there is no such node.
  public func valueCount(of node: String) -> Int? {
    shapes[node]?.reduce(1, *)
  }

  /// Computes every value of the network.
  ///
  /// - Parameters:
  ///   - inputs: [count, ...input shape].
  ///   - count: how many inputs there are, from 1 to `maximumBatch`.
  /// - Precondition: `inputs` has as many numbers as that takes.
  public func run(_ inputs: [Float], count: Int) {
    let inputCount = activations[0].count / (ImageBlock.count(for: maximumBatch) * ImageBlock.size)
    precondition((1...maximumBatch).contains(count), "\(count) inputs in a session for \(maximumBatch)")
    precondition(inputs.count == count * inputCount, "\(inputs.count) numbers for \(count) inputs")
    self.count = count
    // The pool's threads flush denormal numbers; what this thread does between their calls must not differ.
    let denormals = cnn_denormals_flush()
    defer { cnn_denormals_restore(denormals) }
    gather(inputs, count: inputCount, into: activations[0])
    for (index, layer) in layers.enumerated() {
      let (input, output) = (activations[index].pointer, activations[index + 1].pointer)
      if let layer = layer as? any PerImageLayer {
        eachBlock { block, worker in
          layer.forward(
            block, input: input + block.index * layer.inputCount * ImageBlock.size,
            output: output + block.index * layer.outputCount * ImageBlock.size, context: context,
            scratch: scratch[worker].pointer, kernels: kernels)
        }
      } else if let layer = layer as? any WholeBatchLayer {
        layer.forward(count, input: input, output: output, pool: pool, kernels: kernels)
      }
    }
  }

  /// What a node gave in the last run: [count, ...shape]. `input` gives the inputs.
  ///
  /// - Precondition: the network has the node.
  public func values(of node: String) -> [Float] {
    let value = value(of: node)
    return scatter(activations[value], count: valueCount(at: value))
  }

  /// The gradients of a weighted sum of a node's numbers, each input's its own: a vector-Jacobian product.
  ///
  /// Where a function bends, the slope is PyTorch's: 0 for a ReLU at 0, and for a maximum that of the first of equals.
  ///
  /// - Parameters:
  ///   - node: the node whose numbers are summed.
  ///   - seeds: their weights, [count, ...shape]: a 1 and zeros for the gradient of one number.
  ///   - targets: nodes, or `input`, at whose values the gradient is wanted.
  /// - Returns: for each of the targets [count, ...shape]; zeros for one that comes after the node.
  /// - Precondition: there was a run, the network has all these nodes, and there is a seed for each number.
  public func gradients(of node: String, seeds: [Float], at targets: [String]) -> [String: [Float]] {
    precondition(count > 0, "gradients are asked for before a run")
    let last = value(of: node)
    let seedCount = valueCount(at: last)
    precondition(seeds.count == count * seedCount, "\(seeds.count) seeds for \(count) x \(seedCount) numbers")
    let wanted = Dictionary(targets.map { ($0, value(of: $0)) }, uniquingKeysWith: { first, _ in first })
    var found: [String: [Float]] = [:]
    let denormals = cnn_denormals_flush()
    defer { cnn_denormals_restore(denormals) }
    var (behind, before) = self.gradients
    gather(seeds, count: seedCount, into: behind)

    func collect(_ value: Int) {
      for (name, wantedValue) in wanted where wantedValue == value {
        found[name] = scatter(behind, count: valueCount(at: value))
      }
    }

    collect(last)
    for index in (min(wanted.values.min() ?? last, last)..<last).reversed() {
      backward(index, doutput: behind, dinput: before)
      swap(&behind, &before)
      collect(index)
    }
    for (name, value) in wanted where value > last {
      found[name] = [Float](repeating: 0, count: count * valueCount(at: value))
    }
    return found
  }

  /// The gradient before a layer; the one behind it is used up.
  private func backward(_ index: Int, doutput: FloatBuffer, dinput: FloatBuffer) {
    let (input, output) = (activations[index].pointer, activations[index + 1].pointer)
    let layer = layers[index]
    if let layer = layer as? any PerImageLayer {
      eachBlock { block, worker in
        let (start, end) = (
          block.index * layer.inputCount * ImageBlock.size, block.index * layer.outputCount * ImageBlock.size
        )
        // Groups are for the gradients of parameters, of which there are none.
        layer.backward(
          block, group: 0, input: input + start, output: output + end, doutput: doutput.pointer + end,
          dinput: dinput.pointer + start, context: context, scratch: scratch[worker].pointer, kernels: kernels
        )
      }
    } else if let layer = layer as? any WholeBatchLayer {
      layer.backward(
        count, input: input, output: output, doutput: doutput.pointer, dinput: dinput.pointer, pool: pool,
        kernels: kernels)
    }
  }

  private func value(of node: String) -> Int {
    guard let value = values[node] else { preconditionFailure("the network has no node \(node)") }
    return value
  }

  private func valueCount(at value: Int) -> Int {
    value == 0 ? layers.first?.inputCount ?? network.inputShape.reduce(1, *) : layers[value - 1].outputCount
  }

  /// Calls `body` for each block of the batch; denormal numbers count as zero inside.
  private func eachBlock(_ body: (_ block: BatchBlock, _ worker: Int) -> Void) {
    pool.run(ImageBlock.count(for: count)) { body(BatchBlock($0, batch: count), $1) }
  }

  /// [count, valueCount] to blocks, with zeros in the lanes that are left.
  private func gather(_ images: [Float], count valueCount: Int, into buffer: FloatBuffer) {
    images.withUnsafeBufferPointer { images in
      guard let base = images.baseAddress else { return }
      eachBlock { block, _ in
        ImageBlock.gather(
          block.images.count, count: valueCount, from: base + block.images.lowerBound * valueCount,
          to: buffer.pointer + block.index * valueCount * ImageBlock.size, kernels: kernels)
      }
    }
  }

  /// Blocks to [count, valueCount].
  private func scatter(_ buffer: FloatBuffer, count valueCount: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: count * valueCount) { images, initialized in
      if let base = images.baseAddress {
        eachBlock { block, _ in
          ImageBlock.scatter(
            block.images.count, count: valueCount,
            from: buffer.pointer + block.index * valueCount * ImageBlock.size,
            to: base + block.images.lowerBound * valueCount, kernels: kernels)
        }
      }
      initialized = count * valueCount
    }
  }
}
