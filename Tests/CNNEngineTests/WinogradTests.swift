import CNNModelFile
import Testing

@testable import CNNEngine

/// Convolutions of 3 x 3 kernels with many channels, which take fewer multiplications.
@Suite struct WinogradTests {
  /// Against the plain definition, relative to the greatest output before the activation. Sums are a ninth as long as
  /// direct ones, which saves more rounding than the transforms add: 3e-7 was seen at 64 channels, against 8e-7.
  private let tolerance = 1e-6

  private struct Case {
    var inputs: Int
    var outputs: Int
    var height: Int
    var width: Int
    var padding: Operation.Padding
    var hasBias = true
    var isPooled = false

    var operation: Operation.Convolution {
      .init(
        inputChannels: inputs, outputChannels: outputs, kernelSize: .init(3, 3), padding: padding,
        hasBias: hasBias)
    }

    /// The convolution behind something that isn't one, since a network's first convolution goes the direct way.
    func network(_ numbers: inout SeededNumbers) throws -> Network {
      var chain: [(String, Operation)] = [
        ("drop", .dropout(.init(rate: 0.5, scaling: .training))), ("conv", .conv2d(operation)),
        ("relu", .relu),
      ]
      if isPooled { chain.append(("pool", .maxPool2d(.init(kernelSize: .init(2, 2))))) }
      return try makeNetwork(inputShape: [inputs, height, width], chain, numbers: &numbers)
    }
  }

  private let cases = [
    Case(inputs: 16, outputs: 16, height: 28, width: 28, padding: .init(all: 1), isPooled: true),
    Case(inputs: 16, outputs: 32, height: 14, width: 14, padding: .init(all: 1)),
    Case(inputs: 32, outputs: 32, height: 14, width: 14, padding: .init(all: 2), isPooled: true),
    Case(
      inputs: 64, outputs: 64, height: 8, width: 8, padding: .init(all: 1), hasBias: false, isPooled: true),
    // Tiles that hang over, channels that fill no vector, rows and columns that a pooling leaves out.
    Case(inputs: 17, outputs: 19, height: 7, width: 9, padding: .init(all: 0)),
    Case(inputs: 20, outputs: 50, height: 11, width: 6, padding: .init(all: 1)),
    Case(inputs: 33, outputs: 16, height: 9, width: 13, padding: .init(all: 2), isPooled: true),
    Case(inputs: 16, outputs: 70, height: 13, width: 7, padding: .init(all: 0), isPooled: true),
    Case(inputs: 24, outputs: 24, height: 5, width: 8, padding: .init(top: 0, left: 2, bottom: 1, right: 0)),
    Case(inputs: 16, outputs: 16, height: 4, width: 3, padding: .init(top: 3, left: 3, bottom: 4, right: 2)),
    Case(inputs: 40, outputs: 130, height: 6, width: 31, padding: .init(all: 1)),
  ]

  @Test func theCasesBelowAreComputedThisWay() throws {
    for example in cases {
      let convolved = [
        example.outputs, example.height + example.padding.top + example.padding.bottom - 2,
        example.width + example.padding.left + example.padding.right - 2,
      ]
      #expect(WinogradLayer.serves(example.operation, convolved: convolved, pooling: nil), "\(example)")
    }
    var strided = cases[0].operation
    strided.stride = .init(2, 1)
    #expect(!WinogradLayer.serves(strided, convolved: [16, 14, 28], pooling: nil))
    var dilated = cases[0].operation
    dilated.dilation = .init(1, 2)
    #expect(!WinogradLayer.serves(dilated, convolved: [16, 28, 26], pooling: nil))
    let few = Operation.Convolution(inputChannels: 6, outputChannels: 16, kernelSize: .init(3, 3))
    #expect(!WinogradLayer.serves(few, convolved: [16, 28, 28], pooling: nil))
  }

  @Test func theyGiveWhatTheDefinitionGives() throws {
    var numbers = SeededNumbers(seed: 61)
    for example in cases {
      let network = try example.network(&numbers)
      let images = 7
      let values = numbers.floats(images * network.inputCount)
      var expected = Oracle.convolution(
        .init(count: images, shape: network.description.inputShape, values: values.map(Double.init)),
        example.operation, weight: network.parameter("weight", of: "conv"),
        bias: network.parameter("bias", of: "conv"))
      let scale = expected.values.map(abs).max() ?? 1
      expected.values = expected.values.map { max($0, 0) }
      if example.isPooled {
        expected = Oracle.maxPool(
          expected, .init(kernelSize: .init(2, 2)), output: try #require(network.shapes["pool"]))
      }
      for (kernels, found) in try outputs(network, values) {
        #expect(found.count == expected.values.count)
        let largest = zip(found, expected.values).map { abs(Double($0) - $1) }.max() ?? 0
        #expect(largest <= tolerance * scale, "\(kernels): \(example)")
      }
    }
  }

  @Test func oneImageABlockAndAnyShareGiveTheSameBits() throws {
    var numbers = SeededNumbers(seed: 62)
    for example in cases {
      let network = try example.network(&numbers)
      let images = 19
      let count = network.inputCount
      let inputs = numbers.floats(images * count)
      var bits: [String: [UInt32]] = [:]
      for kernels in KernelSet.available {
        for threads in [1, 2, 3, 5] {
          let session = try InferenceSession(
            network, pool: WorkerPool(threadCount: threads), kernels: kernels)
          let together = session.logits(for: FloatInputs(inputs, inputCount: count)).map(\.bitPattern)
          for image in [0, 15, 16, 18] {
            let alone = session.logits(
              for: FloatInputs(Array(inputs[image * count..<(image + 1) * count]), inputCount: count))
            let place = image * network.outputCount..<(image + 1) * network.outputCount
            #expect(
              alone.map(\.bitPattern) == Array(together[place]),
              "\(kernels.name), \(threads) threads, image \(image): \(example)")
          }
          #expect(bits[kernels.name, default: together] == together, "\(kernels.name), \(threads) threads")
          bits[kernels.name] = together
        }
      }
      if let narrow = bits["avx2"], let wide = bits["avx512"] { #expect(narrow == wide, "\(example)") }
    }
  }

  @Test func whatTheWorkspaceHeldBeforeDoesNotMatter() throws {
    var numbers = SeededNumbers(seed: 63)
    for example in cases {
      let network = try example.network(&numbers)
      for images in [1, 17] {
        let inputs = FloatInputs(numbers.floats(images * network.inputCount), inputCount: network.inputCount)
        for kernels in KernelSet.available {
          let pool = WorkerPool(threadCount: 2)
          let fresh = try InferenceSession(network, pool: pool, kernels: kernels)
          let used = try InferenceSession(network, pool: pool, kernels: kernels)
          for count in [1, 64] {
            let poison = [Float](repeating: .nan, count: count * network.inputCount)
            let poisoned = used.logits(for: FloatInputs(poison, inputCount: network.inputCount))
            #expect(poisoned.contains { $0.isNaN })
          }
          let found = used.logits(for: inputs).map(\.bitPattern)
          #expect(
            found == fresh.logits(for: inputs).map(\.bitPattern), "\(kernels.name), \(images): \(example)")
        }
      }
    }
  }

  @Test func kernelsAreTransformedByTheFormula() {
    // G g G^T with G = [[1, 0, 0], [1/2, 1/2, 1/2], [1/2, -1/2, 1/2], [0, 0, 1]], worked out by hand.
    let kernel: [Float] = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    let expected: [Float] = [1, 3, 1, 3, 6, 11.25, 3.75, 9, 2, 3.75, 1.25, 3, 7, 12, 4, 9]
    let other: [Float] = [0, 0, 0, 0, 8, 0, 0, 0, 0]
    let expectedOther: [Float] = [0, 0, 0, 0, 0, 2, -2, 0, 0, -2, 2, 0, 0, 0, 0, 0]
    let buffer = FloatBuffer(count: 32)
    let kernels = kernel + other
    kernels.withUnsafeBufferPointer {
      if let kernels = $0.baseAddress { WinogradKernel.transform(kernels, pairs: 2, to: buffer.pointer) }
    }
    for place in 0..<16 {
      #expect(buffer.pointer[place * 2] == expected[place], "place \(place)")
      #expect(buffer.pointer[place * 2 + 1] == expectedOther[place], "place \(place)")
    }
  }
}
