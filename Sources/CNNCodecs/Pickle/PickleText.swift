/// The three spellings of text in a pickle, as functions on bytes.
enum PickleText {
  private static let backslash = UInt8(ascii: "\\")

  /// True if `bytes` are valid UTF-8, without surrogates.
  static func isValidUTF8(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.withUnsafeBufferPointer { bytes in
      var index = 0
      while index < bytes.count {
        let lead = bytes[index]
        index += 1
        if lead < 0x80 { continue }
        let length: Int
        var lowest: UInt8 = 0x80
        var highest: UInt8 = 0xBF
        switch lead {
        case 0xC2...0xDF: length = 1
        case 0xE0...0xEF:
          length = 2
          if lead == 0xE0 { lowest = 0xA0 }
          if lead == 0xED { highest = 0x9F }
        case 0xF0...0xF4:
          length = 3
          if lead == 0xF0 { lowest = 0x90 }
          if lead == 0xF4 { highest = 0x8F }
        default: return false
        }
        guard bytes.count - index >= length, bytes[index] >= lowest, bytes[index] <= highest else {
          return false
        }
        for next in bytes[(index + 1)..<(index + length)] where next & 0xC0 != 0x80 { return false }
        index += length
      }
      return true
    }
  }

  static func isASCII(_ bytes: ArraySlice<UInt8>) -> Bool { bytes.allSatisfy { $0 < 0x80 } }

  /// Latin-1, where every byte is the scalar of its value, as UTF-8.
  static func utf8(latin1 bytes: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for byte in bytes { append(UInt32(byte), to: &result) }
    return result
  }

  /// Text encoded in Latin-1, or nil if a character has no byte there. `bytes` must be valid UTF-8.
  static func latin1(utf8 bytes: ArraySlice<UInt8>) -> [UInt8]? {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let lead = bytes[index]
      if lead < 0x80 {
        result.append(lead)
        index += 1
      } else if lead <= 0xC3, index + 1 < bytes.endIndex {
        result.append(lead << 6 | bytes[index + 1] & 0x3F)
        index += 2
      } else {
        return nil
      }
    }
    return result
  }

  /// What stands between the quotes of a `STRING`, or nil if it is not quoted.
  ///
  /// The quotes must be the same at both ends, and more than one of them.
  static func unquoted(_ line: Range<Int>, of bytes: [UInt8]) -> Range<Int>? {
    guard line.count >= 2, bytes[line.lowerBound] == bytes[line.upperBound - 1],
      bytes[line.lowerBound] == UInt8(ascii: "'") || bytes[line.lowerBound] == UInt8(ascii: "\"")
    else { return nil }
    return line.lowerBound + 1..<line.upperBound - 1
  }

  static func hasBackslash(_ bytes: ArraySlice<UInt8>) -> Bool { bytes.contains(backslash) }

  /// A Python string literal's inside with its escapes resolved, or the problem with it.
  ///
  /// As CPython's `PyBytes_DecodeEscape`: one to three octal digits modulo 256, `\x` with exactly two hex
  /// digits, and an unknown escape stands for itself, backslash included.
  static func unescaped(_ bytes: ArraySlice<UInt8>) -> Result<[UInt8], Problem> {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      index += 1
      guard byte == backslash else {
        result.append(byte)
        continue
      }
      guard index < bytes.endIndex else { return .failure(.endsInBackslash) }
      let escape = bytes[index]
      index += 1
      switch escape {
      case backslash, UInt8(ascii: "'"), UInt8(ascii: "\""): result.append(escape)
      case UInt8(ascii: "a"): result.append(0x07)
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "v"): result.append(0x0B)
      case UInt8(ascii: "f"): result.append(0x0C)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "0")...UInt8(ascii: "7"):
        var value = escape & 7
        var digits = 1
        while digits < 3, index < bytes.endIndex, bytes[index] & 0xF8 == UInt8(ascii: "0") {
          value = value << 3 | bytes[index] & 7
          index += 1
          digits += 1
        }
        result.append(value)
      case UInt8(ascii: "x"):
        guard let value = hexadecimal(bytes, at: index, digits: 2) else {
          return .failure(.wrongHexEscape)
        }
        result.append(UInt8(truncatingIfNeeded: value))
        index += 2
      default:
        result.append(backslash)
        result.append(escape)
      }
    }
    return .success(result)
  }

  /// What can be wrong with an escaped string.
  enum Problem: Error {
    case endsInBackslash
    case wrongHexEscape

    var sentence: String {
      switch self {
      case .endsInBackslash: "a quoted string ends in a backslash"
      case .wrongHexEscape: "a quoted string has \\x without two hexadecimal digits"
      }
    }
  }

  /// The line of a `UNICODE` as UTF-8, or nil for a wrong escape or half a surrogate pair.
  ///
  /// As Python's `raw-unicode-escape`: Latin-1 with `\uXXXX` and `\UXXXXXXXX`; a backslash before anything else,
  /// another backslash too, stands for itself together with what follows. Two surrogates in a row, which narrow
  /// builds of Python 2 wrote, are one character.
  static func utf8(rawUnicodeEscape bytes: ArraySlice<UInt8>) -> [UInt8]? {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    var highSurrogate: UInt32?
    while index < bytes.endIndex {
      let byte = bytes[index]
      index += 1
      var scalar = UInt32(byte)
      if byte == backslash, index < bytes.endIndex {
        let escape = bytes[index]
        index += 1
        if escape == UInt8(ascii: "u") || escape == UInt8(ascii: "U") {
          let digits = escape == UInt8(ascii: "u") ? 4 : 8
          guard let value = hexadecimal(bytes, at: index, digits: digits), value <= 0x10FFFF else {
            return nil
          }
          scalar = value
          index += digits
        } else {
          guard highSurrogate == nil else { return nil }
          append(scalar, to: &result)
          scalar = UInt32(escape)
        }
      }
      if let high = highSurrogate {
        guard scalar & 0xFFFF_FC00 == 0xDC00 else { return nil }
        append(0x10000 + (high & 0x3FF) << 10 + (scalar & 0x3FF), to: &result)
        highSurrogate = nil
      } else if scalar & 0xFFFF_FC00 == 0xD800 {
        highSurrogate = scalar
      } else if scalar & 0xFFFF_FC00 == 0xDC00 {
        return nil
      } else {
        append(scalar, to: &result)
      }
    }
    return highSurrogate == nil ? result : nil
  }

  private static func hexadecimal(_ bytes: ArraySlice<UInt8>, at start: Int, digits: Int) -> UInt32? {
    guard bytes.endIndex - start >= digits else { return nil }
    var value: UInt32 = 0
    for byte in bytes[start..<start + digits] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  private static func append(_ scalar: UInt32, to result: inout [UInt8]) {
    switch scalar {
    case 0..<0x80: result.append(UInt8(scalar))
    case 0x80..<0x800:
      result.append(UInt8(0xC0 | scalar >> 6))
      result.append(UInt8(0x80 | scalar & 0x3F))
    case 0x800..<0x10000:
      result.append(UInt8(0xE0 | scalar >> 12))
      result.append(UInt8(0x80 | scalar >> 6 & 0x3F))
      result.append(UInt8(0x80 | scalar & 0x3F))
    default:
      result.append(UInt8(0xF0 | scalar >> 18 & 7))
      result.append(UInt8(0x80 | scalar >> 12 & 0x3F))
      result.append(UInt8(0x80 | scalar >> 6 & 0x3F))
      result.append(UInt8(0x80 | scalar & 0x3F))
    }
  }
}
