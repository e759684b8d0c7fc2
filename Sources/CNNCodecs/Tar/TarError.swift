/// What is wrong with a tar archive. Offsets are those of the archive.
public enum TarError: FormatError, Equatable {
  /// The archive ends inside a header or an entry's content.
  case endsEarly(InputEndsEarly)
  /// The archive ends behind a whole entry, and there is no block of zeros, which ends every archive.
  case missingEnd(offset: Int)
  /// The sum of a header's bytes is not the one that it declares; or this is no header at all.
  case headerChecksum(declared: Int?, computed: Int, offset: Int)
  /// A number is neither octal nor binary, is negative, or is too large.
  case badNumber(field: String, offset: Int)
  /// A name or the records before an entry take more bytes than are read.
  case tooLong(what: String, size: Int, limit: Int, offset: Int)
  /// A record of an extended header is not of the form `LENGTH KEY=VALUE` and a line feed.
  case badRecord(offset: Int)
  /// An entry of a kind that cannot be skipped without being understood: sparse files, parts of several volumes.
  case unsupportedEntry(type: UInt8, offset: Int)
  /// Behind the archive's end there are bytes that are not zero: another archive, say.
  case trailingBytes(offset: Int)

  /// Where in the archive the trouble begins.
  public var offset: Int? {
    switch self {
    case .endsEarly(let error): error.offset
    case .missingEnd(let offset), .headerChecksum(_, _, let offset), .badNumber(_, let offset),
      .tooLong(_, _, _, let offset), .badRecord(let offset), .unsupportedEntry(_, let offset),
      .trailingBytes(let offset):
      offset
    }
  }

  /// What is wrong, as a sentence for people.
  public var reason: String {
    switch self {
    case .endsEarly(let error):
      return error.reason
    case .missingEnd:
      return "the tar archive is cut off: the zeros that end an archive are not there"
    case .headerChecksum(let declared, let computed, _):
      guard let declared else { return "a tar header is damaged: its checksum is no number" }
      return "a tar header is damaged: its bytes add up to \(computed), and \(declared) is declared"
    case .badNumber(let field, _):
      return "a tar header's \(field) is no number that an entry can have"
    case .tooLong(let what, let size, let limit, _):
      return "\(what) in the tar archive takes \(size) bytes; at most \(limit) are read"
    case .badRecord:
      return "a record of a tar archive's extended header is malformed"
    case .unsupportedEntry(let type, _):
      let name = (0x21...0x7E).contains(type) ? String(Unicode.Scalar(type)) : "\(type)"
      return
        "the tar archive has an entry of type \(name) (sparse, or part of several volumes), which is not read"
    case .trailingBytes:
      return "the tar archive's end is followed by bytes that are not zero; archives must not be joined"
    }
  }
}
