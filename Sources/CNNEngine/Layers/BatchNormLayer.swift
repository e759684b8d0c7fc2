import CKernels
import CNNModelFile

/// Batch normalisation with its running statistics, as at inference: one scale and one shift a channel.
///
/// scale = weight / sqrt(running_var + epsilon), shift = bias - running_mean * scale, worked out in `Double`.
struct BatchNormLayer: ForwardLayer {
  private let scales: [Float]
  private let shifts: [Float]
  /// How many numbers a channel has: H * W, or 1 behind a linear layer.
  private let planeCount: Int

  /// - Parameters:
  ///   - shape: [C] or [C, H, W].
  ///   - weight, bias, mean, variance: [C] each.
  init(
    _ operation: Operation.BatchNorm, shape: [Int], weight: [Float], bias: [Float], mean: [Float],
    variance: [Float]
  ) {
    planeCount = shape.dropFirst().reduce(1, *)
    var scales: [Float] = []
    var shifts: [Float] = []
    for channel in 0..<operation.features {
      let scale = Double(weight[channel]) / (Double(variance[channel]) + operation.epsilon).squareRoot()
      scales.append(Float(scale))
      shifts.append(Float(Double(bias[channel]) - Double(mean[channel]) * scale))
    }
    self.scales = scales
    self.shifts = shifts
  }

  func forward(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>,
    kernels: KernelSet
  ) {
    normalise(planeCount, input: input, output: output, kernels: kernels)
  }

  func forward(
    blocks: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    let plane = planeCount * ImageBlock.size
    for block in 0..<blocks {
      let start = block * scales.count * plane
      normalise(plane, input: input + start, output: output + start, kernels: kernels)
    }
  }

  private func normalise(
    _ plane: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    for channel in scales.indices {
      kernels.table.pointee.affine(
        plane, input + channel * plane, scales[channel], shifts[channel], output + channel * plane)
    }
  }
}
