import CNNCodecs

/// What is wrong with a file as safetensors, plain or not.
public enum SafetensorsError: FormatError, Equatable {
  /// The file is too short to be one; it has `count` bytes.
  case tooShort(count: Int)
  /// The length of the header is one that no such file has.
  case impossibleHeaderLength(UInt64)
  /// The header does not begin with `{`.
  case noHeader(firstByte: UInt8)
  /// The file ends within the header.
  case headerEndsEarly(declared: Int, available: Int)
  /// The header is no JSON.
  case json(JSONError)
  /// The header is JSON, but not as it should be.
  case content(JSONContentError)
  /// More tensors than are read.
  case tooManyTensors(count: Int, limit: Int)
  /// A tensor's name has more bytes than are read.
  case nameTooLong(String, limit: Int)
  /// A tensor has members other than `data_offsets`, `dtype` and `shape`.
  case unknownMember(tensor: String, member: String)
  /// A tensor has a type that is not read.
  case unsupportedType(tensor: String, dtype: String)
  /// A tensor has more extents than are read.
  case rankTooHigh(tensor: String, rank: Int, limit: Int)
  /// The size of a tensor exceeds 63 bits.
  case shapeTooLarge(tensor: String, shape: [Int])
  /// A tensor's offsets are apart by another number of bytes than its shape takes.
  case sizeMismatch(tensor: String, needed: Int, begin: Int, end: Int)
  /// A tensor begins elsewhere than where the one before it ends: there is a hole, an overlap, or the order is wrong.
  case misplaced(tensor: String, expected: Int, found: Int)
  /// Two names are the same after Unicode normalisation.
  case equivalentNames(String)
  /// The tensors have more bytes together than are read or written.
  case dataTooLarge(declared: Int, limit: Int)
  /// The file is too short or too long for its tensors, as its size says beforehand.
  case dataLength(declared: Int, available: Int)
  /// The file ends within a tensor, which begins at `position`.
  case dataEndsEarly(tensor: String, position: Int, needed: Int, available: Int)
  /// Something follows the last tensor.
  case bytesAfterEnd(position: Int)
  /// A boolean is neither 0 nor 1.
  case notBoolean(tensor: String, position: Int, value: UInt8)

  /// The byte of the file at which the trouble begins, where there is one.
  public var offset: Int? {
    switch self {
    case .tooShort, .impossibleHeaderLength: 0
    case .noHeader, .headerEndsEarly: 8
    case .json(let error): error.offset
    case .dataEndsEarly(_, let position, _, _), .bytesAfterEnd(let position), .notBoolean(_, let position, _):
      position
    default: nil
    }
  }

  /// What is wrong, as a sentence fragment.
  public var reason: String {
    switch self {
    case .tooShort(let count):
      "this is not a safetensors file: it has \(count) byte\(count == 1 ? "" : "s"), and the shortest has 10"
    case .impossibleHeaderLength(let length):
      "this is not a safetensors file: its header would have \(length) bytes"
    case .noHeader: "this is not a safetensors file: no JSON object follows the length"
    case .headerEndsEarly(let declared, let available):
      "the file ends early: the header has \(declared) bytes, and \(available) are there"
    case .json(let error): "in the header \(error.reason)"
    case .content(let error): "in the header \(error.reason)"
    case .tooManyTensors(let count, let limit):
      "the header has \(count) tensors; at most \(limit) are read"
    case .nameTooLong(let name, let limit):
      "tensor \(name.quotedForMessage) has a name of more than \(limit) bytes"
    case .unknownMember(let tensor, let member):
      "the header says \(member.quotedForMessage) of tensor \(tensor.quotedForMessage), which has no meaning"
    case .unsupportedType(let tensor, let dtype):
      "tensor \(tensor.quotedForMessage) is of type \(dtype.quotedForMessage), which is not read"
    case .rankTooHigh(let tensor, let rank, let limit):
      "tensor \(tensor.quotedForMessage) has \(rank) extents; at most \(limit) are read"
    case .shapeTooLarge(let tensor, let shape):
      "tensor \(tensor.quotedForMessage) has the shape \(shape), more than any memory holds"
    case .sizeMismatch(let tensor, let needed, let begin, let end):
      "tensor \(tensor.quotedForMessage) takes \(needed) bytes, and its offsets are \(begin) and \(end)"
    case .misplaced(let tensor, let expected, let found):
      "tensor \(tensor.quotedForMessage) begins at byte \(found) of the data; it should begin at \(expected)"
    case .equivalentNames(let name):
      "two tensors have names that Unicode takes for the same: \(name.quotedForMessage)"
    case .dataTooLarge(let declared, let limit):
      "the tensors take \(declared) bytes; at most \(limit) are read"
    case .dataLength(let declared, let available):
      "the tensors take \(declared) bytes, and \(available) follow the header"
    case .dataEndsEarly(let tensor, _, let needed, let available):
      "the file ends early: tensor \(tensor.quotedForMessage) takes \(needed) bytes, and \(available) are there"
    case .bytesAfterEnd: "something follows the last tensor"
    case .notBoolean(let tensor, _, let value):
      "tensor \(tensor.quotedForMessage) is boolean and has the value \(value)"
    }
  }
}
