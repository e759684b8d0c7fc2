/// What is wrong with a gzip file. Offsets are those of the compressed file.
public enum GzipError: FormatError, Equatable {
  /// The file ends inside a header or a trailer.
  case endsEarly(InputEndsEarly)
  /// A member does not begin with the bytes 1F 8B.
  case notGzip(offset: Int)
  /// The compression method is not 8, deflate; no other was ever defined.
  case unknownMethod(UInt8, offset: Int)
  /// A flag is set whose meaning is not defined, so that what follows cannot be known.
  case reservedFlags(UInt8, offset: Int)
  /// The header's own checksum does not match its bytes.
  case headerChecksum(declared: UInt16, computed: UInt16, offset: Int)
  /// The file ends before the compressed data do.
  case truncatedData(offset: Int)
  /// The compressed data are damaged; `detail` is zlib's word on it.
  case corruptData(detail: String, offset: Int)
  /// The CRC-32 in the trailer at `offset` is not that of the content.
  case checksum(declared: UInt32, computed: UInt32, offset: Int)
  /// The length in the trailer at `offset` is not that of the content, modulo 2^32.
  case length(declared: UInt32, found: UInt32, offset: Int)
  /// Behind the last member there are bytes that are neither another member nor zeros.
  case trailingBytes(count: Int, offset: Int)
  /// The content is larger than the caller allows; `offset` is where in the file that became clear.
  case tooLarge(limit: Int, offset: Int)
  /// zlib could not get the memory it needs.
  case outOfMemory

  /// Where in the file the trouble begins; nil where no single byte is to blame.
  public var offset: Int? {
    switch self {
    case .endsEarly(let error): error.offset
    case .notGzip(let offset), .unknownMethod(_, let offset), .reservedFlags(_, let offset),
      .headerChecksum(_, _, let offset), .truncatedData(let offset), .corruptData(_, let offset),
      .checksum(_, _, let offset), .length(_, _, let offset), .trailingBytes(_, let offset),
      .tooLarge(_, let offset):
      offset
    case .outOfMemory: nil
    }
  }

  /// What is wrong, as a sentence for people.
  public var reason: String {
    switch self {
    case .endsEarly(let error):
      error.reason
    case .notGzip:
      "this is no gzip file: it does not begin with the bytes 1F 8B"
    case .unknownMethod(let method, _):
      "the gzip compression method is \(method); only 8, deflate, exists"
    case .reservedFlags(let flags, _):
      "the gzip header sets reserved flags (0x\(String(flags, radix: 16))); what follows cannot be known"
    case .headerChecksum(let declared, let computed, _):
      "the gzip header is damaged: its checksum is 0x\(String(computed, radix: 16)), "
        + "and 0x\(String(declared, radix: 16)) is declared"
    case .truncatedData:
      "the gzip data are cut off: the file ends before the compressed data do"
    case .corruptData(let detail, _):
      "the compressed data are damaged: \(detail)"
    case .checksum(let declared, let computed, _):
      "the decompressed data are damaged: their CRC-32 is \(computed.eightHexadecimalDigits), "
        + "and \(declared.eightHexadecimalDigits) is declared"
    case .length(let declared, let found, _):
      "the decompressed data have \(found) bytes modulo 2^32, and \(declared) are declared"
    case .trailingBytes(let count, _):
      "the gzip data are followed by \(count) bytes that are neither gzip nor zeros"
    case .tooLarge(let limit, _):
      "the decompressed data are larger than \(limit) bytes, the most that is read"
    case .outOfMemory:
      "there is not enough memory to decompress"
    }
  }
}
