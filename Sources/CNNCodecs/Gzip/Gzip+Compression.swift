import CZlib

extension Gzip {
  /// `bytes` as a gzip file of one member.
  ///
  /// The header names no file, time or system (these fields are 0, and 255 for the system), so the same bytes always
  /// give the same file, on one version of zlib. The inverse is `decompress(_:limit:)`.
  ///
  /// - Parameters:
  ///   - bytes: the content; it may be empty.
  ///   - level: how hard to try, from 0 (not at all) to 9; values beyond are taken as the nearest.
  /// - Throws: `GzipError.outOfMemory`, and nothing else.
  public static func compress(_ bytes: [UInt8], level: Int = 6) throws(GzipError) -> [UInt8] {
    let level = min(max(level, 0), 9)
    guard let stream = DeflateStream(level: level) else { throw .outOfMemory }
    let extraFlags: UInt8 = level == 9 ? 2 : level == 1 ? 4 : 0
    let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, extraFlags, 255]
    let trailer = [CRC32.checksum(of: bytes), UInt32(truncatingIfNeeded: bytes.count)].flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    var output = SegmentedOutput()
    output.append(header)
    var position = 0
    while !stream.hasEnded {
      output.append(capacity: max(1 << 16, output.count)) { segment in
        bytes.withUnsafeBufferPointer { stream.fill(segment, from: $0, at: &position) }
      }
    }
    output.append(trailer)
    return output.takeJoined()
  }
}

/// Bytes being compressed by zlib into a raw deflate stream (RFC 1951).
private final class DeflateStream {
  /// The most that is handed to zlib at once: its counters have 32 bits.
  private static let greatestSlice = 1 << 30

  private let stream: UnsafeMutablePointer<z_stream>
  private(set) var hasEnded = false

  /// A stream at its beginning, or nil if there is no memory for it.
  init?(level: Int) {
    // zlib's state points back at the structure, which therefore must not move.
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let result = deflateInit2_(
      stream, Int32(level), Z_DEFLATED, -MAX_WBITS, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard result == Z_OK else {
      stream.deallocate()
      return nil
    }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// Compresses `input` from `position` on until `output` is full or the stream has ended; returns the bytes written.
  func fill(
    _ output: UnsafeMutableBufferPointer<UInt8>, from input: UnsafeBufferPointer<UInt8>,
    at position: inout Int
  ) -> Int {
    var none: UInt8 = 0
    var filled = 0
    withUnsafeMutablePointer(to: &none) { placeholder in
      while !hasEnded, filled < output.count {
        let available = min(input.count - position, Self.greatestSlice)
        let room = min(output.count - filled, Self.greatestSlice)
        stream.pointee.next_in =
          input.baseAddress.map { UnsafeMutablePointer(mutating: $0 + position) } ?? placeholder
        stream.pointee.avail_in = UInt32(available)
        stream.pointee.next_out = output.baseAddress.map { $0 + filled } ?? placeholder
        stream.pointee.avail_out = UInt32(room)
        let isLast = available == input.count - position
        // Room is never 0 and the state is sound, so that deflate cannot fail.
        hasEnded = deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_END
        position += available - Int(stream.pointee.avail_in)
        filled += room - Int(stream.pointee.avail_out)
      }
    }
    return filled
  }
}
