import CNNModelFile

/// Dropout in training. Which values are dropped is a function of the seed, the layer, the step and the image's place
/// in the batch; the backward pass finds it out again.
final class DropoutTraining: PerImageLayer {
  private let layer: Int
  private let threshold: UInt32
  private let keptScale: Float
  let inputCount: Int
  var outputCount: Int { inputCount }

  /// - Parameter layer: the number of the node in the network.
  init(_ operation: Operation.Dropout, count: Int, layer: Int) {
    self.layer = layer
    inputCount = count
    // A value is dropped when 32 random bits are below this: with probability rate, to 2^-32.
    threshold = UInt32(clamping: Int64((operation.rate * 0x1p32).rounded()))
    keptScale = operation.scaling == .training ? Float(1 / (1 - operation.rate)) : 1
  }

  func forward(
    _ block: BatchBlock, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    context: StepContext, scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    mask(block, from: input, to: output, context: context)
  }

  func backward(
    _ block: BatchBlock, group: Int, input: UnsafePointer<Float>, output: UnsafePointer<Float>,
    doutput: UnsafeMutablePointer<Float>, dinput: UnsafeMutablePointer<Float>?, context: StepContext,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    guard let dinput else { return }
    mask(block, from: doutput, to: dinput, context: context)
  }

  private func mask(
    _ block: BatchBlock, from: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>, context: StepContext
  ) {
    let size = ImageBlock.size
    if block.images.count < size { to.update(repeating: 0, count: inputCount * size) }
    for (lane, image) in block.images.enumerated() {
      var random = RandomStream(
        seed: context.seed, purpose: .dropout, layer: layer, step: context.step, image: image)
      for index in stride(from: lane, to: inputCount * size, by: size) {
        to[index] = random.next() < threshold ? 0 : from[index] * keptScale
      }
    }
  }
}

/// A layer that multiplies by a constant in both directions: dropout scaled at inference, where it is frozen.
final class ScalingTraining: PerImageLayer {
  private let factor: Float
  let inputCount: Int
  var outputCount: Int { inputCount }

  init(factor: Float, count: Int) {
    self.factor = factor
    inputCount = count
  }

  func forward(
    _ block: BatchBlock, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    context: StepContext, scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    for index in 0..<inputCount * ImageBlock.size {
      output[index] = input[index] * factor
    }
  }

  func backward(
    _ block: BatchBlock, group: Int, input: UnsafePointer<Float>, output: UnsafePointer<Float>,
    doutput: UnsafeMutablePointer<Float>, dinput: UnsafeMutablePointer<Float>?, context: StepContext,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    guard let dinput else { return }
    for index in 0..<inputCount * ImageBlock.size {
      dinput[index] = doutput[index] * factor
    }
  }
}
