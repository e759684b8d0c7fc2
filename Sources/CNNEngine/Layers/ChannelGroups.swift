import CKernels

/// The channels of one image side by side: what the kernels for an image alone work on.
///
/// A picture [C, H, W] is [ceil(C / 16), H, W, 16], and a vector [K] has room for a multiple of 16. What stands behind
/// the last channel is computed along and never read.
enum ChannelGroups {
  /// How many channels stand side by side.
  static let size = Int(CNN_BLOCK)

  /// How many groups so many channels take.
  static func count(for channels: Int) -> Int { (channels + size - 1) / size }

  /// How many numbers a value of this shape takes.
  static func elements(_ shape: [Int]) -> Int {
    count(for: shape.first ?? 1) * size * shape.dropFirst().reduce(1, *)
  }

  /// [C, H, W] to groups.
  static func gather(
    _ shape: [Int], from: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    let positions = shape.dropFirst().reduce(1, *)
    for group in 0..<count(for: shape[0]) {
      let channels = min(size, shape[0] - group * size)
      kernels.table.pointee.transpose(
        Int32(channels), Int32(positions), from + group * size * positions, positions,
        to + group * size * positions, size)
    }
  }

  /// Groups to [C, H, W].
  static func scatter(
    _ shape: [Int], from: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    let positions = shape.dropFirst().reduce(1, *)
    for group in 0..<count(for: shape[0]) {
      let channels = min(size, shape[0] - group * size)
      kernels.table.pointee.transpose(
        Int32(positions), Int32(channels), from + group * size * positions, size,
        to + group * size * positions, positions)
    }
  }
}
