import CKernels
import CNNModelFile

/// A convolution with its bias and, fused, what follows it: an activation and a pooling.
///
/// With a pooling the convolution's own output, the largest array of most networks, is only ever held for one
/// image.
struct ConvolutionLayer: ForwardLayer {
  private let geometry: ConvolutionGeometry
  private let blocks: BlockConvolution
  private let activation: FusedActivation
  private let pooling: MaxPoolingLayer?
  private let kernels: PackedKernels
  /// The kernels of each group as the kernels for blocks read them.
  private let blockWeights: FloatBuffer
  private let biases: FloatBuffer
  private let inputCount: Int
  private let convolvedCount: Int
  private let outputCount: Int

  /// - Parameters:
  ///   - input: [C, H, W].
  ///   - convolved: [O, H', W'], the shape before pooling.
  ///   - weight: [O, I / groups, KH, KW].
  ///   - bias: [O], or empty.
  init(
    _ operation: Operation.Convolution, input: [Int], convolved: [Int], weight: [Float], bias: [Float],
    activation: FusedActivation, pooling: MaxPoolingLayer?, kernels set: KernelSet
  ) {
    geometry = ConvolutionGeometry(operation, input: input, output: convolved)
    self.activation = activation
    self.pooling = pooling
    inputCount = input.reduce(1, *)
    convolvedCount = convolved.reduce(1, *)
    outputCount = pooling?.outputCount ?? convolvedCount

    kernels = PackedKernels(
      groups: operation.groups, outputs: operation.outputChannels,
      depth: weight.count / operation.outputChannels)
    blocks = BlockConvolution(operation, input: input, output: convolved)
    blockWeights = FloatBuffer(count: weight.count)
    biases = FloatBuffer(count: operation.outputChannels)
    biases.pointer.update(from: bias, count: bias.count)
    weight.withUnsafeBufferPointer { weight in
      bias.withUnsafeBufferPointer { bias in
        guard let base = weight.baseAddress else { return }
        kernels.pack(base, bias: bias.isEmpty ? nil : bias.baseAddress)
        blocks.pack(base, into: blockWeights, kernels: set)
      }
    }
  }

  /// One staged image, and one convolved image if it is pooled right away.
  var scratchCount: Int {
    geometry.stagedCount + (pooling == nil ? 0 : convolvedCount + FloatBuffer.slack)
  }

  /// What is convolved before it is pooled: a few rows, or all where the windows are not 2 x 2.
  var blockScratchCount: Int {
    guard let pooling else { return 0 }
    return pooling.isTwoByTwo ? blocks.pooledScratchCount : convolvedCount * ImageBlock.size
  }

  func forward(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>,
    kernels set: KernelSet
  ) {
    let operation = geometry.operation
    let planeOutputs = geometry.outputHeight * geometry.outputWidth
    geometry.withShape(activation: activation) { shape in
      let groupInputs = Int(shape.pointee.input_channels)
      let groupOutputs = Int(shape.pointee.output_channels)
      var source = input
      if geometry.isStaged {
        geometry.stage(source, into: scratch)
        source = UnsafePointer(scratch)
      }
      let convolved = pooling == nil ? output : scratch + geometry.stagedCount
      for group in 0..<operation.groups {
        set.table.pointee.convolution(
          shape, source + group * groupInputs * geometry.planePitch, kernels.weight(of: group),
          kernels.bias(of: group), convolved + group * groupOutputs * planeOutputs)
      }
      pooling?.forward(input: convolved, output: output, scratch: scratch, kernels: set)
    }
  }

  func forward(
    blocks count: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, kernels set: KernelSet
  ) {
    for block in 0..<count {
      let source = input + block * inputCount * ImageBlock.size
      let target = output + block * outputCount * ImageBlock.size
      if let pooling, pooling.isTwoByTwo {
        blocks.convolvePooled(
          source, weights: blockWeights, biases: biases, activation: activation, scratch: scratch,
          pooledPlane: outputCount / blocks.operation.outputChannels * ImageBlock.size, output: target,
          index: nil, kernels: set)
      } else {
        let convolved = pooling == nil ? target : scratch
        blocks.convolve(
          source, weights: blockWeights, biases: biases, activation: activation, output: convolved,
          kernels: set)
        pooling?.forward(blocks: 1, input: convolved, output: target, scratch: scratch, kernels: set)
      }
    }
  }
}
