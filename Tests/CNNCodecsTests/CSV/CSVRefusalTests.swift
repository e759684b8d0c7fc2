import CNNCodecs
import Testing

@Suite struct CSVRefusalTests {
  private static func place(_ line: Int, _ column: Int, _ offset: Int) -> CSVPlace {
    CSVPlace(line: line, column: column, offset: offset)
  }

  private static let long = String(repeating: "1", count: 1025)

  private static let refusals: [(text: String, error: CSVError, description: String)] = [
    ("", .init(.empty, at: place(1, 1, 0)), "byte 0: the CSV file has no line with anything in it"),
    ("\n\r\n", .init(.empty, at: place(3, 1, 3)), "byte 3: the CSV file has no line with anything in it"),
    ("\u{FEFF}", .init(.empty, at: place(1, 1, 3)), "byte 3: the CSV file has no line with anything in it"),
    (
      "label,p,q\n", .init(.noRows, at: place(2, 1, 10)),
      "byte 10: the CSV file has a line of names, and no row behind it"
    ),
    (
      "7,0,0\n2,,0\n", .init(.emptyField, at: place(2, 2, 8)),
      "byte 8: line 2, field 2 is empty; a number is needed"
    ),
    (
      "7,0,0\n2,0,\n", .init(.emptyField, at: place(2, 3, 10)),
      "byte 10: line 2, field 3 is empty; a number is needed"
    ),
    (
      "7,0,0\n2,\"\",0\n", .init(.emptyField, at: place(2, 2, 8)),
      "byte 8: line 2, field 2 is empty; a number is needed"
    ),
    (
      "7,0,0\r\n2,0,nan\r\n", .init(.notANumber("nan"), at: place(2, 3, 11)),
      "byte 11: line 2, field 3 is \"nan\"; a number is needed"
    ),
    (
      "7,0,0\n2,0,0x1F\n", .init(.notANumber("0x1F"), at: place(2, 3, 10)),
      "byte 10: line 2, field 3 is \"0x1F\"; a number is needed"
    ),
    (
      "7,0,0\n2,0,1 2\n", .init(.notANumber("1 2"), at: place(2, 3, 10)),
      "byte 10: line 2, field 3 is \"1 2\"; a number is needed"
    ),
    (
      "7,0,0\n2,0,-\n", .init(.notANumber("-"), at: place(2, 3, 10)),
      "byte 10: line 2, field 3 is \"-\"; a number is needed"
    ),
    (
      "7,0,0\n2,0,1e\n", .init(.notANumber("1e"), at: place(2, 3, 10)),
      "byte 10: line 2, field 3 is \"1e\"; a number is needed"
    ),
    (
      "7;0,5;1\n", .init(.notANumber("0,5"), at: place(1, 2, 2)),
      "byte 2: line 1, field 2 is \"0,5\"; a number is needed"
    ),
    (
      "7,0,0\n2,0,1e39\n", .init(.outOfRange("1e39"), at: place(2, 3, 10)),
      "byte 10: line 2, field 3 is \"1e39\", which no float32 can hold"
    ),
    (
      "7,0,0\n2,0,1e999999999999\n", .init(.outOfRange("1e999999999999"), at: place(2, 3, 10)),
      "byte 10: line 2, field 3 is \"1e999999999999\", which no float32 can hold"
    ),
    (
      "7,0,0\n2.5,0,1\n", .init(.notACount("2.5"), at: place(2, 1, 6)),
      "byte 6: line 2, field 1 is \"2.5\"; a whole number from 0 on is needed"
    ),
    (
      "7,0,0\n-1,0,1\n", .init(.notACount("-1"), at: place(2, 1, 6)),
      "byte 6: line 2, field 1 is \"-1\"; a whole number from 0 on is needed"
    ),
    (
      "7,0,0\n9007199254740994,0,1\n", .init(.notACount("9007199254740994"), at: place(2, 1, 6)),
      "byte 6: line 2, field 1 is \"9007199254740994\"; a whole number from 0 on is needed"
    ),
    (
      "7,0,0\n2,0\n", .init(.columnCount(expected: 3, found: 2), at: place(2, 2, 8)),
      "byte 8: line 2 has 2 fields, and the first row has 3"
    ),
    (
      "7,0,0\n2,0", .init(.columnCount(expected: 3, found: 2), at: place(2, 2, 8)),
      "byte 8: line 2 has 2 fields, and the first row has 3"
    ),
    (
      "7,0,0\n2,0,0,0\n", .init(.columnCount(expected: 3, found: 4), at: place(2, 4, 12)),
      "byte 12: line 2 has 4 fields, and the first row has 3"
    ),
    (
      "label,p,q\n2,0\n", .init(.columnCount(expected: 3, found: 2), at: place(2, 2, 12)),
      "byte 12: line 2 has 2 fields, and the first row has 3"
    ),
    (
      "label,p,q\n2,0,0,0\n", .init(.columnCount(expected: 3, found: 4), at: place(2, 4, 16)),
      "byte 16: line 2 has 4 fields, and the first row has 3"
    ),
    (
      "7,0,0\n\n\n2,0,0\n", .init(.blankLine, at: place(2, 1, 6)),
      "byte 6: line 2 is blank, and there are rows behind it"
    ),
    (
      "7,0,0\n2,\"1,0\n", .init(.unclosedQuote, at: place(2, 2, 8)),
      "byte 8: line 2, field 2 begins with a quotation mark, and there is none to close it"
    ),
    (
      "7,0,0\n2,1\"2,0\n", .init(.strayQuote, at: place(2, 2, 8)),
      "byte 8: line 2, field 2 has a quotation mark, and does not begin with one"
    ),
    (
      "7,0,0\n2,\"1\"2,0\n", .init(.bytesAfterQuote, at: place(2, 2, 8)),
      "byte 8: line 2, field 2 goes on behind the quotation mark that closes it"
    ),
    (
      "7,0,0\n2,1\u{0},0\n", .init(.controlCharacter(0), at: place(2, 2, 8)),
      "byte 8: line 2, field 2 has the control character 0x0"
    ),
    (
      "7,0,0\n2,\(long),0\n", .init(.fieldTooLong(limit: 1024), at: place(2, 2, 8)),
      "byte 8: line 2, field 2 has more than 1024 bytes"
    ),
    (
      "l,\"a\nb\",q\n7,x,0\n", .init(.notANumber("x"), at: place(3, 2, 12)),
      "byte 12: line 3, field 2 is \"x\"; a number is needed"
    ),
  ]

  @Test(arguments: refusals.indices) func isRefusedWithItsPlace(_ index: Int) throws {
    let refusal = Self.refusals[index]
    let error = try #require(throws: CSVError.self) { try CSVTable(refusal.text) }
    #expect(error == refusal.error)
    #expect(error.description == refusal.description)
  }

  @Test func tooManyColumns() {
    let bytes = [UInt8](repeating: UInt8(ascii: ","), count: 1 << 17)
    #expect(throws: CSVError(.tooManyColumns(limit: 1 << 17), at: Self.place(1, 1 << 17 + 1, 1 << 17))) {
      try CSVTable(bytes)
    }
  }

  @Test func moreBytesThanTheLimit() throws {
    #expect(try CSVTable("1,2\n3,4\n", limit: 8).rowCount == 2)
    #expect(throws: CSVError(.tooLong(limit: 7), at: Self.place(1, 1, 7))) {
      try CSVTable("1,2\n3,4\n", limit: 7)
    }
  }

  @Test func anUnquotedFieldOfAWholeFileIsRefusedSoon() {
    let bytes = Array("7,0\n1,".utf8) + [UInt8](repeating: UInt8(ascii: "1"), count: 1 << 22)
    #expect(throws: CSVError(.fieldTooLong(limit: 1024), at: Self.place(2, 2, 6))) { try CSVTable(bytes) }
  }
}
