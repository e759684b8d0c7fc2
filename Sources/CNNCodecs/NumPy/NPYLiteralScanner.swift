/// Takes the literals of an npy header apart.
struct NPYLiteralScanner {
  private var reader: ByteReader

  init(_ reader: ByteReader) {
    self.reader = reader
  }

  /// Where the next literal begins.
  var offset: Int {
    mutating get {
      skipSpace()
      return reader.position
    }
  }

  /// Takes `character` if it is next, and says whether it was.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard let next = reader.nextByte, UInt32(next) == character.value else { return false }
    advance()
    return true
  }

  /// Takes `character`, which must be next.
  mutating func expect(_ character: Unicode.Scalar, _ what: String) throws(NPYError) {
    guard take(character) else { throw malformed("something else where \(what) is due") }
  }

  /// Makes sure that only white space is left.
  mutating func expectEnd() throws(NPYError) {
    skipSpace()
    guard reader.isAtEnd else { throw malformed("other characters behind its dictionary") }
  }

  /// A string in single or double quotes; no name or type has a backslash or a line break in it.
  mutating func readString(_ what: String) throws(NPYError) -> String {
    skipSpace()
    guard let quote = reader.nextByte, [UInt8(ascii: "'"), UInt8(ascii: "\"")].contains(quote) else {
      throw malformed("something else where \(what) is due")
    }
    let start = reader.position
    advance()
    let range: Range<Int>
    do {
      range = try reader.readRange(through: quote, "")
    } catch { throw .malformedHeader(problem: "a string without an end", offset: start) }
    let bytes = reader.bytes[range]
    guard bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) else {
      throw .malformedHeader(problem: "a string with other than plain characters in it", offset: start)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The type of the elements.
  mutating func readType() throws(NPYError) -> NumPyTypeCode {
    let start = offset
    if let next = reader.nextByte, next == UInt8(ascii: "[") || next == UInt8(ascii: "(") {
      let text = String(decoding: reader.bytes[start..<reader.end].prefix(40), as: UTF8.self)
      throw .unsupportedElementType(code: text, meaning: "structured records", offset: start)
    }
    let code = try readString("a dtype")
    guard let type = NumPyTypeCode(code) else {
      throw .unsupportedElementType(code: code, meaning: NumPyTypeCode.meaning(of: code), offset: start)
    }
    return type
  }

  /// `True` or `False`.
  mutating func readBoolean() throws(NPYError) -> Bool {
    let start = offset
    while let byte = reader.nextByte, isLetter(byte) { advance() }
    let word = reader.bytes[start..<reader.position]
    if word.elementsEqual("True".utf8) { return true }
    if word.elementsEqual("False".utf8) { return false }
    throw .malformedHeader(problem: "something else where True or False is due", offset: start)
  }

  /// A tuple of numbers: `()`, `(3,)`, `(3, 4)`.
  mutating func readShape() throws(NPYError) -> [Int] {
    let start = offset
    try expect("(", "a tuple")
    var shape: [Int] = []
    var endsInComma = true
    while !take(")") {
      guard endsInComma else { throw malformed("something else where a comma is due") }
      guard shape.count < NumericArray.maximumRank else { throw .rankTooHigh(offset: reader.position) }
      shape.append(try readDimension())
      endsInComma = take(",")
    }
    // In Python, (3) is a number.
    guard shape.count != 1 || endsInComma else {
      throw .malformedHeader(problem: "a number where a tuple is due", offset: start)
    }
    return shape
  }

  /// Decimal digits; Python 2 may have written an L behind them.
  private mutating func readDimension() throws(NPYError) -> Int {
    let start = offset
    var value = 0
    while let byte = reader.nextByte, (0x30...0x39).contains(byte) {
      let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tenfold.addingReportingOverflow(Int(byte - 0x30))
      guard !overflow, !carry else {
        throw .malformedHeader(problem: "a dimension beyond 2^63 - 1", offset: start)
      }
      value = sum
      advance()
    }
    let digits = reader.position - start
    guard digits > 0 else {
      let isNegative = reader.nextByte == UInt8(ascii: "-")
      throw malformed(isNegative ? "a negative dimension" : "something else where a dimension is due")
    }
    guard digits == 1 || reader.bytes[start] != UInt8(ascii: "0") else {
      throw .malformedHeader(problem: "a number with a leading zero", offset: start)
    }
    if reader.nextByte == UInt8(ascii: "L") { advance() }
    return value
  }

  private func malformed(_ problem: String) -> NPYError {
    .malformedHeader(problem: problem, offset: reader.position)
  }

  private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  private mutating func skipSpace() {
    while let byte = reader.nextByte, byte == 0x20 || (0x09...0x0D).contains(byte) { advance() }
  }

  private mutating func advance() {
    _ = try? reader.readUInt8("")
  }
}
