/// A layer made ready for running: shapes resolved, parameters packed for the kernels.
///
/// Both functions compute the same bits, one for an image that comes alone, the other for many. They work on explicit
/// buffers and keep nothing, so that any number of threads may run them at the same time, each with buffers of its own.
/// Whatever is computed for an image depends on that image alone.
protocol ForwardLayer: Sendable {
  /// How many floats of working memory `forward(input:...)` needs.
  var scratchCount: Int { get }
  /// How many floats of working memory `forward(blocks:...)` needs, for any number of blocks.
  var blockScratchCount: Int { get }

  /// Computes the layer for one image.
  ///
  /// - Parameters:
  ///   - input: the input's shape, readable for `FloatBuffer.slack` floats beyond its end.
  ///   - output: the output's shape; may be `input` for element-wise layers only.
  ///   - scratch: `scratchCount` floats, content arbitrary.
  func forward(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>,
    kernels: KernelSet)

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
}

/// What a convolution or a linear layer applies to each of its sums.
enum FusedActivation {
  case identity
  case relu
}
