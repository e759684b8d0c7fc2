import CKernels
import CNNModelFile

/// Where a convolution finds its inputs, worked out once for all images.
///
/// The kernels read `CNN_LANES` neighbouring floats for as many output pixels. With a stride of one and no
/// padding the image itself is such that this works; otherwise the image is staged: copied with its padding, the
/// columns of each row sorted by their remainder modulo the stride (its phase), so that the inputs of
/// neighbouring output pixels stand side by side again.
struct ConvolutionGeometry: Sendable {
  let operation: Operation.Convolution
  let inputHeight: Int
  let inputWidth: Int
  let outputHeight: Int
  let outputWidth: Int
  /// Whether the image has to be staged before the kernel can read it.
  let isStaged: Bool
  /// Floats from one input row to the next, as the kernel sees them.
  let rowPitch: Int
  /// Floats from one phase of a row to the next.
  let phasePitch: Int
  /// Floats from one input channel to the next, as the kernel sees them.
  let planePitch: Int
  /// For each position of the kernel, how far its input is from that of the first.
  let tapOffsets: [Int32]
  /// For each slot (up to `CNN_LANES` pixels of one output row), where its inputs begin.
  let slotInputs: [Int32]
  /// For each slot, where its outputs begin in the output plane.
  let slotOutputs: [Int32]
  /// For each slot, how many pixels it has.
  let slotLanes: [Int32]

  /// All offsets fit into 32 bits: an image is at most `PlanBuilder.largestBuffer` floats, staged or not.
  ///
  /// - Parameters:
  ///   - input: [C, H, W].
  ///   - output: [O, H', W'].
  init(_ operation: Operation.Convolution, input: [Int], output: [Int]) {
    self.operation = operation
    inputHeight = input[1]
    inputWidth = input[2]
    outputHeight = output[1]
    outputWidth = output[2]
    let padding = operation.padding
    let stride = operation.stride
    let dilation = operation.dilation
    let paddedHeight = inputHeight + padding.top + padding.bottom
    let paddedWidth = inputWidth + padding.left + padding.right
    isStaged = Self.isStaged(operation)
    phasePitch = (paddedWidth + stride.width - 1) / stride.width
    rowPitch = phasePitch * stride.width
    planePitch = rowPitch * paddedHeight

    var taps: [Int32] = []
    for y in 0..<operation.kernelSize.height {
      for x in 0..<operation.kernelSize.width {
        let column = x * dilation.width
        taps.append(
          Int32(
            y * dilation.height * rowPitch + column % stride.width * phasePitch + column / stride.width))
      }
    }
    tapOffsets = taps

    let lanes = Int(CNN_LANES)
    var inputs: [Int32] = []
    var outputs: [Int32] = []
    var counts: [Int32] = []
    for y in 0..<outputHeight {
      for x in Swift.stride(from: 0, to: outputWidth, by: lanes) {
        inputs.append(Int32(y * stride.height * rowPitch + x))
        outputs.append(Int32(y * outputWidth + x))
        counts.append(Int32(min(lanes, outputWidth - x)))
      }
    }
    slotInputs = inputs
    slotOutputs = outputs
    slotLanes = counts
  }

  private static func isStaged(_ operation: Operation.Convolution) -> Bool {
    operation.padding != Operation.Padding(all: 0) || operation.stride.width != 1
  }

  /// About how many floats a staged image would take, at most; 0 if the image is read where it is. For asking
  /// before anything is laid out: it may be more than `Int` holds.
  static func stagedElements(_ operation: Operation.Convolution, input: [Int]) -> Double {
    guard isStaged(operation) else { return 0 }
    let height = Double(input[1] + operation.padding.top + operation.padding.bottom)
    let width = Double(
      input[2] + operation.padding.left + operation.padding.right + operation.stride.width)
    return Double(input[0]) * height * width
  }

  /// How many floats a staged image takes, slack included; 0 if the image is read where it is.
  var stagedCount: Int {
    isStaged ? operation.inputChannels * planePitch + FloatBuffer.slack : 0
  }

  /// Copies an image into the staged layout.
  ///
  /// - Parameters:
  ///   - input: [C, H, W].
  ///   - staged: `stagedCount` floats; all of them are written but the slack.
  func stage(_ input: UnsafePointer<Float>, into staged: UnsafeMutablePointer<Float>) {
    let padding = operation.padding
    let strideWidth = operation.stride.width
    staged.update(repeating: 0, count: operation.inputChannels * planePitch)
    for channel in 0..<operation.inputChannels {
      for y in 0..<inputHeight {
        let from = input + (channel * inputHeight + y) * inputWidth
        let to = staged + channel * planePitch + (y + padding.top) * rowPitch
        if strideWidth == 1 {
          (to + padding.left).update(from: from, count: inputWidth)
        } else {
          for x in 0..<inputWidth {
            let column = x + padding.left
            to[column % strideWidth * phasePitch + column / strideWidth] = from[x]
          }
        }
      }
    }
  }

  /// Calls `body` with what the kernels are told of one group.
  func withShape<Result>(
    activation: FusedActivation, _ body: (UnsafePointer<cnn_convolution>) -> Result
  ) -> Result {
    tapOffsets.withUnsafeBufferPointer { taps in
      slotInputs.withUnsafeBufferPointer { slotInputs in
        slotOutputs.withUnsafeBufferPointer { slotOutputs in
          slotLanes.withUnsafeBufferPointer { slotLanes in
            var shape = cnn_convolution(
              input_channels: Int32(operation.inputChannels / operation.groups),
              output_channels: Int32(operation.outputChannels / operation.groups),
              input_plane: Int32(planePitch), output_plane: Int32(outputHeight * outputWidth),
              tap_count: Int32(taps.count), slot_count: Int32(slotInputs.count),
              tap_offset: taps.baseAddress, slot_input: slotInputs.baseAddress,
              slot_output: slotOutputs.baseAddress, slot_lanes: slotLanes.baseAddress,
              activation: activation == .relu ? CNN_RELU : CNN_IDENTITY)
            return body(&shape)
          }
        }
      }
    }
  }
}
