import CNNCodecs
import CNNModelFile

extension Trainer {
  /// The parameters that count as the training's result: the best on validation data where stopping early is on, else
  /// the averaged ones where there is an average, else the last.
  public var result: [Tensor] {
    tensors(best ?? resultValues)
  }

  /// The averaged parameters, or the last where there is no average.
  var resultValues: [[Float]] {
    averages?.map(\.values) ?? parameters.entries.map(\.values)
  }

  private func tensors(_ values: [[Float]]) -> [Tensor] {
    let own = parameters.tensors
    return own.enumerated().map { index, tensor in
      index < values.count ? Tensor(name: tensor.name, shape: tensor.shape, values: values[index]) : tensor
    }
  }

  /// Whether the weights in training are worth keeping: all finite, and with a finite loss on the first training
  /// examples. If not, the next step is likely to end in `TrainingError.diverged`.
  public var isSound: Bool {
    for entry in parameters.entries {
      let weights = UnsafeBufferPointer(start: entry.weights.pointer, count: entry.count)
      guard weights.allSatisfy(\.isFinite) else { return false }
    }
    let measured = try? Evaluation(
      Network(network, tensors: parameters.tensors), on: probe, pool: pool, kernels: kernels)
    return measured?.loss.isFinite ?? false
  }

  /// Measures the averaged parameters, or the last where there is no average.
  ///
  /// - Throws: `EngineError`.
  public func measure(_ examples: Examples) throws -> Evaluation {
    try Evaluation(
      Network(network, tensors: tensors(resultValues)), on: examples, pool: pool, kernels: kernels)
  }
}
