/// What a step tells its layers.
struct StepContext: Sendable {
  /// The run's seed.
  let seed: UInt64
  /// The number of the step, from 0: with the seed and the image's place in the batch, all that dropout depends on.
  let step: Int
}

/// How many groups the blocks of a batch are put into. Each group adds up gradients of its own, block by block, and
/// the groups' sums are added as a tree: an order that has nothing to do with threads.
let gradientGroupCount = 8

/// The blocks of a batch that belong to a group: as equal shares as there are, in order.
func gradientGroup(_ group: Int, of blocks: Int) -> Range<Int> {
  WorkPart(index: group, count: gradientGroupCount).share(of: blocks)
}

/// A block of a batch.
struct BatchBlock: Sendable {
  /// Its number.
  let index: Int
  /// The images of the batch that it holds, in its first lanes.
  let images: Range<Int>

  init(_ index: Int, batch: Int) {
    self.index = index
    images = ImageBlock.images(of: index, batch: batch)
  }
}

/// A layer in training. It owns what lasts from its forward to its backward pass; activations and their gradients
/// are the plan's.
///
/// All of them are blocks of images side by side (`ImageBlock`). In lanes without an image, activations hold anything
/// that is finite, and gradients of outputs are zero, so that these lanes add nothing to the parameters' gradients.
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

/// A layer that treats every image on its own, a block at a time.
protocol PerImageLayer: TrainingLayer {
  /// How many floats of working memory a call needs.
  var scratchCount: Int { get }

  /// Computes a block's `output` from its `input`.
  func forward(
    _ block: BatchBlock, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    context: StepContext, scratch: UnsafeMutablePointer<Float>, kernels: KernelSet)

  /// Sets the group's own sums to zero, before its first block.
  func beginGroup(_ group: Int)

  /// Adds to the group's sums, and computes `dinput` unless it is nil.
  ///
  /// - Parameter doutput: may be overwritten.
  func backward(
    _ block: BatchBlock, group: Int, input: UnsafePointer<Float>, output: UnsafePointer<Float>,
    doutput: UnsafeMutablePointer<Float>, dinput: UnsafeMutablePointer<Float>?, context: StepContext,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet)

  /// Adds up the groups' sums into the parameters' gradients.
  func finishBackward(pool: WorkerPool, kernels: KernelSet)
}

extension PerImageLayer {
  var isTrained: Bool { false }
  var scratchCount: Int { 0 }
  func prepare(kernels: KernelSet) {}
  func beginGroup(_ group: Int) {}
  func finishBackward(pool: WorkerPool, kernels: KernelSet) {}
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
