import CKernels
import CNNModelFile

/// A convolution over blocks of images: where each output finds its inputs, forward and for the input's gradient.
struct BlockConvolution: Sendable {
  let operation: Operation.Convolution
  private let input: (height: Int, width: Int)
  private let output: (height: Int, width: Int)
  private let forwardRuns: [cnn_run]
  private let forwardRows: Int
  private let allColumns: cnn_run

  /// - Parameters:
  ///   - input: [C, H, W].
  ///   - output: [O, H', W'].
  init(_ operation: Operation.Convolution, input: [Int], output: [Int]) {
    self.operation = operation
    self.input = (input[1], input[2])
    self.output = (output[1], output[2])
    let rows = AxisRuns.forward(
      input: input[1], output: output[1], kernel: operation.kernelSize.height,
      stride: operation.stride.height, dilation: operation.dilation.height, padding: operation.padding.top)
    forwardRuns =
      rows
      + AxisRuns.forward(
        input: input[2], output: output[2], kernel: operation.kernelSize.width,
        stride: operation.stride.width, dilation: operation.dilation.width, padding: operation.padding.left)
    forwardRows = rows.count
    allColumns = AxisRuns.unclipped(
      output: output[2], kernel: operation.kernelSize.width, stride: operation.stride.width,
      dilation: operation.dilation.width, padding: operation.padding.left)
  }

  /// The input channels of a group.
  var groupInputs: Int { operation.inputChannels / operation.groups }
  /// The output channels of a group.
  var groupOutputs: Int { operation.outputChannels / operation.groups }
  /// The positions of a kernel.
  var tapCount: Int { operation.kernelSize.height * operation.kernelSize.width }
  /// The numbers of a group's kernels.
  var groupWeights: Int { groupInputs * groupOutputs * tapCount }
  /// Floats of one input channel of a block.
  var inputPlane: Int { input.height * input.width * ImageBlock.size }
  /// Floats of one output channel of a block.
  var outputPlane: Int { output.height * output.width * ImageBlock.size }

  /// Working memory of `block_convolution_pooled`.
  var pooledScratchCount: Int {
    Int(CNN_BLOCK_CHANNELS) * Int(CNN_BAND) * output.width * ImageBlock.size
  }

  /// Working memory of `block_convolution_dweight`.
  var weightGradientScratchCount: Int {
    let padded =
      (output.width - 1) * operation.stride.width
      + (operation.kernelSize.width - 1) * operation.dilation.width + 1
    return (Int(CNN_BLOCK_CHANNELS) * tapCount + ImageBlock.size) * ImageBlock.size
      + padded * input.height * ImageBlock.size
  }

  /// Calls `body` with what the kernels are told of one group.
  func withShape<Result>(
    activation: FusedActivation = .identity, _ body: (UnsafePointer<cnn_block_convolution>) -> Result
  ) -> Result {
    forwardRuns.withUnsafeBufferPointer { runs in
      var shape = cnn_block_convolution(
        input_channels: Int32(groupInputs), output_channels: Int32(groupOutputs),
        input_height: Int32(input.height), input_width: Int32(input.width),
        output_height: Int32(output.height), output_width: Int32(output.width),
        kernel_height: Int32(operation.kernelSize.height), kernel_width: Int32(operation.kernelSize.width),
        row_runs: Int32(forwardRows), column_runs: Int32(runs.count - forwardRows), runs: runs.baseAddress,
        all_columns: allColumns, activation: activation == .relu ? CNN_RELU : CNN_IDENTITY)
      return body(&shape)
    }
  }

  /// Brings all groups' kernels, [O, I / groups, KH, KW], into the kernels' order.
  func pack(_ weight: UnsafePointer<Float>, into packed: FloatBuffer, kernels: KernelSet) {
    withShape { shape in
      for group in 0..<operation.groups {
        kernels.table.pointee.pack_convolution(
          shape, weight + group * groupWeights, packed.pointer + group * groupWeights)
      }
    }
  }

  /// Convolves a block: [C, H, W, 16] to [O, H', W', 16].
  func convolve(
    _ input: UnsafePointer<Float>, weights: FloatBuffer, biases: FloatBuffer, activation: FusedActivation,
    output: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    withShape(activation: activation) { shape in
      for group in 0..<operation.groups {
        kernels.table.pointee.block_convolution(
          shape, input + group * groupInputs * inputPlane, weights.pointer + group * groupWeights,
          biases.pointer + group * groupOutputs, output + group * groupOutputs * outputPlane)
      }
    }
  }

  /// Convolves a block and takes the greatest value of each 2 x 2 window, then the activation.
  ///
  /// - Parameters:
  ///   - pooledPlane: floats of one pooled channel of a block.
  ///   - index: where each greatest value stood, or nil if nobody asks.
  func convolvePooled(
    _ input: UnsafePointer<Float>, weights: FloatBuffer, biases: FloatBuffer, activation: FusedActivation,
    scratch: UnsafeMutablePointer<Float>, pooledPlane: Int, output: UnsafeMutablePointer<Float>,
    index: UnsafeMutablePointer<UInt16>?, kernels: KernelSet
  ) {
    withShape(activation: activation) { shape in
      for group in 0..<operation.groups {
        let offset = group * groupOutputs * pooledPlane
        kernels.table.pointee.block_convolution_pooled(
          shape, input + group * groupInputs * inputPlane, weights.pointer + group * groupWeights,
          biases.pointer + group * groupOutputs, scratch, output + offset, index.map { $0 + offset })
      }
    }
  }
}

/// The gradient of a convolution's input over blocks of images: itself a convolution, of the output's gradient, with
/// inputs and outputs changed places.
struct BlockConvolutionGradient: Sendable {
  private let convolution: BlockConvolution
  private let runs: [cnn_run]
  private let rowRuns: Int
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
    let rows = AxisRuns.gradient(
      input: input[1], output: output[1], kernel: operation.kernelSize.height,
      stride: operation.stride.height, dilation: operation.dilation.height, padding: operation.padding.top)
    runs =
      rows
      + AxisRuns.gradient(
        input: input[2], output: output[2], kernel: operation.kernelSize.width,
        stride: operation.stride.width, dilation: operation.dilation.width, padding: operation.padding.left)
    rowRuns = rows.count
    turned = FloatBuffer(count: convolution.groupWeights)
    packed = FloatBuffer(count: convolution.groupWeights * operation.groups)
    zeros = FloatBuffer(count: convolution.groupInputs)
  }

  private func withShape(_ body: (UnsafePointer<cnn_block_convolution>) -> Void) {
    runs.withUnsafeBufferPointer { runs in
      var shape = cnn_block_convolution(
        input_channels: Int32(convolution.groupOutputs), output_channels: Int32(convolution.groupInputs),
        input_height: Int32(output.height), input_width: Int32(output.width),
        output_height: Int32(input.height), output_width: Int32(input.width),
        kernel_height: Int32(convolution.operation.kernelSize.height),
        kernel_width: Int32(convolution.operation.kernelSize.width), row_runs: Int32(rowRuns),
        column_runs: Int32(runs.count - rowRuns), runs: runs.baseAddress, all_columns: cnn_run(),
        activation: CNN_IDENTITY)
      body(&shape)
    }
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

  /// Computes a block's gradient: [O, H', W', 16] to [C, H, W, 16].
  func compute(_ doutput: UnsafePointer<Float>, dinput: UnsafeMutablePointer<Float>, kernels: KernelSet) {
    withShape { shape in
      for group in 0..<convolution.operation.groups {
        kernels.table.pointee.block_convolution(
          shape, doutput + group * convolution.groupOutputs * convolution.outputPlane,
          packed.pointer + group * convolution.groupWeights, zeros.pointer,
          dinput + group * convolution.groupInputs * convolution.inputPlane)
      }
    }
  }
}
