import CKernels
import CNNModelFile

/// Batch normalisation in training: by the statistics of the whole batch, which also move the running ones.
///
/// Definitions are PyTorch's: the batch is normalised by its biased variance, the running variance takes the unbiased
/// one. Each group of blocks adds up sums of its own in `Double`, and the groups are added in order.
///
/// Frozen, it normalises by the running statistics and leaves them alone.
final class BatchNormTraining: WholeBatchLayer, @unchecked Sendable {
  // Groups write to sums of their own and to different images.
  private let operation: Operation.BatchNorm
  private let node: String
  private let store: ParameterStore
  private let weight: ParameterStore.Entry
  private let bias: ParameterStore.Entry
  private let runningMean: ParameterStore.Entry
  private let runningVariance: ParameterStore.Entry
  private let channels: Int
  private let planeCount: Int
  let inputCount: Int
  var outputCount: Int { inputCount }
  let isTrained: Bool

  /// Of the last forward pass: [C] each.
  private var means: [Float]
  private var inverseDeviations: [Float]
  /// [groups][C], twice.
  private let sums: UnsafeMutableBufferPointer<Double>

  /// - Parameter shape: [C] or [C, H, W].
  init?(_ operation: Operation.BatchNorm, node: String, shape: [Int], store: ParameterStore, isFrozen: Bool) {
    guard let weight = store.entry("weight", of: node), let bias = store.entry("bias", of: node),
      let mean = store.entry("running_mean", of: node), let variance = store.entry("running_var", of: node)
    else { return nil }
    self.operation = operation
    self.node = node
    self.store = store
    self.weight = weight
    self.bias = bias
    runningMean = mean
    runningVariance = variance
    channels = operation.features
    planeCount = shape.dropFirst().reduce(1, *)
    inputCount = shape.reduce(1, *)
    isTrained = !isFrozen
    means = [Float](repeating: 0, count: channels)
    inverseDeviations = means
    sums = .allocate(capacity: 2 * gradientGroupCount * channels)
    sums.initialize(repeating: 0)
  }

  deinit {
    sums.deallocate()
  }

  func prepare(kernels: KernelSet) {}

  /// Floats of one channel of a block.
  private var plane: Int { planeCount * ImageBlock.size }

  func forward(
    _ count: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, pool: WorkerPool,
    kernels: KernelSet
  ) {
    let table = kernels.table.pointee
    if isTrained {
      let numbers = Double(count * planeCount)
      let totals = addUp(count, pool: pool) { images, start, _ in
        (LaneSums.sum(images) { table.lane_sums(self.planeCount, input + start, $0) }, 0)
      }
      for channel in 0..<channels { means[channel] = Float(totals[channel].0 / numbers) }
      let squares = addUp(count, pool: pool) { images, start, channel in
        (
          LaneSums.sum(images) {
            table.lane_squares(self.planeCount, input + start, self.means[channel], $0)
          }, 0
        )
      }
      let momentum = Float(operation.momentum)
      for channel in 0..<channels {
        let variance = squares[channel].0 / numbers
        inverseDeviations[channel] = Float(1 / (variance + operation.epsilon).squareRoot())
        let unbiased = numbers > 1 ? squares[channel].0 / (numbers - 1) : variance
        let mean = runningMean.weights.pointer + channel
        mean.pointee += momentum * (means[channel] - mean.pointee)
        let running = runningVariance.weights.pointer + channel
        running.pointee += momentum * (Float(unbiased) - running.pointee)
      }
      store.countBatch(of: node)
    } else {
      for channel in 0..<channels {
        means[channel] = runningMean.weights.pointer[channel]
        let variance = Double(runningVariance.weights.pointer[channel])
        inverseDeviations[channel] = Float(1 / (variance + operation.epsilon).squareRoot())
      }
    }
    eachChannel(count, pool: pool) { _, start, channel in
      let scale = self.weight.weights.pointer[channel] * self.inverseDeviations[channel]
      let shift = self.bias.weights.pointer[channel] - self.means[channel] * scale
      table.affine(self.plane, input + start, scale, shift, output + start)
    }
  }

  func backward(
    _ count: Int, input: UnsafePointer<Float>, output: UnsafePointer<Float>,
    doutput: UnsafeMutablePointer<Float>, dinput: UnsafeMutablePointer<Float>?, pool: WorkerPool,
    kernels: KernelSet
  ) {
    let table = kernels.table.pointee
    guard isTrained else {
      guard let dinput else { return }
      eachChannel(count, pool: pool) { _, start, channel in
        let scale = self.weight.weights.pointer[channel] * self.inverseDeviations[channel]
        table.affine(self.plane, doutput + start, scale, 0, dinput + start)
      }
      return
    }
    let totals = addUp(count, pool: pool) { images, start, channel in
      (
        LaneSums.sum(images) { table.lane_sums(self.planeCount, doutput + start, $0) },
        LaneSums.sum(images) {
          table.lane_products(self.planeCount, doutput + start, input + start, self.means[channel], $0)
        }
      )
    }
    for channel in 0..<channels {
      bias.gradient.pointer[channel] = Float(totals[channel].0)
      weight.gradient.pointer[channel] = Float(totals[channel].1 * Double(inverseDeviations[channel]))
    }
    guard let dinput else { return }
    let numbers = Double(count * planeCount)
    eachChannel(count, pool: pool) { images, start, channel in
      // dx = scale (dy - mean(dy) - (x - mean) inverse^2 mean(dy (x - mean)))
      let inverse = self.inverseDeviations[channel]
      let scale = self.weight.weights.pointer[channel] * inverse
      let meanGradient = Float(totals[channel].0 / numbers)
      let slope = Float(totals[channel].1 / numbers) * inverse * inverse
      let mean = self.means[channel]
      for index in start..<start + self.plane {
        dinput[index] = scale * (doutput[index] - meanGradient - (input[index] - mean) * slope)
      }
      // Lanes without an image get no gradient, whatever the means of the others are.
      guard images < ImageBlock.size else { return }
      for position in stride(from: start, to: start + self.plane, by: ImageBlock.size) {
        (dinput + position + images).update(repeating: 0, count: ImageBlock.size - images)
      }
    }
  }

  /// Adds two numbers a channel over all images: block by block in each group, then group by group.
  ///
  /// - Parameter term: is given how many images a block has, where the channel begins in it, and the channel.
  private func addUp(
    _ count: Int, pool: WorkerPool, _ term: (_ images: Int, _ start: Int, _ channel: Int) -> (Double, Double)
  ) -> [(Double, Double)] {
    let sums = sums
    let blocks = ImageBlock.count(for: count)
    pool.run(gradientGroupCount) { group, _ in
      for channel in 0..<channels {
        var total = (0.0, 0.0)
        for block in gradientGroup(group, of: blocks) {
          let images = ImageBlock.images(of: block, batch: count).count
          let (a, b) = term(images, (block * channels + channel) * plane, channel)
          total.0 += a
          total.1 += b
        }
        sums[2 * (group * channels + channel)] = total.0
        sums[2 * (group * channels + channel) + 1] = total.1
      }
    }
    return (0..<channels).map { channel in
      var total = (0.0, 0.0)
      for group in 0..<gradientGroupCount {
        total.0 += sums[2 * (group * channels + channel)]
        total.1 += sums[2 * (group * channels + channel) + 1]
      }
      return total
    }
  }

  private func eachChannel(
    _ count: Int, pool: WorkerPool, _ body: (_ images: Int, _ start: Int, _ channel: Int) -> Void
  ) {
    pool.run(ImageBlock.count(for: count)) { block, _ in
      let images = ImageBlock.images(of: block, batch: count).count
      for channel in 0..<channels { body(images, (block * channels + channel) * plane, channel) }
    }
  }
}
