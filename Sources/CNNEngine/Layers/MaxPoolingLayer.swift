import CKernels
import CNNModelFile

/// The greatest value of each window.
struct MaxPoolingLayer: ForwardLayer {
  private let shape: cnn_pooling
  private let inputCount: Int
  /// Whether the windows are 2 x 2 side by side, which the kernels compute together with a convolution.
  let isTwoByTwo: Bool
  /// The rows of the output.
  var outputHeight: Int { Int(shape.output_height) }
  /// How many numbers one image gives.
  let outputCount: Int

  /// - Parameters:
  ///   - input: [C, H, W].
  ///   - output: [C, H', W'].
  init(_ operation: Operation.Pooling, input: [Int], output: [Int]) {
    shape = Self.shape(operation, input: input, output: output)
    isTwoByTwo = Self.isTwoByTwo(operation, input: input, output: output)
    inputCount = input.reduce(1, *)
    outputCount = output.reduce(1, *)
  }

  /// Whether an operation's windows are 2 x 2 side by side, all of them within the picture.
  static func isTwoByTwo(_ operation: Operation.Pooling, input: [Int], output: [Int]) -> Bool {
    operation.kernelSize == .init(2, 2) && operation.stride == .init(2, 2)
      && operation.padding == .init(all: 0) && 2 * output[1] <= input[1] && 2 * output[2] <= input[2]
  }

  /// What the kernels are told.
  static func shape(_ operation: Operation.Pooling, input: [Int], output: [Int]) -> cnn_pooling {
    cnn_pooling(
      planes: Int32(input[0]), height: Int32(input[1]), width: Int32(input[2]),
      output_height: Int32(output[1]), output_width: Int32(output[2]),
      kernel_height: Int32(operation.kernelSize.height), kernel_width: Int32(operation.kernelSize.width),
      stride_height: Int32(operation.stride.height), stride_width: Int32(operation.stride.width),
      padding_top: Int32(operation.padding.top), padding_left: Int32(operation.padding.left))
  }

  func forward(
    part: WorkPart, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    pool(rows: 0..<Int(shape.output_height), input: input, output: output, kernels: kernels)
  }

  /// Computes some rows of one image's output, all of them or with windows of 2 x 2 side by side.
  func pool(
    rows: Range<Int>, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    // Sixteen channels side by side are to the kernel what sixteen images are.
    var group = shape
    group.planes = 1
    if isTwoByTwo {
      group.height = Int32(2 * rows.count)
      group.output_height = Int32(rows.count)
    }
    let size = ChannelGroups.size
    let width = Int(shape.width) * size
    let outputWidth = Int(shape.output_width) * size
    for channels in 0..<ChannelGroups.count(for: Int(shape.planes)) {
      kernels.table.pointee.block_max_pool(
        &group, input + (channels * Int(shape.height) + 2 * rows.lowerBound) * width,
        output + (channels * Int(shape.output_height) + rows.lowerBound) * outputWidth, nil)
    }
  }

  func forward(
    blocks: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    var shape = shape
    for block in 0..<blocks {
      kernels.table.pointee.block_max_pool(
        &shape, input + block * inputCount * ImageBlock.size, output + block * outputCount * ImageBlock.size,
        nil)
    }
  }
}
