import CKernels
import CNNModelFile

/// A convolution in training, with the ReLU and the pooling that follow it.
///
/// Forward, only a few rows of the convolution's own output are held where a 2 x 2 pooling follows: backward needs just
/// the pooled values and where each of them stood.
final class ConvolutionTraining: PerImageLayer, @unchecked Sendable {
  // Blocks touch different parts of every buffer; groups have sums of their own.
  private let convolution: BlockConvolution
  private let dataGradient: BlockConvolutionGradient
  private let hasReLU: Bool
  private let pooling: PoolingIndices?
  private let weight: ParameterStore.Entry
  private let bias: ParameterStore.Entry?
  private let packedWeight: FloatBuffer
  private let biases: FloatBuffer
  private let weightSums: GroupSums
  private let biasSums: GroupSums
  private let convolvedCount: Int
  let inputCount: Int
  let outputCount: Int
  var isTrained: Bool { weight.isTrained }

  /// - Parameters:
  ///   - input: [C, H, W].
  ///   - convolved: [O, H', W'], before the pooling.
  init(
    _ operation: Operation.Convolution, input: [Int], convolved: [Int], weight: ParameterStore.Entry,
    bias: ParameterStore.Entry?, hasReLU: Bool, pooling: PoolingIndices?
  ) {
    convolution = BlockConvolution(operation, input: input, output: convolved)
    dataGradient = BlockConvolutionGradient(convolution, input: input, output: convolved)
    self.hasReLU = hasReLU
    self.pooling = pooling
    self.weight = weight
    self.bias = bias
    packedWeight = FloatBuffer(count: weight.count)
    biases = FloatBuffer(count: operation.outputChannels)
    weightSums = GroupSums(count: weight.count)
    biasSums = GroupSums(count: operation.outputChannels)
    inputCount = input.reduce(1, *)
    convolvedCount = convolved.reduce(1, *)
    outputCount = pooling?.outputCount ?? convolvedCount
  }

  private var channels: Int { convolution.operation.outputChannels }

  func prepare(kernels: KernelSet) {
    convolution.pack(weight.weights.pointer, into: packedWeight, kernels: kernels)
    if let bias { biases.pointer.update(from: bias.weights.pointer, count: bias.count) }
    dataGradient.prepare(weight.weights.pointer, kernels: kernels)
  }

  /// The convolved block where it is pooled by itself or its gradient is spread out again, and what the kernels need.
  var scratchCount: Int {
    convolvedCount * ImageBlock.size
      + max(convolution.pooledScratchCount, convolution.weightGradientScratchCount)
  }

  func forward(
    _ block: BatchBlock, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    context: StepContext, scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    guard let pooling else {
      convolution.convolve(
        input, weights: packedWeight, biases: biases, activation: hasReLU ? .relu : .identity, output: output,
        kernels: kernels)
      return
    }
    if pooling.isTwoByTwo {
      convolution.convolvePooled(
        input, weights: packedWeight, biases: biases, activation: hasReLU ? .relu : .identity,
        scratch: scratch, pooledPlane: outputCount / channels * ImageBlock.size, output: output,
        index: pooling.places(of: block), kernels: kernels)
      return
    }
    convolution.convolve(
      input, weights: packedWeight, biases: biases, activation: .identity, output: scratch, kernels: kernels)
    pooling.forward(block, input: scratch, output: output, kernels: kernels)
    if hasReLU { kernels.table.pointee.relu(outputCount * ImageBlock.size, output, output) }
  }

  func beginGroup(_ group: Int) {
    weightSums.clear(group)
    biasSums.clear(group)
  }

  func backward(
    _ block: BatchBlock, group: Int, input: UnsafePointer<Float>, output: UnsafePointer<Float>,
    doutput: UnsafeMutablePointer<Float>, dinput: UnsafeMutablePointer<Float>?, context: StepContext,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    let table = kernels.table.pointee
    if hasReLU { table.drelu(outputCount * ImageBlock.size, output, doutput, doutput) }
    if isTrained {
      // A pooling moves gradients about within a channel; their sum is the same before and behind it.
      let positions = outputCount / channels
      let sums = biasSums.pointer(group)
      for channel in 0..<channels {
        sums[channel] += LaneSums.total(
          positions, doutput + channel * positions * ImageBlock.size, kernels: kernels)
      }
    }
    var convolved = doutput
    if let pooling {
      pooling.backward(block, doutput: doutput, dinput: scratch, kernels: kernels)
      convolved = scratch
    }
    if let dinput { dataGradient.compute(convolved, dinput: dinput, kernels: kernels) }
    guard isTrained else { return }
    convolution.withShape { shape in
      for part in 0..<convolution.operation.groups {
        table.block_convolution_dweight(
          shape, input + part * convolution.groupInputs * convolution.inputPlane,
          convolved + part * convolution.groupOutputs * convolution.outputPlane,
          scratch + convolvedCount * ImageBlock.size,
          weightSums.pointer(group) + part * convolution.groupWeights)
      }
    }
  }

  func finishBackward(pool: WorkerPool, kernels: KernelSet) {
    guard isTrained else { return }
    weightSums.total(into: weight.gradient, pool: pool, kernels: kernels)
    if let bias { biasSums.total(into: bias.gradient, pool: pool, kernels: kernels) }
  }
}
