import CKernels
import CNNModelFile

/// A max pooling that remembers where each of its values stood: what its backward pass needs.
final class PoolingIndices: @unchecked Sendable {
  // Different blocks touch different parts of `indices`.
  private let shape: cnn_pooling
  private let indices: UnsafeMutablePointer<UInt16>
  let inputCount: Int
  let outputCount: Int
  /// Whether the windows are 2 x 2 side by side, which the kernels compute together with a convolution.
  let isTwoByTwo: Bool

  /// - Parameters:
  ///   - input: [C, H, W].
  ///   - output: [C, H', W'].
  ///   - batch: the most images of a batch.
  init(_ operation: Operation.Pooling, input: [Int], output: [Int], batch: Int) {
    shape = MaxPoolingLayer.shape(operation, input: input, output: output)
    isTwoByTwo = MaxPoolingLayer.isTwoByTwo(operation, input: input, output: output)
    inputCount = input.reduce(1, *)
    outputCount = output.reduce(1, *)
    let count = outputCount * ImageBlock.count(for: batch) * ImageBlock.size
    indices = .allocate(capacity: max(count, 1))
    indices.initialize(repeating: 0, count: count)
  }

  deinit {
    indices.deallocate()
  }

  /// Where a block's places are noted: as its output, a number each.
  func places(of block: BatchBlock) -> UnsafeMutablePointer<UInt16> {
    indices + block.index * outputCount * ImageBlock.size
  }

  /// Pools one block, [C, H, W, 16] to [C, H', W', 16].
  func forward(
    _ block: BatchBlock, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    var shape = shape
    kernels.table.pointee.block_max_pool(&shape, input, output, places(of: block))
  }

  /// Puts one block's gradient, or that of some channels, to where its values stood, and zeros elsewhere.
  func backward(
    _ block: BatchBlock, channels: Range<Int>? = nil, doutput: UnsafePointer<Float>,
    dinput: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    var shape = shape
    let all = Int(shape.planes)
    let channels = channels ?? 0..<all
    shape.planes = Int32(channels.count)
    let from = channels.lowerBound * (outputCount / all) * ImageBlock.size
    let to = channels.lowerBound * (inputCount / all) * ImageBlock.size
    kernels.table.pointee.block_unpool(&shape, doutput + from, places(of: block) + from, dinput + to)
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
    _ block: BatchBlock, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    context: StepContext, scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    pooling.forward(block, input: input, output: output, kernels: kernels)
  }

  func backward(
    _ block: BatchBlock, group: Int, input: UnsafePointer<Float>, output: UnsafePointer<Float>,
    doutput: UnsafeMutablePointer<Float>, dinput: UnsafeMutablePointer<Float>?, context: StepContext,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    guard let dinput else { return }
    pooling.backward(block, doutput: doutput, dinput: dinput, kernels: kernels)
  }
}
