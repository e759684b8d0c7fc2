import CKernels
import CNNModelFile

/// A network made ready for learning: one call computes the mean loss of a batch and the gradient of every parameter.
///
/// Images stand side by side in blocks of 16 (`ImageBlock`). Layers that treat images on their own run block by block,
/// each through all of them; linear layers and batch normalisation take the whole batch. All sums are in an order that
/// follows from the graph and the batch, so gradients have the same bits for any number of threads.
public final class TrainingPlan: @unchecked Sendable {
  // One step at a time; within it, threads work on different images.

  /// The parameters with their gradients.
  public let parameters: ParameterStore
  /// The most images of a batch.
  public let maximumBatch: Int
  /// How many numbers one input takes.
  public let inputCount: Int
  /// How many logits one input gives.
  public let outputCount: Int

  let layers: [any TrainingLayer]
  private let segments: [Segment]
  /// The first layer that learns: nothing flows back beyond it.
  let firstTrained: Int
  let kernels: KernelSet
  let pool: WorkerPool
  /// The input, then each layer's output: [blocks, count, 16].
  let activations: [FloatBuffer]
  /// Two buffers that the gradients between segments alternate between: [blocks, the largest count, 16].
  private let gradients: (FloatBuffer, FloatBuffer)
  /// For each worker two buffers that the gradients within a segment alternate between: [the largest count, 16].
  let innerGradients: [(FloatBuffer, FloatBuffer)]
  let scratch: [FloatBuffer]
  /// For each worker the inputs of a block, image by image.
  let staging: [FloatBuffer]
  /// The logits and their gradient, image by image: [batch, outputs].
  private let logits: FloatBuffer
  private let dlogits: FloatBuffer
  /// The loss of each image, and whether it was right.
  private let losses: UnsafeMutablePointer<Double>
  private let isCorrect: UnsafeMutablePointer<Bool>
  /// The layers' names, each that of the first node in it.
  private let names: [String]

  /// Layers that run together: per-image ones as long as they follow each other, or one that takes the whole batch.
  private enum Segment {
    case perImage(Range<Int>)
    case wholeBatch(Int)
  }

  /// Makes a plan.
  ///
  /// - Parameters:
  ///   - parameters: the network's parameters, which an optimiser changes between steps.
  ///   - frozen: the layers that run as at inference and don't learn.
  /// - Throws: `EngineError` for a graph that cannot be trained.
  public init(
    _ network: NetworkDescription, parameters: ParameterStore, frozen: Set<String> = [], maximumBatch: Int,
    pool: WorkerPool, kernels: KernelSet = .best
  ) throws(EngineError) {
    let shapes: [String: [Int]]
    do { shapes = try network.inferShapes() } catch { throw .graph(error) }
    let chain = try TrainingChain(
      network, shapes: shapes, store: parameters, frozen: frozen, batch: maximumBatch)
    layers = chain.layers
    names = chain.names
    losses = .allocate(capacity: max(maximumBatch, 1))
    losses.initialize(repeating: 0, count: max(maximumBatch, 1))
    isCorrect = .allocate(capacity: max(maximumBatch, 1))
    isCorrect.initialize(repeating: false, count: max(maximumBatch, 1))
    self.parameters = parameters
    self.maximumBatch = maximumBatch
    self.pool = pool
    self.kernels = kernels
    inputCount = network.inputShape.reduce(1, *)
    outputCount = (shapes[network.output] ?? []).reduce(1, *)
    firstTrained = layers.firstIndex { $0.isTrained } ?? layers.count

    var segments: [Segment] = []
    for (index, layer) in layers.enumerated() {
      if layer is any PerImageLayer {
        if case .perImage(let range)? = segments.last {
          segments[segments.count - 1] = .perImage(range.lowerBound..<index + 1)
        } else {
          segments.append(.perImage(index..<index + 1))
        }
      } else {
        segments.append(.wholeBatch(index))
      }
    }
    self.segments = segments

    let size = ImageBlock.size
    let places = ImageBlock.count(for: maximumBatch) * size
    activations = ([inputCount] + layers.map(\.outputCount)).map { FloatBuffer(count: $0 * places) }
    let ends = segments.map { segment in
      switch segment {
      case .perImage(let range): range.upperBound
      case .wholeBatch(let index): index + 1
      }
    }
    let layers = layers
    let largestBetween = ends.map { layers[$0 - 1].outputCount }.max() ?? 0
    gradients = (FloatBuffer(count: largestBetween * places), FloatBuffer(count: largestBetween * places))
    let largestWithin = layers.map(\.outputCount).max() ?? 0
    innerGradients = (0..<pool.threadCount).map { _ in
      (FloatBuffer(count: largestWithin * size), FloatBuffer(count: largestWithin * size))
    }
    let scratchCount = layers.compactMap { ($0 as? any PerImageLayer)?.scratchCount }.max() ?? 0
    scratch = (0..<pool.threadCount).map { _ in FloatBuffer(count: scratchCount) }
    let inputCount = inputCount
    staging = (0..<pool.threadCount).map { _ in FloatBuffer(count: inputCount * size) }
    logits = FloatBuffer(count: outputCount * maximumBatch)
    dlogits = FloatBuffer(count: outputCount * maximumBatch)
  }

  deinit {
    losses.deallocate()
    isCorrect.deallocate()
  }

  /// What a step measured on its batch.
  public struct BatchResult: Sendable, Equatable {
    /// The sum of the examples' losses.
    public var lossSum: Double
    /// How many examples were right.
    public var correct: Int
  }

  /// Computes the gradients of the mean loss of a batch.
  ///
  /// - Parameters:
  ///   - count: the batch's images, at most `maximumBatch`, at least one.
  ///   - labels: the class of each image.
  ///   - step: the number of the step, from 0.
  public func computeGradients(
    of source: some BatchSource, count: Int, labels: [Int], loss: Loss, seed: UInt64, step: Int
  ) -> BatchResult {
    let context = StepContext(seed: seed, step: step)
    // The pool's threads flush denormal numbers; what this thread does between their calls must not differ.
    let denormals = cnn_denormals_flush()
    defer { cnn_denormals_restore(denormals) }
    pool.run(layers.count) { layer, _ in layers[layer].prepare(kernels: kernels) }
    var isFirst = true
    for segment in segments {
      switch segment {
      case .perImage(let range):
        forward(range, count: count, source: isFirst ? source : nil, context: context)
      case .wholeBatch(let index):
        if isFirst { write(source, count: count) }
        (layers[index] as? any WholeBatchLayer)?.forward(
          count, input: activations[index].pointer, output: activations[index + 1].pointer, pool: pool,
          kernels: kernels)
      }
      isFirst = false
    }
    let result = evaluate(loss, labels: labels, count: count)
    for (number, segment) in segments.enumerated().reversed() {
      switch segment {
      case .perImage(let range):
        if range.upperBound > firstTrained {
          backward(
            range, doutput: gradient(number + 1), dinput: gradient(number), count: count, context: context)
        }
      case .wholeBatch(let index):
        guard index >= firstTrained else { break }
        (layers[index] as? any WholeBatchLayer)?.backward(
          count, input: activations[index].pointer, output: activations[index + 1].pointer,
          doutput: gradient(number + 1).pointer,
          dinput: index > firstTrained ? gradient(number).pointer : nil, pool: pool, kernels: kernels)
      }
    }
    return result
  }

  /// The loss of the batch and its gradient, added up image by image.
  private func evaluate(_ loss: Loss, labels: [Int], count: Int) -> BatchResult {
    let last = activations[layers.count].pointer
    let gradient = gradient(segments.count).pointer
    let blockCount = outputCount * ImageBlock.size
    for block in blocks(of: count) {
      ImageBlock.scatter(
        block.images.count, count: outputCount, from: last + block.index * blockCount,
        to: logits.pointer + block.images.lowerBound * outputCount, kernels: kernels)
    }
    labels.withUnsafeBufferPointer { labels in
      guard let labels = labels.baseAddress else { return }
      loss.evaluate(
        logits: logits.pointer, labels: labels, rows: 0..<count, classes: outputCount, batchSize: count,
        gradient: dlogits.pointer, losses: losses, isCorrect: isCorrect)
    }
    for block in blocks(of: count) {
      ImageBlock.gather(
        block.images.count, count: outputCount,
        from: dlogits.pointer + block.images.lowerBound * outputCount,
        to: gradient + block.index * blockCount,
        kernels: kernels)
    }
    var result = BatchResult(lossSum: 0, correct: 0)
    for image in 0..<count {
      result.lossSum += losses[image]
      if isCorrect[image] { result.correct += 1 }
    }
    return result
  }

  private func blocks(of count: Int) -> [BatchBlock] {
    (0..<ImageBlock.count(for: count)).map { BatchBlock($0, batch: count) }
  }

  /// The first layer whose output of the last step's batch is not all finite; nil if there is none.
  func firstLayerWithoutNumbers(count: Int) -> String? {
    for (index, layer) in layers.enumerated() {
      let output = activations[index + 1].pointer
      for block in blocks(of: count) {
        let start = block.index * layer.outputCount * ImageBlock.size
        for place in stride(
          from: start, to: start + layer.outputCount * ImageBlock.size, by: ImageBlock.size)
        where (place..<place + block.images.count).contains(where: { !output[$0].isFinite }) {
          return names[index]
        }
      }
    }
    return nil
  }

  /// The logits of the last step's batch: [count, outputs].
  public func lastLogits(count: Int) -> [Float] {
    Array(UnsafeBufferPointer(start: logits.pointer, count: count * outputCount))
  }

  /// Where the gradient of the value before segment `number` is.
  private func gradient(_ number: Int) -> FloatBuffer {
    number % 2 == 0 ? gradients.0 : gradients.1
  }
}
