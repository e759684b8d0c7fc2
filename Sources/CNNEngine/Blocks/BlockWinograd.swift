import CKernels
import CNNModelFile

/// A convolution of 3 x 3 kernels over blocks of images by Winograd's F(2 x 2, 3 x 3), or the gradient of the input of
/// one, which is such a convolution too: of the output's gradient, with the kernels turned by half a turn, inputs and
/// outputs changed places, and as much padding as the kernel lacked.
struct BlockWinograd: Sendable {
  private let shape: cnn_winograd
  /// The transformed kernels in the block kernels' order.
  private let packed: FloatBuffer
  /// For a gradient, the kernels of one place with inputs and outputs changed places.
  private let exchanged: FloatBuffer?

  /// How many tiles are transformed before they are multiplied: what the caches hold easily, and the kernels' registers
  /// hold the sums of. Bits don't depend on it.
  private static let band = 4
  /// The channels on either side: with fewer, transforms cost more than they save; with more, working memory would be
  /// more than what it works on.
  private static let channels = 16...1024

  private var inputs: Int { Int(shape.input_channels) }
  private var outputs: Int { Int(shape.output_channels) }

  /// Whether a convolution, or the gradient of its input, is computed this way: a matter of its shape alone.
  ///
  /// - Parameter computed: [O, H', W'] before a pooling, or [C, H, W] for the gradient.
  static func serves(_ operation: Operation.Convolution, computed: [Int]) -> Bool {
    operation.kernelSize == .init(3, 3) && operation.stride == .init(1, 1)
      && operation.dilation == .init(1, 1)
      && operation.groups == 1 && channels.contains(operation.inputChannels)
      && channels.contains(operation.outputChannels) && computed[1] >= 4 && computed[2] >= 4
  }

  /// A convolution.
  ///
  /// - Parameters:
  ///   - input: [C, H, W].
  ///   - convolved: [O, H', W'], before the pooling of 2 x 2 windows if there is one.
  init(
    _ operation: Operation.Convolution, input: [Int], convolved: [Int], activation: FusedActivation,
    isPooled: Bool
  ) {
    shape = Self.shape(
      operation.padding, input: input, output: convolved, activation: activation, isPooled: isPooled)
    packed = FloatBuffer(count: WinogradKernel.places * input[0] * convolved[0])
    exchanged = nil
  }

  /// The gradient of the input of a convolution.
  ///
  /// - Parameters:
  ///   - input: [C, H, W] of the convolution.
  ///   - convolved: [O, H', W'] of the convolution.
  init(gradientOf operation: Operation.Convolution, input: [Int], convolved: [Int]) {
    var padding = operation.padding
    padding.top = 2 - padding.top
    padding.left = 2 - padding.left
    shape = Self.shape(padding, input: convolved, output: input, activation: .identity, isPooled: false)
    packed = FloatBuffer(count: WinogradKernel.places * input[0] * convolved[0])
    exchanged = FloatBuffer(count: input[0] * convolved[0])
  }

  /// What the kernels are told; also of one image.
  static func shape(
    _ padding: Operation.Padding, input: [Int], output: [Int], activation: FusedActivation, isPooled: Bool
  ) -> cnn_winograd {
    cnn_winograd(
      input_channels: Int32(input[0]), output_channels: Int32(output[0]), input_height: Int32(input[1]),
      input_width: Int32(input[2]), output_height: Int32(output[1]), output_width: Int32(output[2]),
      padding_top: Int32(padding.top), padding_left: Int32(padding.left),
      tile_rows: Int32(isPooled ? output[1] / 2 : (output[1] + 1) / 2),
      tile_columns: Int32(isPooled ? output[2] / 2 : (output[2] + 1) / 2), band: Int32(band),
      is_pooled: isPooled ? 1 : 0, activation: activation == .relu ? CNN_RELU : CNN_IDENTITY)
  }

  /// The transformed inputs and the sums of a band of tiles, with what keeps the places of a tile apart in the caches.
  ///
  /// - Parameter numbers: how many the channels on both sides have for each tile and place.
  static func scratchCount(band: Int, numbers: Int) -> Int {
    WinogradKernel.places * (band * numbers + 2 * Int(CNN_WINOGRAD_GAP))
  }

  /// Working memory of a part.
  var scratchCount: Int {
    Self.scratchCount(band: Self.band, numbers: (inputs + outputs) * ImageBlock.size)
  }

  /// Takes the kernels of the convolution as `WinogradKernel` transforms them, [16, O, C].
  func pack(_ transformed: UnsafePointer<Float>, kernels: KernelSet) {
    let pairs = inputs * outputs
    var product = WinogradKernel.product(inputs: inputs, outputs: outputs)
    for place in 0..<WinogradKernel.places {
      let target = packed.pointer + place * pairs
      guard let exchanged else {
        kernels.table.pointee.pack_convolution(&product, transformed + place * pairs, target)
        continue
      }
      let turned = transformed + WinogradKernel.turned(place) * pairs
      kernels.table.pointee.transpose(
        shape.input_channels, shape.output_channels, turned, outputs, exchanged.pointer, inputs)
      kernels.table.pointee.pack_convolution(&product, exchanged.pointer, target)
    }
  }

  /// Computes a block, or some rows of it: [C, H, W, 16] to [O, H', W', 16], pooled if that is to be.
  ///
  /// - Parameters:
  ///   - biases: one for each output channel.
  ///   - index: where each greatest value of a window stood, or nil if nobody asks.
  func compute(
    part: WorkPart, _ input: UnsafePointer<Float>, biases: FloatBuffer,
    scratch: UnsafeMutablePointer<Float>, output: UnsafeMutablePointer<Float>,
    index: UnsafeMutablePointer<UInt16>?, kernels: KernelSet
  ) {
    var shape = shape
    let rows = part.share(of: Int(shape.tile_rows))
    kernels.table.pointee.block_winograd(
      &shape, Int32(rows.lowerBound) * shape.tile_columns, Int32(rows.upperBound) * shape.tile_columns,
      input, packed.pointer, biases.pointer, scratch, output, index)
  }
}
