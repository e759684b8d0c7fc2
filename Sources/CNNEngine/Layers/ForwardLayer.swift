/// A layer made ready for running: shapes resolved, parameters packed for the kernels.
///
/// Both functions compute the same bits, one for an image that comes alone, the other for many. They work on explicit
/// buffers and keep nothing, so that any number of threads may run them at the same time, each with buffers of its own.
/// Whatever is computed for an image depends on that image alone.
protocol ForwardLayer: Sendable {
  /// How many floats of working memory `forward(input:...)` needs.
  var scratchCount: Int { get }
  /// About how many multiply-adds one image takes, if the work can be shared out; else 0.
  var sharedWork: Int { get }
  /// How many parts the work can be cut into.
  var mostParts: Int { get }
  /// How many floats of working memory `forward(blocks:...)` needs, for any number of blocks.
  var blockScratchCount: Int { get }

  /// Does what has to be done before any part of `forward(part:...)`.
  func begin(
    input: UnsafePointer<Float>, scratch: UnsafeMutablePointer<Float>, kernels: KernelSet)

  /// Computes a part of the layer for one image; the parts may be computed at the same time.
  ///
  /// - Parameters:
  ///   - part: which of so many parts; the first of one where `sharedWork` is 0.
  ///   - input: the input's shape as `ChannelGroups`, or flat.
  ///   - output: the output's shape likewise; may be `input` for element-wise layers only.
  ///   - scratch: `scratchCount` floats, the same for all parts.
  func forward(
    part: WorkPart, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet)

  /// Computes the layer for blocks of images (see `ImageBlock`) that stand one after another.
  ///
  /// - Parameters:
  ///   - input: [blocks, ...input shape, 16].
  ///   - output: [blocks, ...output shape, 16]; may be `input` for element-wise layers only.
  ///   - scratch: `blockScratchCount` floats, content arbitrary.
  func forward(
    blocks: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet)
}

extension ForwardLayer {
  var scratchCount: Int { 0 }
  var blockScratchCount: Int { 0 }
  var sharedWork: Int { 0 }
  var mostParts: Int { .max }
  func begin(input: UnsafePointer<Float>, scratch: UnsafeMutablePointer<Float>, kernels: KernelSet) {}
}

/// One of the parts that the work of a layer on one image is cut into.
struct WorkPart: Sendable {
  let index: Int
  let count: Int

  /// All of it.
  static let whole = WorkPart(index: 0, count: 1)

  /// This part's share of `total` things.
  func share(of total: Int) -> Range<Int> {
    index * total / count..<(index + 1) * total / count
  }
}

/// What a convolution or a linear layer applies to each of its sums.
enum FusedActivation {
  case identity
  case relu
}
