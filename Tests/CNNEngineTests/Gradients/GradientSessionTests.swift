import CNNCodecs
import CNNModelFile
import Testing

@testable import CNNEngine

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct GradientSessionTests {
  private typealias Layers = [(name: String, operation: CNNModelFile.Operation)]

  /// Every operation, with strides, uneven padding, groups and dilation.
  private static let mixed: Layers = [
    (
      "conv1",
      .conv2d(
        .init(
          inputChannels: 2, outputChannels: 4, kernelSize: .init(3, 3), stride: .init(1, 2),
          padding: .init(top: 1, left: 0, bottom: 2, right: 1)))
    ), ("bn1", .batchNorm(.init(features: 4))), ("relu1", .relu),
    ("drop1", .dropout(.init(rate: 0.3, scaling: .inference))),
    ("pool1", .maxPool2d(.init(kernelSize: .init(3, 3), stride: .init(2, 2), padding: .init(all: 1)))),
    (
      "conv2",
      .conv2d(
        .init(
          inputChannels: 4, outputChannels: 6, kernelSize: .init(2, 2), padding: .init(all: 1),
          dilation: .init(2, 1), groups: 2, hasBias: false))
    ), ("tanh2", .tanh), ("flatten", .flatten),
    ("fc1", .linear(.init(inputFeatures: 72, outputFeatures: 7))), ("sigmoid1", .sigmoid),
    ("drop2", .dropout(.init(rate: 0.5))), ("fc2", .linear(.init(inputFeatures: 7, outputFeatures: 3))),
  ]

  /// 3 x 3 convolutions with so many channels that Winograd's algorithm serves them.
  private static let wide: Layers = [
    (
      "conv1",
      .conv2d(
        .init(inputChannels: 16, outputChannels: 16, kernelSize: .init(3, 3), padding: .init(all: 1)))
    ), ("relu1", .relu), ("pool1", .maxPool2d(.init(kernelSize: .init(2, 2)))),
    ("conv2", .conv2d(.init(inputChannels: 16, outputChannels: 16, kernelSize: .init(3, 3)))),
    ("relu2", .relu), ("flatten", .flatten),
    ("fc", .linear(.init(inputFeatures: 256, outputFeatures: 3))),
  ]

  private static let networks: [(shape: [Int], layers: Layers)] = [
    ([2, 7, 9], mixed), ([16, 12, 12], wide),
  ]

  private func session(
    _ network: Network, batch: Int, threads: Int = 1, kernels: KernelSet = .best
  ) throws -> GradientSession {
    let tensors = network.description.nodes.flatMap { node in
      node.operation.parameters.filter { $0.elementType.isFloatingPoint }.map {
        Tensor(
          name: "\(node.name).\($0.suffix)", shape: $0.shape,
          values: network.parameter($0.suffix, of: node.name))
      }
    }
    return try GradientSession(
      network.description, tensors: tensors, maximumBatch: batch, pool: WorkerPool(threadCount: threads),
      kernels: kernels)
  }

  /// The definition of a network from one of its values on, in `Double`.
  private func oracle(_ network: Network, from start: String, values: [Double], to end: String) -> [Double] {
    var x = Oracle.Batch(count: 1, shape: network.shapes[start] ?? [], values: values)
    let nodes = network.description.nodes
    let first = nodes.firstIndex { $0.name == start }.map { $0 + 1 } ?? 0
    let last = nodes.firstIndex { $0.name == end } ?? -1
    for node in nodes[first..<max(last + 1, first)] {
      func parameter(_ suffix: String) -> [Float] { network.parameter(suffix, of: node.name) }
      switch node.operation {
      case .conv2d(let op):
        x = Oracle.convolution(x, op, weight: parameter("weight"), bias: parameter("bias"))
      case .linear(let op): x = Oracle.linear(x, op, weight: parameter("weight"), bias: parameter("bias"))
      case .maxPool2d(let op): x = Oracle.maxPool(x, op, output: network.shapes[node.name] ?? [])
      case .relu: x.values = x.values.map { max($0, 0) }
      case .sigmoid: x.values = x.values.map { 1 / (1 + exp(-$0)) }
      case .tanh: x.values = x.values.map { tanh($0) }
      case .batchNorm(let op):
        let (mean, variance) = (parameter("running_mean"), parameter("running_var"))
        let (weight, bias) = (parameter("weight"), parameter("bias"))
        let plane = x.shape.dropFirst().reduce(1, *)
        x.values = x.values.enumerated().map { index, value in
          let c = index / plane
          return (value - Double(mean[c])) / (Double(variance[c]) + op.epsilon).squareRoot()
            * Double(weight[c]) + Double(bias[c])
        }
      case .dropout(let op): if op.scaling == .inference { x.values = x.values.map { $0 * (1 - op.rate) } }
      case .flatten: x.shape = [x.imageCount]
      }
    }
    return x.values
  }

  @Test func valuesAreThoseOfTheDefinition() throws {
    for (number, (shape, layers)) in Self.networks.enumerated() {
      var numbers = SeededNumbers(seed: UInt64(40 + number))
      let network = try makeNetwork(inputShape: shape, layers, numbers: &numbers)
      let count = 19
      let inputs = numbers.floats(count * network.inputCount)
      for kernels in KernelSet.available {
        let session = try session(network, batch: 20, kernels: kernels)
        session.run(inputs, count: count)
        #expect(session.values(of: "input") == inputs)
        for node in network.description.nodes.map(\.name) {
          let values = session.values(of: node)
          let size = try #require(session.valueCount(of: node))
          for image in [0, 18] {
            let input = inputs[image * network.inputCount..<(image + 1) * network.inputCount].map(Double.init)
            let expected = oracle(network, from: "input", values: input, to: node)
            let found = Array(values[image * size..<(image + 1) * size])
            #expect(
              relativeDifference(found, expected) < 2e-6, "\(node), image \(image), \(kernels.name)")
          }
        }
      }
    }
  }

  /// Differences of the definition in `Double` over 2e-6: exact to 1e-8 or so. Zeros behind a ReLU are left out: they
  /// are the maximum of a pooling window together, where there is no derivative.
  @Test func gradientsAreDifferencesOfTheDefinition() throws {
    for (number, (shape, layers)) in Self.networks.enumerated() {
      var numbers = SeededNumbers(seed: UInt64(50 + number))
      let network = try makeNetwork(inputShape: shape, layers, numbers: &numbers)
      let names = ["input"] + network.description.nodes.map(\.name)
      let count = 2
      let inputs = numbers.floats(count * network.inputCount)
      let sources = number == 0 ? ["fc2", "conv2"] : ["fc"]
      for (source, kernels) in sources.flatMap({ source in KernelSet.available.map { (source, $0) } }) {
        let session = try session(network, batch: count, kernels: kernels)
        session.run(inputs, count: count)
        let size = try #require(session.valueCount(of: source))
        let seeds = numbers.floats(count * size)
        let found = session.gradients(of: source, seeds: seeds, at: names)
        #expect(found.count == names.count)
        let before = names[...(try #require(names.firstIndex(of: source)))]
        for target in names {
          let own = try #require(session.valueCount(of: target))
          let gradient = try #require(found[target])
          guard before.contains(target) else {
            #expect(gradient == [Float](repeating: 0, count: count * own), "\(target) is behind \(source)")
            continue
          }
          let image = 1
          let values = session.values(of: target)[image * own..<(image + 1) * own].map(Double.init)
          func sum(_ values: [Double]) -> Double {
            zip(oracle(network, from: target, values: values, to: source), seeds[(image * size)...])
              .reduce(0) { $0 + $1.0 * Double($1.1) }
          }
          let places = (0..<min(own, 16)).map { _ in numbers.integer(0...own - 1) }
          let scale = gradient[(image * own)...].map { Double(abs($0)) }.max() ?? 1
          for place in places where values[place] != 0 {
            var (up, down) = (values, values)
            up[place] += 1e-6
            down[place] -= 1e-6
            let difference = (sum(up) - sum(down)) / 2e-6
            #expect(
              abs(Double(gradient[image * own + place]) - difference) < 2e-5 * scale,
              "d \(source) / d \(target)[\(place)], \(kernels.name): \(difference)")
          }
        }
      }
    }
  }

  @Test func neitherThreadsNorCompanyChangeABit() throws {
    for (number, (shape, layers)) in Self.networks.enumerated() {
      var numbers = SeededNumbers(seed: UInt64(60 + number))
      let network = try makeNetwork(inputShape: shape, layers, numbers: &numbers)
      let output = network.description.output
      let count = 37
      var inputs = numbers.floats(count * network.inputCount)
      for index in stride(from: 0, to: inputs.count, by: 5) { inputs[index] = .leastNonzeroMagnitude }
      let size = network.outputCount
      let seeds = numbers.floats(count * size)

      func bits(_ images: Range<Int>, threads: Int) throws -> [UInt32] {
        let session = try session(network, batch: images.count, threads: threads)
        let own = images.lowerBound * network.inputCount..<images.upperBound * network.inputCount
        session.run(Array(inputs[own]), count: images.count)
        let gradients = session.gradients(
          of: output, seeds: Array(seeds[images.lowerBound * size..<images.upperBound * size]),
          at: ["input"])
        return (session.values(of: "conv2") + (gradients["input"] ?? [])).map(\.bitPattern)
      }
      let one = try bits(0..<count, threads: 1)
      #expect(try bits(0..<count, threads: 2) == one)
      #expect(try bits(0..<count, threads: 5) == one)
      let alone = try bits(17..<18, threads: 1)
      let values = alone.count - network.inputCount
      #expect(one[17 * values..<18 * values].elementsEqual(alone[..<values]))
      let start = count * values + 17 * network.inputCount
      #expect(one[start..<start + network.inputCount].elementsEqual(alone[values...]))
    }
  }

  @Test func aSessionIsUsedAgainWithFewerInputs() throws {
    var numbers = SeededNumbers(seed: 70)
    let network = try makeNetwork(inputShape: [2, 7, 9], Self.mixed, numbers: &numbers)
    let inputs = numbers.floats(16 * network.inputCount)
    let session = try session(network, batch: 16)
    session.run(inputs, count: 16)
    let all = session.values(of: "fc2")
    _ = session.gradients(of: "fc2", seeds: numbers.floats(16 * 3), at: ["input"])
    session.run(Array(inputs[..<network.inputCount]), count: 1)
    #expect(session.values(of: "fc2") == Array(all[..<3]))
    #expect(session.gradients(of: "fc2", seeds: [1, 2, 3], at: ["fc2"]) == ["fc2": [1, 2, 3]])
  }

  @Test func aTruncatedNetworkGivesALayersValues() throws {
    var numbers = SeededNumbers(seed: 80)
    let network = try makeNetwork(inputShape: [2, 7, 9], Self.mixed, numbers: &numbers)
    let inputs = numbers.floats(3 * network.inputCount)
    let session = try session(network, batch: 3)
    session.run(inputs, count: 3)
    for node in network.description.nodes.map(\.name) {
      let truncated = try #require(network.description.truncated(at: node))
      #expect(truncated.output == node)
      let tensors = network.parameters.map { name, values in
        let shape = network.description.nodes.flatMap { node in
          node.operation.parameters.filter { "\(node.name).\($0.suffix)" == name }.map(\.shape)
        }.first
        return Tensor(name: name, shape: shape ?? [], values: values)
      }
      let inference = try InferenceSession(Network(truncated, tensors: tensors))
      let found = inference.logits(for: FloatInputs(inputs, inputCount: network.inputCount))
      #expect(relativeDifference(found, session.values(of: node).map(Double.init)) < 2e-6, "\(node)")
    }
    #expect(network.description.truncated(at: "fc2") == network.description)
    #expect(network.description.truncated(at: "input") == nil)
    #expect(network.description.truncated(at: "fc3") == nil)
  }

  @Test func whatCannotBeRunIsRefused() throws {
    var numbers = SeededNumbers(seed: 90)
    let network = try makeNetwork(inputShape: [2, 7, 9], Self.mixed, numbers: &numbers)
    #expect(throws: EngineError.missingParameter(name: "conv1.weight", layer: "conv1")) {
      try GradientSession(network.description, tensors: [])
    }
    // 2^26 numbers, and as many behind the activation, pass the format's limit; a block of them is 8 GB.
    let large = NetworkDescription(
      inputShape: [1, 1 << 13, 1 << 13],
      nodes: [.init(name: "relu", operation: .relu, inputs: ["input"])], output: "relu")
    #expect(throws: EngineError.self) { try GradientSession(large, tensors: []) }
  }
}
