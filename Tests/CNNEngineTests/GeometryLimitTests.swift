import CNNModelFile
import Testing

@testable import CNNEngine

/// Graphs that shape inference lets through and whose buffers, strides or paddings are beyond reason: a typed error
/// or the right result, never a trap.
@Suite struct GeometryLimitTests {
  private let huge = 2_147_483_647

  private func refusal(_ inputShape: [Int], _ operations: [(name: String, operation: Operation)]) throws
    -> EngineError?
  {
    var numbers = SeededNumbers(seed: 21)
    let network = try makeNetwork(inputShape: inputShape, operations, numbers: &numbers)
    do {
      _ = try ForwardPlan(network)
      return nil
    } catch {
      return error
    }
  }

  private func convolution(
    kernel: Int = 1, stride: Operation.Size = .init(1, 1), padding: Int = 0, dilation: Int = 1
  ) -> Operation {
    .conv2d(
      .init(
        inputChannels: 1, outputChannels: 1, kernelSize: .init(kernel, kernel), stride: stride,
        padding: .init(all: padding), dilation: .init(dilation, dilation)))
  }

  @Test func paddingsBeyondReasonAreRight() throws {
    // Of 3 x 3 outputs, 2^31 - 1 apart, those at the edges see nothing but padding: the bias.
    var numbers = SeededNumbers(seed: 20)
    let network = try makeNetwork(
      inputShape: [1, 28, 28], [("conv", convolution(stride: .init(huge, huge), padding: huge))],
      numbers: &numbers)
    #expect(network.shapes["conv"] == [1, 3, 3])
    let values = numbers.floats(784)
    let weight = network.parameter("weight", of: "conv")[0]
    let bias = network.parameter("bias", of: "conv")[0]
    var expected = [Double](repeating: Double(bias), count: 9)
    expected[4] += Double(weight) * Double(values[0])
    for (kernels, found) in try outputs(network, values) {
      #expect(relativeDifference(found, expected) < 1e-6, "\(kernels)")
    }
  }

  @Test func trainingRefusesPaddingsBeyondReason() throws {
    var numbers = SeededNumbers(seed: 24)
    let network = try makeNetwork(
      inputShape: [1, 28, 28],
      [("conv", convolution(stride: .init(huge, huge), padding: huge)), ("flatten", .flatten)],
      numbers: &numbers)
    let tensors = network.parameters.map { name, values in
      Tensor(name: name, shape: name.hasSuffix("bias") ? [1] : [1, 1, 1, 1], values: values)
    }
    let store = try ParameterStore(network.description, tensors: tensors)
    #expect {
      try TrainingPlan(
        network.description, parameters: store, maximumBatch: 1, pool: WorkerPool(threadCount: 1))
    } throws: { error in
      guard case EngineError.bufferTooLarge(layer: "conv", let elements)? = error as? EngineError else {
        return false
      }
      return elements >= 28 * 2 * huge
    }
  }

  /// One image alone has its channels in groups of sixteen, so one channel takes as much as sixteen.
  @Test func whatGroupsTakeCounts() throws {
    let pool = Operation.maxPool2d(.init(kernelSize: .init(1 << 12, 1 << 12)))
    #expect(try refusal([1, 1 << 12, 1 << 12], [("pool", pool)]) != nil)
  }

  @Test func inputsAndOutputsBeyondReasonAreRefused() throws {
    // 2^28 numbers are within the format's limits, and too many for one image of an engine of small networks.
    let pool = Operation.maxPool2d(.init(kernelSize: .init(1 << 14, 1 << 14)))
    #expect(
      try refusal([1, 1 << 14, 1 << 14], [("pool", pool)])
        == .bufferTooLarge(layer: "pool", elements: 1 << 32 + 16))
    #expect(
      try refusal([1 << 27], [("tanh", .tanh), ("relu", .relu)])
        == .bufferTooLarge(layer: "tanh", elements: 1 << 27))
    #expect(
      try refusal([1 << 28], [("flatten", .flatten)]) == .bufferTooLarge(layer: "flatten", elements: 1 << 28))
    let fused = try refusal(
      [1, 1 << 10, 1 << 10], [("conv", convolution()), ("pool", .maxPool2d(.init(kernelSize: .init(2, 2))))])
    #expect(fused == nil, "2^20 numbers, 2^24 with the places of sixteen channels, and 2^18 fit")
  }

  @Test func windowsFarLargerThanTheirImageAreRight() throws {
    // Padded to 100 + 2 (2^31 - 2) rows: the windows hold row 0, all rows, and all but the first two.
    let operation = Operation.Pooling(
      kernelSize: .init(huge, 1), stride: .init(1 << 30, 1),
      padding: .init(top: huge - 1, left: 0, bottom: huge - 1, right: 0))
    var numbers = SeededNumbers(seed: 22)
    let network = try makeNetwork(
      inputShape: [1, 100, 1], [("pool", .maxPool2d(operation))], numbers: &numbers)
    #expect(network.shapes["pool"] == [1, 3, 1])
    var values = [Float](repeating: 1, count: 100)
    values[...2] = [5, 9, 3]
    for (kernels, found) in try outputs(network, values) {
      #expect(found == [5, 9, 3], "\(kernels)")
    }
  }

  @Test func stridesBeyondTheImageAreRight() throws {
    var numbers = SeededNumbers(seed: 23)
    let network = try makeNetwork(
      inputShape: [1, 9, 9], [("conv", convolution(kernel: 3, stride: .init(huge, 1000)))], numbers: &numbers)
    #expect(network.shapes["conv"] == [1, 1, 1])
    let values = numbers.floats(81)
    let weight = network.parameter("weight", of: "conv")
    var expected = Double(network.parameter("bias", of: "conv")[0])
    for tap in 0..<9 { expected += Double(weight[tap]) * Double(values[tap / 3 * 9 + tap % 3]) }
    for (kernels, found) in try outputs(network, values) {
      #expect(relativeDifference(found, [expected]) < 1e-6, "\(kernels)")
    }
  }
}
