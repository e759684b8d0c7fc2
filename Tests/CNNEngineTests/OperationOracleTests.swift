import CNNModelFile
import Testing

@testable import CNNEngine

/// Every operation against its plain definition, with all kernels of this machine.
///
/// The tolerance: a sum of K products in float32, each rounded once, is off by at most K * 2^-24 of the sum of
/// magnitudes; with K up to a thousand and outputs that don't cancel completely, 1e-5 of the greatest output
/// holds with room and still catches any wrong index.
@Suite struct OperationOracleTests {
  private let tolerance = 1e-5

  @Test func convolutionsOfRandomGeometry() throws {
    var numbers = SeededNumbers(seed: 1)
    for trial in 0..<150 {
      let groups = [1, 1, 1, 2, 3][numbers.integer(0...4)]
      let operation = Operation.Convolution(
        inputChannels: groups * numbers.integer(1...4), outputChannels: groups * numbers.integer(1...7),
        kernelSize: Operation.Size(numbers.integer(1...5), numbers.integer(1...5)),
        stride: Operation.Size(numbers.integer(1...3), numbers.integer(1...3)),
        padding: Operation.Padding(
          top: numbers.integer(0...3), left: numbers.integer(0...3), bottom: numbers.integer(0...3),
          right: numbers.integer(0...3)),
        dilation: Operation.Size(numbers.integer(1...2), numbers.integer(1...2)), groups: groups,
        hasBias: numbers.integer(0...3) > 0)
      let input = [operation.inputChannels, numbers.integer(9...14), numbers.integer(9...21)]
      try check(operation, input: input, images: numbers.integer(1...3), numbers: &numbers, trial: trial)
    }
  }

  @Test func convolutionsOfThePresets() throws {
    var numbers = SeededNumbers(seed: 2)
    let cases: [(Operation.Convolution, [Int])] = [
      (.init(inputChannels: 1, outputChannels: 20, kernelSize: .init(5, 5)), [1, 28, 28]),
      (.init(inputChannels: 20, outputChannels: 50, kernelSize: .init(5, 5)), [20, 12, 12]),
      (
        .init(inputChannels: 1, outputChannels: 10, kernelSize: .init(7, 7), padding: .init(all: 1)),
        [1, 28, 28]
      ),
      (
        .init(inputChannels: 32, outputChannels: 32, kernelSize: .init(3, 3), padding: .init(all: 2)),
        [32, 14, 14]
      ),
    ]
    for (trial, (operation, input)) in cases.enumerated() {
      try check(operation, input: input, images: 1, numbers: &numbers, trial: trial)
    }
  }

  private func check(
    _ operation: Operation.Convolution, input: [Int], images: Int, numbers: inout SeededNumbers, trial: Int
  ) throws {
    let network = try makeNetwork(inputShape: input, [("conv", .conv2d(operation))], numbers: &numbers)
    let values = numbers.floats(images * network.inputCount)
    let expected = Oracle.convolution(
      .init(count: images, shape: input, values: values.map(Double.init)), operation,
      weight: network.parameter("weight", of: "conv"), bias: network.parameter("bias", of: "conv"))
    #expect(network.shapes["conv"] == expected.shape, "trial \(trial): \(operation) on \(input)")
    for (kernels, found) in try outputs(network, values) {
      #expect(
        relativeDifference(found, expected.values) < tolerance,
        "trial \(trial), \(kernels): \(operation) on \(input)")
    }
  }

  @Test func linearLayersOfAllSmallSizes() throws {
    var numbers = SeededNumbers(seed: 3)
    for inputs in [1, 2, 7, 64, 333] {
      for outputCount in [1, 3, 8, 10, 16, 17, 64, 100] {
        for images in [1, 2, 5, 6, 7, 13] {
          let operation = Operation.Linear(inputFeatures: inputs, outputFeatures: outputCount)
          let network = try makeNetwork(inputShape: [inputs], [("fc", .linear(operation))], numbers: &numbers)
          let values = numbers.floats(images * inputs)
          let expected = Oracle.linear(
            .init(count: images, shape: [inputs], values: values.map(Double.init)), operation,
            weight: network.parameter("weight", of: "fc"), bias: network.parameter("bias", of: "fc"))
          for (kernels, found) in try outputs(network, values) {
            #expect(
              relativeDifference(found, expected.values) < tolerance,
              "\(kernels): \(inputs) to \(outputCount), \(images) images")
          }
        }
      }
    }
  }

  @Test func maxPoolingIsExact() throws {
    var numbers = SeededNumbers(seed: 4)
    for trial in 0..<120 {
      let kernel = Operation.Size(numbers.integer(1...4), numbers.integer(1...4))
      let operation = Operation.Pooling(
        kernelSize: kernel, stride: Operation.Size(numbers.integer(1...3), numbers.integer(1...3)),
        padding: Operation.Padding(
          top: numbers.integer(0...kernel.height / 2), left: numbers.integer(0...kernel.width / 2),
          bottom: numbers.integer(0...kernel.height / 2), right: numbers.integer(0...kernel.width / 2)),
        ceilMode: numbers.integer(0...1) == 1)
      let input = [numbers.integer(1...3), numbers.integer(4...11), numbers.integer(4...19)]
      let network = try makeNetwork(inputShape: input, [("pool", .maxPool2d(operation))], numbers: &numbers)
      let values = numbers.floats(2 * network.inputCount)
      let expected = Oracle.maxPool(
        .init(count: 2, shape: input, values: values.map(Double.init)), operation,
        output: try #require(network.shapes["pool"]))
      for (kernels, found) in try outputs(network, values) {
        #expect(
          found.map(Double.init) == expected.values, "trial \(trial), \(kernels): \(operation) on \(input)")
      }
    }
  }

  @Test func elementwiseFunctions() throws {
    var numbers = SeededNumbers(seed: 5)
    let values = numbers.floats(997).map { $0 * 12 } + [0, 100, -100]
    let cases: [(Operation, (Double) -> Double)] = [
      (.relu, { max($0, 0) }),
      (.sigmoid, { 1 / (1 + exponential(-$0)) }),
      (.tanh, { 1 - 2 / (exponential(2 * $0) + 1) }),
      (.dropout(.init(rate: 0.25, scaling: .inference)), { 0.75 * $0 }),
      (.dropout(.init(rate: 0.25, scaling: .training)), { $0 }),
    ]
    for (operation, function) in cases {
      let network = try makeNetwork(inputShape: [values.count], [("f", operation)], numbers: &numbers)
      for (kernels, found) in try outputs(network, values) {
        #expect(
          relativeDifference(found, values.map { function(Double($0)) }) < 1e-6, "\(kernels): \(operation)")
      }
    }
  }

  @Test func batchNormalisation() throws {
    var numbers = SeededNumbers(seed: 6)
    for shape in [[5], [4, 3, 7]] {
      let operation = Operation.BatchNorm(features: shape[0])
      let network = try makeNetwork(inputShape: shape, [("bn", .batchNorm(operation))], numbers: &numbers)
      let values = numbers.floats(3 * network.inputCount)
      let plane = shape.dropFirst().reduce(1, *)
      let expected = values.enumerated().map { index, value -> Double in
        let channel = index / plane % shape[0]
        func p(_ name: String) -> Double { Double(network.parameter(name, of: "bn")[channel]) }
        return (Double(value) - p("running_mean")) / (p("running_var") + 1e-5).squareRoot() * p("weight")
          + p("bias")
      }
      for (kernels, found) in try outputs(network, values) {
        #expect(relativeDifference(found, expected) < 1e-6, "\(kernels): \(shape)")
      }
    }
  }

  @Test func notANumberIsNotHidden() throws {
    var numbers = SeededNumbers(seed: 7)
    let network = try makeNetwork(
      inputShape: [1, 4, 4], [("relu", .relu), ("pool", .maxPool2d(.init(kernelSize: .init(2, 2))))],
      numbers: &numbers)
    var values = [Float](repeating: 1, count: 16)
    values[5] = .nan
    for (kernels, found) in try outputs(network, values) {
      #expect(found[0].isNaN, "\(kernels)")
      #expect(found[1...] == [1, 1, 1], "\(kernels)")
    }
  }
}

/// exp by its series after halving the argument, so that the oracle leans on no library.
private func exponential(_ x: Double) -> Double {
  if abs(x) > 0.5 {
    let half = exponential(x / 2)
    return half * half
  }
  var term = 1.0
  var sum = 1.0
  for n in 1...20 {
    term *= x / Double(n)
    sum += term
  }
  return sum
}
