import CNNCodecs
import Testing

@Suite struct ByteReaderTests {
  @Test func readsIntegersOfBothOrders() throws {
    var reader = ByteReader([0x12, 0x01, 0x02, 0x03, 0x04, 0xFE, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 1])
    #expect(try reader.readUInt8("a byte") == 0x12)
    #expect(try reader.readBigEndian(UInt16.self, "a number") == 0x0102)
    #expect(try reader.readLittleEndian(UInt16.self, "a number") == 0x0403)
    #expect(try reader.readLittleEndian(Int16.self, "a number") == -2)
    #expect(reader.position == 7 && reader.remaining == 8 && !reader.isAtEnd)
    #expect(try reader.readBigEndian(Int64.self, "a number") == .min + 1)
    #expect(reader.isAtEnd && reader.nextByte == nil)
  }

  @Test func staysWhereItWasWhenTheInputEnds() throws {
    var reader = ByteReader([1, 2, 3])
    _ = try reader.readUInt8("a byte")
    #expect(throws: InputEndsEarly(position: 1, needed: 4, available: 2, what: "a number")) {
      try reader.readLittleEndian(UInt32.self, "a number")
    }
    #expect(throws: InputEndsEarly(position: 1, needed: 3, available: 2, what: "data")) {
      try reader.readRange(count: 3, "data")
    }
    #expect(throws: InputEndsEarly(position: 1, needed: -1, available: 2, what: "data")) {
      try reader.readRange(count: -1, "data")
    }
    #expect(throws: InputEndsEarly.self) { try reader.readRange(count: .max, "data") }
    #expect(throws: InputEndsEarly.self) { try reader.readRange(count: .min, "data") }
    #expect(throws: InputEndsEarly(position: 1, needed: 3, available: 2, what: "text")) {
      try reader.readRange(through: 9, "text")
    }
    #expect(reader.position == 1 && reader.nextByte == 2)
    #expect(try reader.readRange(count: 2, "data") == 1..<3)
    #expect(throws: InputEndsEarly(position: 3, needed: 1, available: 0, what: "a byte")) {
      try reader.readUInt8("a byte")
    }
    #expect(try reader.readRange(count: 0, "nothing") == 3..<3)
  }

  @Test func findsTheEndOfText() throws {
    var reader = ByteReader([0x61, 0x62, 0, 0, 0x63])
    #expect(try reader.readRange(through: 0, "text") == 0..<2)
    #expect(try reader.readRange(through: 0, "text") == 3..<3)
    #expect(reader.position == 4)
  }

  @Test func keepsToItsPart() throws {
    var reader = ByteReader([1, 2, 3, 0, 5], in: 1..<3)
    #expect(reader.position == 1 && reader.remaining == 2)
    #expect(throws: InputEndsEarly.self) { try reader.readRange(through: 0, "text") }
    #expect(try reader.readUInt8("a byte") == 2)
    #expect(throws: InputEndsEarly.self) { try reader.readBigEndian(UInt16.self, "a number") }
    let beyond = ByteReader([1, 2], in: -5..<9)
    #expect(beyond.position == 0 && beyond.end == 2)
    #expect(ByteReader([1, 2], in: 7..<9).remaining == 0)
  }

  @Test func describesWhatIsMissing() {
    let error = InputEndsEarly(position: 7, needed: 4, available: 1, what: "the header")
    #expect("\(error)" == "byte 7: the input ends early: the header takes 4 bytes, and 1 are left")
  }
}
