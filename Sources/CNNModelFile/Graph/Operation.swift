/// What a node of a network computes. Definitions are PyTorch's where nothing else is said.
///
/// The raw names (`conv2d`, `max_pool2d`) and the attributes of each are specified in `formats/model-file.md`.
public enum Operation: Sendable, Equatable {
  /// A two-dimensional cross-correlation with a bias, [C, H, W] to [O, H', W'].
  case conv2d(Convolution)
  /// A matrix product with a bias, [I] to [O].
  case linear(Linear)
  /// The greatest value of each window, [C, H, W] to [C, H', W'].
  case maxPool2d(Pooling)
  /// max(x, 0).
  case relu
  /// 1 / (1 + exp(-x)).
  case sigmoid
  /// The hyperbolic tangent.
  case tanh
  /// Normalisation by mean and variance for each channel, [C] or [C, H, W].
  case batchNorm(BatchNorm)
  /// Values dropped at random while training.
  case dropout(Dropout)
  /// All dimensions into one, last index fastest: [C, H, W] to [C*H*W].
  case flatten

  /// A two-dimensional convolution (cross-correlation, kernels not rotated).
  ///
  /// Output height = (H + top + bottom - dilation.height * (kernel.height - 1) - 1) / stride.height + 1,
  /// rounded down; likewise the width. Parameters: `weight` [O, I / groups, KH, KW], `bias` [O].
  public struct Convolution: Sendable, Equatable {
    /// The number of channels read, C.
    public var inputChannels: Int
    /// The number of channels made, O.
    public var outputChannels: Int
    /// The extent of a kernel.
    public var kernelSize: Size
    /// How many pixels apart two windows are.
    public var stride: Size
    /// The zeros around the input.
    public var padding: Padding
    /// How many pixels apart two weights of a kernel are applied.
    public var dilation: Size
    /// Into how many groups the channels are cut; each output sees those of its own group only.
    public var groups: Int
    /// Whether there is a bias.
    public var hasBias: Bool

    /// Creates a convolution; what is left out is 1, or 0 for the padding.
    public init(
      inputChannels: Int, outputChannels: Int, kernelSize: Size, stride: Size = Size(1, 1),
      padding: Padding = Padding(all: 0), dilation: Size = Size(1, 1), groups: Int = 1, hasBias: Bool = true
    ) {
      self.inputChannels = inputChannels
      self.outputChannels = outputChannels
      self.kernelSize = kernelSize
      self.stride = stride
      self.padding = padding
      self.dilation = dilation
      self.groups = groups
      self.hasBias = hasBias
    }
  }

  /// A fully connected layer: y = x W^T + b. Parameters: `weight` [O, I], `bias` [O].
  public struct Linear: Sendable, Equatable {
    /// The number of values read, I.
    public var inputFeatures: Int
    /// The number of values made, O.
    public var outputFeatures: Int
    /// Whether there is a bias.
    public var hasBias: Bool

    /// Creates a fully connected layer.
    public init(inputFeatures: Int, outputFeatures: Int, hasBias: Bool = true) {
      self.inputFeatures = inputFeatures
      self.outputFeatures = outputFeatures
      self.hasBias = hasBias
    }
  }

  /// A pooling window. Output height = (H + top + bottom - kernel.height) / stride.height + 1, rounded down;
  /// with `ceilMode` rounded up, as long as the last window starts inside the input or its leading padding.
  /// Padding counts as minus infinity.
  public struct Pooling: Sendable, Equatable {
    /// The extent of a window.
    public var kernelSize: Size
    /// How many pixels apart two windows are.
    public var stride: Size
    /// What is added around the input; each less than the window's extent.
    public var padding: Padding
    /// Whether a last window that is not full counts.
    public var ceilMode: Bool

    /// Creates a pooling window; the stride is the kernel size unless it is given.
    public init(
      kernelSize: Size, stride: Size? = nil, padding: Padding = Padding(all: 0), ceilMode: Bool = false
    ) {
      self.kernelSize = kernelSize
      self.stride = stride ?? kernelSize
      self.padding = padding
      self.ceilMode = ceilMode
    }
  }

  /// Batch normalisation: y = (x - running_mean) / sqrt(running_var + epsilon) * weight + bias.
  ///
  /// Parameters, all [C]: `weight`, `bias`, `running_mean`, `running_var`; and `num_batches_tracked`, an I64 of
  /// rank 0 that PyTorch's `load_state_dict` asks for.
  public struct BatchNorm: Sendable, Equatable {
    /// The number of channels (or values), C.
    public var features: Int
    /// What is added to the variance.
    public var epsilon: Double
    /// The weight of a batch's statistics in the running ones.
    public var momentum: Double

    /// Creates a batch normalisation with PyTorch's defaults.
    public init(features: Int, epsilon: Double = 1e-5, momentum: Double = 0.1) {
      self.features = features
      self.epsilon = epsilon
      self.momentum = momentum
    }
  }

  /// Dropout, in either of its two conventions.
  public struct Dropout: Sendable, Equatable {
    /// What keeps the expected value the same in training and at inference.
    public enum Scaling: String, Sendable, CaseIterable {
      /// Kept values are divided by 1 - rate while training; inference changes nothing (PyTorch, Keras).
      case training
      /// Training leaves kept values alone; inference multiplies by 1 - rate (the paper, Chainer 1's and
      /// *Deep Learning from Scratch*'s layers).
      case inference
    }

    /// The probability with which a value is dropped, in 0..<1.
    public var rate: Double
    /// Where the scaling happens.
    public var scaling: Scaling

    /// Creates a dropout; inverted dropout unless said otherwise.
    public init(rate: Double, scaling: Scaling = .training) {
      self.rate = rate
      self.scaling = scaling
    }
  }

  /// A height and a width.
  public struct Size: Sendable, Equatable {
    /// The vertical extent.
    public var height: Int
    /// The horizontal extent.
    public var width: Int

    /// Creates a size.
    public init(_ height: Int, _ width: Int) {
      self.height = height
      self.width = width
    }
  }

  /// Zeros (for pooling: minus infinity) around an image.
  public struct Padding: Sendable, Equatable {
    /// Rows above.
    public var top: Int
    /// Columns to the left.
    public var left: Int
    /// Rows below.
    public var bottom: Int
    /// Columns to the right.
    public var right: Int

    /// Creates a padding.
    public init(top: Int, left: Int, bottom: Int, right: Int) {
      self.top = top
      self.left = left
      self.bottom = bottom
      self.right = right
    }

    /// The same padding on all four sides.
    public init(all: Int) {
      self.init(top: all, left: all, bottom: all, right: all)
    }
  }
}
