import CKernels

/// A gradient as each group of images adds it up on its own: [groups][count].
struct GroupSums: Sendable {
  private let buffer: FloatBuffer
  private let pitch: Int
  private let count: Int

  init(count: Int) {
    self.count = count
    // Groups a whole number of cache lines apart, so that threads don't write to the same one.
    pitch = (count + 15) / 16 * 16
    buffer = FloatBuffer(count: pitch * gradientGroupCount)
  }

  /// Where a group's sums are.
  func pointer(_ group: Int) -> UnsafeMutablePointer<Float> {
    buffer.pointer + group * pitch
  }

  /// Sets a group's sums to zero.
  func clear(_ group: Int) {
    pointer(group).update(repeating: 0, count: count)
  }

  /// Adds the groups as a tree, and writes the total.
  func total(into gradient: FloatBuffer, pool: WorkerPool, kernels: KernelSet) {
    let piece = 1 << 12
    pool.run((count + piece - 1) / piece) { number, _ in
      let start = number * piece
      let size = min(piece, count - start)
      var width = gradientGroupCount / 2
      while width > 0 {
        for group in 0..<width {
          kernels.table.pointee.add(size, pointer(group + width) + start, pointer(group) + start)
        }
        width /= 2
      }
      (gradient.pointer + start).update(from: pointer(0) + start, count: size)
    }
  }
}
