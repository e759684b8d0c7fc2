import CKernels
import CNNModelFile

/// A convolution over blocks of images, or over one image: where each output finds its inputs.
struct BlockConvolution: Sendable {
  let operation: Operation.Convolution
  private let input: (height: Int, width: Int)
  private let output: (height: Int, width: Int)
  private let runs: ConvolutionRuns

  /// - Parameters:
  ///   - input: [C, H, W].
  ///   - output: [O, H', W'].
  init(_ operation: Operation.Convolution, input: [Int], output: [Int]) {
    self.operation = operation
    self.input = (input[1], input[2])
    self.output = (output[1], output[2])
    let allColumns = AxisRuns.unclipped(
      output: output[2], kernel: operation.kernelSize.width, stride: operation.stride.width,
      dilation: operation.dilation.width, padding: operation.padding.left)
    runs = ConvolutionRuns(
      operation, input: input, output: output, axis: AxisRuns.forward, allColumns: allColumns)
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
    let sums = (Int(CNN_BLOCK_CHANNELS) * tapCount + ImageBlock.size) * ImageBlock.size
    let plane = Self.paddedPlane(
      operation, input: [groupInputs, input.height, input.width],
      output: [groupOutputs, output.height, output.width])
    return sums + Int(plane) * ImageBlock.size
  }

  /// The places of an input channel with the padding to its left and right, which may be more than `Int` holds.
  static func paddedPlane(_ operation: Operation.Convolution, input: [Int], output: [Int]) -> Double {
    let width =
      Double(output[2] - 1) * Double(operation.stride.width)
      + Double(operation.kernelSize.width - 1) * Double(operation.dilation.width) + 1
    return width * Double(input[1])
  }

  /// Calls `body` with what the kernels are told of one group.
  func withShape<Result>(
    activation: FusedActivation = .identity, _ body: (UnsafePointer<cnn_block_convolution>) -> Result
  ) -> Result {
    runs.withShape(
      operation, inputs: groupInputs, inputSize: input, outputs: groupOutputs, outputSize: output,
      activation: activation, body)
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

  /// Convolves a block, or a part of its rows: [C, H, W, 16] to [O, H', W', 16].
  func convolve(
    part: WorkPart = .whole, _ input: UnsafePointer<Float>, weights: FloatBuffer, biases: FloatBuffer,
    activation: FusedActivation,
    output: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    let rows = part.share(of: self.output.height)
    withShape(activation: activation) { shape in
      for group in 0..<operation.groups {
        kernels.table.pointee.block_convolution(
          shape, Int32(rows.lowerBound), Int32(rows.upperBound), input + group * groupInputs * inputPlane,
          weights.pointer + group * groupWeights,
          biases.pointer + group * groupOutputs, output + group * groupOutputs * outputPlane)
      }
    }
  }

  /// Convolves a block, or a part of its rows, and takes the greatest value of each 2 x 2 window, then the activation.
  ///
  /// - Parameters:
  ///   - pooledPlane: floats of one pooled channel of a block.
  ///   - index: where each greatest value stood, or nil if nobody asks.
  func convolvePooled(
    part: WorkPart = .whole, _ input: UnsafePointer<Float>, weights: FloatBuffer, biases: FloatBuffer,
    activation: FusedActivation,
    scratch: UnsafeMutablePointer<Float>, pooledPlane: Int, output: UnsafeMutablePointer<Float>,
    index: UnsafeMutablePointer<UInt16>?, kernels: KernelSet
  ) {
    let rows = part.share(of: self.output.height / 2)
    withShape(activation: activation) { shape in
      for group in 0..<operation.groups {
        let offset = group * groupOutputs * pooledPlane
        kernels.table.pointee.block_convolution_pooled(
          shape, Int32(rows.lowerBound), Int32(rows.upperBound), input + group * groupInputs * inputPlane,
          weights.pointer + group * groupWeights, biases.pointer + group * groupOutputs, scratch,
          output + offset, index.map { $0 + offset })
      }
    }
  }

  /// Adds a block's share of the kernels' gradient, [O, I / groups, KH, KW], or that of a part of the input channels.
  ///
  /// - Parameter scratch: `weightGradientScratchCount` floats.
  func addWeightGradient(
    part: WorkPart, _ input: UnsafePointer<Float>, doutput: UnsafePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, dweight: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    let channels = part.share(of: groupInputs)
    withShape { shape in
      for group in 0..<operation.groups {
        kernels.table.pointee.block_convolution_dweight(
          shape, Int32(channels.lowerBound), Int32(channels.upperBound),
          input + group * groupInputs * inputPlane, doutput + group * groupOutputs * outputPlane, scratch,
          dweight + group * groupWeights)
      }
    }
  }
}
