import CNNFiles

/// Decompresses the members of a gzip file one after another into whatever buffers it is given: of a file in memory,
/// or of one that comes piece by piece.
struct GzipDecoder {
  /// The most bytes of a member's header, whose name and comment may have any length, where the file comes piece by
  /// piece: 256 KiB.
  static let headerLimit = 1 << 18
  /// How much is decompressed before its checksum is taken: little enough that it is still in the cache.
  private static let stepByteCount = 1 << 18
  private static let chunkSize = 1 << 16

  /// The members so far, if they are kept; the last is being read until its trailer is verified.
  private(set) var members: [GzipMember] = []
  /// What the source threw; the decoder itself then says that the file is cut off.
  private(set) var sourceFailure: (any Error)?

  private let keepsMembers: Bool
  private let source: (any ByteSource)?
  /// Compressed bytes, from `start` on not used yet: all of the file, or what has been read of the source.
  private var bytes: [UInt8]
  private var start = 0
  /// Where in the file `bytes` begin.
  private var base = 0
  private let stream: InflateStream
  private var checksum = CRC32()
  /// The member that is being read.
  private var member: GzipMember?
  private var state = State.atMember

  private enum State {
    case atMember
    case inMember
    case atEnd
  }

  /// A decoder at the beginning of a file in memory.
  init(_ bytes: [UInt8]) throws(GzipError) {
    try self.init(bytes: bytes, source: nil)
    try readHeader()
  }

  /// A decoder for the file that `source` gives; nothing of it is read yet, and no members are kept.
  init(_ source: any ByteSource) throws(GzipError) {
    try self.init(bytes: [], source: source)
  }

  private init(bytes: [UInt8], source: (any ByteSource)?) throws(GzipError) {
    guard let stream = InflateStream() else { throw .outOfMemory }
    self.bytes = bytes
    self.source = source
    self.stream = stream
    keepsMembers = source == nil
  }

  /// Whether every member has been read and verified.
  var isAtEnd: Bool { state == .atEnd }

  /// The next byte of the file.
  var position: Int { base + start }

  /// Whether compressed bytes have been read that are not decompressed yet.
  var hasBufferedInput: Bool { start < bytes.count }

  /// Decompresses until `buffer` is full or the file at its end, and returns how many bytes that gave.
  mutating func fill(_ buffer: UnsafeMutableBufferPointer<UInt8>) throws(GzipError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let count = try read(into: UnsafeMutableBufferPointer(rebasing: buffer[filled...]))
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// Decompresses at least one byte into `buffer`, and no more than the source gives at once; 0 at the end, or for an
  /// empty buffer.
  mutating func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(GzipError) -> Int {
    guard !buffer.isEmpty else { return 0 }
    let window = UnsafeMutableBufferPointer(rebasing: buffer.prefix(Self.stepByteCount))
    while true {
      switch state {
      case .atEnd: return 0
      case .atMember: try readHeader()
      case .inMember:
        let produced = try inflate(into: window)
        if produced > 0 { return produced }
      }
    }
  }

  private mutating func inflate(into window: UnsafeMutableBufferPointer<UInt8>) throws(GzipError) -> Int {
    let hasInput = hasBufferedInput || readMore()
    let step = bytes.withUnsafeBufferPointer {
      stream.step(from: UnsafeBufferPointer(rebasing: $0[start...]), into: window)
    }
    checksum.update(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(window)[..<step.produced]))
    start += step.consumed
    member?.byteCount += step.produced
    switch step.status {
    case .ended: try finishMember()
    case .unfinished where !hasInput && step.produced == 0:
      throw .truncatedData(offset: base + bytes.count)
    case .unfinished: break
    case .corrupt(let detail): throw .corruptData(detail: detail, offset: position)
    case .outOfMemory: throw .outOfMemory
    }
    return step.produced
  }

  /// Reads a member's header, and as much of the source as that takes.
  private mutating func readHeader() throws(GzipError) {
    while true {
      var reader = ByteReader(bytes, in: start..<bytes.count)
      do throws(GzipError) {
        var header = try GzipMember(parsing: &reader)
        header.offset += base
        member = header
        start = reader.position
        break
      } catch {
        let isShort = if case .endsEarly = error { true } else { bytes.count - start < 2 }
        let error = error.moved(by: base)
        guard isShort, bytes.count - start < Self.headerLimit, readMore() else { throw error }
      }
    }
    checksum = CRC32()
    stream.reset()
    state = .inMember
  }

  /// Verifies the trailer (CRC-32 and length modulo 2^32, four bytes each) and looks at what follows: another member,
  /// or zeros to the end.
  private mutating func finishMember() throws(GzipError) {
    while bytes.count - start < 8, readMore() {}
    var reader = ByteReader(bytes, in: start..<bytes.count)
    let trailer: (checksum: UInt32, length: UInt32)
    do throws(GzipError) {
      trailer = try reader.readingGzip { reader throws(InputEndsEarly) in
        (
          checksum: try reader.readLittleEndian(UInt32.self, "the checksum of the content"),
          length: try reader.readLittleEndian(UInt32.self, "the length of the content")
        )
      }
    } catch { throw error.moved(by: base) }
    guard trailer.checksum == checksum.value else {
      throw .checksum(declared: trailer.checksum, computed: checksum.value, offset: position)
    }
    let length = UInt32(truncatingIfNeeded: member?.byteCount ?? 0)
    guard trailer.length == length else {
      throw .length(declared: trailer.length, found: length, offset: position + 4)
    }
    start = reader.position
    if keepsMembers, var member {
      member.crc32 = checksum.value
      member.compressedByteCount = position - member.offset
      members.append(member)
    }
    member = nil
    while bytes.count - start < 2, readMore() {}
    if GzipMember.isPossibleStart(bytes[start...]) {
      state = .atMember
      return
    }
    repeat {
      if let place = bytes[start...].firstIndex(where: { $0 != 0 }) {
        throw .trailingBytes(count: bytes.count - place, offset: base + place)
      }
      start = bytes.count
    } while readMore()
    state = .atEnd
  }

  /// Reads more of the source; false at its end, where it fails, and for a file in memory.
  private mutating func readMore() -> Bool {
    guard let source, sourceFailure == nil else { return false }
    base += start
    bytes.removeFirst(start)
    start = 0
    do {
      let chunk = try [UInt8](unsafeUninitializedCapacity: Self.chunkSize) { buffer, count in
        count = try source.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      bytes += chunk
      return !chunk.isEmpty
    } catch {
      sourceFailure = error
      return false
    }
  }
}

extension GzipError {
  /// The error with its offset counted from a place `base` bytes before.
  fileprivate func moved(by base: Int) -> GzipError {
    switch self {
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
    default: self
    }
  }
}
