/// Numbers as tables have them: decimal, with or without sign, fraction and exponent, and spaces around them.
enum CSVNumber {
  private static let powers: [Double] = (0...22).map { exponent in (0..<exponent).reduce(1) { p, _ in p * 10 }
  }
  private static let greatestExactMantissa = 1 << 53

  /// The number that `text` is, rounded to nearest; nil if it is none, infinity for one that is too large.
  ///
  /// Hexadecimal numbers, `nan` and `inf` are none.
  static func value(of text: [UInt8]) -> Double? {
    var start = 0
    var end = text.count
    while start < end, isSpace(text[start]) { start += 1 }
    while end > start, isSpace(text[end - 1]) { end -= 1 }
    var position = start
    var isNegative = false
    if position < end, text[position] == UInt8(ascii: "-") || text[position] == UInt8(ascii: "+") {
      isNegative = text[position] == UInt8(ascii: "-")
      position += 1
    }
    var mantissa = 0
    // Zeros that count only if another digit follows: programs write many behind the last one that says anything.
    var zeros = 0
    var digits = 0
    var decimals = 0
    var isExact = true
    var isFraction = false
    while position < end {
      let byte = text[position]
      if isDigit(byte) {
        digits += 1
        zeros += 1
        if isFraction { decimals += 1 }
        if byte != 0x30 {
          while zeros > 0, isExact {
            isExact = mantissa <= (greatestExactMantissa - 9) / 10
            if isExact { mantissa *= 10 }
            zeros -= 1
          }
          if isExact { mantissa += Int(byte - 0x30) }
        }
      } else if byte == UInt8(ascii: "."), !isFraction {
        isFraction = true
      } else {
        break
      }
      position += 1
    }
    guard digits > 0 else { return nil }
    var exponent = zeros - decimals
    if position < end {
      guard text[position] | 0x20 == UInt8(ascii: "e"),
        let written = self.exponent(text[(position + 1)..<end])
      else { return nil }
      exponent += written
    }
    if isExact, mantissa == 0 { return isNegative ? -0.0 : 0 }
    // Both are exact, so that their quotient or product is rounded once.
    if isExact, exponent.magnitude < powers.count {
      let magnitude = Double(mantissa)
      let value = exponent < 0 ? magnitude / powers[-exponent] : magnitude * powers[exponent]
      return isNegative ? -value : value
    }
    return Double(String(decoding: text[start..<end], as: UTF8.self))
  }

  /// Digits with or without a sign; those beyond any use count as 100,000.
  private static func exponent(_ text: ArraySlice<UInt8>) -> Int? {
    let isNegative = text.first == UInt8(ascii: "-")
    let digits = isNegative || text.first == UInt8(ascii: "+") ? text.dropFirst() : text
    guard !digits.isEmpty else { return nil }
    var value = 0
    for byte in digits {
      guard isDigit(byte) else { return nil }
      value = min(value * 10 + Int(byte - 0x30), 100_000)
    }
    return isNegative ? -value : value
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
