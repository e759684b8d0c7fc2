import CKernels
import CNNModelFile

/// A convolution in training, with the ReLU and the pooling that follow it.
///
/// Forward, only a few rows of the convolution's own output are held where a 2 x 2 pooling follows: backward needs just
/// the pooled values and where each of them stood. Where Winograd's algorithm serves, the convolution and its gradients
/// are computed with it.
final class ConvolutionTraining: SharedLayer, @unchecked Sendable {
  // Blocks touch different parts of every buffer; groups have sums of their own.
  private let convolution: BlockConvolution
  /// What Winograd's algorithm doesn't serve.
  private let dataGradient: BlockConvolutionGradient?
  private let winograd: BlockWinograd?
  private let winogradGradient: BlockWinograd?
  private let winogradWeights: BlockWinogradWeights?
  /// The transformed kernels, [16, O, C], if either needs them.
  private let transformed: FloatBuffer?
  private let hasReLU: Bool
  private let pooling: PoolingIndices?
  private let weight: ParameterStore.Entry
  private let bias: ParameterStore.Entry?
  private let packedWeight: FloatBuffer?
  private let biases: FloatBuffer
  private let zeros: FloatBuffer
  private let weightSums: GroupSums
  private let biasSums: GroupSums
  private let convolvedCount: Int
  let inputCount: Int
  let outputCount: Int
  var isTrained: Bool { weight.isTrained }

  /// - Parameters:
  ///   - input: [C, H, W].
  ///   - convolved: [O, H', W'], before the pooling.
  ///   - isDirect: whether Winograd's algorithm is left aside for the output. It rounds equal windows differently from
  ///     place to place; summed up directly they are equal to the last bit.
  init(
    _ operation: Operation.Convolution, input: [Int], convolved: [Int], weight: ParameterStore.Entry,
    bias: ParameterStore.Entry?, hasReLU: Bool, pooling: PoolingIndices?, isDirect: Bool = false
  ) {
    convolution = BlockConvolution(operation, input: input, output: convolved)
    winograd =
      !isDirect && BlockWinograd.serves(operation, computed: convolved) && pooling?.isTwoByTwo ?? true
      ? BlockWinograd(
        operation, input: input, convolved: convolved, activation: hasReLU ? .relu : .identity,
        isPooled: pooling != nil) : nil
    winogradGradient =
      BlockWinograd.serves(operation, computed: input)
      ? BlockWinograd(gradientOf: operation, input: input, convolved: convolved) : nil
    dataGradient =
      winogradGradient == nil
      ? BlockConvolutionGradient(convolution, input: input, output: convolved) : nil
    winogradWeights =
      BlockWinogradWeights.serves(operation, convolved: convolved)
      ? BlockWinogradWeights(operation, input: input, convolved: convolved) : nil
    transformed =
      winograd == nil && winogradGradient == nil
      ? nil : FloatBuffer(count: WinogradKernel.places * input[0] * convolved[0])
    self.hasReLU = hasReLU
    self.pooling = pooling
    self.weight = weight
    self.bias = bias
    packedWeight = winograd == nil ? FloatBuffer(count: weight.count) : nil
    biases = FloatBuffer(count: operation.outputChannels)
    zeros = FloatBuffer(count: operation.inputChannels)
    weightSums = GroupSums(count: weight.isTrained ? weight.count : 0)
    biasSums = GroupSums(count: weight.isTrained ? operation.outputChannels : 0)
    inputCount = input.reduce(1, *)
    convolvedCount = convolved.reduce(1, *)
    outputCount = pooling?.outputCount ?? convolvedCount
  }

  private var channels: Int { convolution.operation.outputChannels }

  func prepare(kernels: KernelSet) {
    if let bias { biases.pointer.update(from: bias.weights.pointer, count: bias.count) }
    if let transformed {
      let pairs = convolution.operation.inputChannels * channels
      WinogradKernel.transform(weight.weights.pointer, pairs: pairs, to: transformed.pointer)
      winograd?.pack(transformed.pointer, kernels: kernels)
      winogradGradient?.pack(transformed.pointer, kernels: kernels)
    }
    if let packedWeight { convolution.pack(weight.weights.pointer, into: packedWeight, kernels: kernels) }
    dataGradient?.prepare(weight.weights.pointer, kernels: kernels)
  }

  var sharedWork: Int {
    // A pooling of another kind needs all of the convolution first.
    guard pooling?.isTwoByTwo ?? true else { return 0 }
    return convolvedCount * convolution.groupInputs * convolution.tapCount * ImageBlock.size
  }

  /// The convolved block where it is pooled by itself or its gradient is spread out again.
  var sharedScratchCount: Int { pooling == nil ? 0 : convolvedCount * ImageBlock.size }

  var partScratchCount: Int {
    max(
      winograd?.scratchCount ?? convolution.pooledScratchCount, winogradGradient?.scratchCount ?? 0,
      winogradWeights?.scratchCount ?? convolution.weightGradientScratchCount)
  }

  func forward(
    _ block: BatchBlock, part: WorkPart, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: SharedScratch, kernels: KernelSet
  ) {
    if let winograd {
      winograd.compute(
        part: part, input, biases: biases, scratch: scratch.own, output: output,
        index: pooling?.places(of: block), kernels: kernels)
      return
    }
    guard let packedWeight else { preconditionFailure("neither algorithm was made ready") }
    let activation: FusedActivation = hasReLU ? .relu : .identity
    guard let pooling else {
      convolution.convolve(
        part: part, input, weights: packedWeight, biases: biases, activation: activation, output: output,
        kernels: kernels)
      return
    }
    if pooling.isTwoByTwo {
      convolution.convolvePooled(
        part: part, input, weights: packedWeight, biases: biases, activation: activation,
        scratch: scratch.own, pooledPlane: outputCount / channels * ImageBlock.size, output: output,
        index: pooling.places(of: block), kernels: kernels)
      return
    }
    convolution.convolve(
      input, weights: packedWeight, biases: biases, activation: .identity, output: scratch.shared,
      kernels: kernels)
    pooling.forward(block, input: scratch.shared, output: output, kernels: kernels)
    if hasReLU { kernels.table.pointee.relu(outputCount * ImageBlock.size, output, output) }
  }

  func beginGroup(_ group: Int) {
    weightSums.clear(group)
    biasSums.clear(group)
  }

  func beginBackward(
    _ block: BatchBlock, part: WorkPart, group: Int, output: UnsafePointer<Float>,
    doutput: UnsafeMutablePointer<Float>, scratch: SharedScratch, kernels: KernelSet
  ) {
    let own = part.share(of: channels)
    let plane = outputCount / channels * ImageBlock.size
    if hasReLU {
      let start = own.lowerBound * plane
      kernels.table.pointee.drelu(own.count * plane, output + start, doutput + start, doutput + start)
    }
    if isTrained {
      // A pooling moves gradients about within a channel; their sum is the same before and behind it.
      let sums = biasSums.pointer(group)
      for channel in own {
        sums[channel] += LaneSums.total(
          plane / ImageBlock.size, doutput + channel * plane, kernels: kernels)
      }
    }
    pooling?.backward(block, channels: own, doutput: doutput, dinput: scratch.shared, kernels: kernels)
  }

  func endBackward(
    part: WorkPart, group: Int, input: UnsafePointer<Float>, doutput: UnsafePointer<Float>,
    dinput: UnsafeMutablePointer<Float>?, scratch: SharedScratch, kernels: KernelSet
  ) {
    let convolved = pooling == nil ? doutput : UnsafePointer(scratch.shared)
    if let dinput, let winogradGradient {
      winogradGradient.compute(
        part: part, convolved, biases: zeros, scratch: scratch.own, output: dinput, index: nil,
        kernels: kernels)
    } else if let dinput, let dataGradient {
      dataGradient.compute(part: part, convolved, dinput: dinput, kernels: kernels)
    }
    guard isTrained else { return }
    let sums = weightSums.pointer(group)
    if let winogradWeights {
      winogradWeights.add(
        part: part, input, doutput: convolved, scratch: scratch.own, dweight: sums, kernels: kernels)
    } else {
      convolution.addWeightGradient(
        part: part, input, doutput: convolved, scratch: scratch.own, dweight: sums, kernels: kernels)
    }
  }

  func finishBackward(pool: WorkerPool, kernels: KernelSet) {
    guard isTrained else { return }
    weightSums.total(into: weight.gradient, pool: pool, kernels: kernels)
    if let bias { biasSums.total(into: bias.gradient, pool: pool, kernels: kernels) }
  }
}
