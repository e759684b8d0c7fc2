/// Bytes that come one after another: a file, a pipe, or memory.
///
/// Readers that take a `ByteSource` go through it once, front to back, so that they work on pipes too.
public protocol ByteSource: AnyObject {
  /// The number of bytes still to come where that is known beforehand (regular files, memory), else nil.
  ///
  /// It is what the file's size says at this moment: a reader may use it to refuse early, never to trust.
  var remainingByteCount: Int? { get }

  /// Reads into `buffer` and returns how many bytes were read: at least one, or 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

extension ByteSource {
  /// Fills `buffer` as far as the input reaches and returns how many bytes that was.
  public func readFully(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var filled = 0
    while filled < buffer.count {
      let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// Reads up to `count` bytes; fewer only where the input ends before.
  ///
  /// Memory grows with the bytes that really arrive, not with `count`, so that a lying length costs nothing.
  public func readBytes(upTo count: Int) throws -> [UInt8] {
    let firstChunk = 1 << 20
    var bytes: [UInt8] = []
    var target = min(count, firstChunk)
    if target < count { target = min(count, max(firstChunk, remainingByteCount ?? 0)) }
    while bytes.count < count {
      let start = bytes.count
      let wanted = target - start
      var arrived = 0
      if start == 0 {
        bytes = try [UInt8](unsafeUninitializedCapacity: wanted) { buffer, initialized in
          arrived = try readFully(into: UnsafeMutableRawBufferPointer(buffer))
          initialized = arrived
        }
      } else {
        let chunk = try [UInt8](unsafeUninitializedCapacity: wanted) { buffer, initialized in
          arrived = try readFully(into: UnsafeMutableRawBufferPointer(buffer))
          initialized = arrived
        }
        bytes.append(contentsOf: chunk)
      }
      if arrived < wanted { break }
      target = min(count, target * 2)
    }
    return bytes
  }
}

/// Bytes in memory as a source.
public final class MemorySource: ByteSource {
  private let bytes: [UInt8]
  private var position = 0

  /// A source that gives `bytes` from the first to the last.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// How many bytes are still to come.
  public var remainingByteCount: Int? { bytes.count - position }

  /// Copies the next bytes into `buffer` and returns how many they are; 0 at the end.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = min(buffer.count, bytes.count - position)
    bytes.withUnsafeBytes { source in
      if count > 0 {
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[position..<position + count]))
      }
    }
    position += count
    return count
  }
}
