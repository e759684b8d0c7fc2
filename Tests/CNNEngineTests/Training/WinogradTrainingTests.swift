import CKernels
import CNNModelFile
import Testing

@testable import CNNEngine

/// Convolutions of 3 x 3 kernels with many channels in training.
@Suite struct WinogradTrainingTests {
  private struct Case {
    var inputs: Int
    var outputs: Int
    var height: Int
    var width: Int
    var padding: Operation.Padding

    var operation: Operation.Convolution {
      .init(inputChannels: inputs, outputChannels: outputs, kernelSize: .init(3, 3), padding: padding)
    }
    var input: [Int] { [inputs, height, width] }
    var convolved: [Int] {
      [outputs, height + padding.top + padding.bottom - 2, width + padding.left + padding.right - 2]
    }
  }

  private let cases = [
    Case(inputs: 16, outputs: 16, height: 14, width: 14, padding: .init(all: 1)),
    Case(inputs: 64, outputs: 32, height: 8, width: 8, padding: .init(all: 1)),
    Case(inputs: 17, outputs: 35, height: 7, width: 9, padding: .init(all: 0)),
    Case(inputs: 20, outputs: 18, height: 9, width: 6, padding: .init(all: 2)),
    Case(inputs: 16, outputs: 21, height: 5, width: 8, padding: .init(top: 0, left: 2, bottom: 1, right: 0)),
    Case(inputs: 16, outputs: 16, height: 4, width: 4, padding: .init(top: 4, left: 3, bottom: 5, right: 3)),
  ]

  private func filled(_ count: Int, _ numbers: inout SeededNumbers) -> FloatBuffer {
    let buffer = FloatBuffer(count: count)
    for (index, value) in numbers.floats(count).enumerated() { buffer.pointer[index] = value }
    return buffer
  }

  private func transformed(_ weight: FloatBuffer, pairs: Int) -> FloatBuffer {
    let transformed = FloatBuffer(count: pairs * WinogradKernel.places)
    WinogradKernel.transform(weight.pointer, pairs: pairs, to: transformed.pointer)
    return transformed
  }

  private func values<Number>(_ pointer: UnsafePointer<Number>, _ count: Int) -> [Number] {
    Array(UnsafeBufferPointer(start: pointer, count: count))
  }

  @Test func gradientsOfInputsAreThoseOfTheDirectKernels() {
    var numbers = SeededNumbers(seed: 71)
    for example in cases {
      let pairs = example.inputs * example.outputs
      let weight = filled(pairs * 9, &numbers)
      let transformed = transformed(weight, pairs: pairs)
      let winograd = BlockWinograd(
        gradientOf: example.operation, input: example.input, convolved: example.convolved)
      let direct = BlockConvolutionGradient(
        BlockConvolution(example.operation, input: example.input, output: example.convolved),
        input: example.input, output: example.convolved)
      let doutput = filled(example.convolved.reduce(16, *), &numbers)
      let count = example.input.reduce(16, *)
      let (expected, found) = (FloatBuffer(count: count), FloatBuffer(count: count))
      for kernels in KernelSet.available {
        direct.prepare(weight.pointer, kernels: kernels)
        direct.compute(part: .whole, doutput.pointer, dinput: expected.pointer, kernels: kernels)
        winograd.pack(transformed.pointer, kernels: kernels)
        let scratch = FloatBuffer(count: winograd.scratchCount)
        winograd.compute(
          part: .whole, doutput.pointer, biases: FloatBuffer(count: example.inputs), scratch: scratch.pointer,
          output: found.pointer, index: nil,
          kernels: kernels)
        let (expected, found) = (values(expected.pointer, count), values(found.pointer, count))
        let scale = expected.map(abs).max() ?? 0
        #expect(scale > 1)
        // Both are within 1.5e-6 of the definition.
        let largest = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
        #expect(largest <= 3e-6 * scale, "\(kernels.name): \(example)")
      }
    }
  }

  @Test func gradientsOfKernelsAreThoseOfTheDirectKernels() {
    var numbers = SeededNumbers(seed: 74)
    for example in cases {
      let count = example.inputs * example.outputs * 9
      let winograd = BlockWinogradWeights(
        example.operation, input: example.input, convolved: example.convolved)
      let direct = BlockConvolution(example.operation, input: example.input, output: example.convolved)
      let input = filled(example.input.reduce(16, *), &numbers)
      let doutput = filled(example.convolved.reduce(16, *), &numbers)
      let (expected, found) = (FloatBuffer(count: count), FloatBuffer(count: count))
      var bits: [String: [UInt32]] = [:]
      for kernels in KernelSet.available {
        // What was there before is added to.
        for place in 0..<count {
          expected.pointer[place] = 0.5
          found.pointer[place] = 0.5
        }
        let directScratch = FloatBuffer(count: direct.weightGradientScratchCount)
        direct.addWeightGradient(
          part: .whole, input.pointer, doutput: doutput.pointer, scratch: directScratch.pointer,
          dweight: expected.pointer, kernels: kernels)
        let scratch = FloatBuffer(count: winograd.scratchCount)
        winograd.add(
          part: .whole, input.pointer, doutput: doutput.pointer, scratch: scratch.pointer,
          dweight: found.pointer, kernels: kernels)
        let (expected, found) = (values(expected.pointer, count), values(found.pointer, count))
        bits[kernels.name] = found.map(\.bitPattern)
        let scale = expected.map(abs).max() ?? 0
        #expect(scale > 1)
        let largest = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
        #expect(largest <= 2e-6 * scale, "\(kernels.name): \(example)")
      }
      if let narrow = bits["avx2"], let wide = bits["avx512"] { #expect(narrow == wide, "\(example)") }
    }
  }

  @Test func poolingNotesWhereItsValuesStood() {
    var numbers = SeededNumbers(seed: 72)
    for example in cases {
      let pairs = example.inputs * example.outputs
      let weight = filled(pairs * 9, &numbers)
      let transformed = transformed(weight, pairs: pairs)
      let input = filled(example.input.reduce(16, *), &numbers)
      // In one image all values tie; in another one isn't a number, which counts as the greatest.
      for place in 0..<example.input.reduce(1, *) { input.pointer[place * 16] = 0 }
      input.pointer[(example.height / 2 * example.width + example.width / 2) * 16 + 3] = .nan
      let pooled = [example.convolved[0], example.convolved[1] / 2, example.convolved[2] / 2]
      let pooling = PoolingIndices(
        .init(kernelSize: .init(2, 2), stride: .init(2, 2)), input: example.convolved, output: pooled,
        batch: 16)
      let block = BatchBlock(0, batch: 16)
      let biases = filled(example.outputs, &numbers)
      for kernels in KernelSet.available {
        func run(isPooled: Bool, output: FloatBuffer) {
          let winograd = BlockWinograd(
            example.operation, input: example.input, convolved: example.convolved, activation: .identity,
            isPooled: isPooled)
          winograd.pack(transformed.pointer, kernels: kernels)
          let scratch = FloatBuffer(count: winograd.scratchCount)
          winograd.compute(
            part: .whole, input.pointer, biases: biases, scratch: scratch.pointer, output: output.pointer,
            index: isPooled ? pooling.places(of: block) : nil, kernels: kernels)
        }
        let count = pooled.reduce(16, *)
        let output = FloatBuffer(count: count)
        run(isPooled: true, output: output)
        let (found, places) = (values(output.pointer, count), values(pooling.places(of: block), count))
        let convolved = FloatBuffer(count: example.convolved.reduce(16, *))
        run(isPooled: false, output: convolved)
        pooling.forward(block, input: convolved.pointer, output: output.pointer, kernels: kernels)
        #expect(found.map(\.bitPattern) == values(output.pointer, count).map(\.bitPattern))
        #expect(places == values(pooling.places(of: block), count), "\(kernels.name): \(example)")
        #expect(Set(places).count == 4 && found.contains { $0.isNaN })
      }
    }
  }

  @Test func trainingAndInferenceGiveTheSameBits() throws {
    var numbers = SeededNumbers(seed: 73)
    for example in cases {
      let network = try makeNetwork(
        inputShape: example.input,
        [
          ("first", .relu), ("conv", .conv2d(example.operation)), ("relu", .relu),
          ("pool", .maxPool2d(.init(kernelSize: .init(2, 2)))), ("flat", .flatten),
        ], numbers: &numbers)
      let images = 21
      let inputs = numbers.floats(images * network.inputCount)
      let pool = WorkerPool(threadCount: 2)
      for kernels in KernelSet.available {
        let store = try ParameterStore(
          network.description,
          tensors: ["weight", "bias"].map {
            Tensor(
              name: "conv.\($0)",
              shape: $0 == "bias" ? [example.outputs] : [example.outputs, example.inputs, 3, 3],
              values: network.parameter($0, of: "conv"))
          })
        let plan = try TrainingPlan(
          network.description, parameters: store, maximumBatch: images, pool: pool, kernels: kernels)
        _ = plan.computeGradients(
          of: ArrayBatch(inputs, inputCount: network.inputCount), count: images,
          labels: [Int](repeating: 0, count: images), loss: .softmaxCrossEntropy(), seed: 1, step: 0)
        let session = try InferenceSession(network, pool: pool, kernels: kernels)
        let expected = session.logits(for: FloatInputs(inputs, inputCount: network.inputCount))
        #expect(
          plan.lastLogits(count: images).map(\.bitPattern) == expected.map(\.bitPattern),
          "\(kernels.name): \(example)")
      }
    }
  }
}
