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

/// A layer whose work on one block threads can share out: what a batch's last blocks need, where there are fewer of them
/// than threads. A part computes pieces of results, never of sums, so the bits are those of the whole.
protocol SharedLayer: PerImageLayer {
  /// About how many multiply-adds a block takes forward.
  var sharedWork: Int { get }
  /// How many floats of working memory all parts have in common.
  var sharedScratchCount: Int { get }
  /// How many floats of working memory each part needs of its own.
  var partScratchCount: Int { get }

  /// Computes a part of a block's `output`.
  func forward(
    _ block: BatchBlock, part: WorkPart, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: SharedScratch, kernels: KernelSet)

  /// The first half of a part's backward pass; the second needs it of all parts.
  func beginBackward(
    _ block: BatchBlock, part: WorkPart, group: Int, output: UnsafePointer<Float>,
    doutput: UnsafeMutablePointer<Float>, scratch: SharedScratch, kernels: KernelSet)

  /// The second half: a part of the gradients of the parameters, and of `dinput` unless it is nil.
  func endBackward(
    part: WorkPart, group: Int, input: UnsafePointer<Float>, doutput: UnsafePointer<Float>,
    dinput: UnsafeMutablePointer<Float>?, scratch: SharedScratch, kernels: KernelSet)
}

/// The working memory of a part of a layer.
struct SharedScratch {
  /// The same for all parts.
  let shared: UnsafeMutablePointer<Float>
  /// The part's own.
  let own: UnsafeMutablePointer<Float>
}

extension SharedLayer {
  /// What the parts have in common, then a part's own.
  var scratchCount: Int { sharedScratchCount + partScratchCount }

  /// The working memory of a part, given the layer's that all have in common and the one of its thread.
  func scratch(
    shared: UnsafeMutablePointer<Float>, own: UnsafeMutablePointer<Float>
  ) -> SharedScratch {
    SharedScratch(shared: shared, own: own + sharedScratchCount)
  }

  func forward(
    _ block: BatchBlock, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    context: StepContext, scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    forward(
      block, part: .whole, input: input, output: output, scratch: self.scratch(shared: scratch, own: scratch),
      kernels: kernels)
  }

  func backward(
    _ block: BatchBlock, group: Int, input: UnsafePointer<Float>, output: UnsafePointer<Float>,
    doutput: UnsafeMutablePointer<Float>, dinput: UnsafeMutablePointer<Float>?, context: StepContext,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    let scratch = self.scratch(shared: scratch, own: scratch)
    beginBackward(
      block, part: .whole, group: group, output: output, doutput: doutput, scratch: scratch, kernels: kernels)
    endBackward(
      part: .whole, group: group, input: input, doutput: doutput, dinput: dinput, scratch: scratch,
      kernels: kernels)
  }
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
