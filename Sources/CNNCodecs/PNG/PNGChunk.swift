/// One chunk, its CRC verified.
struct PNGChunk {
  let type: String
  let data: Range<Int>

  /// Where the chunk begins.
  var offset: Int { data.lowerBound - 8 }
  /// Whether a reader that does not know the chunk must refuse the file.
  var isCritical: Bool { type.first?.isUppercase ?? false }

  /// The error for this chunk where it must not be.
  func misplaced(_ misplacement: PNGError.Misplacement) -> PNGError {
    .misplacedChunk(type: type, misplacement, offset: offset)
  }
}

extension PNGChunk {
  /// Reads the next chunk.
  init(parsing reader: inout ByteReader) throws(PNGError) {
    let offset = reader.position
    let bytes = reader.bytes
    let length = Int(
      try reader.readingPNG { reader throws(InputEndsEarly) in
        try reader.readBigEndian(UInt32.self, "the length of a PNG chunk")
      })
    let typeBytes = try reader.readingPNG { reader throws(InputEndsEarly) in
      try reader.readRange(count: 4, "the type of a PNG chunk")
    }
    guard bytes[typeBytes].allSatisfy({ (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }) else {
      throw .badChunkType(Array(bytes[typeBytes]), offset: offset + 4)
    }
    let type = String(decoding: bytes[typeBytes], as: UTF8.self)
    guard length <= 0x7FFF_FFFF else { throw .badChunkLength(type: type, length: length, offset: offset) }
    let data = try reader.readingPNG { reader throws(InputEndsEarly) in
      try reader.readRange(count: length, "the data of the PNG chunk \(type)")
    }
    let declared = try reader.readingPNG { reader throws(InputEndsEarly) in
      try reader.readBigEndian(UInt32.self, "the checksum of the PNG chunk \(type)")
    }
    let computed = CRC32.checksum(of: bytes[typeBytes.lowerBound..<data.upperBound])
    guard declared == computed else {
      throw .chunkChecksum(type: type, declared: declared, computed: computed, offset: offset)
    }
    self.type = type
    self.data = data
  }

  /// Reads the signature and the header chunk, which must follow it.
  init(readingHeaderFrom reader: inout ByteReader) throws(PNGError) {
    let signature = PNGStructure.signature
    if let difference = zip(reader.bytes, signature).enumerated().first(where: { $1.0 != $1.1 }) {
      throw .notPNG(offset: difference.offset)
    }
    _ = try reader.readingPNG { reader throws(InputEndsEarly) in
      try reader.readRange(count: signature.count, "the PNG signature")
    }
    guard !reader.isAtEnd else { throw .missingChunk(type: "IHDR", offset: reader.position) }
    let chunk = try PNGChunk(parsing: &reader)
    guard chunk.type == "IHDR" else { throw .missingChunk(type: "IHDR", offset: chunk.offset) }
    guard chunk.data.count == PNGHeader.byteCount else {
      throw .badChunkLength(type: chunk.type, length: chunk.data.count, offset: chunk.offset)
    }
    self = chunk
  }
}

extension ByteReader {
  /// Reads with `body`, and says in this codec's terms when the input ends early.
  fileprivate mutating func readingPNG<Value>(
    _ body: (inout ByteReader) throws(InputEndsEarly) -> Value
  ) throws(PNGError) -> Value {
    do { return try body(&self) } catch { throw .endsEarly(error) }
  }
}
