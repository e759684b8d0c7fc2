/// What is wrong with an npy file, or with an array that is to become one.
public enum NPYError: FormatError, Equatable {
  /// The file ends inside its header.
  case endsEarly(InputEndsEarly)
  /// The file does not begin with the bytes 93 and `NUMPY`.
  case notNPY(offset: Int)
  /// The version is none of 1.0, 2.0 and 3.0.
  case unknownVersion(major: UInt8, minor: UInt8, offset: Int)
  /// The header is longer than headers of arrays are.
  case headerTooLong(size: Int, limit: Int, offset: Int)
  /// The header is not the literal of a Python dictionary that it has to be.
  case malformedHeader(problem: String, offset: Int)
  /// The elements are not plain numbers.
  case unsupportedElementType(code: String, meaning: String, offset: Int)
  /// There are more dimensions than `NumericArray.maximumRank`; `offset` is that of the first beyond.
  case rankTooHigh(offset: Int)
  /// The dimensions multiply to more bytes than can be counted.
  case sizeOverflow(shape: [Int], offset: Int)
  /// The file ends before the elements do; `offset` is where they begin.
  case tooShort(needed: Int, available: Int, offset: Int)
  /// The file goes on behind the last element.
  case trailingBytes(count: Int, offset: Int)
  /// An array to be written has a type that NumPy lacks.
  case unwritableElementType(ElementType)

  /// Where in the file the trouble begins; nil where no single byte is to blame.
  public var offset: Int? {
    switch self {
    case .endsEarly(let error): error.offset
    case .notNPY(let offset), .unknownVersion(_, _, let offset), .headerTooLong(_, _, let offset),
      .malformedHeader(_, let offset), .unsupportedElementType(_, _, let offset),
      .rankTooHigh(let offset), .sizeOverflow(_, let offset), .tooShort(_, _, let offset),
      .trailingBytes(_, let offset):
      offset
    case .unwritableElementType: nil
    }
  }

  /// What is wrong, as a sentence for people.
  public var reason: String {
    switch self {
    case .endsEarly(let error):
      error.reason
    case .notNPY:
      "this is no npy file: it does not begin with the bytes 93 4E 55 4D 50 59"
    case .unknownVersion(let major, let minor, _):
      "the npy version is \(major).\(minor); 1.0, 2.0 and 3.0 are read"
    case .headerTooLong(let size, let limit, _):
      "the npy header has \(size) bytes; at most \(limit) are read"
    case .malformedHeader(let problem, _):
      "the npy header has \(problem)"
    case .unsupportedElementType(let code, let meaning, _):
      "the array's dtype is \(code.quotedForMessage) (\(meaning)); only booleans, integers and floats are read"
    case .rankTooHigh:
      "the array has more than \(NumericArray.maximumRank) dimensions, the most that are read"
    case .sizeOverflow(let shape, _):
      "the array's dimensions \(shape) multiply to more than can be counted"
    case .tooShort(let needed, let available, _):
      "the npy file is cut off: its elements take \(needed) bytes, and \(available) are left"
    case .trailingBytes(let count, _):
      "the npy file goes on for \(count) bytes behind its last element"
    case .unwritableElementType(let type):
      "NumPy has no dtype for \(type.name); choose another type"
    }
  }
}
