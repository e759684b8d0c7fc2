import CKernels
import CNNModelFile

/// The greatest value of each window.
struct MaxPoolingLayer: ForwardLayer {
  private let shape: cnn_pooling
  private let inputCount: Int
  /// How many numbers one image gives.
  let outputCount: Int

  /// - Parameters:
  ///   - input: [C, H, W].
  ///   - output: [C, H', W'].
  init(_ operation: Operation.Pooling, input: [Int], output: [Int]) {
    shape = Self.shape(operation, input: input, output: output)
    inputCount = input.reduce(1, *)
    outputCount = output.reduce(1, *)
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

  var scratchCount: Int { 0 }

  func forward(
    images: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    var shape = shape
    for image in 0..<images {
      kernels.table.pointee.max_pool(&shape, input + image * inputCount, output + image * outputCount)
    }
  }
}
