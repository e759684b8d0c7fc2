import CKernels

/// Floats at a fixed, aligned address.
///
/// Behind the last element there is room that may be read (never used), since the kernels' vectors may reach
/// over the end.
final class FloatBuffer: @unchecked Sendable {
  // Shared between threads by contract: written while a plan is being made or by the one worker that owns it.

  /// The first element, at an address that is a multiple of 64.
  let pointer: UnsafeMutablePointer<Float>
  /// How many elements may be used.
  let count: Int

  /// Floats that are readable behind every buffer.
  static let slack = Int(CNN_SLACK)

  /// A buffer of zeros.
  convenience init(count: Int) {
    self.init(uninitializedCount: count)
    pointer.initialize(repeating: 0, count: count + Self.slack)
  }

  /// A buffer that holds anything at all, also not-a-numbers. Pages that nobody writes to take no memory.
  init(uninitializedCount count: Int) {
    self.count = count
    let capacity = count + Self.slack
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: capacity * MemoryLayout<Float>.stride, alignment: 64)
    pointer = raw.bindMemory(to: Float.self, capacity: capacity)
  }

  deinit {
    UnsafeMutableRawPointer(pointer).deallocate()
  }
}
