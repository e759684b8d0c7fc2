import CKernels
import CNNModelFile

/// A convolution with its bias and, fused, what follows it: an activation and a pooling.
///
/// With a pooling the convolution's own output, the largest array of most networks, is only ever held for one
/// image.
struct ConvolutionLayer: ForwardLayer {
  private let geometry: ConvolutionGeometry
  private let activation: FusedActivation
  private let pooling: MaxPoolingLayer?
  /// [groups][ceil(O / 4)][I / groups][KH * KW][4], zeros where O is no multiple of 4.
  private let weight: FloatBuffer
  /// [groups][ceil(O / 4) * 4].
  private let bias: FloatBuffer
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
    activation: FusedActivation, pooling: MaxPoolingLayer?
  ) {
    geometry = ConvolutionGeometry(operation, input: input, output: convolved)
    self.activation = activation
    self.pooling = pooling
    inputCount = input.reduce(1, *)
    convolvedCount = convolved.reduce(1, *)
    outputCount = pooling?.outputCount ?? convolvedCount

    let block = Int(CNN_CONV_CHANNELS)
    let groupOutputs = operation.outputChannels / operation.groups
    let blocks = (groupOutputs + block - 1) / block
    let depth = operation.inputChannels / operation.groups * geometry.tapOffsets.count
    self.weight = FloatBuffer(count: operation.groups * blocks * depth * block)
    self.bias = FloatBuffer(count: operation.groups * blocks * block)
    for channel in 0..<operation.outputChannels {
      let (group, within) = channel.quotientAndRemainder(dividingBy: groupOutputs)
      let row = group * blocks + within / block
      let lane = within % block
      for k in 0..<depth {
        self.weight.pointer[(row * depth + k) * block + lane] = weight[channel * depth + k]
      }
      if !bias.isEmpty { self.bias.pointer[row * block + lane] = bias[channel] }
    }
  }

  /// One staged image, and one convolved image if it is pooled right away.
  var scratchCount: Int {
    geometry.stagedCount + (pooling == nil ? 0 : convolvedCount + FloatBuffer.slack)
  }

  func forward(
    images: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    let operation = geometry.operation
    let groupInputs = operation.inputChannels / operation.groups
    let groupOutputs = operation.outputChannels / operation.groups
    let planeOutputs = geometry.outputHeight * geometry.outputWidth
    let convolvedScratch = scratch + geometry.stagedCount
    let groupWeights = weight.count / operation.groups
    let groupBiases = bias.count / operation.groups

    geometry.tapOffsets.withUnsafeBufferPointer { taps in
      geometry.slotInputs.withUnsafeBufferPointer { slotInputs in
        geometry.slotOutputs.withUnsafeBufferPointer { slotOutputs in
          geometry.slotLanes.withUnsafeBufferPointer { slotLanes in
            var shape = cnn_convolution(
              input_channels: Int32(groupInputs), output_channels: Int32(groupOutputs),
              input_plane: Int32(geometry.planePitch), output_plane: Int32(planeOutputs),
              tap_count: Int32(taps.count), slot_count: Int32(slotInputs.count),
              tap_offset: taps.baseAddress, slot_input: slotInputs.baseAddress,
              slot_output: slotOutputs.baseAddress, slot_lanes: slotLanes.baseAddress,
              activation: activation == .relu ? CNN_RELU : CNN_IDENTITY)
            for image in 0..<images {
              var source = input + image * inputCount
              if geometry.isStaged {
                geometry.stage(source, into: scratch)
                source = UnsafePointer(scratch)
              }
              let target = output + image * outputCount
              let convolved = pooling == nil ? target : convolvedScratch
              for group in 0..<operation.groups {
                kernels.table.pointee.convolution(
                  &shape, source + group * groupInputs * geometry.planePitch,
                  weight.pointer + group * groupWeights, bias.pointer + group * groupBiases,
                  convolved + group * groupOutputs * planeOutputs)
              }
              pooling?.forward(
                images: 1, input: convolved, output: target, scratch: scratch, kernels: kernels)
            }
          }
        }
      }
    }
  }
}
