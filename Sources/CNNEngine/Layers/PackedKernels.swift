import CKernels

/// A convolution's kernels in the order that `CKernels` reads: [groups][ceil(O / 4)][depth][4], with zeros where a
/// group's output channels are no multiple of 4, and biases likewise.
struct PackedKernels: Sendable {
  private let groups: Int
  private let groupOutputs: Int
  private let blocks: Int
  private let depth: Int
  private let weights: FloatBuffer
  private let biases: FloatBuffer
  private static let block = Int(CNN_CONV_CHANNELS)

  /// - Parameters:
  ///   - outputs: the output channels of all groups.
  ///   - depth: the numbers of one output channel's kernel: input channels of a group times positions.
  init(groups: Int, outputs: Int, depth: Int) {
    self.groups = groups
    self.depth = depth
    groupOutputs = outputs / groups
    blocks = (groupOutputs + Self.block - 1) / Self.block
    weights = FloatBuffer(count: groups * blocks * depth * Self.block)
    biases = FloatBuffer(count: groups * blocks * Self.block)
  }

  /// Takes kernels and biases, again and again if they change.
  ///
  /// - Parameters:
  ///   - weight: [O, depth].
  ///   - bias: [O], or nil for zeros.
  func pack(_ weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?) {
    for channel in 0..<groups * groupOutputs {
      let (group, within) = channel.quotientAndRemainder(dividingBy: groupOutputs)
      let row = group * blocks + within / Self.block
      let lane = within % Self.block
      let from = weight + channel * depth
      let to = weights.pointer + row * depth * Self.block + lane
      for k in 0..<depth { to[k * Self.block] = from[k] }
      biases.pointer[row * Self.block + lane] = bias?[channel] ?? 0
    }
  }

  /// The kernels of a group.
  func weight(of group: Int) -> UnsafePointer<Float> {
    UnsafePointer(weights.pointer + group * blocks * depth * Self.block)
  }

  /// The biases of a group.
  func bias(of group: Int) -> UnsafePointer<Float> {
    UnsafePointer(biases.pointer + group * blocks * Self.block)
  }
}
