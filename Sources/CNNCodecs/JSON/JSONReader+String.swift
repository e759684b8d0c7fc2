extension JSONReader {
  /// Takes a string with its quotation marks.
  mutating func readString() throws(JSONError) -> String {
    position += 1
    var pieceStart = position
    var result = ""
    while true {
      guard let byte = nextByte else { throw error(.endsEarly(wanted: "the end of a string")) }
      switch byte {
      case UInt8(ascii: "\""):
        appendPiece(from: pieceStart, to: &result)
        position += 1
        return result
      case UInt8(ascii: "\\"):
        appendPiece(from: pieceStart, to: &result)
        result.unicodeScalars.append(try readEscape())
        pieceStart = position
      case 0x00..<0x20: throw error(.bareControlCharacter(byte))
      case 0x20..<0x80: position += 1
      default: try skipMultibyteScalar(byte)
      }
    }
  }

  private func appendPiece(from start: Int, to result: inout String) {
    guard start < position else { return }
    let piece = String(decoding: bytes[start..<position], as: UTF8.self)
    if result.isEmpty { result = piece } else { result += piece }
  }

  /// Goes over one scalar of two to four bytes; well-formed are the rows of Unicode's table 3-7.
  private mutating func skipMultibyteScalar(_ first: UInt8) throws(JSONError) {
    let second: ClosedRange<UInt8>
    let length: Int
    switch first {
    case 0xC2...0xDF: (second, length) = (0x80...0xBF, 2)
    case 0xE0: (second, length) = (0xA0...0xBF, 3)
    case 0xED: (second, length) = (0x80...0x9F, 3)
    case 0xE1...0xEF: (second, length) = (0x80...0xBF, 3)
    case 0xF0: (second, length) = (0x90...0xBF, 4)
    case 0xF1...0xF3: (second, length) = (0x80...0xBF, 4)
    case 0xF4: (second, length) = (0x80...0x8F, 4)
    default: throw error(.invalidUTF8)
    }
    guard position + length <= end, second.contains(bytes[position + 1]),
      bytes[position + 2..<position + length].allSatisfy({ $0 & 0xC0 == 0x80 })
    else { throw error(.invalidUTF8) }
    position += length
  }

  /// Takes a backslash and what it escapes.
  private mutating func readEscape() throws(JSONError) -> Unicode.Scalar {
    let start = position
    position += 1
    guard let byte = nextByte else { throw error(.endsEarly(wanted: "the rest of an escape")) }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): return Unicode.Scalar(byte)
    case UInt8(ascii: "/"):
      if isCanonical { throw error(.escapeNotCanonical, at: start) }
      return "/"
    case UInt8(ascii: "b"): return "\u{08}"
    case UInt8(ascii: "f"): return "\u{0C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try readUnicodeEscape(from: start)
    default: throw error(.unknownEscape, at: start)
    }
  }

  /// Takes the digits behind `\u`, and for a pair of surrogates the second escape too.
  private mutating func readUnicodeEscape(from start: Int) throws(JSONError) -> Unicode.Scalar {
    let unit = try readHexDigits(of: start)
    if isCanonical { try checkCanonicalEscape(of: unit, from: start) }
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard unit < 0xDC00, nextByte == UInt8(ascii: "\\"), position + 1 < end,
      bytes[position + 1] == UInt8(ascii: "u")
    else { throw error(.loneSurrogate(unit), at: start) }
    let secondStart = position
    position += 2
    let low = try readHexDigits(of: secondStart)
    guard low >= 0xDC00, low <= 0xDFFF,
      let scalar = Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + UInt32(low) - 0xDC00)
    else { throw error(.loneSurrogate(unit), at: start) }
    return scalar
  }

  private mutating func readHexDigits(of start: Int) throws(JSONError) -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = nextByte else { throw error(.endsEarly(wanted: "a hexadecimal digit")) }
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw error(.unknownEscape, at: start)
      }
      value = value << 4 | UInt16(digit)
      position += 1
    }
    return value
  }

  /// Canonical JSON has `\u00xx` only for control characters without a short form, in lower case.
  private func checkCanonicalEscape(of unit: UInt16, from start: Int) throws(JSONError) {
    let hasShortForm = [0x08, 0x0C, 0x0A, 0x0D, 0x09].contains(unit)
    let isLowerCase = !bytes[start..<position].contains { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "F") }
    guard unit < 0x20, !hasShortForm, isLowerCase else {
      throw error(.escapeNotCanonical, at: start)
    }
  }
}
