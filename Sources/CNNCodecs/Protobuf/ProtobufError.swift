/// Bytes that are no protocol buffers message, or not the one that was expected.
public enum ProtobufError: FormatError, Equatable {
  /// The input, or the message that the field belongs to, ends inside a field.
  case endsEarly(InputEndsEarly)
  /// A varint has more than ten bytes or 64 bits.
  case badVarint(offset: Int)
  /// A field's number is 0 or beyond 2^29 - 1.
  case badFieldNumber(UInt64, offset: Int)
  /// Wire types 6 and 7, which mean nothing.
  case badWireType(UInt8, field: Int, offset: Int)
  /// Wire types 3 and 4: groups, which have long been replaced by messages.
  case group(field: Int, offset: Int)
  /// A field's bytes reach beyond the end of its message; `offset` is where the length stands.
  case tooLong(field: Int, length: UInt64, available: Int, offset: Int)
  /// Messages lie too deep in each other.
  case tooDeep(limit: Int, offset: Int)
  /// There are more fields than are read.
  case tooManyFields(limit: Int, offset: Int)
  /// The wire format shows another type than the field should have.
  case wrongWireType(what: String, expected: String, found: String, offset: Int)
  /// Packed numbers whose length is no multiple of a number's size.
  case unevenLength(what: String, length: Int, size: Int, offset: Int)
  /// A text that is not valid UTF-8.
  case invalidText(what: String, offset: Int)
  /// A text that is longer than its reader takes.
  case textTooLong(what: String, length: Int, limit: Int, offset: Int)

  /// Where in the input the trouble begins.
  public var offset: Int? {
    switch self {
    case .endsEarly(let error): error.offset
    case .badVarint(let offset), .badFieldNumber(_, let offset), .badWireType(_, _, let offset),
      .group(_, let offset), .tooLong(_, _, _, let offset), .tooDeep(_, let offset),
      .tooManyFields(_, let offset), .wrongWireType(_, _, _, let offset), .unevenLength(_, _, _, let offset),
      .invalidText(_, let offset), .textTooLong(_, _, _, let offset):
      offset
    }
  }

  /// What is wrong, as a sentence for people.
  public var reason: String {
    switch self {
    case .endsEarly(let error): error.reason
    case .badVarint: "a varint has more than ten bytes or 64 bits"
    case .badFieldNumber(let number, _):
      "a field has the number \(number); numbers go from 1 to \(ProtobufField.maximumNumber)"
    case .badWireType(let type, let field, _): "field \(field) has the wire type \(type), which means nothing"
    case .group(let field, _): "field \(field) is a group, an old form that is not read"
    case .tooLong(let field, let length, let available, _):
      "field \(field) has \(length) bytes, and its message has \(available) left"
    case .tooDeep(let limit, _): "messages lie more than \(limit) deep in each other"
    case .tooManyFields(let limit, _): "there are more than \(limit) fields"
    case .wrongWireType(let what, let expected, let found, _):
      "\(what) is \(found), and should be \(expected)"
    case .unevenLength(let what, let length, let size, _):
      "\(what) has \(length) bytes, and its numbers take \(size) each"
    case .invalidText(let what, _): "\(what) is not valid UTF-8"
    case .textTooLong(let what, let length, let limit, _):
      "\(what) has \(length) bytes; at most \(limit) are read"
    }
  }
}
