/// A field of a protocol buffers message: its number and what the wire format shows of its value.
///
/// The methods read the value as one of the types that a message description may name, and refuse it when the wire
/// format shows another.
public struct ProtobufField {
  /// The value as far as the wire format tells.
  public enum Value: Sendable, Equatable {
    /// A number of one to ten bytes: bool, enumerations and integers.
    case varint(UInt64)
    /// Four bytes, little-endian: float, fixed32.
    case fixed32(UInt32)
    /// Eight bytes, little-endian: double, fixed64.
    case fixed64(UInt64)
    /// Bytes whose length is told: texts, messages, packed numbers. Where in the input they lie.
    case bytes(Range<Int>)

    /// What it is called in messages.
    var name: String {
      switch self {
      case .varint: "a varint"
      case .fixed32: "four bytes"
      case .fixed64: "eight bytes"
      case .bytes: "bytes of a told length"
      }
    }
  }

  /// The greatest number that a field may have.
  public static let maximumNumber = 1 << 29 - 1

  /// The number, from 1 on.
  public let number: Int
  /// Where in the input the field begins, with its key.
  public let offset: Int
  /// The value as far as the wire format tells.
  public let value: Value
  /// Where in the input the field ends.
  public let end: Int
  private let bytes: [UInt8]

  init(number: Int, offset: Int, value: Value, end: Int, bytes: [UInt8]) {
    self.number = number
    self.offset = offset
    self.value = value
    self.end = end
    self.bytes = bytes
  }

  /// Where the bytes of a text, a message or packed numbers lie.
  ///
  /// - Throws: `ProtobufError.wrongWireType`; `what` says in the message what the field is.
  public func range(_ what: @autoclosure () -> String) throws(ProtobufError) -> Range<Int> {
    guard case .bytes(let range) = value else { throw mismatch(what(), "bytes of a told length") }
    return range
  }

  /// The field as an int64. Smaller types and enumerations are stored the same way.
  ///
  /// - Throws: `ProtobufError.wrongWireType`.
  public func int64(_ what: @autoclosure () -> String) throws(ProtobufError) -> Int64 {
    guard case .varint(let bits) = value else { throw mismatch(what(), "a varint") }
    return Int64(bitPattern: bits)
  }

  /// The field as an int32 or an enumeration's number; bits beyond the thirty-second are dropped, as everywhere.
  ///
  /// - Throws: `ProtobufError.wrongWireType`.
  public func int32(_ what: @autoclosure () -> String) throws(ProtobufError) -> Int32 {
    Int32(truncatingIfNeeded: try int64(what()))
  }

  /// The field as a float.
  ///
  /// - Throws: `ProtobufError.wrongWireType`.
  public func float(_ what: @autoclosure () -> String) throws(ProtobufError) -> Float {
    guard case .fixed32(let bits) = value else { throw mismatch(what(), "four bytes") }
    return Float(bitPattern: bits)
  }

  /// The field as a text of at most `maximumByteCount` bytes.
  ///
  /// - Throws: `ProtobufError.wrongWireType`, `textTooLong`, `invalidText`.
  public func text(_ what: @autoclosure () -> String, maximumByteCount: Int = .max) throws(ProtobufError)
    -> String
  {
    let range = try range(what())
    guard range.count <= maximumByteCount else {
      throw .textTooLong(
        what: what(), length: range.count, limit: maximumByteCount, offset: range.lowerBound)
    }
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      throw .invalidText(what: what(), offset: range.lowerBound)
    }
    return text
  }

  /// Appends the field's int64s: one of them, or any number packed into bytes.
  ///
  /// - Throws: `ProtobufError`, also for a packed varint that is cut off or malformed.
  public func appendIntegers(to values: inout [Int64], _ what: @autoclosure () -> String)
    throws(ProtobufError)
  {
    switch value {
    case .varint(let bits): values.append(Int64(bitPattern: bits))
    case .bytes(let range):
      var reader = ByteReader(bytes, in: range)
      while !reader.isAtEnd { values.append(Int64(bitPattern: try reader.readVarint(what()))) }
    case .fixed32, .fixed64: throw mismatch(what(), "varints")
    }
  }

  /// The place of the field's numbers of `size` bytes each: one of them, or any number packed into bytes.
  ///
  /// - Parameter size: 4 for float and fixed32, 8 for double and fixed64.
  /// - Throws: `ProtobufError.wrongWireType`, and `unevenLength` for packed bytes that are no multiple of `size`.
  public func fixedRange(size: Int, _ what: @autoclosure () -> String) throws(ProtobufError) -> Range<Int> {
    switch value {
    case .fixed32 where size == 4, .fixed64 where size == 8: return end - size..<end
    case .bytes(let range):
      guard range.count.isMultiple(of: size) else {
        throw .unevenLength(what: what(), length: range.count, size: size, offset: range.lowerBound)
      }
      return range
    case .varint, .fixed32, .fixed64: throw mismatch(what(), "numbers of \(size) bytes")
    }
  }

  private func mismatch(_ what: String, _ expected: String) -> ProtobufError {
    .wrongWireType(what: what, expected: expected, found: value.name, offset: offset)
  }
}
