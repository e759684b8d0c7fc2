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
  private let kernels: PackedKernels
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

    kernels = PackedKernels(
      groups: operation.groups, outputs: operation.outputChannels,
      depth: weight.count / operation.outputChannels)
    weight.withUnsafeBufferPointer { weight in
      bias.withUnsafeBufferPointer { bias in
        guard let base = weight.baseAddress else { return }
        kernels.pack(base, bias: bias.isEmpty ? nil : bias.baseAddress)
      }
    }
  }

  /// One staged image, and one convolved image if it is pooled right away.
  var scratchCount: Int {
    geometry.stagedCount + (pooling == nil ? 0 : convolvedCount + FloatBuffer.slack)
  }

  func forward(
    images: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, kernels set: KernelSet
  ) {
    let operation = geometry.operation
    let planeOutputs = geometry.outputHeight * geometry.outputWidth
    let convolvedScratch = scratch + geometry.stagedCount
    geometry.withShape(activation: activation) { shape in
      let groupInputs = Int(shape.pointee.input_channels)
      let groupOutputs = Int(shape.pointee.output_channels)
      for image in 0..<images {
        var source = input + image * inputCount
        if geometry.isStaged {
          geometry.stage(source, into: scratch)
          source = UnsafePointer(scratch)
        }
        let target = output + image * outputCount
        let convolved = pooling == nil ? target : convolvedScratch
        for group in 0..<operation.groups {
          set.table.pointee.convolution(
            shape, source + group * groupInputs * geometry.planePitch, kernels.weight(of: group),
            kernels.bias(of: group), convolved + group * groupOutputs * planeOutputs)
        }
        pooling?.forward(images: 1, input: convolved, output: target, scratch: scratch, kernels: set)
      }
    }
  }
}
