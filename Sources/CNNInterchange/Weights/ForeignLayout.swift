/// In which order a linear layer's weights stand in a foreign file.
public enum LinearLayout: String, Sendable, CaseIterable {
  /// (in, out): y = x W, as in NumPy code, Theano, Keras and JAX.
  case inputsFirst = "in-out"
  /// (out, in): y = x W^T, as in PyTorch and Chainer.
  case outputsFirst = "out-in"
}

/// In which order a convolution's weights stand in a foreign file.
public enum KernelLayout: String, Sendable, CaseIterable {
  /// (out, in, height, width): PyTorch, Theano, Chainer, *Deep Learning from Scratch*.
  case outputsFirst = "oihw"
  /// (height, width, in, out): Keras, TensorFlow, JAX.
  case sizesFirst = "hwio"
}

/// In which order a picture's numbers were put into a row before the first linear layer.
public enum FlattenOrder: String, Sendable, CaseIterable {
  /// Channel, row, column: PyTorch, Theano, Chainer, *Deep Learning from Scratch*.
  case channelsFirst = "chw"
  /// Row, column, channel: Keras, TensorFlow, JAX.
  case channelsLast = "hwc"
}

/// How the arrays of a foreign file stand, compared with native ones (oihw, out-in, chw).
public struct ForeignLayout: Sendable, Equatable {
  /// How linear weights stand.
  public var linear: LinearLayout
  /// How convolution weights stand.
  public var kernels: KernelLayout
  /// How pictures were flattened.
  public var flatten: FlattenOrder
  /// Whether kernels are to be rotated by 180 degrees, since the file's network was a true convolution (Theano).
  public var isRotated: Bool

  /// Creates a layout; what is left out is the native one.
  public init(
    linear: LinearLayout = .outputsFirst, kernels: KernelLayout = .outputsFirst,
    flatten: FlattenOrder = .channelsFirst, isRotated: Bool = false
  ) {
    self.linear = linear
    self.kernels = kernels
    self.flatten = flatten
    self.isRotated = isRotated
  }

  /// That of Keras, TensorFlow and JAX: hwio, in-out, hwc.
  public static let channelsLast = ForeignLayout(
    linear: .inputsFirst, kernels: .sizesFirst, flatten: .channelsLast)
}
