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

  /// Measures the averaged parameters, or the last where there is no average.
  ///
  /// - Throws: `EngineError`.
  public func measure(_ examples: Examples) throws -> Evaluation {
    try Evaluation(
      Network(network, tensors: tensors(resultValues)), on: examples, pool: pool, kernels: kernels)
  }
}
