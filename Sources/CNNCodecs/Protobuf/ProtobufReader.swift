/// Walks over the fields of one message of Google's protocol buffers
/// (https://protobuf.dev/programming-guides/encoding/).
///
/// The wire format says where each field begins and ends, but neither its name nor whether its bytes are a text, a
/// message or numbers: the caller knows that by the field's number, and passes over the fields it does not know.
/// Nothing is copied; positions are those of the whole input. `formats/protobuf.md` says what is read and refused.
///
///     var reader = ProtobufReader(bytes)
///     while let field = try reader.nextField() {
///       switch field.number {
///       case 1: version = try field.int64("the version")
///       case 7: graph = try Graph(parsing: reader.message(in: field, "the graph"))
///       default: break
///       }
///     }
public struct ProtobufReader {
  private var reader: ByteReader
  /// How many messages this one lies in.
  public let depth: Int
  private let limits: ProtobufLimits
  private let budget: FieldBudget

  /// The fields that may still be read, shared by the readers of one input.
  private final class FieldBudget {
    var remaining: Int
    init(_ count: Int) { remaining = count }
  }

  /// A reader of the message that all of `bytes` are. No bytes are a message without fields.
  public init(_ bytes: [UInt8], limits: ProtobufLimits = .default) {
    reader = ByteReader(bytes)
    depth = 0
    self.limits = limits
    budget = FieldBudget(limits.maximumFieldCount)
  }

  private init(_ parent: ProtobufReader, in range: Range<Int>) {
    reader = ByteReader(parent.reader.bytes, in: range)
    depth = parent.depth + 1
    limits = parent.limits
    budget = parent.budget
  }

  /// The whole input.
  public var bytes: [UInt8] { reader.bytes }
  /// Where the next field begins, or where the message ends.
  public var position: Int { reader.position }

  /// The next field of this message, or nil behind the last one. A field that isn't asked for its value is skipped.
  ///
  /// - Throws: `ProtobufError`, of the cases that are about the wire format.
  public mutating func nextField() throws(ProtobufError) -> ProtobufField? {
    guard !reader.isAtEnd else { return nil }
    let offset = reader.position
    guard budget.remaining > 0 else {
      throw .tooManyFields(limit: limits.maximumFieldCount, offset: offset)
    }
    budget.remaining -= 1
    let key = try reader.readVarint("a field's key")
    let number = key >> 3
    guard (1...UInt64(ProtobufField.maximumNumber)).contains(number) else {
      throw .badFieldNumber(number, offset: offset)
    }
    let value = try readValue(wireType: UInt8(key & 7), number: Int(number), offset: offset)
    return ProtobufField(
      number: Int(number), offset: offset, value: value, end: reader.position, bytes: reader.bytes)
  }

  /// A reader of the message that a field of this one holds; `what` is for messages: `the graph`.
  ///
  /// - Throws: `ProtobufError.wrongWireType` for a field that holds no bytes, and `tooDeep`.
  public func message(in field: ProtobufField, _ what: @autoclosure () -> String) throws(ProtobufError)
    -> ProtobufReader
  {
    let range = try field.range(what())
    guard depth < limits.maximumDepth else {
      throw .tooDeep(limit: limits.maximumDepth, offset: field.offset)
    }
    return ProtobufReader(self, in: range)
  }

  private mutating func readValue(wireType: UInt8, number: Int, offset: Int) throws(ProtobufError)
    -> ProtobufField.Value
  {
    switch wireType {
    case 0: return .varint(try reader.readVarint("the number in field \(number)"))
    case 1: return .fixed64(try readFixed(UInt64.self, number))
    case 2:
      let start = reader.position
      let length = try reader.readVarint("the length of field \(number)")
      guard length <= UInt64(reader.remaining) else {
        throw .tooLong(field: number, length: length, available: reader.remaining, offset: start)
      }
      do { return .bytes(try reader.readRange(count: Int(length), "field \(number)")) } catch {
        throw .endsEarly(error)
      }
    case 5: return .fixed32(try readFixed(UInt32.self, number))
    case 3, 4: throw .group(field: number, offset: offset)
    default: throw .badWireType(wireType, field: number, offset: offset)
    }
  }

  private mutating func readFixed<Value: FixedWidthInteger>(_ type: Value.Type, _ number: Int)
    throws(ProtobufError) -> Value
  {
    do { return try reader.readLittleEndian(type, "the number in field \(number)") } catch {
      throw .endsEarly(error)
    }
  }
}

extension ByteReader {
  /// Takes a number of one to ten bytes: seven bits in each, the lowest first, the top bit set in all but the last.
  mutating func readVarint(_ what: @autoclosure () -> String) throws(ProtobufError) -> UInt64 {
    let start = position
    var value: UInt64 = 0
    for index in 0..<10 {
      let byte: UInt8
      do { byte = try readUInt8(what()) } catch { throw .endsEarly(error) }
      // The tenth byte has room for one bit.
      if index == 9, byte > 1 { break }
      value |= UInt64(byte & 0x7F) << (7 * index)
      if byte < 0x80 { return value }
    }
    throw .badVarint(offset: start)
  }
}
