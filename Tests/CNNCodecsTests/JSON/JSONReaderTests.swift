import CNNCodecs
import Testing

/// What a text is refused with: the problem and its position.
private struct Refusal: Sendable, CustomTestStringConvertible {
  let text: String
  let position: Int
  let problem: JSONError.Problem

  init(_ text: String, _ position: Int, _ problem: JSONError.Problem) {
    (self.text, self.position, self.problem) = (text, position, problem)
  }

  var testDescription: String { text }
  var error: JSONError { JSONError(position: position, problem: problem) }
}

@Suite struct JSONReaderTests {
  @Test func readsEveryKindOfValue() throws {
    let text = #" { "a" : [ 1 , -2.5e3 , true , false , null ] , "b" : { } , "c" : [ ] , "d" : "x" } "#
    #expect(
      try JSONReader.read(Array(text.utf8))
        == .object([
          .init("a", .array([.number(1), .number(-2500), .bool(true), .bool(false), .null])),
          .init("b", .object([])), .init("c", .array([])), .init("d", .string("x")),
        ]))
  }

  @Test(arguments: [
    (#""""#, ""), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u20AC""#, "Aé€"),
    (#""\uD83D\uDE00!""#, "😀!"), (#""é€😀\u0000""#, "é€😀\u{0}"), ("\"\u{7F}\"", "\u{7F}"),
  ])
  func readsStrings(text: String, expected: String) throws {
    #expect(try JSONReader.read(Array(text.utf8)) == .string(expected))
  }

  @Test(arguments: [
    ("0", 0.0), ("-0", -0.0), ("1e-05", 0.00001), ("0.00001", 0.00001), ("1E+2", 100),
    ("9007199254740992", 0x1p53),
    ("0.1", 0.1), ("123456789012345678901234567890", 1.2345678901234568e29),
    ("5e-324", .leastNonzeroMagnitude),
    ("1e-400", 0), ("1.7976931348623157e308", .greatestFiniteMagnitude), ("-3", -3),
  ])
  func readsNumbers(text: String, expected: Double) throws {
    let value = try JSONReader.read(Array(text.utf8))
    #expect(value.numberValue?.bitPattern == expected.bitPattern)
  }

  fileprivate static let refusals: [Refusal] = [
    Refusal("", 0, .endsEarly(wanted: "a value")),
    Refusal("  ", 2, .endsEarly(wanted: "a value")),
    Refusal("\u{FEFF}1", 0, .unexpectedByte(0xEF, wanted: "a value")),
    Refusal("nul", 3, .endsEarly(wanted: "the rest of null")),
    Refusal("nulL", 0, .unexpectedByte(0x6E, wanted: "a value")),
    Refusal("1 2", 2, .bytesAfterEnd),
    Refusal("[1,]", 3, .unexpectedByte(0x5D, wanted: "a value")),
    Refusal("[1", 2, .endsEarly(wanted: "',' or ']'")),
    Refusal("[1}", 2, .unexpectedByte(0x7D, wanted: "',' or ']'")),
    Refusal("{1:2}", 1, .unexpectedByte(0x31, wanted: "a name in quotation marks")),
    Refusal(#"{"a"}"#, 4, .unexpectedByte(0x7D, wanted: "':'")),
    Refusal(#"{"a":1,}"#, 7, .unexpectedByte(0x7D, wanted: "a name in quotation marks")),
    Refusal(#"{"a":1"#, 6, .endsEarly(wanted: "',' or '}'")),
    Refusal(#"{"a":1,"b":2,"a":3}"#, 13, .duplicateName("a")),
    Refusal(#"{"a":1,"\u0061":3}"#, 7, .duplicateName("a")),
    Refusal("\"a", 2, .endsEarly(wanted: "the end of a string")),
    Refusal("\"a\nb\"", 2, .bareControlCharacter(0x0A)),
    Refusal(#""\x""#, 1, .unknownEscape),
    Refusal(#""\u12G4""#, 1, .unknownEscape),
    Refusal(#""\u12"#, 5, .endsEarly(wanted: "a hexadecimal digit")),
    Refusal(#""\ud800""#, 1, .loneSurrogate(0xD800)),
    Refusal(#""\ud800\u0041""#, 1, .loneSurrogate(0xD800)),
    Refusal(#""\ud800\n""#, 1, .loneSurrogate(0xD800)),
    Refusal(#""\udc00\ud800""#, 1, .loneSurrogate(0xDC00)),
    Refusal("01", 0, .malformedNumber), Refusal("-01", 0, .malformedNumber),
    Refusal("[-]", 1, .malformedNumber), Refusal("[1.]", 1, .malformedNumber),
    Refusal("[.5]", 1, .unexpectedByte(0x2E, wanted: "a value")),
    Refusal("[+1]", 1, .unexpectedByte(0x2B, wanted: "a value")), Refusal("[1e]", 1, .malformedNumber),
    Refusal("-", 1, .endsEarly(wanted: "a digit")),
    Refusal("NaN", 0, .unexpectedByte(0x4E, wanted: "a value")),
    Refusal("-Infinity", 0, .malformedNumber), Refusal("1e400", 0, .numberNotFinite),
    Refusal(String(repeating: "1", count: 1025), 0, .numberTooLong(limit: 1024)),
  ]

  @Test(arguments: refusals)
  private func refuses(_ refusal: Refusal) {
    #expect(throws: refusal.error) { try JSONReader.read(Array(refusal.text.utf8)) }
  }

  @Test(
    arguments: [
      [0x80], [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x28, 0xA1], [0xF0, 0x9F, 0x98], [0xFF],
    ] as [[UInt8]])
  func refusesInvalidUTF8(sequence: [UInt8]) {
    #expect(throws: JSONError(position: 2, problem: .invalidUTF8)) {
      try JSONReader.read([0x22, 0x61] + sequence + [0x22])
    }
  }

  @Test func depthIsCountedFromTheOutermostValue() throws {
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    _ = try JSONReader.read(nested(32))
    #expect(throws: JSONError(position: 32, problem: .tooDeep(limit: 32))) { try JSONReader.read(nested(33)) }
    #expect(throws: JSONError(position: 512, problem: .tooDeep(limit: 512))) {
      try JSONReader.read(nested(1_000_000), maximumDepth: .max)
    }
  }

  @Test func positionsAreThoseOfTheWholeArrayWhenAPartIsRead() {
    #expect(throws: JSONError(position: 6, problem: .endsEarly(wanted: "a value"))) {
      try JSONReader.read(Array("xxx[1,2]".utf8), in: 3..<6)
    }
  }

  @Test func manyNamesAreCheckedQuickly() throws {
    let members = (0..<20_000).map { "\"n\($0)\":0" }
    let text = "{" + members.joined(separator: ",")
    _ = try JSONReader.read(Array((text + "}").utf8))
    #expect(throws: JSONError(position: text.utf8.count + 1, problem: .duplicateName("n17"))) {
      try JSONReader.read(Array((text + ",\"n17\":0}").utf8))
    }
  }

  @Test func equivalentNamesOfDifferentBytesAreTwoNames() throws {
    let value = try JSONReader.read(Array("{\"\u{212A}\":1,\"K\":2}".utf8))
    #expect(value.member("K") == .number(2))
  }
}

@Suite struct CanonicalJSONReaderTests {
  fileprivate static let refusals: [Refusal] = [
    Refusal(" 1", 0, .whiteSpace), Refusal("[1, 2]", 3, .whiteSpace), Refusal("{\"a\":1}\n", 7, .whiteSpace),
    Refusal(#""\/""#, 1, .escapeNotCanonical), Refusal(#""\u0041""#, 1, .escapeNotCanonical),
    Refusal(#""\u000a""#, 1, .escapeNotCanonical), Refusal(#""\u001F""#, 1, .escapeNotCanonical),
    Refusal(#""\ud83d\ude00""#, 1, .escapeNotCanonical), Refusal(#""\u007f""#, 1, .escapeNotCanonical),
    Refusal("-0", 0, .negativeZero), Refusal("[-0.0]", 1, .negativeZero), Refusal("-0e5", 0, .negativeZero),
    Refusal("-1e-400", 0, .negativeZero),
    Refusal("9007199254740993", 0, .integerNotExact), Refusal("-9007199254740993", 0, .integerNotExact),
    Refusal("100000000000000000000", 0, .integerNotExact),
    Refusal(#"{"b":1,"a":2}"#, 7, .nameOutOfOrder("a", after: "b")),
    Refusal(#"{"a":1,"a":2}"#, 7, .duplicateName("a")),
    Refusal("{\"\u{10000}\":1,\"\u{FFFD}\":2}", 10, .nameOutOfOrder("\u{FFFD}", after: "\u{10000}")),
  ]

  @Test(arguments: refusals)
  private func refuses(_ refusal: Refusal) {
    #expect(throws: refusal.error) { try JSONReader.read(Array(refusal.text.utf8), canonical: true) }
  }

  @Test(arguments: [
    #"{"A":1,"a":[true,null,"\"\\\b\t\n\f\r\u0001\u001f/é"],"b":{"x":0.5}}"#, "0.00001", "1e-05", "1.0",
    "1E3",
    "9007199254740992", "-9007199254740992", "9007199254740994.0", "0", "[]", "{}",
  ])
  func accepts(text: String) throws {
    _ = try JSONReader.read(Array(text.utf8), canonical: true)
  }

  @Test func aLeadingNameComesFirstInTheOutermostObjectOnly() throws {
    func read(_ text: String) throws -> JSONValue {
      try JSONReader.read(Array(text.utf8), canonical: true, leadingName: "m")
    }
    _ = try read(#"{"m":1,"a":2,"z":3}"#)
    #expect(throws: JSONError(position: 7, problem: .nameOutOfOrder("m", after: "a"))) {
      try read(#"{"a":2,"m":1}"#)
    }
    #expect(throws: JSONError(position: 13, problem: .nameOutOfOrder("m", after: "a"))) {
      try read(#"{"m":1,"a":2,"m":1}"#)
    }
    #expect(throws: JSONError(position: 12, problem: .nameOutOfOrder("a", after: "m"))) {
      try read(#"{"m":{"m":1,"a":2}}"#)
    }
  }
}
