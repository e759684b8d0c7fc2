import CKernels
import CNNModelFile

/// The gradient of a convolution's input: itself a convolution, of the output's gradient with the kernels turned by
/// 180 degrees and inputs and outputs changed places.
///
/// The gradient is staged as the forward convolution's inputs are: with a stride its values are put that far apart,
/// zeros between, and around them goes what the kernels' reach and the padding leave.
struct ConvolutionDataGradient: Sendable {
  private let operation: Operation.Convolution
  private let geometry: ConvolutionGeometry
  private let outputHeight: Int
  private let outputWidth: Int
  private let packed: PackedKernels
  private let turned: FloatBuffer

  init(_ operation: Operation.Convolution, input: [Int], output: [Int]) {
    self.operation = operation
    outputHeight = output[1]
    outputWidth = output[2]
    let reach = (
      height: operation.dilation.height * (operation.kernelSize.height - 1),
      width: operation.dilation.width * (operation.kernelSize.width - 1)
    )
    // A convolution without stride or padding over the staged gradient, which gives the input's size.
    let mirrored = Operation.Convolution(
      inputChannels: operation.outputChannels, outputChannels: operation.inputChannels,
      kernelSize: operation.kernelSize, dilation: operation.dilation, groups: operation.groups, hasBias: false
    )
    geometry = ConvolutionGeometry(
      mirrored, input: [operation.outputChannels, input[1] + reach.height, input[2] + reach.width],
      output: input)
    let depth = operation.outputChannels / operation.groups * geometry.tapOffsets.count
    packed = PackedKernels(groups: operation.groups, outputs: operation.inputChannels, depth: depth)
    turned = FloatBuffer(count: operation.inputChannels * depth)
  }

  /// One staged image.
  var scratchCount: Int {
    operation.outputChannels * geometry.planePitch + FloatBuffer.slack
  }

  /// Turns the kernels.
  ///
  /// - Parameter weight: [O, I / groups, KH, KW].
  func prepare(_ weight: UnsafePointer<Float>) {
    let taps = geometry.tapOffsets.count
    let groupInputs = operation.inputChannels / operation.groups
    let groupOutputs = operation.outputChannels / operation.groups
    for group in 0..<operation.groups {
      for input in 0..<groupInputs {
        let row = turned.pointer + (group * groupInputs + input) * groupOutputs * taps
        for output in 0..<groupOutputs {
          let from = weight + ((group * groupOutputs + output) * groupInputs + input) * taps
          for tap in 0..<taps { row[output * taps + tap] = from[taps - 1 - tap] }
        }
      }
    }
    packed.pack(turned.pointer, bias: nil)
  }

  /// Computes one image's gradient.
  ///
  /// - Parameters:
  ///   - doutput: [O, H', W'].
  ///   - dinput: [C, H, W].
  func compute(
    _ doutput: UnsafePointer<Float>, dinput: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    stage(doutput, into: scratch)
    geometry.withShape(activation: .identity) { shape in
      let inputs = Int(shape.pointee.input_channels)
      let outputs = Int(shape.pointee.output_channels)
      let plane = geometry.outputHeight * geometry.outputWidth
      for group in 0..<operation.groups {
        kernels.table.pointee.convolution(
          shape, scratch + group * inputs * geometry.planePitch, packed.weight(of: group),
          packed.bias(of: group), dinput + group * outputs * plane)
      }
    }
  }

  private func stage(_ doutput: UnsafePointer<Float>, into staged: UnsafeMutablePointer<Float>) {
    staged.update(repeating: 0, count: operation.outputChannels * geometry.planePitch)
    let top = operation.dilation.height * (operation.kernelSize.height - 1) - operation.padding.top
    let left = operation.dilation.width * (operation.kernelSize.width - 1) - operation.padding.left
    let stride = operation.stride
    for channel in 0..<operation.outputChannels {
      for y in 0..<outputHeight {
        // A padding wider than the kernel's reach puts values outside; nothing of the input saw them.
        let row = y * stride.height + top
        guard (0..<geometry.inputHeight).contains(row) else { continue }
        let from = doutput + (channel * outputHeight + y) * outputWidth
        let to = staged + channel * geometry.planePitch + row * geometry.rowPitch
        if stride.width == 1, left >= 0, left + outputWidth <= geometry.inputWidth {
          (to + left).update(from: from, count: outputWidth)
        } else {
          for x in 0..<outputWidth {
            let column = x * stride.width + left
            if (0..<geometry.inputWidth).contains(column) { to[column] = from[x] }
          }
        }
      }
    }
  }
}
