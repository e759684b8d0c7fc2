extension JSONReader {
  /// Takes a number: `-`? int frac? exp?, as RFC 8259 has it.
  mutating func readNumber() throws(JSONError) -> Double {
    let start = position
    let isNegative = nextByte == UInt8(ascii: "-")
    if isNegative { position += 1 }
    var isInteger = true

    if nextByte == UInt8(ascii: "0") {
      position += 1
      if let byte = nextByte, isDigit(byte) { throw error(.malformedNumber, at: start) }
    } else {
      try readDigits(of: start)
    }
    if nextByte == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      try readDigits(of: start)
    }
    if nextByte == UInt8(ascii: "e") || nextByte == UInt8(ascii: "E") {
      isInteger = false
      position += 1
      if nextByte == UInt8(ascii: "+") || nextByte == UInt8(ascii: "-") { position += 1 }
      try readDigits(of: start)
    }

    guard position - start <= Self.maximumNumberLength else {
      throw error(.numberTooLong(limit: Self.maximumNumberLength), at: start)
    }
    let value: Double
    if isInteger, position - start <= 16 {
      value = smallInteger(in: start..<position, isNegative: isNegative)
    } else {
      guard let parsed = Double(String(decoding: bytes[start..<position], as: UTF8.self)) else {
        throw error(.malformedNumber, at: start)
      }
      value = parsed
    }
    guard value.isFinite else { throw error(.numberNotFinite, at: start) }
    if isCanonical {
      if value == 0, isNegative { throw error(.negativeZero, at: start) }
      if isInteger, !isExact(start..<position) { throw error(.integerNotExact, at: start) }
    }
    if integersOnly, !isInteger || value == 0 && isNegative || !isExact(start..<position) {
      throw error(.notAnInteger, at: start)
    }
    return value
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  /// Takes at least one digit.
  private mutating func readDigits(of start: Int) throws(JSONError) {
    guard let first = nextByte else { throw error(.endsEarly(wanted: "a digit")) }
    guard isDigit(first) else { throw error(.malformedNumber, at: start) }
    while let byte = nextByte, isDigit(byte) { position += 1 }
  }

  /// The value of up to sixteen digits, rounded as a double rounds.
  private func smallInteger(in range: Range<Int>, isNegative: Bool) -> Double {
    var value = 0
    for byte in bytes[isNegative ? range.dropFirst() : range] {
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return isNegative ? -Double(value) : Double(value)
  }

  /// Whether an integer is at most 2^53 in magnitude. Asked of the digits, since 2^53 + 1 is 2^53 as a double.
  private func isExact(_ range: Range<Int>) -> Bool {
    if range.count < 16 { return true }
    guard let value = Int(String(decoding: bytes[range], as: UTF8.self)) else { return false }
    return value.magnitude <= 1 << 53
  }
}
