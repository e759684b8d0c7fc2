/// What is wrong with an IDX file, or with an array that is to become one.
public enum IDXError: FormatError, Equatable {
  /// The file ends inside its header.
  case endsEarly(InputEndsEarly)
  /// The file does not begin with two zeros.
  case notIDX(offset: Int)
  /// The third byte names none of the six element types.
  case unknownElementType(UInt8, offset: Int)
  /// There are more dimensions than `NumericArray.maximumRank`.
  case rankTooHigh(rank: Int, offset: Int)
  /// The dimensions multiply to more bytes than can be counted; `offset` is that of the first dimension.
  case sizeOverflow(shape: [Int], offset: Int)
  /// The file ends before the elements do; `offset` is where they begin.
  case tooShort(needed: Int, available: Int, offset: Int)
  /// The file goes on behind the last element, at `offset`; the count is nil where nobody has counted.
  case trailingBytes(count: Int?, offset: Int)
  /// An array to be written has a type that IDX lacks.
  case unwritableElementType(ElementType)
  /// An array to be written has a shape that IDX cannot say: a dimension beyond 2^32 - 1.
  case unwritableShape([Int])

  /// Where in the file the trouble begins; nil where no single byte is to blame.
  public var offset: Int? {
    switch self {
    case .endsEarly(let error): error.offset
    case .notIDX(let offset), .unknownElementType(_, let offset), .rankTooHigh(_, let offset),
      .sizeOverflow(_, let offset), .tooShort(_, _, let offset), .trailingBytes(_, let offset):
      offset
    case .unwritableElementType, .unwritableShape: nil
    }
  }

  /// What is wrong, as a sentence for people.
  public var reason: String {
    switch self {
    case .endsEarly(let error):
      error.reason
    case .notIDX:
      "this is no IDX file: it does not begin with two zero bytes"
    case .unknownElementType(let code, _):
      "the IDX element type is 0x\(String(code, radix: 16)); the types are 8, 9, b, c, d and e"
    case .rankTooHigh(let rank, _):
      "the IDX file has \(rank) dimensions; at most \(NumericArray.maximumRank) are read"
    case .sizeOverflow(let shape, _):
      "the IDX dimensions \(shape) multiply to more than can be counted"
    case .tooShort(let needed, let available, _):
      "the IDX file is cut off: its elements take \(needed) bytes, and \(available) are left"
    case .trailingBytes(let count, _):
      count.map { "the IDX file goes on for \($0) bytes behind its last element" }
        ?? "the IDX file goes on behind its last element"
    case .unwritableElementType(let type):
      "IDX has no element type for \(type.name); it has uint8, int8, int16, int32, float32 and float64"
    case .unwritableShape(let shape):
      "IDX cannot hold the shape \(shape): it has at most 255 dimensions of at most 4294967295"
    }
  }
}
