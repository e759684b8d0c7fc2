import CNNModelFile
import Testing

@testable import CNNEngine

/// What a plan promises about a whole network.
@Suite struct PlanTests {
  /// conv, relu, pool, conv, relu, pool, flatten, fc, relu, dropout, fc: every fusion and every alias.
  private func network(_ numbers: inout SeededNumbers) throws -> Network {
    try makeNetwork(
      inputShape: [1, 28, 28],
      [
        ("conv1", .conv2d(.init(inputChannels: 1, outputChannels: 6, kernelSize: .init(5, 5)))),
        ("relu1", .relu), ("pool1", .maxPool2d(.init(kernelSize: .init(2, 2)))),
        (
          "conv2",
          .conv2d(
            .init(inputChannels: 6, outputChannels: 9, kernelSize: .init(3, 3), padding: .init(all: 1)))
        ),
        ("tanh1", .tanh), ("pool2", .maxPool2d(.init(kernelSize: .init(2, 2)))), ("flatten", .flatten),
        ("fc1", .linear(.init(inputFeatures: 9 * 36, outputFeatures: 33))), ("relu2", .relu),
        ("dropout1", .dropout(.init(rate: 0.5, scaling: .inference))),
        ("fc2", .linear(.init(inputFeatures: 33, outputFeatures: 10))),
      ], numbers: &numbers)
  }

  @Test func logitsDoNotDependOnCompanyPositionOrThreads() throws {
    var numbers = SeededNumbers(seed: 11)
    let network = try network(&numbers)
    let images = 75
    let inputs = numbers.floats(images * 784)
    for kernels in KernelSet.available {
      let alone = try InferenceSession(network, pool: WorkerPool(threadCount: 1), kernels: kernels)
      var single: [Float] = []
      for image in 0..<images {
        single += alone.logits(
          for: FloatInputs(Array(inputs[image * 784..<(image + 1) * 784]), inputCount: 784))
      }
      for threads in [1, 2, 3, 7] {
        let session = try InferenceSession(network, pool: WorkerPool(threadCount: threads), kernels: kernels)
        let together = session.logits(for: FloatInputs(inputs, inputCount: 784))
        #expect(together.map(\.bitPattern) == single.map(\.bitPattern), "\(kernels.name), \(threads) threads")
      }
      // Shifted by one: every image at another place of its micro-batch.
      let shifted = alone.logits(for: FloatInputs(Array(inputs[784...]), inputCount: 784))
      #expect(shifted.map(\.bitPattern) == single[10...].map(\.bitPattern), "\(kernels.name)")
    }
  }

  @Test func manyImagesSideBySideGetTheBitsOfOneAlone() throws {
    // One image and many take different kernels; strides, dilations, paddings, groups and windows of all kinds.
    var numbers = SeededNumbers(seed: 16)
    for trial in 0..<40 {
      let groups = numbers.integer(1...2)
      let convolution = Operation.Convolution(
        inputChannels: 2 * groups, outputChannels: groups * numbers.integer(1...9),
        kernelSize: .init(numbers.integer(1...4), numbers.integer(1...6)),
        stride: .init(numbers.integer(1...3), numbers.integer(1...3)),
        padding: .init(all: numbers.integer(0...3)),
        dilation: .init(numbers.integer(1...2), numbers.integer(1...2)), groups: groups)
      let window = Operation.Pooling(
        kernelSize: .init(numbers.integer(1...3), numbers.integer(1...3)),
        stride: .init(numbers.integer(1...2), numbers.integer(1...2)), ceilMode: trial % 4 == 3)
      let twoByTwo = Operation.Pooling(kernelSize: .init(2, 2), ceilMode: trial % 4 == 1)
      let network = try makeNetwork(
        inputShape: [2 * groups, numbers.integer(14...18), numbers.integer(17...20)],
        [
          ("conv", .conv2d(convolution)), ("relu", .relu),
          ("pool", .maxPool2d(trial % 2 == 0 ? window : twoByTwo)),
          ("flatten", .flatten),
        ],
        numbers: &numbers)
      let images = numbers.integer(6...40)
      let inputs = numbers.floats(images * network.inputCount)
      for kernels in KernelSet.available {
        let session = try InferenceSession(network, pool: WorkerPool(threadCount: 1), kernels: kernels)
        let together = session.logits(for: FloatInputs(inputs, inputCount: network.inputCount))
        for image in [0, images - 1] {
          let one = Array(inputs[image * network.inputCount..<(image + 1) * network.inputCount])
          let alone = session.logits(for: FloatInputs(one, inputCount: network.inputCount))
          let found = together[image * network.outputCount..<(image + 1) * network.outputCount]
          #expect(
            found.map(\.bitPattern) == alone.map(\.bitPattern),
            "trial \(trial), \(kernels.name), image \(image) of \(images): \(convolution), \(window)")
        }
      }
    }
  }

  @Test func layersBeforeAndBehindFlatteningAgreeForOneImageAndMany() throws {
    // One image alone keeps channels side by side until a layer wants it flat: all orders of who that is.
    var numbers = SeededNumbers(seed: 18)
    let convolution = Operation.conv2d(
      .init(inputChannels: 2, outputChannels: 3, kernelSize: .init(3, 3)))
    let normPlanes = Operation.batchNorm(.init(features: 3))
    let normVector = Operation.batchNorm(.init(features: 48))
    let linear = Operation.linear(.init(inputFeatures: 48, outputFeatures: 5))
    let inputLinear = Operation.linear(.init(inputFeatures: 72, outputFeatures: 5))
    let chains: [[Operation]] = [
      [convolution, .flatten, .tanh, linear], [convolution, .flatten, normVector, .tanh, linear],
      [convolution, normPlanes, .tanh, .flatten, .sigmoid, normVector], [convolution],
      [.tanh, convolution, .flatten], [.dropout(.init(rate: 0.5, scaling: .training)), convolution, .tanh],
      [.dropout(.init(rate: 0.5, scaling: .inference)), convolution, .tanh],
      [.flatten, .tanh, inputLinear], [.tanh, .flatten, inputLinear], [.flatten, inputLinear, .relu], [.tanh],
      [.maxPool2d(.init(kernelSize: .init(2, 3))), .flatten], [.flatten],
    ]
    for chain in chains {
      let network = try makeNetwork(
        inputShape: [2, 6, 6], chain.enumerated().map { ("layer\($0)", $1) }, numbers: &numbers)
      let inputs = numbers.floats(9 * 72)
      for kernels in KernelSet.available {
        let session = try InferenceSession(network, pool: WorkerPool(threadCount: 1), kernels: kernels)
        let together = session.logits(for: FloatInputs(inputs, inputCount: 72))
        let alone = (0..<9).flatMap { image in
          session.logits(for: FloatInputs(Array(inputs[image * 72..<(image + 1) * 72]), inputCount: 72))
        }
        #expect(together.map(\.bitPattern) == alone.map(\.bitPattern), "\(kernels.name): \(chain)")
      }
    }
  }

  @Test func vectorsOfEightAndOfSixteenGiveTheSameBits() throws {
    let sets = KernelSet.available.filter { $0.name != "portable" }
    guard sets.count > 1 else { return }
    var numbers = SeededNumbers(seed: 17)
    let network = try network(&numbers)
    let inputs = FloatInputs(numbers.floats(20 * 784), inputCount: 784)
    let bits = try sets.map {
      try InferenceSession(network, kernels: $0).logits(for: inputs).map(\.bitPattern)
    }
    #expect(bits[0] == bits[1])
  }

  @Test func whatTheWorkspaceHeldBeforeDoesNotMatter() throws {
    // Vectors reach over the ends of rows, planes and buffers: what they find there must not show.
    var numbers = SeededNumbers(seed: 13)
    for trial in 0..<30 {
      let convolution = Operation.Convolution(
        inputChannels: 2, outputChannels: numbers.integer(1...5),
        kernelSize: .init(numbers.integer(1...3), numbers.integer(1...3)),
        stride: .init(numbers.integer(1...2), numbers.integer(1...2)),
        padding: .init(all: numbers.integer(0...1)), dilation: .init(1, numbers.integer(1...2)))
      let network = try makeNetwork(
        inputShape: [2, numbers.integer(6...9), numbers.integer(5...11)],
        [("conv", .conv2d(convolution)), ("tanh", .tanh), ("flatten", .flatten)], numbers: &numbers)
      let images = numbers.integer(1...20)
      let inputs = FloatInputs(numbers.floats(images * network.inputCount), inputCount: network.inputCount)
      for kernels in KernelSet.available {
        let pool = WorkerPool(threadCount: 1)
        let fresh = try InferenceSession(network, pool: pool, kernels: kernels)
        let used = try InferenceSession(network, pool: pool, kernels: kernels)
        let poison = [Float](repeating: .nan, count: used.plan.microBatchSize * network.inputCount)
        let poisoned = used.logits(for: FloatInputs(poison, inputCount: network.inputCount))
        #expect(poisoned.contains { $0.isNaN })
        let found = used.logits(for: inputs).map(\.bitPattern)
        let expected = fresh.logits(for: inputs).map(\.bitPattern)
        #expect(found == expected, "trial \(trial), \(kernels.name): \(convolution)")
      }
    }
  }

  @Test func fusedStepsGiveWhatTheOperationsGive() throws {
    var numbers = SeededNumbers(seed: 12)
    let network = try network(&numbers)
    let inputs = numbers.floats(2 * 784)
    var x = Oracle.Batch(count: 2, shape: [1, 28, 28], values: inputs.map(Double.init))
    for node in network.description.nodes {
      let weight = network.parameter("weight", of: node.name)
      let bias = network.parameter("bias", of: node.name)
      switch node.operation {
      case .conv2d(let op): x = Oracle.convolution(x, op, weight: weight, bias: bias)
      case .linear(let op): x = Oracle.linear(x, op, weight: weight, bias: bias)
      case .maxPool2d(let op): x = Oracle.maxPool(x, op, output: try #require(network.shapes[node.name]))
      case .relu: x.values = x.values.map { max($0, 0) }
      case .tanh: x.values = x.values.map { Double(Float($0)).hyperbolicTangent }
      case .dropout(let op): x.values = x.values.map { $0 * (1 - op.rate) }
      case .flatten: x.shape = [x.imageCount]
      default: Issue.record("unexpected \(node.operation)")
      }
    }
    for (kernels, found) in try outputs(network, inputs) {
      #expect(relativeDifference(found, x.values) < 1e-5, "\(kernels)")
    }
  }

  @Test func theMicroBatchFollowsFromTheGraphAlone() throws {
    var numbers = SeededNumbers(seed: 14)
    let network = try network(&numbers)
    let sizes = try KernelSet.available.map { try ForwardPlan(network, kernels: $0).microBatchSize }
    #expect(Set(sizes).count == 1)
    #expect(sizes[0] >= 1)
  }

  @Test func noInputsGiveNoLogits() throws {
    var numbers = SeededNumbers(seed: 15)
    let session = try InferenceSession(network(&numbers))
    #expect(session.logits(for: FloatInputs([], inputCount: 784)).isEmpty)
  }

  @Test func missingAndMisshapenParametersAreNamed() throws {
    let description = NetworkDescription(
      inputShape: [4],
      nodes: [
        .init(name: "fc1", operation: .linear(.init(inputFeatures: 4, outputFeatures: 2)), inputs: ["input"])
      ],
      output: "fc1")
    let weight = Tensor(name: "fc1.weight", shape: [2, 4], values: [Float](repeating: 0, count: 8))
    #expect(throws: EngineError.missingParameter(name: "fc1.bias", layer: "fc1")) {
      try Network(description, tensors: [weight])
    }
    let bias = Tensor(name: "fc1.bias", shape: [3], values: [0, 0, 0])
    #expect(throws: EngineError.parameterShape(name: "fc1.bias", expected: [2], found: [3])) {
      try Network(description, tensors: [weight, bias])
    }
  }
}

extension Double {
  fileprivate var hyperbolicTangent: Double {
    // (e^2x - 1) / (e^2x + 1) with e^2x by repeated squaring of a short series.
    var term = 1.0
    var sum = 1.0
    let x = 2 * self / 1024
    for n in 1...8 {
      term *= x / Double(n)
      sum += term
    }
    for _ in 0..<10 { sum *= sum }
    return (sum - 1) / (sum + 1)
  }
}
