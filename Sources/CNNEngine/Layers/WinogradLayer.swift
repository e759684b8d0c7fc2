import CKernels
import CNNModelFile

/// A convolution of 3 x 3 kernels by Winograd's F(2 x 2, 3 x 3), with its bias and, fused, an activation and a pooling
/// of 2 x 2 windows.
///
/// Each tile of 2 x 2 outputs takes 16 multiplications for each pair of channels instead of 36. What the transforms
/// around them add pays where there are many channels. One image alone and a block of images get the same bits, with
/// any share of the tiles, but not those of a direct convolution. Rounding errors are no greater, since sums are a ninth
/// as long; but they are relative to all inputs of a tile, and an input that is infinite or not a number may spoil all
/// four outputs of each tile that it reaches.
///
/// Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015.
struct WinogradLayer: ForwardLayer {
  private let shape: cnn_winograd
  private let kernelsForOne: FloatBuffer
  private let kernelsForBlocks: FloatBuffer
  /// [ceil(O / 16) * 16].
  private let biases: FloatBuffer
  private let inputCount: Int
  private let outputCount: Int

  /// How many tiles of one image, and of a block, are transformed before they are multiplied: what the caches hold
  /// easily, and the kernels' registers hold the sums of. Bits don't depend on it.
  private static let singleBand = 14
  private static let blockBand = 4
  /// The channels on either side: with fewer, transforms cost more than they save; with more, working memory would be
  /// more than what it works on.
  private static let channels = 16...1024

  private var inputs: Int { Int(shape.input_channels) }
  private var outputs: Int { Int(shape.output_channels) }
  private var tileCount: Int { Int(shape.tile_rows) * Int(shape.tile_columns) }

  /// Whether a convolution is computed this way: a matter of its shape alone.
  ///
  /// - Parameters:
  ///   - convolved: [O, H', W'], before the pooling.
  ///   - pooling: what is fused to it, if anything is.
  static func serves(_ operation: Operation.Convolution, convolved: [Int], pooling: MaxPoolingLayer?) -> Bool
  {
    operation.kernelSize == .init(3, 3) && operation.stride == .init(1, 1)
      && operation.dilation == .init(1, 1)
      && operation.groups == 1 && channels.contains(operation.inputChannels)
      && channels.contains(operation.outputChannels) && convolved[1] >= 4 && convolved[2] >= 4
      && pooling?.isTwoByTwo ?? true
  }

  /// - Parameters:
  ///   - operation: one that the layer `serves`.
  ///   - input: [C, H, W].
  ///   - convolved: [O, H', W'], the shape before pooling.
  ///   - weight: [O, C, 3, 3].
  ///   - bias: [O], or empty.
  init(
    _ operation: Operation.Convolution, input: [Int], convolved: [Int], weight: [Float], bias: [Float],
    activation: FusedActivation, pooling: MaxPoolingLayer?, kernels: KernelSet
  ) {
    let isPooled = pooling != nil
    shape = cnn_winograd(
      input_channels: Int32(input[0]), output_channels: Int32(convolved[0]), input_height: Int32(input[1]),
      input_width: Int32(input[2]), output_height: Int32(convolved[1]), output_width: Int32(convolved[2]),
      padding_top: Int32(operation.padding.top), padding_left: Int32(operation.padding.left),
      tile_rows: Int32(isPooled ? convolved[1] / 2 : (convolved[1] + 1) / 2),
      tile_columns: Int32(isPooled ? convolved[2] / 2 : (convolved[2] + 1) / 2), band: 0,
      is_pooled: isPooled ? 1 : 0, activation: activation == .relu ? CNN_RELU : CNN_IDENTITY)
    inputCount = input.reduce(1, *)
    outputCount = pooling?.outputCount ?? convolved.reduce(1, *)
    let padded = ChannelGroups.count(for: convolved[0]) * ChannelGroups.size
    biases = FloatBuffer(count: padded)
    biases.pointer.update(from: bias, count: bias.count)

    let pairs = input[0] * convolved[0]
    let transformed = FloatBuffer(count: WinogradKernel.places * pairs)
    WinogradKernel.transform(weight, pairs: pairs, to: transformed.pointer)
    kernelsForOne = FloatBuffer(count: WinogradKernel.places * padded * input[0])
    kernelsForBlocks = FloatBuffer(count: WinogradKernel.places * pairs)
    // To the kernels each place is a convolution of 1 x 1.
    var product = cnn_block_convolution()
    product.input_channels = shape.input_channels
    product.output_channels = shape.output_channels
    product.kernel_height = 1
    product.kernel_width = 1
    for place in 0..<WinogradKernel.places {
      let weights = transformed.pointer + place * pairs
      kernels.table.pointee.pack_single(&product, weights, kernelsForOne.pointer + place * padded * input[0])
      kernels.table.pointee.pack_convolution(&product, weights, kernelsForBlocks.pointer + place * pairs)
    }
  }

  /// Multiplications: so many that the shares of threads are as long as those of other layers.
  var sharedWork: Int { WinogradKernel.places * tileCount * inputs * outputs }

  /// Each part has working memory of its own.
  var mostParts: Int { min(max(sharedWork / ForwardPlan.smallestShare, 1), 8) }

  private var partScratchCount: Int {
    let channels = (ChannelGroups.count(for: inputs) + ChannelGroups.count(for: outputs)) * ChannelGroups.size
    return Self.scratchCount(band: Self.singleBand, numbers: channels)
  }

  var scratchCount: Int { mostParts * partScratchCount }

  var blockScratchCount: Int {
    Self.scratchCount(band: Self.blockBand, numbers: (inputs + outputs) * ImageBlock.size)
  }

  /// The transformed inputs and the sums of a band of tiles, with what keeps the places of a tile apart in the caches.
  private static func scratchCount(band: Int, numbers: Int) -> Int {
    WinogradKernel.places * (band * numbers + 2 * Int(CNN_WINOGRAD_GAP))
  }

  func forward(
    part: WorkPart, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    let tiles = part.share(of: tileCount)
    var shape = shape
    shape.band = Int32(Self.singleBand)
    kernels.table.pointee.single_winograd(
      &shape, Int32(tiles.lowerBound), Int32(tiles.upperBound), input, kernelsForOne.pointer, biases.pointer,
      scratch + part.index * partScratchCount, output)
  }

  func forward(
    blocks: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    var shape = shape
    shape.band = Int32(Self.blockBand)
    for block in 0..<blocks {
      kernels.table.pointee.block_winograd(
        &shape, input + block * inputCount * ImageBlock.size, kernelsForBlocks.pointer, biases.pointer,
        scratch,
        output + block * outputCount * ImageBlock.size)
    }
  }
}
