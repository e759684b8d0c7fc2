import CNNCodecs
import Testing

@Suite struct JSONWriterTests {
  private func canonical(_ value: JSONValue) throws -> String {
    String(decoding: try JSONWriter.canonicalBytes(of: value), as: UTF8.self)
  }

  /// The spellings are those of Python's `json.dumps`, but for integral values, which Python writes as `1.0`.
  @Test func numbersThatMayBeMissing() throws {
    for number in [nil, Double.nan, .infinity, -.infinity] { #expect(JSONValue.finite(number) == .null) }
    #expect(JSONValue.finite(0.5) == .number(0.5))
    #expect(
      try JSONNode(.null).numberOrInfinity() == .infinity && JSONNode(.number(2)).numberOrInfinity() == 2)
  }

  @Test(arguments: [
    (0.0, "0"), (-0.0, "0"), (1, "1"), (-7, "-7"), (0x1p53, "9007199254740992"),
    (-0x1p53, "-9007199254740992"), (9007199254740994, "9007199254740994.0"),
    (9999999999999998, "9999999999999998.0"),
    (1e16, "1e+16"), (12345678901234568, "1.2345678901234568e+16"), (1.5e300, "1.5e+300"), (0.1, "0.1"),
    (0.0001, "0.0001"), (0.00012, "0.00012"), (0.00001, "1e-05"), (1.5e-7, "1.5e-07"),
    (.leastNonzeroMagnitude, "5e-324"),
    (1e-100, "1e-100"), (123.456, "123.456"), (-2.5, "-2.5"), (1.0 / 3, "0.3333333333333333"),
    (.greatestFiniteMagnitude, "1.7976931348623157e+308"), (1e15 + 0.5, "1000000000000000.5"),
  ])
  func numbersHaveOneSpelling(number: Double, expected: String) throws {
    #expect(try canonical(.number(number)) == expected)
  }

  @Test func numbersReadBackAsTheSameDouble() throws {
    var generator = SplitMix(state: 20_240_601)
    for _ in 0..<2_000 {
      let number = Double(bitPattern: generator.next())
      guard number.isFinite else { continue }
      let value = try JSONReader.read(JSONWriter.canonicalBytes(of: .number(number)), canonical: true)
      #expect(value.numberValue == number)
    }
  }

  @Test func stringsAreEscapedAsLittleAsPossible() throws {
    let text = "\"\\/\u{8}\u{9}\u{A}\u{B}\u{C}\u{D}\u{0}\u{1F}\u{7F}é\u{2028}😀"
    #expect(
      try canonical(.string(text)) == #""\"\\/\b\t\n\u000b\f\r\u0000\u001f"# + "\u{7F}é\u{2028}😀\"")
    #expect(
      try JSONReader.read(JSONWriter.canonicalBytes(of: .string(text)), canonical: true) == .string(text))
  }

  @Test func membersAreSortedByTheirBytesAtEveryLevel() throws {
    let value = JSONValue.object([
      .init("\u{10000}", .null),
      .init("\u{FFFD}", .array([.object([.init("b", .null), .init("a", .bool(false))])])),
      .init("a", .number(1)), .init("B", .string("")),
    ])
    #expect(
      try canonical(value)
        == "{\"B\":\"\",\"a\":1,\"\u{FFFD}\":[{\"a\":false,\"b\":null}],\"\u{10000}\":null}")
  }

  @Test func whatNoReaderTakesIsNotWritten() {
    #expect(throws: JSONWriter.WriteError.numberNotFinite) { try canonical(.array([.number(.nan)])) }
    #expect(throws: JSONWriter.WriteError.numberNotFinite) { try canonical(.number(-.infinity)) }
    #expect(throws: JSONWriter.WriteError.duplicateName("a")) {
      try canonical(.object([.init("a", .null), .init("b", .null), .init("a", .null)]))
    }
    let deep = (0..<33).reduce(JSONValue.null) { value, _ in .array([value]) }
    #expect(throws: JSONWriter.WriteError.tooDeep(limit: 32)) { try canonical(deep) }
  }

  @Test func textKeepsTheOrderAndMayBeIndented() {
    let value = JSONValue.object([
      .init("b", .array([.number(1), .object([])])), .init("a", .number(.infinity)), .init("c", .array([])),
    ])
    #expect(JSONWriter.text(of: value) == #"{"b":[1,{}],"a":null,"c":[]}"#)
    #expect(
      JSONWriter.text(of: value, indentation: 2) == """
        {
          "b": [
            1,
            {}
          ],
          "a": null,
          "c": []
        }
        """)
  }

  @Test func outputHasNothingThatATerminalActsOn() throws {
    let odd = "a\u{1B}\u{7F}\u{9B}31m\u{2028}\u{202E}\u{61C}é七"
    let text = JSONWriter.text(of: .object([.init(odd, .string(odd))]))
    let escaped = #""a\u001b\u007f\u009b31m\u2028\u202e\u061cé七""#
    #expect(text == "{\(escaped):\(escaped)}")
    #expect(try JSONReader.read(Array(text.utf8)) == .object([.init(odd, .string(odd))]))
    // Canonical JSON has one spelling, and only control characters below a space are escaped in it.
    let canonical = try JSONWriter.canonicalBytes(of: .string(odd))
    #expect(
      String(decoding: canonical, as: UTF8.self) == #""a\u001b"#
        + "\u{7F}\u{9B}31m\u{2028}\u{202E}\u{61C}é七\"")
  }
}

@Suite struct JSONNodeTests {
  private let root: JSONNode

  init() throws {
    let text = #"{"a":{"b":[{"n":1},{"n":1.5,"s":"x"}]},"odd name":true,"list":[1,"2"]}"#
    root = JSONNode(try JSONReader.read(Array(text.utf8)))
  }

  @Test func errorsSayWhereTheyAre() throws {
    let second = try root.member("a").member("b").elements()[1]
    #expect(throws: JSONContentError(path: "a.b[1].n", problem: "should be an integer, and is 1.5")) {
      try second.member("n").integer()
    }
    #expect(throws: JSONContentError(path: "a.b[1].kernel", problem: "is missing")) {
      try second.member("kernel")
    }
    #expect(throws: JSONContentError(path: "a.b[1].s", problem: "should be an array, and is a string")) {
      try second.member("s").integers(count: 2)
    }
    #expect(
      throws: JSONContentError(path: "\"odd name\"", problem: "should be a number, and is true or false")
    ) {
      try root.member("odd name").number()
    }
    #expect(throws: JSONContentError(path: "list[1]", problem: "should be an integer, and is a string")) {
      try root.member("list").integers()
    }
    #expect(throws: JSONContentError(path: "list", problem: "should have 4 elements, and has 2")) {
      try root.member("list").integers(count: 4)
    }
    #expect(throws: JSONContentError(path: "list[0]", problem: "should be from 2 to 3, and is 1")) {
      try root.member("list").integers(in: 2...3)
    }
    #expect(JSONContentError(path: "", problem: "is missing").reason == "the JSON is missing")
  }

  @Test func valuesAreTakenByType() throws {
    #expect(try root.member("odd name").bool())
    #expect(try root.member("a").member("b").elements()[0].member("n").integer(in: 0...1) == 1)
    #expect(try root.optionalMember("none") == nil)
    #expect(try root.members().map(\.name) == ["a", "odd name", "list"])
  }
}

/// A small generator with a fixed seed.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
