/// A layer made ready for running: shapes resolved, parameters packed for the kernels.
///
/// `forward` is a function on explicit buffers and keeps nothing, so that any number of threads may run it at
/// the same time, each with buffers of its own. Whatever it computes for an image depends on that image alone.
protocol ForwardLayer: Sendable {
  /// How many floats of working memory a call needs, for any number of images.
  var scratchCount: Int { get }

  /// Computes the layer for `images` images that stand one after another.
  ///
  /// - Parameters:
  ///   - input: [images, ...input shape], readable for `FloatBuffer.slack` floats beyond its end.
  ///   - output: [images, ...output shape]; may be `input` for element-wise layers only.
  ///   - scratch: `scratchCount` floats, content arbitrary.
  func forward(
    images: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet)
}

/// What a convolution or a linear layer applies to each of its sums.
enum FusedActivation {
  case identity
  case relu
}
