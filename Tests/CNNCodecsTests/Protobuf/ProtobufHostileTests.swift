import CNNCodecs
import Testing

/// Messages that are wrong in one way each.
@Suite struct ProtobufHostileTests {
  private static func early(_ position: Int, _ needed: Int, _ available: Int, _ what: String) -> ProtobufError
  {
    .endsEarly(InputEndsEarly(position: position, needed: needed, available: available, what: what))
  }

  private static let cases: [(name: String, bytes: [UInt8], error: ProtobufError)] = [
    ("a key that is cut off", [0x08, 0x01, 0x80], early(3, 1, 0, "a field's key")),
    ("no number behind its key", [0x08], early(1, 1, 0, "the number in field 1")),
    ("a number that is cut off", [0x08, 0x80, 0x80], early(3, 1, 0, "the number in field 1")),
    ("four bytes of which three are there", [0x0D, 1, 2, 3], early(1, 4, 3, "the number in field 1")),
    (
      "eight bytes of which seven are there", [0x09, 1, 2, 3, 4, 5, 6, 7],
      early(1, 8, 7, "the number in field 1")
    ),
    ("no length", [0x0A], early(1, 1, 0, "the length of field 1")),
    ("a byte too few", [0x0A, 0x02, 0x01], .tooLong(field: 1, length: 2, available: 1, offset: 1)),
    (
      "2^63 - 1 bytes", [0x0A] + [UInt8](repeating: 0xFF, count: 8) + [0x7F, 1],
      .tooLong(field: 1, length: UInt64(Int64.max), available: 1, offset: 1)
    ),
    (
      "2^64 - 1 bytes", [0x0A] + [UInt8](repeating: 0xFF, count: 9) + [0x01],
      .tooLong(field: 1, length: .max, available: 0, offset: 1)
    ),
    ("a varint of 65 bits", [0x08] + [UInt8](repeating: 0xFF, count: 9) + [0x02], .badVarint(offset: 1)),
    (
      "a varint of eleven bytes", [0x08] + [UInt8](repeating: 0x80, count: 10) + [0x00], .badVarint(offset: 1)
    ),
    ("a key of eleven bytes", [UInt8](repeating: 0x80, count: 11), .badVarint(offset: 0)),
    ("field 0", [0x10, 0x01, 0x00, 0x01], .badFieldNumber(0, offset: 2)),
    (
      "field 2^29", [0x80, 0x80, 0x80, 0x80, 0x10, 0x01], .badFieldNumber(1 << 29, offset: 0)
    ),
    ("the beginning of a group", [0x10, 0x01, 0x0B], .group(field: 1, offset: 2)),
    ("the end of a group", [0x0C], .group(field: 1, offset: 0)),
    ("wire type 6", [0x0E], .badWireType(6, field: 1, offset: 0)),
    ("wire type 7", [0x0F], .badWireType(7, field: 1, offset: 0)),
  ]

  @Test(arguments: cases.indices) func everyFaultIsAnErrorOfItsOwn(_ index: Int) {
    let (name, bytes, error) = Self.cases[index]
    #expect(throws: error, "\(name)") { try ProtobufReaderTests.fields(bytes) }
    #expect(!error.reason.isEmpty && error.reason.first?.isUppercase == false)
  }

  @Test func aMessageMayNotReachBeyondTheOneAroundIt() throws {
    // 1 { 2: five bytes }, of which three are the outer message's.
    var reader = ProtobufReader([0x0A, 0x05, 0x12, 0x05, 1, 2, 3, 4, 5])
    let field = try #require(try reader.nextField())
    var message = try reader.message(in: field, "the message")
    #expect(throws: ProtobufError.tooLong(field: 2, length: 5, available: 3, offset: 3)) {
      try message.nextField()
    }
  }

  @Test func otherTypesThanExpectedAreRefused() throws {
    let fields = try ProtobufReaderTests.fields([0x08, 0x01, 0x12, 0x03, 0x01, 0x02, 0x80, 0x1D, 1, 2, 3, 4])
    let (number, bytes, four) = (fields[0], fields[1], fields[2])
    func wrong(_ expected: String, _ found: String, _ offset: Int) -> ProtobufError {
      .wrongWireType(what: "it", expected: expected, found: found, offset: offset)
    }
    #expect(throws: wrong("bytes of a told length", "a varint", 0)) { try number.text("it") }
    #expect(throws: wrong("four bytes", "a varint", 0)) { try number.float("it") }
    #expect(throws: wrong("a varint", "bytes of a told length", 2)) { try bytes.int64("it") }
    #expect(throws: wrong("numbers of 8 bytes", "four bytes", 7)) { try four.fixedRange(size: 8, "it") }
    var values: [Int64] = []
    #expect(throws: wrong("varints", "four bytes", 7)) { try four.appendIntegers(to: &values, "it") }
    #expect(throws: ProtobufError.unevenLength(what: "it", length: 3, size: 4, offset: 4)) {
      try bytes.fixedRange(size: 4, "it")
    }
    #expect(throws: Self.early(7, 1, 0, "it")) { try bytes.appendIntegers(to: &values, "it") }
    #expect(throws: ProtobufError.invalidText(what: "it", offset: 4)) { try bytes.text("it") }
    #expect(throws: ProtobufError.textTooLong(what: "it", length: 3, limit: 2, offset: 4)) {
      try bytes.text("it", maximumByteCount: 2)
    }
    let reader = ProtobufReader([])
    #expect(throws: wrong("bytes of a told length", "a varint", 0)) { try reader.message(in: number, "it") }
  }

  @Test func depthIsBounded() throws {
    let bytes: [UInt8] = [0x0A, 0x04, 0x0A, 0x02, 0x0A, 0x00]
    var reader = ProtobufReader(bytes, limits: ProtobufLimits(maximumDepth: 2))
    for _ in 0..<2 {
      let field = try #require(try reader.nextField())
      reader = try reader.message(in: field, "a message")
    }
    let field = try #require(try reader.nextField())
    #expect(throws: ProtobufError.tooDeep(limit: 2, offset: 4)) { try reader.message(in: field, "a message") }
  }

  @Test func fieldsOfAllMessagesAreCounted() throws {
    // 1 { 1: 0, 1: 0 }, 1: 0
    let bytes: [UInt8] = [0x0A, 0x04, 0x08, 0x00, 0x08, 0x00, 0x08, 0x00]
    var reader = ProtobufReader(bytes, limits: ProtobufLimits(maximumFieldCount: 3))
    let field = try #require(try reader.nextField())
    var message = try reader.message(in: field, "a message")
    while try message.nextField() != nil {}
    #expect(throws: ProtobufError.tooManyFields(limit: 3, offset: 6)) { try reader.nextField() }
  }
}
