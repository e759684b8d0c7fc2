import CKernels
import CNNModelFile

/// Batch normalisation with its running statistics, as at inference: one scale and one shift a channel.
///
/// scale = weight / sqrt(running_var + epsilon), shift = bias - running_mean * scale, worked out in `Double`.
struct BatchNormLayer: ForwardLayer {
  /// [ceil(C / 16) * 16] each.
  private let scales: FloatBuffer
  private let shifts: FloatBuffer
  private let channels: Int
  /// How many numbers a channel has: H * W, or 1 behind a linear layer.
  private let planeCount: Int
  /// The picture that one image is as `ChannelGroups` before it is flattened; nil if the layer's input is as it says.
  private let flattened: [Int]?

  /// - Parameters:
  ///   - shape: [C] or [C, H, W].
  ///   - flattens: the shape before flattening, where one image comes as a picture and the layer takes a vector.
  ///   - weight, bias, mean, variance: [C] each.
  init(
    _ operation: Operation.BatchNorm, shape: [Int], flattens: [Int]?, weight: [Float], bias: [Float],
    mean: [Float], variance: [Float]
  ) {
    flattened = flattens
    planeCount = shape.dropFirst().reduce(1, *)
    channels = operation.features
    let groups = ChannelGroups.count(for: channels)
    scales = FloatBuffer(count: groups * ChannelGroups.size)
    shifts = FloatBuffer(count: groups * ChannelGroups.size)
    for channel in 0..<operation.features {
      let scale = Double(weight[channel]) / (Double(variance[channel]) + operation.epsilon).squareRoot()
      scales.pointer[channel] = Float(scale)
      shifts.pointer[channel] = Float(Double(bias[channel]) - Double(mean[channel]) * scale)
    }
  }

  /// The flattened picture, with room for whole vectors.
  var scratchCount: Int { flattened == nil ? 0 : scales.count }

  func forward(
    part: WorkPart, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    if let flattened { ChannelGroups.scatter(flattened, from: input, to: scratch, kernels: kernels) }
    kernels.table.pointee.single_affine(
      planeCount, Int32(ChannelGroups.count(for: channels)),
      flattened == nil ? input : UnsafePointer(scratch), scales.pointer, shifts.pointer, output)
  }

  func forward(
    blocks: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    let plane = planeCount * ImageBlock.size
    for place in 0..<blocks * channels {
      let channel = place % channels
      kernels.table.pointee.affine(
        plane, input + place * plane, scales.pointer[channel], shifts.pointer[channel], output + place * plane
      )
    }
  }
}
