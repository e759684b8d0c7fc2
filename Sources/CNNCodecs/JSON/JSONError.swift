/// What makes bytes no JSON, or no canonical JSON.
public struct JSONError: FormatError, Equatable {
  /// What is wrong.
  public enum Problem: Sendable, Equatable {
    /// The text ends where something is still wanted.
    case endsEarly(wanted: String)
    /// A byte that cannot stand here.
    case unexpectedByte(UInt8, wanted: String)
    /// More bytes behind the value.
    case bytesAfterEnd
    /// Bytes that are not UTF-8.
    case invalidUTF8
    /// A control character in a string that is not escaped.
    case bareControlCharacter(UInt8)
    /// A backslash before something that JSON does not know.
    case unknownEscape
    /// `\ud800` to `\udfff` without its other half.
    case loneSurrogate(UInt16)
    /// A number that JSON does not know, such as `01`, `+1`, `.5` or `1.`.
    case malformedNumber
    /// A number beyond the range of a double.
    case numberNotFinite
    /// A number of more than `limit` characters.
    case numberTooLong(limit: Int)
    /// A number that is not written as an integer within 2^53, where only those may be.
    case notAnInteger
    /// Objects and arrays nested more than `limit` deep.
    case tooDeep(limit: Int)
    /// Two members of one object have the same name.
    case duplicateName(String)
    /// Canonical only: white space outside strings.
    case whiteSpace
    /// Canonical only: a character written in another way than the one allowed.
    case escapeNotCanonical
    /// Canonical only: negative zero.
    case negativeZero
    /// Canonical only: an integer beyond 2^53 in magnitude.
    case integerNotExact
    /// Canonical only: a member stands behind one whose name is greater.
    case nameOutOfOrder(String, after: String)
  }

  /// The byte where the trouble begins.
  public let position: Int
  /// What is wrong.
  public let problem: Problem

  /// Creates an error.
  public init(position: Int, problem: Problem) {
    self.position = position
    self.problem = problem
  }

  /// The byte where the trouble begins, if it is known.
  public var offset: Int? { position }

  /// What is wrong, as a sentence fragment.
  public var reason: String {
    switch problem {
    case .endsEarly(let wanted): "the JSON ends early; \(wanted) should follow"
    case .unexpectedByte(let byte, let wanted):
      "the JSON has \(Self.name(of: byte)) where \(wanted) should be"
    case .bytesAfterEnd: "something follows the end of the JSON"
    case .invalidUTF8: "the JSON is not valid UTF-8"
    case .bareControlCharacter(let byte):
      "a string of the JSON has \(Self.name(of: byte)), which must be escaped"
    case .unknownEscape: "a string of the JSON has an escape that does not exist"
    case .loneSurrogate(let unit):
      "a string of the JSON has half a surrogate pair, \\u\(String(unit, radix: 16))"
    case .malformedNumber: "the JSON has a malformed number"
    case .numberNotFinite: "the JSON has a number beyond the range of float64"
    case .numberTooLong(let limit): "the JSON has a number of more than \(limit) characters"
    case .notAnInteger: "the JSON has a number that is not written as an integer within 2^53"
    case .tooDeep(let limit): "the JSON is nested more than \(limit) deep"
    case .duplicateName(let name): "the JSON has two members called \(name.quotedForMessage) in one object"
    case .whiteSpace: "the JSON is not canonical: it has white space between its parts"
    case .escapeNotCanonical: "the JSON is not canonical: a character is escaped in another way than its own"
    case .negativeZero: "the JSON is not canonical: it has a negative zero"
    case .integerNotExact: "the JSON is not canonical: it has an integer beyond 2^53"
    case .nameOutOfOrder(let name, let previous):
      "the JSON is not canonical: \(name.quotedForMessage) stands behind \(previous.quotedForMessage)"
    }
  }

  private static func name(of byte: UInt8) -> String {
    switch byte {
    case 0x21...0x7E: return "'\(Character(Unicode.Scalar(byte)))'"
    default:
      let digits = String(byte, radix: 16)
      return "the byte 0x" + (byte < 16 ? "0" : "") + digits
    }
  }
}
