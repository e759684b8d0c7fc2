import CKernels
import CNNModelFile

/// A max pooling that remembers where each of its values stood: what its backward pass needs.
final class PoolingIndices: @unchecked Sendable {
  // Images of different ranges touch different parts of `indices`.
  private let shape: cnn_pooling
  private let indices: UnsafeMutablePointer<UInt16>
  let inputCount: Int
  let outputCount: Int

  /// - Parameters:
  ///   - input: [C, H, W].
  ///   - output: [C, H', W'].
  ///   - batch: the most images of a batch.
  init(_ operation: Operation.Pooling, input: [Int], output: [Int], batch: Int) {
    shape = MaxPoolingLayer.shape(operation, input: input, output: output)
    inputCount = input.reduce(1, *)
    outputCount = output.reduce(1, *)
    indices = .allocate(capacity: max(outputCount * batch, 1))
    indices.initialize(repeating: 0, count: outputCount * batch)
  }

  deinit {
    indices.deallocate()
  }

  /// Pools one image, [C, H, W] to [C, H', W'].
  func forward(
    _ image: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    var shape = shape
    kernels.table.pointee.max_pool_indexed(&shape, input, output, indices + image * outputCount)
  }

  /// Adds one image's gradient to where its values stood; `dinput` is zero before.
  func backward(
    _ image: Int, doutput: UnsafePointer<Float>, dinput: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    var shape = shape
    kernels.table.pointee.max_pool_scatter(&shape, doutput, indices + image * outputCount, dinput)
  }
}

/// A max pooling that stands on its own.
final class PoolingTraining: PerImageLayer {
  private let pooling: PoolingIndices

  init(_ pooling: PoolingIndices) {
    self.pooling = pooling
  }

  var inputCount: Int { pooling.inputCount }
  var outputCount: Int { pooling.outputCount }

  func forward(
    _ images: Range<Int>, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    context: StepContext, scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    for image in images {
      pooling.forward(
        image, input: input + image * inputCount, output: output + image * outputCount, kernels: kernels)
    }
  }

  func backward(
    _ images: Range<Int>, group: Int, input: UnsafePointer<Float>, output: UnsafePointer<Float>,
    doutput: UnsafeMutablePointer<Float>, dinput: UnsafeMutablePointer<Float>?, context: StepContext,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    guard let dinput else { return }
    for image in images {
      let gradient = dinput + image * inputCount
      gradient.update(repeating: 0, count: inputCount)
      pooling.backward(image, doutput: doutput + image * outputCount, dinput: gradient, kernels: kernels)
    }
  }
}
