/// The rows of a PNG as they are stored, each a byte that names its filter and then the samples, one after another.
///
/// They have been verified to be there: all in memory, or to be decompressed as they are needed.
final class PNGStoredRows {
  /// All rows, or room for the last two.
  private let memory: UnsafeMutableBufferPointer<UInt8>
  private var position = 0
  private let stream: InflateStream?
  private let data: [UInt8]
  private var rest: Range<Int>

  /// Rows that are in `memory`, which is released with the object.
  init(owning memory: UnsafeMutableBufferPointer<UInt8>) {
    self.memory = memory
    stream = nil
    data = []
    rest = 0..<0
  }

  /// Rows of at most `greatestByteCount` bytes that `range` of `data` decompresses to; nil if there is no memory.
  init?(inflating data: [UInt8], _ range: Range<Int>, greatestByteCount: Int) {
    guard let stream = InflateStream() else { return nil }
    memory = .allocate(capacity: 2 * greatestByteCount)
    self.stream = stream
    self.data = data
    rest = range
  }

  deinit {
    memory.deallocate()
  }

  /// The next row of `byteCount` bytes, or nil if there is none. It may be changed, and stays until the next but one
  /// is asked for.
  func next(_ byteCount: Int) -> UnsafeMutableBufferPointer<UInt8>? {
    if stream != nil { position = position < memory.count / 2 ? memory.count / 2 : 0 }
    guard byteCount <= memory.count - position else { return nil }
    let row = UnsafeMutableBufferPointer(rebasing: memory[position..<position + byteCount])
    guard let stream else {
      position += byteCount
      return row
    }
    var filled = 0
    while filled < byteCount {
      let step = data.withUnsafeBufferPointer {
        stream.step(
          from: UnsafeBufferPointer(rebasing: $0[rest]),
          into: UnsafeMutableBufferPointer(rebasing: row[filled...]))
      }
      guard step.produced > 0 || step.consumed > 0 else { return nil }
      rest = rest.lowerBound + step.consumed..<rest.upperBound
      filled += step.produced
    }
    return row
  }
}
