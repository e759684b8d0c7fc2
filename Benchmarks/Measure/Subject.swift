import CNNEngine
import CNNInterchange
import CNNModelFile
import CNNToolSupport

/// What is measured, the engine's part of a comparison.
struct Subject: Hashable {
  /// What the network does.
  enum Task: String, CaseIterable {
    /// Steps of training: forward, loss, backward, a plain SGD update.
    case train
    /// Batches of inference: from inputs that are in memory to logits.
    case infer
  }

  var task: Task
  /// A preset's name.
  var net: String
  var batch: Int
  var threads: Int

  /// The network, with the ten outputs of the digits.
  func network() throws -> NetworkDescription {
    let architecture: Architecture
    do { architecture = try Architecture(name: net) } catch {
      throw ToolFailure("\(error)", status: .usage)
    }
    return architecture.network(outputs: 10)
  }

  /// Makes it ready; the result does so many steps or batches.
  func workload(kernels: KernelSet) throws -> (Int) throws -> Void {
    let network = try network()
    let tensors = Initializer.he.parameters(of: network, seed: 1)
    let pool = WorkerPool(threadCount: threads)
    switch task {
    case .train: return try trainingSteps(network, tensors: tensors, pool: pool, kernels: kernels)
    case .infer: return try inferenceBatches(network, tensors: tensors, pool: pool, kernels: kernels)
    }
  }

  /// The trainer as `cnn-train` uses it, so the shuffled gathering of pictures from bytes counts too.
  private func trainingSteps(
    _ network: NetworkDescription, tensors: [Tensor], pool: WorkerPool, kernels: KernelSet
  ) throws -> (Int) throws -> Void {
    let count = (4096 + batch - 1) / batch * batch
    let inputCount = network.inputShape.reduce(1, *)
    let examples = Examples(
      pixels: (0..<count * inputCount).map { UInt8(Self.noise($0) % 256) }, inputShape: network.inputShape,
      labels: (0..<count).map { Int(Self.noise($0) % 10) }, preprocessing: Preprocessing(divisor: 255))
    var options = TrainingOptions(steps: .max)
    options.optimizer = .sgd
    options.learningRate = 0.01
    options.batchSize = batch
    let trainer = try Trainer(
      network, tensors: tensors, training: examples, validation: nil, options: options, pool: pool,
      kernels: kernels)
    return { count in
      let last = trainer.step + count
      try trainer.run { _ in trainer.step >= last ? .stop : .goOn }
    }
  }

  private func inferenceBatches(
    _ network: NetworkDescription, tensors: [Tensor], pool: WorkerPool, kernels: KernelSet
  ) throws -> (Int) throws -> Void {
    let session = try InferenceSession(Network(network, tensors: tensors), pool: pool, kernels: kernels)
    let inputCount = session.plan.inputCount
    let inputs = FloatInputs(
      (0..<batch * inputCount).map { Float(Self.noise($0) % 256) / 255 }, inputCount: inputCount)
    var logits = [Float](repeating: 0, count: batch * session.plan.outputCount)
    return { count in
      logits.withUnsafeMutableBufferPointer { logits in
        guard let base = logits.baseAddress else { return }
        for _ in 0..<count { session.logits(for: inputs, into: base) }
      }
    }
  }

  /// The multiply-adds of one image: in training those of the forward pass, of the weights' gradients, and of the
  /// inputs' gradients but for the first layer's, which nobody needs.
  func multiplyAdds() throws -> Int {
    let network = try network()
    let costs = try network.costs(shapes: network.inferShapes()).map(\.multiplyAddCount)
    let forward = costs.reduce(0, +)
    switch task {
    case .infer: return forward
    case .train: return 3 * forward - (costs.first { $0 > 0 } ?? 0)
    }
  }

  /// A number that looks random, the same each time: a step of SplitMix64.
  private static func noise(_ index: Int) -> UInt64 {
    var value = (UInt64(index) &+ 1) &* 0x9e37_79b9_7f4a_7c15
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
