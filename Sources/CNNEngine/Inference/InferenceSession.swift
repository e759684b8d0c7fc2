import CKernels
import CNNModelFile
import Synchronization

/// A network that is ready to answer: a plan, threads, and the working memory of each.
///
///     let session = try InferenceSession(model)
///     let logits = session.logits(for: PixelInputs(pixels, inputCount: 784, preprocessing: preprocessing))
///
/// A session may be used from several threads; its calls then follow one another.
public final class InferenceSession: Sendable {
  /// The plan that it runs.
  public let plan: ForwardPlan
  /// The threads that it runs on.
  public let pool: WorkerPool
  private let workspaces: [ForwardPlan.Workspace]
  /// Held for the whole of a call: the workspaces are for one at a time.
  private let turn = Mutex(())

  /// Makes `network` ready.
  ///
  /// - Throws: `EngineError` if the network cannot be run.
  public init(_ network: Network, pool: WorkerPool = WorkerPool(), kernels: KernelSet = .best)
    throws(EngineError)
  {
    plan = try ForwardPlan(network, kernels: kernels)
    self.pool = pool
    let plan = plan
    workspaces = (0..<pool.threadCount).map { _ in plan.makeWorkspace() }
  }

  /// Makes a plan ready that is there already.
  init(plan: ForwardPlan, pool: WorkerPool) {
    self.plan = plan
    self.pool = pool
    workspaces = (0..<pool.threadCount).map { _ in plan.makeWorkspace() }
  }

  /// Runs the network on every input.
  ///
  /// - Returns: the logits, [N, outputs].
  /// - Precondition: the inputs have as many numbers as the network takes.
  public func logits(for source: some InputSource) -> [Float] {
    [Float](unsafeUninitializedCapacity: source.count * plan.outputCount) { buffer, count in
      if let base = buffer.baseAddress { logits(for: source, into: base) }
      count = source.count * plan.outputCount
    }
  }

  /// Runs the network on every input. Allocates nothing but the closure of the call, 32 bytes for any number of
  /// inputs.
  ///
  /// - Parameter destination: room for [N, outputs].
  /// - Precondition: the inputs have as many numbers as the network takes.
  public func logits(for source: some InputSource, into destination: UnsafeMutablePointer<Float>) {
    precondition(
      source.inputCount == plan.inputCount,
      "inputs of \(source.inputCount) numbers for a network that takes \(plan.inputCount)")
    turn.withLock { _ in
      if source.count == 1 {
        runSingle(source, into: destination)
      } else {
        runMany(source, into: destination)
      }
    }
  }

  private func runSingle(_ source: some InputSource, into destination: UnsafeMutablePointer<Float>) {
    let denormals = cnn_denormals_flush()
    defer { cnn_denormals_restore(denormals) }
    let workspace = workspaces[0]
    source.write(0..<1, to: plan.input(of: workspace))
    destination.update(from: plan.runSingle(in: workspace, pool: pool), count: plan.outputCount)
  }

  private func runMany(_ source: some InputSource, into destination: UnsafeMutablePointer<Float>) {
    // Smaller pieces than the micro-batch where there would not be one for each thread. An image's logits don't
    // depend on that.
    var share = (source.count + pool.threadCount - 1) / pool.threadCount
    if share >= ForwardPlan.smallestBlock { share = ImageBlock.count(for: share) * ImageBlock.size }
    let size = max(1, min(plan.microBatchSize, share))
    let pieces = (source.count + size - 1) / size
    pool.run(pieces) { piece, worker in
      let range = piece * size..<min(piece * size + size, source.count)
      let workspace = workspaces[worker]
      source.write(range, to: plan.input(of: workspace))
      let logits = plan.run(images: range.count, in: workspace)
      (destination + range.lowerBound * plan.outputCount).update(
        from: logits, count: range.count * plan.outputCount)
    }
  }
}
