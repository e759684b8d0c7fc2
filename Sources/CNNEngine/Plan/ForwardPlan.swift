import CNNModelFile

/// A network made ready for running: shapes checked, parameters packed, every buffer laid out.
///
/// A plan holds no working memory of its own: each worker brings a `Workspace`, and running the plan allocates
/// nothing. The logits of an image depend on that image alone, not on its place in the batch, the batch's size
/// or the number of threads.
///
/// Images go through the layers side by side, 16 at a time, with every layer up to the first linear one run for one
/// such block after another, so that activations stay in cache, and the rest for a few blocks together, so that the
/// weights of linear layers are read once for all of them. A few images alone go through one by one. All ways give the
/// same bits.
public final class ForwardPlan: Sendable {
  /// How many numbers one input takes.
  public let inputCount: Int
  /// How many logits one input gives.
  public let outputCount: Int
  /// How many images go through the network together. It follows from the graph alone.
  public let microBatchSize: Int
  /// The instruction set that the plan is for.
  public let kernels: KernelSet

  private let steps: [PlanBuilder.Step]
  private let result: Int
  /// The steps before the first linear layer, run block by block.
  private let head: ArraySlice<PlanBuilder.Step>
  private let tail: ArraySlice<PlanBuilder.Step>
  /// The value between them.
  private let boundary: Int
  private let valueCounts: [Int]
  private let pictures: [[Int]?]
  /// Whether images are run side by side at all; a network with huge activations has no memory for that.
  private let hasBlocks: Bool

  private let single: BufferLayout
  private let headLayout: BufferLayout
  private let tailLayout: BufferLayout
  private let resultsOffset: Int
  private let scratchOffset: Int
  private let workspaceCount: Int

  /// Blocks that are run together.
  private static let largestBlockCount = 4
  /// From how many images on a block pays, with lanes that nobody needs.
  static let smallestBlock = 6
  /// How many multiply-adds of a layer on one image are worth a thread: about two microseconds.
  static let smallestShare = 1 << 17
  /// The most numbers that a layer may take for a block, 256 MB; beyond, images are run one by one.
  static let largestBlock = 1 << 26

  /// Makes a plan.
  ///
  /// - Throws: `EngineError.bufferTooLarge` if a layer would need absurd buffers.
  public init(_ network: Network, kernels: KernelSet = .best) throws(EngineError) {
    let builder = try PlanBuilder(network, kernels: kernels)
    self.kernels = kernels
    steps = builder.steps
    result = builder.result
    let counts = builder.valueCounts
    valueCounts = counts
    pictures = builder.pictures
    inputCount = network.inputCount
    outputCount = network.outputCount

    let cut = builder.steps.firstIndex { $0.layer is LinearLayer } ?? builder.steps.count
    head = builder.steps[..<cut]
    tail = builder.steps[cut...]
    boundary = tail.first?.input ?? builder.result

    let size = ImageBlock.size
    let largest =
      builder.steps.map { counts[$0.input] + counts[$0.output] + $0.layer.blockScratchCount / size }.max()
      ?? inputCount
    let hasBlocks = largest <= Self.largestBlock / size
    self.hasBlocks = hasBlocks
    let between = max(inputCount, counts[boundary], 1)
    let blocks = hasBlocks ? max(1, min(Self.largestBlockCount, (1 << 18) / between)) : 0
    microBatchSize = max(blocks * size, 1)

    // The inputs, then the logits, then what is in between: for one image, or for blocks.
    resultsOffset = (microBatchSize * inputCount + FloatBuffer.slack + 15) / 16 * 16
    let start = resultsOffset + (microBatchSize * outputCount + FloatBuffer.slack + 15) / 16 * 16
    single = BufferLayout(
      builder.steps[...],
      sizes: zip(builder.pictures, counts).map { ChannelGroups.elements($0 ?? [$1]) }, input: 0,
      result: builder.result
    ).moved(by: start)
    let headLayout = BufferLayout(head, sizes: counts.map { $0 * size }, input: 0, result: boundary)
    let tailLayout = BufferLayout(
      tail, sizes: counts.map { $0 * size * blocks }, input: boundary, result: builder.result)
    self.headLayout = headLayout.moved(by: start)
    self.tailLayout = tailLayout.moved(by: start + headLayout.count)
    let blockCount = hasBlocks ? headLayout.count + tailLayout.count : 0
    scratchOffset = start + (max(single.count, blockCount) + 15) / 16 * 16
    let scratch = builder.steps.map {
      max($0.layer.scratchCount, hasBlocks ? $0.layer.blockScratchCount : 0)
    }
    workspaceCount = scratchOffset + (scratch.max() ?? 0)
  }

  /// The working memory of one worker.
  public final class Workspace: @unchecked Sendable {
    // One worker at a time uses it; the pool's numbering of workers sees to that.
    fileprivate let buffer: FloatBuffer

    fileprivate init(count: Int) {
      // Whatever is read was written before; lanes that nobody needs may hold anything.
      buffer = FloatBuffer(uninitializedCount: count)
    }
  }

  /// New working memory for a worker of this plan.
  public func makeWorkspace() -> Workspace {
    Workspace(count: workspaceCount)
  }

  /// Where the inputs of a micro-batch are to be written: [images, ...input shape].
  func input(of workspace: Workspace) -> UnsafeMutablePointer<Float> {
    workspace.buffer.pointer
  }

  /// Runs the inputs that stand in the workspace, and returns where the logits are: [images, outputs].
  ///
  /// - Parameter images: at most `microBatchSize`.
  func run(images: Int, in workspace: Workspace) -> UnsafePointer<Float> {
    let base = workspace.buffer.pointer
    let size = ImageBlock.size
    var blocked = 0
    if hasBlocks {
      blocked = images / size * size
      if images - blocked >= Self.smallestBlock { blocked = images }
      if blocked > 0 { runBlocks(images: blocked, base: base) }
    }
    for image in blocked..<images { runSingle(image, base: base) }
    return UnsafePointer(base + resultsOffset)
  }

  /// How long each layer takes for the images of a micro-batch, run one after another as always on one thread: the
  /// least of some passes.
  ///
  /// - Returns: for each layer the name of its first node, and its time with what is fused to it; none for a network
  ///   that runs its images one by one.
  public func layerTimes(passes: Int) -> [(name: String, time: Duration)] {
    guard hasBlocks else { return [] }
    let workspace = makeWorkspace()
    var least = [Duration](repeating: .seconds(3600), count: steps.count)
    for _ in 0..<passes {
      var times = [Duration](repeating: .zero, count: steps.count)
      runBlocks(images: microBatchSize, base: workspace.buffer.pointer) { times[$0] += $1 }
      least = zip(least, times).map(min)
    }
    return zip(steps, least).map { ($0.name, $1) }
  }

  /// - Parameter observe: is told how long each call of a step took; nil where nobody asks.
  private func runBlocks(
    images: Int, base: UnsafeMutablePointer<Float>, observe: ((Int, Duration) -> Void)? = nil
  ) {
    let clock = ContinuousClock()
    func run(
      _ index: Int, blocks: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
      scratch: UnsafeMutablePointer<Float>
    ) {
      guard let observe else {
        steps[index].layer.forward(
          blocks: blocks, input: input, output: output, scratch: scratch, kernels: kernels)
        return
      }
      observe(
        index,
        clock.measure {
          steps[index].layer.forward(
            blocks: blocks, input: input, output: output, scratch: scratch, kernels: kernels)
        })
    }
    let size = ImageBlock.size
    let blocks = ImageBlock.count(for: images)
    let boundaryCount = valueCounts[boundary] * size
    let scratch = base + scratchOffset
    for block in 0..<blocks {
      let range = ImageBlock.images(of: block, batch: images)
      let between = base + tailLayout.offsets[boundary] + block * boundaryCount
      func place(_ value: Int) -> UnsafeMutablePointer<Float> {
        value == boundary ? between : base + headLayout.offsets[value]
      }
      ImageBlock.gather(
        range.count, count: inputCount, from: base + range.lowerBound * inputCount, to: place(0),
        kernels: kernels)
      for (index, step) in zip(head.indices, head) {
        run(index, blocks: 1, input: place(step.input), output: place(step.output), scratch: scratch)
      }
    }
    for (index, step) in zip(tail.indices, tail) {
      run(
        index, blocks: blocks, input: base + tailLayout.offsets[step.input],
        output: base + tailLayout.offsets[step.output], scratch: scratch)
    }
    for block in 0..<blocks {
      let range = ImageBlock.images(of: block, batch: images)
      ImageBlock.scatter(
        range.count, count: outputCount,
        from: base + tailLayout.offsets[result] + block * valueCounts[result] * size,
        to: base + resultsOffset + range.lowerBound * outputCount, kernels: kernels)
    }
  }

  private func runSingle(_ image: Int, base: UnsafeMutablePointer<Float>) {
    beginSingle(image, base: base)
    for step in steps {
      let input = base + single.offsets[step.input]
      let scratch = base + scratchOffset
      step.layer.begin(input: input, scratch: scratch, kernels: kernels)
      step.layer.forward(
        part: .whole, input: input, output: base + single.offsets[step.output], scratch: scratch,
        kernels: kernels)
    }
    endSingle(image, base: base)
  }

  /// Runs the first input that stands in the workspace with all threads, which share out the work of each layer that
  /// has enough of it. The logits are where `run` has them, and the same.
  func runSingle(in workspace: Workspace, pool: WorkerPool) -> UnsafePointer<Float> {
    let base = workspace.buffer.pointer
    beginSingle(0, base: base)
    for step in steps {
      let input = base + single.offsets[step.input]
      let output = base + single.offsets[step.output]
      let scratch = base + scratchOffset
      step.layer.begin(input: input, scratch: scratch, kernels: kernels)
      let parts = min(
        pool.threadCount, step.layer.sharedWork / Self.smallestShare, step.layer.mostParts)
      if parts < 2 {
        step.layer.forward(part: .whole, input: input, output: output, scratch: scratch, kernels: kernels)
      } else {
        pool.run(parts) { part, _ in
          step.layer.forward(
            part: WorkPart(index: part, count: parts), input: input, output: output, scratch: scratch,
            kernels: kernels)
        }
      }
    }
    endSingle(0, base: base)
    return UnsafePointer(base + resultsOffset)
  }

  private func beginSingle(_ image: Int, base: UnsafeMutablePointer<Float>) {
    let input = base + image * inputCount
    if let picture = pictures[0] {
      ChannelGroups.gather(picture, from: input, to: base + single.offsets[0], kernels: kernels)
    } else {
      (base + single.offsets[0]).update(from: input, count: inputCount)
    }
  }

  private func endSingle(_ image: Int, base: UnsafeMutablePointer<Float>) {
    let logits = base + single.offsets[result]
    let destination = base + resultsOffset + image * outputCount
    if let picture = pictures[result] {
      ChannelGroups.scatter(picture, from: logits, to: destination, kernels: kernels)
    } else {
      destination.update(from: logits, count: outputCount)
    }
  }
}
