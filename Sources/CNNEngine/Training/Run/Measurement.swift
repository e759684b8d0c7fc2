import CNNModelFile

/// How well a network does on examples.
public struct Measurement: Sendable, Equatable {
  /// How many are right.
  public let correct: Int
  /// How many there are.
  public let examples: Int
  /// The mean cross-entropy in nats.
  public let loss: Double

  /// The share that is right.
  public var accuracy: Double { Double(correct) / Double(max(examples, 1)) }

  /// Runs `network` on `examples`.
  ///
  /// - Throws: `EngineError` if the network cannot be run.
  public init(_ network: Network, on examples: Examples, pool: WorkerPool, kernels: KernelSet = .best)
    throws(EngineError)
  {
    let session = try InferenceSession(network, pool: pool, kernels: kernels)
    let logits = session.logits(for: examples)
    let classes = network.outputCount
    var correct = 0
    var loss = 0.0
    for (row, label) in examples.labels.enumerated() {
      let outputs = logits[row * classes..<(row + 1) * classes]
      if Softmax.mostProbable(outputs) == label { correct += 1 }
      loss += Softmax.crossEntropy(outputs, label: label)
    }
    self.correct = correct
    self.examples = examples.count
    self.loss = loss / Double(max(examples.count, 1))
  }
}
