/// What a step tells its layers.
struct StepContext: Sendable {
  /// The run's seed.
  let seed: UInt64
  /// The number of the step, from 0: with the seed and the image's place in the batch, all that dropout depends on.
  let step: Int
}

/// How many groups the images of a batch are put into. Each group adds up gradients of its own, image by image, and
/// the groups' sums are added as a tree: an order that has nothing to do with threads.
let gradientGroupCount = 8

/// The images of a batch that belong to a group: as equal shares as there are, in order.
func gradientGroup(_ group: Int, of batch: Int) -> Range<Int> {
  group * batch / gradientGroupCount..<(group + 1) * batch / gradientGroupCount
}

/// A layer in training. It owns what lasts from its forward to its backward pass; activations and their gradients
/// are the plan's.
protocol TrainingLayer: AnyObject, Sendable {
  /// How many numbers one image has before the layer.
  var inputCount: Int { get }
  /// How many numbers one image has behind it.
  var outputCount: Int { get }
  /// Whether it has parameters that learn.
  var isTrained: Bool { get }

  /// Brings the parameters, which a step may have changed, into the kernels' order.
  func prepare(kernels: KernelSet)
}

/// A layer that treats every image on its own.
///
/// All buffers hold the whole batch, [images, ...shape]; a call works on the images in its range.
protocol PerImageLayer: TrainingLayer {
  /// How many floats of working memory a call needs for ranges of up to `chunk` images.
  func scratchCount(chunk: Int) -> Int

  /// Computes `output` from `input`.
  func forward(
    _ images: Range<Int>, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    context: StepContext, scratch: UnsafeMutablePointer<Float>, kernels: KernelSet)

  /// Sets the group's own sums to zero, before its first images.
  func beginGroup(_ group: Int)

  /// Adds to the group's sums, and computes `dinput` unless it is nil.
  ///
  /// - Parameter doutput: may be overwritten.
  func backward(
    _ images: Range<Int>, group: Int, input: UnsafePointer<Float>, output: UnsafePointer<Float>,
    doutput: UnsafeMutablePointer<Float>, dinput: UnsafeMutablePointer<Float>?, context: StepContext,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet)

  /// Adds up the groups' sums into the parameters' gradients.
  func finishBackward(kernels: KernelSet)
}

extension PerImageLayer {
  var isTrained: Bool { false }
  func prepare(kernels: KernelSet) {}
  func scratchCount(chunk: Int) -> Int { 0 }
  func beginGroup(_ group: Int) {}
  func finishBackward(kernels: KernelSet) {}
}

/// A layer that needs the whole batch at once.
protocol WholeBatchLayer: TrainingLayer {
  /// Computes `output` from `input` for `count` images.
  func forward(
    _ count: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, pool: WorkerPool,
    kernels: KernelSet)

  /// Computes the parameters' gradients, and `dinput` unless it is nil.
  ///
  /// - Parameter doutput: may be overwritten.
  func backward(
    _ count: Int, input: UnsafePointer<Float>, output: UnsafePointer<Float>,
    doutput: UnsafeMutablePointer<Float>, dinput: UnsafeMutablePointer<Float>?, pool: WorkerPool,
    kernels: KernelSet)
}
