import CNNModelFile
import CNNTestSupport
import Testing

@testable import CNNEngine

/// A block whose layers all threads share: pieces of results, so the bits of the whole.
@Suite struct SharedBlockTests {
  /// A convolution with what follows it.
  struct Case: CustomTestStringConvertible {
    let testDescription: String
    let operation: CNNModelFile.Operation.Convolution
    var pooling: CNNModelFile.Operation.Pooling?
    let size: Int
  }

  static let cases = [
    Case(
      testDescription: "padded",
      operation: .init(inputChannels: 3, outputChannels: 5, kernelSize: .init(3, 3), padding: .init(all: 1)),
      size: 7),
    Case(
      testDescription: "pooled",
      operation: .init(inputChannels: 2, outputChannels: 7, kernelSize: .init(5, 5)),
      pooling: .init(kernelSize: .init(2, 2), stride: .init(2, 2)), size: 15),
    Case(
      testDescription: "strides, dilation and groups",
      operation: .init(
        inputChannels: 4, outputChannels: 6, kernelSize: .init(3, 2), stride: .init(2, 1),
        padding: .init(all: 2), dilation: .init(1, 2),
        groups: 2), size: 9),
    Case(
      testDescription: "many channels, padded",
      operation: .init(
        inputChannels: 17, outputChannels: 16, kernelSize: .init(3, 3),
        padding: .init(top: 0, left: 2, bottom: 3, right: 1)), size: 7),
    Case(
      testDescription: "many channels, pooled",
      operation: .init(
        inputChannels: 16, outputChannels: 20, kernelSize: .init(3, 3), padding: .init(all: 1)),
      pooling: .init(kernelSize: .init(2, 2), stride: .init(2, 2)), size: 11),
  ]

  @Test(arguments: cases) func partsAddUpToTheWhole(_ example: Case) throws {
    for kernels in KernelSet.available {
      let whole = try gradients(example, parts: 1, kernels: kernels)
      #expect(whole.output.contains { $0 != 0 } && whole.weight.contains { $0 != 0 })
      // More parts than there are rows or channels too.
      for parts in [2, 3, 16] {
        #expect(
          try gradients(example, parts: parts, kernels: kernels) == whole, "\(kernels.name), \(parts) parts")
      }
    }
  }

  struct Results: Equatable {
    var output: [Float]
    var dinput: [Float]
    var weight: [Float]
    var bias: [Float]
  }

  /// One block, forward and backward, each pass as `parts` parts, the last first.
  private func gradients(_ example: Case, parts: Int, kernels: KernelSet) throws -> Results {
    var network = NetworkDescription(
      inputShape: [example.operation.inputChannels, example.size, example.size], nodes: [], output: "conv")
    network.nodes.append(.init(name: "conv", operation: .conv2d(example.operation), inputs: ["input"]))
    let shape = network.inputShape
    let convolved = try #require(try network.inferShapes()["conv"])
    var pooling: PoolingIndices?
    if let operation = example.pooling {
      network.nodes.append(.init(name: "pool", operation: .maxPool2d(operation), inputs: ["conv"]))
      network.output = "pool"
      let pooled = try #require(try network.inferShapes()["pool"])
      pooling = PoolingIndices(operation, input: convolved, output: pooled, batch: ImageBlock.size)
    }
    let store = try ParameterStore(network, tensors: Initializer.he.parameters(of: network, seed: 5))
    let layer = ConvolutionTraining(
      example.operation, input: shape, convolved: convolved,
      weight: try #require(store.entry("weight", of: "conv")), bias: store.entry("bias", of: "conv"),
      hasReLU: true, pooling: pooling)
    layer.prepare(kernels: kernels)

    var numbers = SeededNumbers(seed: 8)
    func buffer(_ count: Int) -> FloatBuffer { FloatBuffer(count: count) }
    func filled(_ count: Int) -> FloatBuffer {
      let buffer = buffer(count)
      for (index, value) in numbers.floats(count).enumerated() { buffer.pointer[index] = value }
      return buffer
    }
    func values(_ buffer: FloatBuffer, _ count: Int) -> [Float] {
      Array(UnsafeBufferPointer(start: buffer.pointer, count: count))
    }
    let size = ImageBlock.size
    let input = filled(layer.inputCount * size)
    let doutput = filled(layer.outputCount * size)
    let output = buffer(layer.outputCount * size)
    let dinput = buffer(layer.inputCount * size)
    let scratch = buffer(layer.scratchCount)
    let block = BatchBlock(0, batch: size)
    let all = (0..<parts).reversed().map { WorkPart(index: $0, count: parts) }
    let memory = layer.scratch(shared: scratch.pointer, own: scratch.pointer)
    for part in all {
      layer.forward(
        block, part: part, input: input.pointer, output: output.pointer, scratch: memory, kernels: kernels)
    }
    for group in 0..<gradientGroupCount { layer.beginGroup(group) }
    for part in all {
      layer.beginBackward(
        block, part: part, group: 0, output: output.pointer, doutput: doutput.pointer, scratch: memory,
        kernels: kernels)
    }
    for part in all {
      layer.endBackward(
        part: part, group: 0, input: input.pointer, doutput: doutput.pointer, dinput: dinput.pointer,
        scratch: memory, kernels: kernels)
    }
    layer.finishBackward(pool: WorkerPool(threadCount: 1), kernels: kernels)
    return Results(
      output: values(output, layer.outputCount * size), dinput: values(dinput, layer.inputCount * size),
      weight: try #require(store.entry("weight", of: "conv")).gradientValues,
      bias: try #require(store.entry("bias", of: "conv")).gradientValues)
  }
}
