/// What the header and trailer of one gzip member say (RFC 1952, section 2.3).
public struct GzipMember: Sendable, Equatable {
  /// Where in the file the member begins.
  public internal(set) var offset: Int
  /// The original file's name, Latin-1 in the file; nil where the header has none.
  public let name: String?
  /// A remark for people, Latin-1 in the file; nil where the header has none.
  public let comment: String?
  /// When the original file was changed, in seconds since 1970; 0 says that this is not known.
  public let modificationTime: UInt32
  /// The system the member was made on: 3 is Unix, 255 unknown.
  public let operatingSystem: UInt8
  /// Whether the maker took the content for text.
  public let isText: Bool
  /// The number of bytes in the extra field, or nil where the header has none.
  public let extraFieldByteCount: Int?
  /// The size of the whole member, header and trailer included, in bytes.
  public internal(set) var compressedByteCount = 0
  /// The size of the content in bytes, as counted.
  public internal(set) var byteCount = 0
  /// The CRC-32 of the content, as computed and declared.
  public internal(set) var crc32: UInt32 = 0
}

extension GzipMember {
  /// The header's flags.
  private enum Flag {
    static let text: UInt8 = 0x01
    static let headerChecksum: UInt8 = 0x02
    static let extraField: UInt8 = 0x04
    static let name: UInt8 = 0x08
    static let comment: UInt8 = 0x10
    static let reserved: UInt8 = 0xE0
  }

  /// Reads a member's header, and leaves `reader` at the first byte of the compressed data.
  ///
  /// | bytes | field |
  /// | --- | --- |
  /// | 2 | signature, 1F 8B |
  /// | 1 | method, 8 |
  /// | 1 | flags |
  /// | 4 | modification time |
  /// | 1 | extra flags: how hard the compressor tried |
  /// | 1 | operating system |
  /// | 2 + n | with flag 0x04: n, and the extra field |
  /// | n + 1 | with flag 0x08: name, and a zero |
  /// | n + 1 | with flag 0x10: comment, and a zero |
  /// | 2 | with flag 0x02: the low half of the CRC-32 of all before |
  init(parsing reader: inout ByteReader) throws(GzipError) {
    let start = reader.position
    let rest = reader.bytes[start..<reader.end]
    guard Self.isPossibleStart(rest) else { throw .notGzip(offset: start) }
    let bytes = reader.bytes
    let fixed = try reader.readingGzip { reader throws(InputEndsEarly) in
      try reader.readRange(count: 10, "the header of a gzip member")
    }
    let method = bytes[start + 2]
    guard method == 8 else { throw .unknownMethod(method, offset: start + 2) }
    let flags = bytes[start + 3]
    guard flags & Flag.reserved == 0 else { throw .reservedFlags(flags, offset: start + 3) }

    var extraFieldByteCount: Int?
    if flags & Flag.extraField != 0 {
      extraFieldByteCount = try reader.readingGzip { reader throws(InputEndsEarly) in
        let count = Int(try reader.readLittleEndian(UInt16.self, "the length of the extra field"))
        return try reader.readRange(count: count, "the extra field").count
      }
    }
    var name: String?
    if flags & Flag.name != 0 {
      let range = try reader.readingGzip { reader throws(InputEndsEarly) in
        try reader.readRange(through: 0, "the file name and the zero behind it")
      }
      name = Self.latin1(bytes[range])
    }
    var comment: String?
    if flags & Flag.comment != 0 {
      let range = try reader.readingGzip { reader throws(InputEndsEarly) in
        try reader.readRange(through: 0, "the comment and the zero behind it")
      }
      comment = Self.latin1(bytes[range])
    }
    if flags & Flag.headerChecksum != 0 {
      let offset = reader.position
      let computed = UInt16(truncatingIfNeeded: CRC32.checksum(of: bytes[start..<offset]))
      let declared = try reader.readingGzip { reader throws(InputEndsEarly) in
        try reader.readLittleEndian(UInt16.self, "the checksum of the header")
      }
      guard declared == computed else {
        throw .headerChecksum(declared: declared, computed: computed, offset: offset)
      }
    }

    self.offset = start
    self.name = name
    self.comment = comment
    self.modificationTime = (4..<8).reversed().reduce(0) { $0 << 8 | UInt32(bytes[fixed.lowerBound + $1]) }
    self.operatingSystem = bytes[start + 9]
    self.isText = flags & Flag.text != 0
    self.extraFieldByteCount = extraFieldByteCount
  }

  /// Whether `bytes` begin with the signature, or are its first byte alone: a member that is cut off.
  static func isPossibleStart(_ bytes: ArraySlice<UInt8>) -> Bool {
    Gzip.isGzip(bytes) || bytes.elementsEqual([0x1F])
  }

  private static func latin1(_ bytes: ArraySlice<UInt8>) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: bytes.lazy.map { Unicode.Scalar($0) })
    return text
  }
}

extension ByteReader {
  /// Reads with `body`, and says in this codec's terms when the input ends early.
  mutating func readingGzip<Value>(
    _ body: (inout ByteReader) throws(InputEndsEarly) -> Value
  ) throws(GzipError) -> Value {
    do { return try body(&self) } catch { throw .endsEarly(error) }
  }
}
