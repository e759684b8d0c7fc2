import CKernels

/// Sums over a channel of a block: lane by lane in the kernels, then over lanes here.
enum LaneSums {
  /// The sum over all positions and lanes, the lanes added as a tree.
  static func total(_ positions: Int, _ values: UnsafePointer<Float>, kernels: KernelSet) -> Float {
    withSums({ kernels.table.pointee.lane_sums(positions, values, $0) }) { sums in
      var width = ImageBlock.size / 2
      while width > 0 {
        for lane in 0..<width { sums[lane] += sums[lane + width] }
        width /= 2
      }
      return sums[0]
    }
  }

  /// The sum of the first `images` lanes of what `kernel` writes, in `Double` and in order.
  static func sum(_ images: Int, _ kernel: (UnsafeMutablePointer<Float>) -> Void) -> Double {
    withSums(kernel) { sums in (0..<images).reduce(0.0) { $0 + Double(sums[$1]) } }
  }

  private static func withSums<Result>(
    _ kernel: (UnsafeMutablePointer<Float>) -> Void, _ body: (UnsafeMutablePointer<Float>) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: ImageBlock.size) { buffer in
      buffer.initialize(repeating: 0)
      guard let sums = buffer.baseAddress else {
        preconditionFailure("a buffer of 16 numbers has no address")
      }
      kernel(sums)
      return body(sums)
    }
  }
}
