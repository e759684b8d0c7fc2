import CKernels
import CNNModelFile

/// A convolution with its bias and, fused, what follows it: an activation and a pooling.
struct ConvolutionLayer: ForwardLayer {
  private let convolution: BlockConvolution
  private let activation: FusedActivation
  private let pooling: MaxPoolingLayer?
  /// The kernels of each group in the order for one image, and in that for blocks of images.
  private let singleWeights: [FloatBuffer]
  private let singleBiases: [FloatBuffer]
  private let blockWeights: FloatBuffer
  private let biases: FloatBuffer
  /// Whether one image comes as planes, [C, H, W]: the network's input; else as `ChannelGroups`.
  private let readsPlanes: Bool
  private let inputCount: Int
  private let convolved: [Int]
  private let outputCount: Int

  /// - Parameters:
  ///   - input: [C, H, W].
  ///   - convolved: [O, H', W'], the shape before pooling.
  ///   - weight: [O, I / groups, KH, KW].
  ///   - bias: [O], or empty.
  init(
    _ operation: Operation.Convolution, input: [Int], readsPlanes: Bool, convolved: [Int], weight: [Float],
    bias: [Float], activation: FusedActivation, pooling: MaxPoolingLayer?, kernels: KernelSet
  ) {
    let convolution = BlockConvolution(operation, input: input, output: convolved)
    self.convolution = convolution
    self.activation = activation
    self.pooling = pooling
    self.readsPlanes = readsPlanes
    self.convolved = convolved
    inputCount = input.reduce(1, *)
    outputCount = pooling?.outputCount ?? convolved.reduce(1, *)

    blockWeights = FloatBuffer(count: weight.count)
    biases = FloatBuffer(count: operation.outputChannels)
    biases.pointer.update(from: bias, count: bias.count)
    let outputs = convolution.groupOutputs
    let padded = ChannelGroups.count(for: outputs) * ChannelGroups.size
    singleWeights = (0..<operation.groups).map { _ in
      FloatBuffer(count: padded * weight.count / operation.outputChannels)
    }
    singleBiases = (0..<operation.groups).map { _ in FloatBuffer(count: padded) }
    weight.withUnsafeBufferPointer { weight in
      guard let base = weight.baseAddress else { return }
      convolution.pack(base, into: blockWeights, kernels: kernels)
      convolution.withShape { shape in
        for group in 0..<operation.groups {
          kernels.table.pointee.pack_single(
            shape, base + group * convolution.groupWeights, singleWeights[group].pointer)
          singleBiases[group].pointer.update(from: biases.pointer + group * outputs, count: outputs)
        }
      }
    }
  }

  /// The convolved image where it is pooled, and a group's channels where there are several groups.
  var scratchCount: Int {
    let whole = pooling == nil ? 0 : ChannelGroups.elements(convolved)
    let group =
      convolution.operation.groups == 1
      ? 0 : ChannelGroups.elements([convolution.groupOutputs] + convolved.dropFirst())
    return whole + group
  }

  /// What is convolved before it is pooled: a few rows, or all where the windows are not 2 x 2.
  var blockScratchCount: Int {
    guard let pooling else { return 0 }
    return pooling.isTwoByTwo
      ? convolution.pooledScratchCount : convolved.reduce(1, *) * ImageBlock.size
  }

  /// Rows of the output are what is shared out; other poolings than 2 x 2 need rows of several parts.
  var sharedWork: Int {
    guard convolution.operation.groups == 1, pooling?.isTwoByTwo ?? true else { return 0 }
    return convolution.groupWeights * convolved[1] * convolved[2]
  }

  func forward(
    part: WorkPart, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    let target = pooling == nil ? output : scratch
    let groupScratch = scratch + (pooling == nil ? 0 : ChannelGroups.elements(convolved))
    let groups = convolution.operation.groups
    // Where pairs of rows are pooled, a part has whole pairs.
    let isPaired = pooling?.isTwoByTwo ?? false
    let share = part.share(of: isPaired ? convolved[1] / 2 : convolved[1])
    let rows = isPaired ? 2 * share.lowerBound..<2 * share.upperBound : share
    convolution.withShape(activation: activation) { shape in
      let inputPositions = Int(shape.pointee.input_height) * Int(shape.pointee.input_width)
      let size = ChannelGroups.size
      for group in 0..<groups {
        var from = cnn_channels(
          first: Int32(group * convolution.groupInputs), together: Int32(readsPlanes ? 1 : size),
          group: readsPlanes ? inputPositions : inputPositions * size, position: readsPlanes ? 1 : size)
        kernels.table.pointee.single_convolution(
          shape, &from, Int32(rows.lowerBound), Int32(rows.upperBound), input, singleWeights[group].pointer,
          singleBiases[group].pointer, groups == 1 ? target : groupScratch)
        if groups > 1 { place(group, from: groupScratch, in: target) }
      }
    }
    guard let pooling else { return }
    pooling.pool(
      rows: isPaired ? share : 0..<pooling.outputHeight, input: target, output: output, kernels: kernels)
  }

  /// Puts a group's channels where they belong, which may be anywhere within sixteen.
  private func place(
    _ group: Int, from source: UnsafePointer<Float>, in target: UnsafeMutablePointer<Float>
  ) {
    let size = ChannelGroups.size
    let positions = convolved[1] * convolved[2]
    for channel in 0..<convolution.groupOutputs {
      let place = group * convolution.groupOutputs + channel
      let from = source + channel / size * size * positions + channel % size
      let to = target + place / size * size * positions + place % size
      for position in 0..<positions { to[position * size] = from[position * size] }
    }
  }

  func forward(
    blocks: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    for block in 0..<blocks {
      let source = input + block * inputCount * ImageBlock.size
      let target = output + block * outputCount * ImageBlock.size
      if let pooling, pooling.isTwoByTwo {
        convolution.convolvePooled(
          source, weights: blockWeights, biases: biases, activation: activation, scratch: scratch,
          pooledPlane: outputCount / convolution.operation.outputChannels * ImageBlock.size, output: target,
          index: nil, kernels: kernels)
      } else {
        let convolved = pooling == nil ? target : scratch
        convolution.convolve(
          source, weights: blockWeights, biases: biases, activation: activation, output: convolved,
          kernels: kernels)
        pooling?.forward(blocks: 1, input: convolved, output: target, scratch: scratch, kernels: kernels)
      }
    }
  }
}
