/// Bytes whose number is not known beforehand, collected without ever copying what is there to make room.
///
/// A first segment that turns out large enough becomes the result as it is. Several are joined at the end, each
/// released as soon as it is copied, so that the peak is the result and one segment.
struct SegmentedOutput {
  private var segments: [[UInt8]] = []
  /// The number of bytes so far.
  private(set) var count = 0

  /// Adds one segment: `fill` writes into a buffer of `capacity` bytes and returns how many it wrote.
  mutating func append(capacity: Int, fill: (UnsafeMutableBufferPointer<UInt8>) -> Int) {
    let segment = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
      initialized = fill(buffer)
    }
    guard !segment.isEmpty else { return }
    count += segment.count
    segments.append(segment)
  }

  /// Adds bytes that are there already.
  mutating func append(_ bytes: [UInt8]) {
    count += bytes.count
    segments.append(bytes)
  }

  /// Takes all bytes as one array, and leaves nothing.
  mutating func takeJoined() -> [UInt8] {
    defer {
      segments = []
      count = 0
    }
    if segments.count == 1 { return segments.removeLast() }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      for index in segments.indices {
        segments[index].withUnsafeBufferPointer { segment in
          _ = UnsafeMutableBufferPointer(rebasing: buffer[initialized...]).initialize(fromContentsOf: segment)
          initialized += segment.count
        }
        segments[index] = []
      }
    }
  }
}
