import CNNModelFile
import CNNTestSupport
import Testing

@testable import CNNEngine

/// Denormal numbers count as zero everywhere in training, whichever thread a block falls to.
@Suite struct DenormalTests {
  @Test func anyNumberOfThreadsTreatsThemAlike() throws {
    // Small layers, which threads don't share: with more threads than blocks the caller runs them.
    func layer() -> CNNModelFile.Operation {
      .conv2d(.init(inputChannels: 1, outputChannels: 1, kernelSize: .init(1, 1), hasBias: false))
    }
    var numbers = SeededNumbers(seed: 6)
    let network = try makeNetwork(
      inputShape: [1, 2, 2],
      [
        ("small", layer()), ("smaller", layer()), ("large", layer()), ("flatten", .flatten),
        ("fc", .linear(.init(inputFeatures: 4, outputFeatures: 2))),
      ], numbers: &numbers)
    let factors: [String: Float] = ["small.weight": 1e-20, "smaller.weight": 1e-20, "large.weight": 1e38]
    let tensors = network.parameters.map { name, values in
      Tensor(
        name: name, shape: name.hasPrefix("fc.w") ? [2, 4] : name.hasPrefix("fc") ? [2] : [1, 1, 1, 1],
        values: factors[name].map { [$0] } ?? values)
    }
    let inputs = numbers.floats(16 * 4)
    func logits(threads: Int) throws -> [Float] {
      let store = try ParameterStore(network.description, tensors: tensors)
      let plan = try TrainingPlan(
        network.description, parameters: store, maximumBatch: 16, pool: WorkerPool(threadCount: threads))
      _ = plan.computeGradients(
        of: ArrayBatch(inputs, inputCount: 4), count: 16, labels: [Int](repeating: 0, count: 16),
        loss: .softmaxCrossEntropy(labelSmoothing: 0), seed: 1, step: 0)
      return plan.lastLogits(count: 16)
    }
    let one = try logits(threads: 1)
    #expect(try logits(threads: 2) == one)
    #expect(try logits(threads: 5) == one)
    // All inputs have become zero on the way, so every image has the same logits.
    #expect(one.prefix(2) == one.suffix(2))
  }
}
