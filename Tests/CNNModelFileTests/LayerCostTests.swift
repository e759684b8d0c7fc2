import CNNModelFile
import Testing

@Suite struct LayerCostTests {
  private func costs(_ inputShape: [Int], _ operations: [(String, Operation)]) throws -> [LayerCost] {
    var previous = NetworkDescription.inputName
    var nodes: [NetworkDescription.Node] = []
    for (name, operation) in operations {
      nodes.append(.init(name: name, operation: operation, inputs: [previous]))
      previous = name
    }
    let network = NetworkDescription(inputShape: inputShape, nodes: nodes, output: previous)
    return network.costs(shapes: try network.inferShapes())
  }

  @Test func everyLayerIsCounted() throws {
    let found = try costs(
      [4, 10, 10],
      [
        (
          "conv",
          .conv2d(
            .init(
              inputChannels: 4, outputChannels: 6, kernelSize: .init(3, 5), stride: .init(2, 1), groups: 2))
        ),
        ("bn", .batchNorm(.init(features: 6))), ("relu", .relu),
        ("pool", .maxPool2d(.init(kernelSize: .init(2, 2)))), ("flatten", .flatten),
        ("fc", .linear(.init(inputFeatures: 36, outputFeatures: 10, hasBias: false))),
      ])
    // 6 filters of 2 channels by 3x5 over an output of 4x6; running statistics count, the counter of batches doesn't.
    #expect(found.map(\.parameterCount) == [6 * 2 * 15 + 6, 24, 0, 0, 0, 360])
    #expect(found.map(\.multiplyAddCount) == [6 * 4 * 6 * 2 * 15, 0, 0, 0, 0, 360])
  }

  @Test func sumsBeyondTheGreatestNumberStopThere() {
    let huge = 2_147_483_647
    let network = NetworkDescription(
      inputShape: [huge, huge, huge],
      nodes: [
        .init(
          name: "conv",
          operation: .conv2d(
            .init(inputChannels: huge, outputChannels: huge, kernelSize: .init(huge, huge), groups: 0)),
          inputs: ["input"])
      ], output: "conv")
    let cost = network.costs(shapes: ["conv": [huge, huge, huge]])[0]
    #expect(cost.parameterCount == .max)
    #expect(cost.multiplyAddCount == .max)
  }
}
