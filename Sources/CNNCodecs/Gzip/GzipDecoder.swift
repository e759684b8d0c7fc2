/// Decompresses the members of a gzip file one after another into whatever buffers it is given.
struct GzipDecoder {
  /// How much is decompressed before its checksum is taken: little enough that it is still in the cache.
  private static let stepByteCount = 1 << 18

  /// The members so far; the last is being read until its trailer is verified.
  private(set) var members: [GzipMember] = []
  /// The next byte of the file.
  private(set) var position = 0

  private let bytes: [UInt8]
  private let stream: InflateStream
  private var checksum = CRC32()
  private var isInMember = false

  /// A decoder at the beginning of the file `bytes`.
  init(_ bytes: [UInt8]) throws(GzipError) {
    guard let stream = InflateStream() else { throw .outOfMemory }
    self.bytes = bytes
    self.stream = stream
    try readHeader()
  }

  /// Whether every member has been read and verified.
  var isAtEnd: Bool { !isInMember }

  /// Decompresses until `buffer` is full or the file at its end, and returns how many bytes that gave.
  mutating func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(GzipError) -> Int {
    var filled = 0
    while isInMember, filled < buffer.count {
      let end = min(filled + Self.stepByteCount, buffer.count)
      let window = UnsafeMutableBufferPointer(rebasing: buffer[filled..<end])
      let step = bytes.withUnsafeBufferPointer {
        stream.step(from: UnsafeBufferPointer(rebasing: $0[position...]), into: window)
      }
      checksum.update(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(window)[..<step.produced]))
      position += step.consumed
      filled += step.produced
      members[members.count - 1].byteCount += step.produced
      switch step.status {
      case .ended: try finishMember()
      case .unfinished where step.consumed == 0 && step.produced == 0:
        throw .truncatedData(offset: bytes.count)
      case .unfinished: break
      case .corrupt(let detail): throw .corruptData(detail: detail, offset: position)
      case .outOfMemory: throw .outOfMemory
      }
    }
    return filled
  }

  private mutating func readHeader() throws(GzipError) {
    var reader = ByteReader(bytes, in: position..<bytes.count)
    members.append(try GzipMember(parsing: &reader))
    position = reader.position
    isInMember = true
  }

  /// Verifies the trailer (CRC-32 and length modulo 2^32, four bytes each) and looks at what follows.
  private mutating func finishMember() throws(GzipError) {
    var reader = ByteReader(bytes, in: position..<bytes.count)
    let trailer = try reader.readingGzip { reader throws(InputEndsEarly) in
      (
        checksum: try reader.readLittleEndian(UInt32.self, "the checksum of the content"),
        length: try reader.readLittleEndian(UInt32.self, "the length of the content")
      )
    }
    guard trailer.checksum == checksum.value else {
      throw .checksum(declared: trailer.checksum, computed: checksum.value, offset: position)
    }
    let last = members.count - 1
    let length = UInt32(truncatingIfNeeded: members[last].byteCount)
    guard trailer.length == length else {
      throw .length(declared: trailer.length, found: length, offset: position + 4)
    }
    members[last].crc32 = checksum.value
    members[last].compressedByteCount = reader.position - members[last].offset
    position = reader.position
    isInMember = false
    if try isFollowedByMember() {
      checksum = CRC32()
      stream.reset()
      try readHeader()
    }
  }

  /// Whether another member begins here; otherwise only zeros may follow.
  private func isFollowedByMember() throws(GzipError) -> Bool {
    let rest = bytes[position...]
    if GzipMember.isPossibleStart(rest) { return true }
    if let offset = rest.firstIndex(where: { $0 != 0 }) {
      throw .trailingBytes(count: bytes.count - offset, offset: offset)
    }
    return false
  }
}
