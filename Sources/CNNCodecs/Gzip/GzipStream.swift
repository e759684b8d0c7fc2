public import CNNFiles

/// The content of a gzip file that comes piece by piece, as a source: for what is longer than memory, or not there yet.
///
/// It says of damage what `Gzip.decompress` says, as far as it is read: lengths and checksums are verified at a
/// member's end.
public final class GzipStream: ByteSource {
  /// The most bytes of a member's header, whose name and comment may have any length: 256 KiB.
  public static let headerLimit = 1 << 18
  private static let chunkSize = 1 << 16

  private let source: any ByteSource
  private let stream: InflateStream
  /// Compressed bytes that have been read, from `start` on not used yet.
  private var bytes: [UInt8] = []
  private var start = 0
  /// Where in the file `bytes` begin.
  private var base = 0
  private var checksum = CRC32()
  private var count = 0
  private var state = State.atMember

  private enum State {
    case atMember
    case inMember
    case atEnd
  }

  /// A source for the content of the gzip file that `source` gives.
  ///
  /// - Throws: `GzipError.outOfMemory`; everything else is found when it is read.
  public init(_ source: any ByteSource) throws(GzipError) {
    guard let stream = InflateStream() else { throw .outOfMemory }
    self.source = source
    self.stream = stream
  }

  /// Nil: the size of the content is known when it has been read.
  public var remainingByteCount: Int? { nil }

  /// Whether compressed bytes have been read that are not decompressed yet.
  public var hasBufferedInput: Bool { start < bytes.count }

  /// Decompresses into `buffer`: at least one byte, or 0 at the end.
  ///
  /// - Throws: a `GzipError`, or what the source throws.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let output = buffer.bindMemory(to: UInt8.self)
    guard output.count > 0 else { return 0 }
    while true {
      switch state {
      case .atEnd: return 0
      case .atMember: try readHeader()
      case .inMember:
        let produced = try inflate(into: output)
        if produced > 0 { return produced }
      }
    }
  }

  private func inflate(into output: UnsafeMutableBufferPointer<UInt8>) throws -> Int {
    let hasInput = try hasBufferedInput || fill()
    let step = bytes.withUnsafeBufferPointer {
      stream.step(from: UnsafeBufferPointer(rebasing: $0[start...]), into: output)
    }
    checksum.update(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(output)[..<step.produced]))
    start += step.consumed
    count += step.produced
    switch step.status {
    case .ended: try finishMember()
    case .unfinished where !hasInput && step.produced == 0:
      throw GzipError.truncatedData(offset: base + bytes.count)
    case .unfinished: break
    case .corrupt(let detail): throw GzipError.corruptData(detail: detail, offset: base + start)
    case .outOfMemory: throw GzipError.outOfMemory
    }
    return step.produced
  }

  /// Reads a member's header, as much of the source as that takes.
  private func readHeader() throws {
    while true {
      var reader = ByteReader(bytes, in: start..<bytes.count)
      do throws(GzipError) {
        _ = try GzipMember(parsing: &reader)
        start = reader.position
        break
      } catch {
        let isShort = if case .endsEarly = error { true } else { bytes.count - start < 2 }
        let error = moved(error)
        guard isShort, bytes.count - start < Self.headerLimit, try fill() else { throw error }
      }
    }
    checksum = CRC32()
    count = 0
    stream.reset()
    state = .inMember
  }

  /// Verifies the trailer and looks at what follows: another member, or zeros to the end.
  private func finishMember() throws {
    while bytes.count - start < 8, try fill() {}
    var reader = ByteReader(bytes, in: start..<bytes.count)
    let place = base + start
    let declared: UInt32
    let length: UInt32
    do throws(GzipError) {
      (declared, length) = try reader.readingGzip { reader throws(InputEndsEarly) in
        (
          try reader.readLittleEndian(UInt32.self, "the checksum of the content"),
          try reader.readLittleEndian(UInt32.self, "the length of the content")
        )
      }
    } catch { throw moved(error) }
    guard declared == checksum.value else {
      throw GzipError.checksum(declared: declared, computed: checksum.value, offset: place)
    }
    guard length == UInt32(truncatingIfNeeded: count) else {
      throw GzipError.length(
        declared: length, found: UInt32(truncatingIfNeeded: count), offset: place + 4)
    }
    start = reader.position
    while bytes.count - start < 2, try fill() {}
    if GzipMember.isPossibleStart(bytes[start...]) {
      state = .atMember
      return
    }
    repeat {
      if let place = bytes[start...].firstIndex(where: { $0 != 0 }) {
        throw GzipError.trailingBytes(count: bytes.count - place, offset: base + place)
      }
      start = bytes.count
    } while try fill()
    state = .atEnd
  }

  /// Reads more of the source; false at its end.
  private func fill() throws -> Bool {
    base += start
    bytes.removeFirst(start)
    start = 0
    let chunk = try [UInt8](unsafeUninitializedCapacity: Self.chunkSize) { buffer, count in
      count = try source.read(into: UnsafeMutableRawBufferPointer(buffer))
    }
    bytes += chunk
    return !chunk.isEmpty
  }

  /// The error with its offset counted from the beginning of the file.
  private func moved(_ error: GzipError) -> GzipError {
    switch error {
    case .endsEarly(let early):
      .endsEarly(
        InputEndsEarly(
          position: early.position + base, needed: early.needed, available: early.available, what: early.what)
      )
    case .notGzip(let offset): .notGzip(offset: offset + base)
    case .unknownMethod(let method, let offset): .unknownMethod(method, offset: offset + base)
    case .reservedFlags(let flags, let offset): .reservedFlags(flags, offset: offset + base)
    case .headerChecksum(let declared, let computed, let offset):
      .headerChecksum(declared: declared, computed: computed, offset: offset + base)
    default: error
    }
  }
}
