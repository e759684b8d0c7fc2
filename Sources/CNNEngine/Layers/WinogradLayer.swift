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
  private let block: BlockWinograd
  private let kernelsForOne: FloatBuffer
  /// [ceil(O / 16) * 16].
  private let biases: FloatBuffer
  private let inputCount: Int
  private let outputCount: Int

  /// How many tiles of one image are transformed before they are multiplied, as `BlockWinograd` has it for a block.
  private static let band = 14

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
    BlockWinograd.serves(operation, computed: convolved) && pooling?.isTwoByTwo ?? true
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
    block = BlockWinograd(
      operation, input: input, convolved: convolved, activation: activation, isPooled: pooling != nil)
    var shape = BlockWinograd.shape(
      operation.padding, input: input, output: convolved, activation: activation, isPooled: pooling != nil)
    shape.band = Int32(Self.band)
    self.shape = shape
    inputCount = input.reduce(1, *)
    outputCount = pooling?.outputCount ?? convolved.reduce(1, *)
    let padded = ChannelGroups.count(for: convolved[0]) * ChannelGroups.size
    biases = FloatBuffer(count: padded)
    biases.pointer.update(from: bias, count: bias.count)

    let pairs = input[0] * convolved[0]
    let transformed = FloatBuffer(count: WinogradKernel.places * pairs)
    weight.withUnsafeBufferPointer { weight in
      guard let weight = weight.baseAddress else { return }
      WinogradKernel.transform(weight, pairs: pairs, to: transformed.pointer)
    }
    block.pack(transformed.pointer, kernels: kernels)
    kernelsForOne = FloatBuffer(count: WinogradKernel.places * padded * input[0])
    var product = WinogradKernel.product(inputs: input[0], outputs: convolved[0])
    for place in 0..<WinogradKernel.places {
      kernels.table.pointee.pack_single(
        &product, transformed.pointer + place * pairs,
        kernelsForOne.pointer + place * padded * input[0])
    }
  }

  /// Multiplications: so many that the shares of threads are as long as those of other layers.
  var sharedWork: Int { WinogradKernel.places * tileCount * inputs * outputs }

  /// Each part has working memory of its own.
  var mostParts: Int { min(max(sharedWork / ForwardPlan.smallestShare, 1), 8) }

  private var partScratchCount: Int {
    let channels = (ChannelGroups.count(for: inputs) + ChannelGroups.count(for: outputs)) * ChannelGroups.size
    return BlockWinograd.scratchCount(band: Self.band, numbers: channels)
  }

  var scratchCount: Int { mostParts * partScratchCount }

  var blockScratchCount: Int { block.scratchCount }

  func forward(
    part: WorkPart, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    let tiles = part.share(of: tileCount)
    var shape = shape
    kernels.table.pointee.single_winograd(
      &shape, Int32(tiles.lowerBound), Int32(tiles.upperBound), input, kernelsForOne.pointer, biases.pointer,
      scratch + part.index * partScratchCount, output)
  }

  func forward(
    blocks: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    for number in 0..<blocks {
      block.compute(
        part: .whole, input + number * inputCount * ImageBlock.size, biases: biases, scratch: scratch,
        output: output + number * outputCount * ImageBlock.size, index: nil, kernels: kernels)
    }
  }
}
