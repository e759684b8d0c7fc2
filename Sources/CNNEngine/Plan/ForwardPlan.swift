import CNNModelFile

/// A network made ready for running: shapes checked, parameters packed, every buffer laid out.
///
/// A plan holds no working memory of its own: each worker brings a `Workspace`, and running the plan allocates
/// nothing. The logits of an image depend on that image alone, not on its place in the batch, the batch's size
/// or the number of threads.
public final class ForwardPlan: Sendable {
  /// How many numbers one input takes.
  public let inputCount: Int
  /// How many logits one input gives.
  public let outputCount: Int
  /// How many images go through the network together, so that their activations stay in cache and the weights
  /// of linear layers are read once for all of them. It follows from the graph alone.
  public let microBatchSize: Int
  /// The instruction set that the plan is for.
  public let kernels: KernelSet

  private let steps: [PlanBuilder.Step]
  private let result: Int
  /// For each value, where it begins in the workspace.
  private let offsets: [Int]
  private let scratchOffset: Int
  private let workspaceCount: Int

  /// The activations that a micro-batch is allowed, in numbers: 512 KB, about half of a current core's own cache.
  static let activationBudget = 1 << 17
  static let largestMicroBatch = 32

  /// Makes a plan.
  ///
  /// - Throws: `EngineError.bufferTooLarge` if a layer would need absurd buffers.
  public init(_ network: Network, kernels: KernelSet = .best) throws(EngineError) {
    let builder = try PlanBuilder(network)
    self.kernels = kernels
    steps = builder.steps
    result = builder.result
    inputCount = network.inputCount
    outputCount = network.outputCount

    let widest =
      builder.steps
      .map { builder.valueCounts[$0.input] + builder.valueCounts[$0.output] }.max() ?? inputCount
    microBatchSize = min(max(Self.activationBudget / max(widest, 1), 1), Self.largestMicroBatch)

    let layout = BufferLayout(
      builder.steps, valueCounts: builder.valueCounts, result: builder.result, images: microBatchSize)
    offsets = layout.offsets
    scratchOffset = layout.count
    workspaceCount = layout.count + (builder.steps.map { $0.layer.scratchCount }.max() ?? 0)
  }

  /// The working memory of one worker.
  public final class Workspace: @unchecked Sendable {
    // One worker at a time uses it; the pool's numbering of workers sees to that.
    fileprivate let buffer: FloatBuffer

    fileprivate init(count: Int) {
      buffer = FloatBuffer(count: count)
    }
  }

  /// New working memory for a worker of this plan.
  public func makeWorkspace() -> Workspace {
    Workspace(count: workspaceCount)
  }

  /// Where the inputs of a micro-batch are to be written: [images, ...input shape].
  func input(of workspace: Workspace) -> UnsafeMutablePointer<Float> {
    workspace.buffer.pointer + offsets[0]
  }

  /// Runs the inputs that stand in the workspace, and returns where the logits are: [images, outputs].
  ///
  /// - Parameter images: at most `microBatchSize`.
  func run(images: Int, in workspace: Workspace) -> UnsafePointer<Float> {
    let base = workspace.buffer.pointer
    for step in steps {
      step.layer.forward(
        images: images, input: base + offsets[step.input], output: base + offsets[step.output],
        scratch: base + scratchOffset, kernels: kernels)
    }
    return UnsafePointer(base + offsets[result])
  }
}
