import CZlib

/// A raw deflate stream (RFC 1951) being decompressed by zlib, from any buffers into any buffers.
///
/// zlib's wrappers are not used: gzip's and zlib's headers and trailers are parsed by their own readers, which say
/// exactly what is wrong with them.
final class InflateStream {
  /// What came of one step.
  enum Status: Equatable {
    /// The stream goes on; more input or more room is needed.
    case unfinished
    /// The stream has ended properly.
    case ended
    /// The stream is damaged; zlib's own words.
    case corrupt(String)
    /// There is no memory for the window.
    case outOfMemory
  }

  /// How far one step got.
  struct Step {
    let status: Status
    /// The number of input bytes taken.
    let consumed: Int
    /// The number of output bytes written.
    let produced: Int
  }

  /// The most that is handed to zlib at once: its counters have 32 bits.
  private static let greatestSlice = 1 << 30

  private let stream: UnsafeMutablePointer<z_stream>

  /// A stream at its beginning, or nil if there is no memory for it.
  init?() {
    // zlib's state points back at the structure, which therefore must not move.
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let result = inflateInit2_(stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard result == Z_OK else {
      stream.deallocate()
      return nil
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Goes back to the beginning, for the next stream.
  func reset() {
    inflateReset(stream)
  }

  /// Decompresses from `input` into `output` as far as both reach, at most a gigabyte of either at once.
  func step(from input: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>) -> Step {
    let available = min(input.count, Self.greatestSlice)
    let room = min(output.count, Self.greatestSlice)
    // zlib refuses null pointers even where nothing is to be read or written.
    var none: UInt8 = 0
    let result = withUnsafeMutablePointer(to: &none) { placeholder in
      stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress) ?? placeholder
      stream.pointee.avail_in = UInt32(available)
      stream.pointee.next_out = output.baseAddress ?? placeholder
      stream.pointee.avail_out = UInt32(room)
      return inflate(stream, Z_NO_FLUSH)
    }
    let status: Status
    switch result {
    case Z_OK, Z_BUF_ERROR: status = .unfinished
    case Z_STREAM_END: status = .ended
    case Z_MEM_ERROR: status = .outOfMemory
    default: status = .corrupt(stream.pointee.msg.map { String(cString: $0) } ?? "invalid data")
    }
    return Step(
      status: status, consumed: available - Int(stream.pointee.avail_in),
      produced: room - Int(stream.pointee.avail_out))
  }
}
