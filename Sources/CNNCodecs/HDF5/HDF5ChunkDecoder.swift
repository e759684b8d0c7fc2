import CZlib

/// Undoes the filters of a dataset's chunks, one chunk after the other.
struct HDF5ChunkDecoder {
  private let input: HDF5Input
  private let filters: [HDF5Filter]
  private let chunking: HDF5Chunking
  private let limit: Int
  private var decodedByteCount = 0
  private var stream: InflateStream?

  /// The greatest number of bytes that deflate makes of one: 258 of two bits, in long runs; and some more.
  private static let greatestRatio = 1032

  /// A decoder that gives at most `limit` bytes.
  init(_ input: HDF5Input, _ filters: [HDF5Filter], _ chunking: HDF5Chunking, limit: Int) {
    self.input = input
    self.filters = filters
    self.chunking = chunking
    self.limit = limit
  }

  /// Decodes a chunk and hands its bytes on, exactly as many as its shape takes.
  mutating func decode(_ chunk: HDF5Chunk, _ body: (ArraySlice<UInt8>) -> Void) throws(HDF5Error) {
    let start = chunk.stored.lowerBound
    guard chunking.byteCount <= limit - decodedByteCount else {
      throw HDF5Error(
        .arrayTooLarge(
          byteCount: HDF5Dataspace.sum(decodedByteCount, chunking.byteCount), limit: limit),
        offset: start)
    }
    decodedByteCount += chunking.byteCount
    // What each filter was given when the chunk was written; nil behind deflate, which says itself.
    let active = filters.indices.filter { chunk.filterMask >> UInt32($0) & 1 == 0 }
    var lengths: [Int?] = []
    var length: Int? = chunking.byteCount
    for index in active {
      lengths.append(length)
      switch filters[index].kind {
      case .shuffle: break
      case .fletcher32: length = length.map { $0 + 4 }
      case .deflate: length = nil
      case .unsupported(let name): throw HDF5Error(.unsupported(name), offset: start)
      }
    }
    var bytes = input.bytes[chunk.stored]
    for (index, length) in zip(active, lengths).reversed() {
      switch filters[index].kind {
      case .deflate:
        guard let length else {
          throw HDF5Error(.unsupported("a chunk that is compressed twice"), offset: start)
        }
        bytes = try inflated(bytes, byteCount: length, chunkAt: start)
      case .shuffle(let size): bytes = Self.unshuffled(bytes, elementByteCount: size)
      case .fletcher32: bytes = try Self.verified(bytes, chunkAt: start)
      case .unsupported: break
      }
    }
    guard bytes.count == chunking.byteCount else {
      throw HDF5Error(
        .dataLength(what: "a chunk", expected: chunking.byteCount, found: bytes.count), offset: start)
    }
    body(bytes)
  }

  /// Decompresses a zlib stream (RFC 1950), whose length must be `byteCount`.
  private mutating func inflated(_ bytes: ArraySlice<UInt8>, byteCount: Int, chunkAt start: Int)
    throws(HDF5Error) -> ArraySlice<UInt8>
  {
    func corrupt(_ detail: String) -> HDF5Error { HDF5Error(.corruptData(detail: detail), offset: start) }
    guard bytes.count >= 6 else { throw corrupt("they are too short for a zlib stream") }
    let header = UInt16(bytes[bytes.startIndex]) << 8 | UInt16(bytes[bytes.startIndex + 1])
    // Method 8, a window of at most 32 kilobytes, no preset dictionary, and a multiple of 31.
    guard header >> 8 & 0x0F == 8, header >> 12 <= 7, header & 0x20 == 0, header % 31 == 0 else {
      throw corrupt("they do not begin with a zlib header")
    }
    let compressed = bytes[(bytes.startIndex + 2)..<(bytes.endIndex - 4)]
    guard byteCount / Self.greatestRatio <= compressed.count else {
      throw corrupt("\(compressed.count) bytes cannot be \(byteCount)")
    }
    if stream == nil { stream = InflateStream() } else { stream?.reset() }
    guard let stream else { throw HDF5Error(.outOfMemory, offset: start) }
    // A byte more than there may be tells when there are more.
    var output = [UInt8](repeating: 0, count: byteCount + 1)
    var read = compressed.startIndex
    var written = 0
    while true {
      let step = compressed.withUnsafeBufferPointer { source in
        output.withUnsafeMutableBufferPointer { target in
          stream.step(
            from: UnsafeBufferPointer(rebasing: source[(read - compressed.startIndex)...]),
            into: UnsafeMutableBufferPointer(rebasing: target[written...]))
        }
      }
      read += step.consumed
      written += step.produced
      guard written <= byteCount else {
        throw HDF5Error(.dataLength(what: "a chunk", expected: byteCount, found: written), offset: start)
      }
      switch step.status {
      case .ended: break
      case .unfinished where step.consumed == 0 && step.produced == 0: throw corrupt("they end early")
      case .unfinished: continue
      case .corrupt(let detail): throw corrupt(detail)
      case .outOfMemory: throw HDF5Error(.outOfMemory, offset: start)
      }
      break
    }
    guard read == compressed.endIndex else { throw corrupt("other bytes follow them") }
    let declared = bytes[compressed.endIndex...].reduce(0) { $0 << 8 | UInt32($1) }
    let computed = output.withUnsafeBufferPointer { adler32_z(1, $0.baseAddress, written) }
    guard declared == UInt32(truncatingIfNeeded: computed) else {
      throw HDF5Error(
        .checksum(what: "a chunk", declared: declared, computed: UInt32(truncatingIfNeeded: computed)),
        offset: start)
    }
    return output[..<written]
  }

  /// Puts the bytes of elements together again. What is too little for an element stands at the end as it is.
  static func unshuffled(_ bytes: ArraySlice<UInt8>, elementByteCount size: Int) -> ArraySlice<UInt8> {
    let count = bytes.count / size
    guard size > 1, count > 1 else { return bytes }
    var output = [UInt8](repeating: 0, count: bytes.count)
    bytes.withUnsafeBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        for byte in 0..<size {
          for element in 0..<count { target[element * size + byte] = source[byte * count + element] }
        }
        for index in count * size..<source.count { target[index] = source[index] }
      }
    }
    return output[...]
  }

  /// Takes the checksum off, having verified it.
  private static func verified(_ bytes: ArraySlice<UInt8>, chunkAt start: Int) throws(HDF5Error)
    -> ArraySlice<UInt8>
  {
    guard bytes.count >= 4 else {
      throw HDF5Error(.dataLength(what: "a chunk", expected: 4, found: bytes.count), offset: start)
    }
    let data = bytes.dropLast(4)
    let declared = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    let computed = HDF5Checksum.fletcher32(data)
    guard declared == computed else {
      throw HDF5Error(
        .checksum(what: "a chunk", declared: declared, computed: computed), offset: start)
    }
    return data
  }
}
