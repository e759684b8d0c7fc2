import CNNCodecs
import Testing

@Suite struct ProtobufReaderTests {
  /// All fields of a message.
  static func fields(_ bytes: [UInt8], limits: ProtobufLimits = .default) throws -> [ProtobufField] {
    var reader = ProtobufReader(bytes, limits: limits)
    var fields: [ProtobufField] = []
    while let field = try reader.nextField() { fields.append(field) }
    #expect(reader.position == bytes.count)
    return fields
  }

  @Test func readsEveryWireType() throws {
    // The specification's own examples: 150 in field 1, "testing" in field 2.
    let bytes: [UInt8] =
      [0x08, 0x96, 0x01, 0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6E, 0x67]
      + [0x1D, 0, 0, 0x20, 0x40, 0x21, 1, 2, 3, 4, 5, 6, 7, 8]
    let fields = try Self.fields(bytes)
    #expect(fields.map(\.number) == [1, 2, 3, 4])
    #expect(fields.map(\.offset) == [0, 3, 12, 17])
    #expect(fields.map(\.end) == [3, 12, 17, 26])
    #expect(
      fields.map(\.value) == [
        .varint(150), .bytes(5..<12), .fixed32(0x4020_0000), .fixed64(0x0807_0605_0403_0201),
      ])
    #expect(try fields[0].int64("a number") == 150)
    #expect(try fields[1].text("a text") == "testing")
    #expect(try fields[2].float("a float") == 2.5)
    #expect(try fields[2].fixedRange(size: 4, "floats") == 13..<17)
    #expect(try fields[3].fixedRange(size: 8, "doubles") == 18..<26)
  }

  @Test func noBytesAreAMessageWithoutFields() throws {
    #expect(try Self.fields([]).isEmpty)
  }

  @Test func varintsOfEveryLength() throws {
    let minusOne: [UInt8] = [UInt8](repeating: 0xFF, count: 9) + [0x01]
    for (bytes, value) in [
      ([0x00], 0), ([0x7F], 127), ([0x80, 0x01], 128), (minusOne, -1),
      // Longer than it need be.
      ([0x81, 0x80, 0x00], 1),
      ([UInt8](repeating: 0x80, count: 9) + [0x01], .min),
    ] as [([UInt8], Int64)] {
      #expect(try Self.fields([0x08] + bytes).first?.int64("it") == value)
    }
    // An int32 is a varint of 64 bits, of which the lowest count.
    #expect(try Self.fields([0x08] + minusOne).first?.int32("it") == -1)
    #expect(try Self.fields([0x08, 0x81, 0x80, 0x80, 0x80, 0x10]).first?.int32("it") == 1)
  }

  @Test func packedNumbersAndSingleOnesAreTheSame() throws {
    var values: [Int64] = []
    for field in try Self.fields([0x08, 0x05, 0x0A, 0x03, 0x07, 0x96, 0x01, 0x0A, 0x00, 0x08, 0x09]) {
      try field.appendIntegers(to: &values, "numbers")
    }
    #expect(values == [5, 7, 150, 9])
    // With a key that is longer than it need be.
    let long = try Self.fields([0x8D, 0x00, 1, 2, 3, 4])
    #expect(try long.first?.fixedRange(size: 4, "floats") == 2..<6)
    #expect(
      try Self.fields([0x0A, 0x08, 1, 2, 3, 4, 5, 6, 7, 8]).first?.fixedRange(size: 4, "floats") == 2..<10)
  }

  @Test func messagesInMessages() throws {
    // 1 { 2 { 3: 7 } }, and behind it 4: 1.
    let bytes: [UInt8] = [0x0A, 0x04, 0x12, 0x02, 0x18, 0x07, 0x20, 0x01]
    var reader = ProtobufReader(bytes)
    let outer = try #require(try reader.nextField())
    var message = try reader.message(in: outer, "the outer")
    let inner = try #require(try message.nextField())
    var innermost = try message.message(in: inner, "the inner")
    #expect(innermost.depth == 2)
    let number = try #require(try innermost.nextField())
    #expect(try number.int64("it") == 7)
    #expect(number.offset == 4)
    #expect(try innermost.nextField() == nil)
    #expect(try message.nextField() == nil)
    #expect(try reader.nextField()?.number == 4)
  }

  @Test func whatIsWrittenReadsBack() throws {
    var writer = ProtobufWriter()
    writer.integer(1, -2)
    writer.integers(2, [1, 300])
    writer.float(3, 0.5)
    writer.bytes(16, [9, 8])
    writer.text(5, "digit")
    writer.text(6, "")
    writer.message(536_870_911) { $0.integer(1, 5) }
    #expect(
      writer.bytes
        == [0x08, 0xFE] + [UInt8](repeating: 0xFF, count: 8) + [0x01, 0x10, 0x01, 0x10, 0xAC, 0x02]
        + [0x1D, 0, 0, 0, 0x3F, 0x82, 0x01, 0x02, 9, 8, 0x2A, 0x05] + Array("digit".utf8)
        + [0xFA, 0xFF, 0xFF, 0xFF, 0x0F, 0x02, 0x08, 0x05])
    let fields = try Self.fields(writer.bytes)
    #expect(fields.map(\.number) == [1, 2, 2, 3, 16, 5, 536_870_911])
    #expect(try fields[0].int64("it") == -2)
    #expect(try fields[3].float("it") == 0.5)
  }
}
