import CKernels
import CNNModelFile

/// The runs of both axes of a convolution, or of the gradient of its input: what the kernels are told of it.
struct ConvolutionRuns: Sendable {
  /// Those of the rows, then those of the columns.
  private let runs: [cnn_run]
  private let rowRuns: Int
  private let allColumns: cnn_run

  /// The runs of one axis: `AxisRuns.forward` or `AxisRuns.gradient`.
  typealias Axis = (
    _ input: Int, _ output: Int, _ kernel: Int, _ stride: Int, _ dilation: Int, _ padding: Int
  ) -> [cnn_run]

  /// - Parameters:
  ///   - input: [C, H, W] of the convolution, whichever way it is run.
  ///   - output: [O, H', W'] of the convolution.
  ///   - allColumns: the columns as one run, for the gradient of the kernels; nobody else asks.
  init(
    _ operation: Operation.Convolution, input: [Int], output: [Int], axis: Axis,
    allColumns: cnn_run = cnn_run()
  ) {
    let rows = axis(
      input[1], output[1], operation.kernelSize.height, operation.stride.height, operation.dilation.height,
      operation.padding.top)
    runs =
      rows
      + axis(
        input[2], output[2], operation.kernelSize.width, operation.stride.width, operation.dilation.width,
        operation.padding.left)
    rowRuns = rows.count
    self.allColumns = allColumns
  }

  /// Calls `body` with what the kernels are told of one group.
  ///
  /// - Parameters:
  ///   - inputs, inputSize: the channels of a group and their extents on the side that the kernel reads.
  ///   - outputs, outputSize: the same on the side that it writes.
  func withShape<Result>(
    _ operation: Operation.Convolution, inputs: Int, inputSize: (height: Int, width: Int), outputs: Int,
    outputSize: (height: Int, width: Int), activation: FusedActivation,
    _ body: (UnsafePointer<cnn_block_convolution>) -> Result
  ) -> Result {
    runs.withUnsafeBufferPointer { runs in
      var shape = cnn_block_convolution(
        input_channels: Int32(inputs), output_channels: Int32(outputs),
        input_height: Int32(inputSize.height), input_width: Int32(inputSize.width),
        output_height: Int32(outputSize.height), output_width: Int32(outputSize.width),
        kernel_height: Int32(operation.kernelSize.height), kernel_width: Int32(operation.kernelSize.width),
        row_runs: Int32(rowRuns), column_runs: Int32(runs.count - rowRuns), runs: runs.baseAddress,
        all_columns: allColumns, activation: activation == .relu ? CNN_RELU : CNN_IDENTITY)
      return body(&shape)
    }
  }
}
