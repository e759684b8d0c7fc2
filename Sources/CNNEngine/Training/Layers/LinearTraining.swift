import CKernels
import CNNModelFile

/// A fully connected layer in training, with the ReLU that follows it.
///
/// Forward and backward are three products over the whole batch (`BlockProduct`). Every number is one sum in ascending
/// order, so the pieces that threads take have no say in it.
final class LinearTraining: WholeBatchLayer, @unchecked Sendable {
  // Pieces write to different parts of every buffer.
  private let hasReLU: Bool
  private let weight: ParameterStore.Entry
  private let bias: ParameterStore.Entry?
  let inputCount: Int
  let outputCount: Int
  var isTrained: Bool { weight.isTrained }

  /// The batch's inputs image by image, [blocks, 16, pitch]: for the gradient of the weights.
  private let images: FloatBuffer
  /// Floats from one image to the next: the inputs, up to a multiple of 16.
  private let pitch: Int

  /// - Parameter batch: the most images of a batch.
  init(
    _ operation: Operation.Linear, weight: ParameterStore.Entry, bias: ParameterStore.Entry?, hasReLU: Bool,
    batch: Int
  ) {
    self.weight = weight
    self.bias = bias
    self.hasReLU = hasReLU
    inputCount = operation.inputFeatures
    outputCount = operation.outputFeatures
    pitch = ImageBlock.count(for: inputCount) * ImageBlock.size
    images = FloatBuffer(
      count: weight.isTrained ? ImageBlock.count(for: batch) * ImageBlock.size * pitch : 0)
  }

  func prepare(kernels: KernelSet) {}

  func forward(
    _ count: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, pool: WorkerPool,
    kernels: KernelSet
  ) {
    BlockProduct(
      weight: weight.weights.pointer, bias: bias?.weights.pointer, input: input, inputs: inputCount,
      outputs: outputCount, blocks: ImageBlock.count(for: count), activation: hasReLU ? .relu : .identity,
      result: output
    ).run(pool: pool, kernels: kernels)
  }

  func backward(
    _ count: Int, input: UnsafePointer<Float>, output: UnsafePointer<Float>,
    doutput: UnsafeMutablePointer<Float>, dinput: UnsafeMutablePointer<Float>?, pool: WorkerPool,
    kernels: KernelSet
  ) {
    let table = kernels.table.pointee
    let blocks = ImageBlock.count(for: count)
    let size = ImageBlock.size
    if hasReLU { table.drelu(blocks * outputCount * size, output, doutput, doutput) }
    if let dinput {
      BlockProduct(
        weight: weight.weights.pointer, doutput: doutput, inputs: inputCount, outputs: outputCount,
        blocks: blocks, dinput: dinput
      ).run(pool: pool, kernels: kernels)
    }
    guard isTrained else { return }
    pool.run(blocks) { block, _ in
      table.transpose(
        Int32(inputCount), Int32(size), input + block * inputCount * size, size,
        images.pointer + block * size * pitch, pitch)
    }
    BlockProduct(
      doutput: doutput, images: images.pointer, pitch: pitch, inputs: inputCount, outputs: outputCount,
      blocks: blocks, dweight: weight.gradient.pointer
    ).run(pool: pool, kernels: kernels)
    if let bias {
      let piece = 64
      pool.run((outputCount + piece - 1) / piece) { number, _ in
        for output in number * piece..<min((number + 1) * piece, outputCount) {
          var sum: Float = 0
          for block in 0..<blocks {
            sum += LaneSums.total(1, doutput + (block * outputCount + output) * size, kernels: kernels)
          }
          bias.gradient.pointer[output] = sum
        }
      }
    }
  }
}
