import CNNModelFile
import Testing

@testable import CNNEngine
@testable import CNNInsight

@Suite struct LayerHistogramTests {
  @Test func aSummaryOfNumbers() {
    let summary = ValueSummary([0, 1, -3, .nan, 2, .infinity, 0])
    #expect(summary.count == 7 && summary.notFiniteCount == 2 && summary.zeroCount == 2)
    #expect(summary.least == -3 && summary.greatest == 2 && summary.mean == 0)
    // (1 + 9 + 4) / 5.
    #expect(abs(summary.deviation - 2.8.squareRoot()) < 1e-12)
    #expect(summary.zeroShare == 0.4)
    #expect(ValueSummary([]).usualRange == nil && ValueSummary([.nan]).usualRange == nil)
  }

  @Test func bothStatesShareTheBins() throws {
    let histogram = LayerHistogram(weights: "w", before: [-1, 0, 0, 1], after: [-2, 2, 0.05])
    #expect(histogram.range == -2...2)
    let before = try #require(histogram.before)
    #expect(before.counts.count == LayerHistogram.binCount)
    // Bins of 0.1 from -2 on.
    #expect(before.counts[10] == 1 && before.counts[20] == 2 && before.counts[30] == 1)
    #expect(
      histogram.after.counts[0] == 1 && histogram.after.counts[39] == 1 && histogram.after.counts[20] == 1)
    #expect(before.counts.reduce(0, +) == 4 && histogram.after.counts.reduce(0, +) == 3)
  }

  @Test func rangesThatAreNone() {
    let same = LayerHistogram(weights: "w", before: nil, after: [3, 3])
    #expect(same.range == 1.5...4.5 && same.after.counts.reduce(0, +) == 2 && same.before == nil)
    let nothing = LayerHistogram(weights: "w", before: [.nan], after: [])
    #expect(nothing.range == 0...1 && nothing.after.counts.allSatisfy { $0 == 0 })
  }

  @Test func farValuesCountAtTheEnds() {
    var values = [Float](repeating: 0, count: 10_000)
    for index in values.indices { values[index] = index % 2 == 0 ? 1 : -1 }
    values[7] = 1000
    let histogram = LayerHistogram(weights: "w", before: nil, after: values)
    #expect(histogram.range.upperBound < 100)
    #expect(histogram.after.counts[39] == 1)
    #expect(histogram.after.counts.reduce(0, +) == 10_000)
  }

  /// Two inputs, a linear layer of three, an activation, an output of two.
  private func network(_ activation: CNNModelFile.Operation) -> NetworkDescription {
    NetworkDescription(
      inputShape: [1, 1, 2],
      nodes: [
        .init(name: "flatten", operation: .flatten, inputs: ["input"]),
        .init(
          name: "fc1", operation: .linear(.init(inputFeatures: 2, outputFeatures: 3)), inputs: ["flatten"]),
        .init(name: "act", operation: activation, inputs: ["fc1"]),
        .init(name: "fc2", operation: .linear(.init(inputFeatures: 3, outputFeatures: 2)), inputs: ["act"]),
      ], output: "fc2")
  }

  private func tensors(_ scale: Float) -> [Tensor] {
    [
      Tensor(name: "fc1.weight", shape: [3, 2], values: [1, 0, 0, 1, -1, -1].map { $0 * scale }),
      Tensor(name: "fc1.bias", shape: [3], values: [0, 0, 0]),
      Tensor(name: "fc2.weight", shape: [2, 3], values: [1, 1, 1, 0, 0, 0]),
      Tensor(name: "fc2.bias", shape: [2], values: [0, 0.5]),
    ]
  }

  private let examples = Examples(inputs: [1, 2, 3, 0, -1, 1], inputShape: [1, 1, 2], labels: [0, 1, 0])

  @Test func activationsOfEveryLayer() throws {
    let pool = WorkerPool(threadCount: 1)
    let found = try ActivationHistograms.measure(
      network(.relu), before: tensors(1), after: tensors(2), examples: examples, pool: pool)
    #expect(found.map(\.name) == ["act", "fc2"])
    // ReLU of (1, 2, -3), (3, 0, -3), (-1, 1, 0).
    let before = try #require(found[0].before)
    #expect(before.summary.count == 9 && before.summary.zeroCount == 5 && before.summary.greatest == 3)
    #expect(found[0].after.summary.greatest == 6)
    #expect(found[0].leavesOutZeros && before.counts.reduce(0, +) == 4)
    #expect(before.saturatedCount == nil)
    // The sums 3, 3, 1, and the bias.
    #expect(found[1].before?.summary.mean == (3 + 3 + 1 + 1.5) / 6)
    #expect(found[1].operation == "linear 2" && !found[1].leavesOutZeros)
  }

  @Test func valuesAtTheEndsOfATanh() throws {
    let found = try ActivationHistograms.measure(
      network(.tanh), before: nil, after: tensors(10), examples: examples, pool: WorkerPool(threadCount: 1))
    #expect(found[0].range == -1...1 && found[0].before == nil)
    // All but the two sums that are 0.
    #expect(found[0].after.saturatedCount == 7 && found[0].after.summary.zeroCount == 2)
    #expect(found[0].after.counts.reduce(0, +) == 9)
  }
}
