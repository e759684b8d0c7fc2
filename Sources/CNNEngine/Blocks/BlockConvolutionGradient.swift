import CKernels
import CNNModelFile

/// The gradient of a convolution's input over blocks of images: itself a convolution, of the output's gradient, with
/// inputs and outputs changed places.
struct BlockConvolutionGradient: Sendable {
  private let convolution: BlockConvolution
  private let runs: ConvolutionRuns
  private let input: (height: Int, width: Int)
  private let output: (height: Int, width: Int)
  /// The kernels as [I][O][taps] of each group, and in the kernels' order.
  private let turned: FloatBuffer
  private let packed: FloatBuffer
  private let zeros: FloatBuffer

  init(_ convolution: BlockConvolution, input: [Int], output: [Int]) {
    self.convolution = convolution
    self.input = (input[1], input[2])
    self.output = (output[1], output[2])
    let operation = convolution.operation
    runs = ConvolutionRuns(operation, input: input, output: output, axis: AxisRuns.gradient)
    turned = FloatBuffer(count: convolution.groupWeights)
    packed = FloatBuffer(count: convolution.groupWeights * operation.groups)
    zeros = FloatBuffer(count: convolution.groupInputs)
  }

  private func withShape(_ body: (UnsafePointer<cnn_block_convolution>) -> Void) {
    runs.withShape(
      convolution.operation, inputs: convolution.groupOutputs, inputSize: output,
      outputs: convolution.groupInputs, outputSize: input, activation: .identity, body)
  }

  /// Takes the kernels, [O, I / groups, KH, KW].
  func prepare(_ weight: UnsafePointer<Float>, kernels: KernelSet) {
    let (inputs, outputs) = (convolution.groupInputs, convolution.groupOutputs)
    let taps = convolution.tapCount
    for group in 0..<convolution.operation.groups {
      let from = weight + group * convolution.groupWeights
      for input in 0..<inputs {
        for output in 0..<outputs {
          (turned.pointer + (input * outputs + output) * taps).update(
            from: from + (output * inputs + input) * taps, count: taps)
        }
      }
      withShape {
        kernels.table.pointee.pack_convolution(
          $0, turned.pointer, packed.pointer + group * convolution.groupWeights)
      }
    }
  }

  /// Computes a block's gradient, or a part of its rows: [O, H', W', 16] to [C, H, W, 16].
  func compute(
    part: WorkPart, _ doutput: UnsafePointer<Float>, dinput: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    let rows = part.share(of: input.height)
    withShape { shape in
      for group in 0..<convolution.operation.groups {
        kernels.table.pointee.block_convolution(
          shape, Int32(rows.lowerBound), Int32(rows.upperBound),
          doutput + group * convolution.groupOutputs * convolution.outputPlane,
          packed.pointer + group * convolution.groupWeights, zeros.pointer,
          dinput + group * convolution.groupInputs * convolution.inputPlane)
      }
    }
  }
}
