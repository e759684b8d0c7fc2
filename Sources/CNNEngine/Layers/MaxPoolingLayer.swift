import CKernels
import CNNModelFile

/// The greatest value of each window.
struct MaxPoolingLayer: ForwardLayer {
  private let shape: cnn_pooling
  private let inputCount: Int
  /// Whether the windows are 2 x 2 side by side, which the kernels compute together with a convolution.
  let isTwoByTwo: Bool
  /// How many numbers one image gives.
  let outputCount: Int

  /// - Parameters:
  ///   - input: [C, H, W].
  ///   - output: [C, H', W'].
  init(_ operation: Operation.Pooling, input: [Int], output: [Int]) {
    shape = Self.shape(operation, input: input, output: output)
    isTwoByTwo = Self.isTwoByTwo(operation)
    inputCount = input.reduce(1, *)
    outputCount = output.reduce(1, *)
  }

  /// Whether an operation's windows are 2 x 2 side by side with nothing around.
  static func isTwoByTwo(_ operation: Operation.Pooling) -> Bool {
    operation.kernelSize == .init(2, 2) && operation.stride == .init(2, 2)
      && operation.padding == .init(all: 0)
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
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>,
    kernels: KernelSet
  ) {
    var shape = shape
    kernels.table.pointee.max_pool(&shape, input, output)
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
