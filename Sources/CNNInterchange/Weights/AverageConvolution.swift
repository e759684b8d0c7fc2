import CNNModelFile

/// Average pooling, which is none of the layers here: a convolution of each channel on its own, all of whose weights are
/// the same.
struct AverageConvolution {
  let operation: Operation
  /// [channels, 1, height, width].
  let weightShape: [Int]
  private let count: Int

  /// - Parameter kernelSize: the extents of the window; their product fits into an `Int`.
  init(
    channels: Int, kernelSize: Operation.Size, stride: Operation.Size = Operation.Size(1, 1),
    padding: Operation.Padding = Operation.Padding(all: 0), dilation: Operation.Size = Operation.Size(1, 1)
  ) {
    operation = .conv2d(
      Operation.Convolution(
        inputChannels: channels, outputChannels: channels, kernelSize: kernelSize, stride: stride,
        padding: padding, dilation: dilation, groups: channels, hasBias: false))
    weightShape = [channels, 1, kernelSize.height, kernelSize.width]
    count = kernelSize.height * kernelSize.width
  }

  /// What each pixel of the window is multiplied by.
  var weight: Float { 1 / Float(count) }

  /// What users are told of the layer that `layer` names.
  func note(of layer: String) -> String {
    "\(layer) becomes a convolution of each channel on its own with weights of 1/\(count), which training would change"
  }
}
