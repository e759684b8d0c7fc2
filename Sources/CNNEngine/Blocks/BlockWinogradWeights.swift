import CKernels
import CNNModelFile

/// The gradient of the kernels of a convolution over blocks of images by Winograd's F(3 x 3, 2 x 2): 16 multiplications
/// for the nine numbers of a kernel and four outputs instead of 36.
struct BlockWinogradWeights: Sendable {
  private let shape: cnn_winograd

  /// How many tiles are transformed before they are multiplied: fewer, and adding up over images takes too long; more,
  /// and they leave the caches. The order of sums, and so bits, depend on it.
  private static let band = 16
  /// The most kernels whose sums are worth holding beside each other: 4 MB.
  private static let mostKernels = 1 << 16

  private var inputs: Int { Int(shape.input_channels) }
  private var outputs: Int { Int(shape.output_channels) }

  /// Whether the gradient is computed this way: a matter of the convolution's shape alone.
  ///
  /// - Parameter convolved: [O, H', W'] of the convolution.
  static func serves(_ operation: Operation.Convolution, convolved: [Int]) -> Bool {
    BlockWinograd.serves(operation, computed: convolved)
      && operation.inputChannels * operation.outputChannels <= mostKernels
  }

  /// - Parameters:
  ///   - input: [C, H, W] of the convolution.
  ///   - convolved: [O, H', W'] of the convolution.
  init(_ operation: Operation.Convolution, input: [Int], convolved: [Int]) {
    var shape = BlockWinograd.shape(
      operation.padding, input: input, output: convolved, activation: .identity, isPooled: false)
    shape.band = Int32(Self.band)
    self.shape = shape
  }

  /// Working memory of a part: the sums, those of a few channels image by image, and a band's tiles.
  var scratchCount: Int {
    let size = ImageBlock.size
    return WinogradKernel.places * (inputs * outputs + Int(CNN_WINOGRAD_GAP))
      + (Int(CNN_BLOCK_CHANNELS) * outputs + size) * size
      + BlockWinograd.scratchCount(band: Self.band, numbers: (inputs + outputs) * size)
  }

  /// Adds a block's share of the gradient, [O, C, 3, 3], or that of a part of the input channels.
  ///
  /// - Parameter scratch: `scratchCount` floats.
  func add(
    part: WorkPart, _ input: UnsafePointer<Float>, doutput: UnsafePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, dweight: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    let channels = part.share(of: inputs)
    guard !channels.isEmpty else { return }
    var shape = shape
    kernels.table.pointee.block_winograd_dweight(
      &shape, Int32(channels.lowerBound), Int32(channels.upperBound), input, doutput, scratch, dweight)
  }
}
