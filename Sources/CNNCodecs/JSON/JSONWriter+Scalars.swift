extension JSONWriter {
  /// Adds a string with its quotation marks; only quotation marks, backslashes and control characters are escaped.
  package static func append(_ string: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0x08: bytes += "\\b".utf8
      case 0x09: bytes += "\\t".utf8
      case 0x0A: bytes += "\\n".utf8
      case 0x0C: bytes += "\\f".utf8
      case 0x0D: bytes += "\\r".utf8
      case 0x00..<0x20:
        bytes += "\\u00".utf8
        bytes += (byte < 0x10 ? "0" : "").utf8
        bytes += String(byte, radix: 16).utf8
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// JSON without the characters that JSON need not escape and a terminal may act on: DEL, the control characters
  /// from U+0080 to U+009F, line separators, and the marks of bidirectional text. They stand in strings only, and none
  /// of them is beyond U+FFFF.
  static func escapingUnprintable(_ json: String) -> String {
    func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar.value {
      case 0x7F...0x9F, 0x2028...0x2029: true
      case 0x61C...: scalar.properties.isBidiControl
      default: false
      }
    }
    guard json.unicodeScalars.contains(where: isUnprintable) else { return json }
    var result = ""
    for scalar in json.unicodeScalars {
      if isUnprintable(scalar) {
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A finite number's one spelling: integers up to 2^53 as such, all else with the fewest digits that read back as
  /// the same double, laid out as Python's `repr` does (an exponent below 1e-4 and from 1e16).
  ///
  /// Swift finds the digits, but changes to an exponent only beyond 2^54, so the layout is made here.
  package static func text(of number: Double) -> String {
    if number.rounded() == number, number.magnitude <= 0x1p53 { return String(Int(number)) }
    let (digits, exponent) = shortestDigits(of: number.magnitude)
    let sign = number < 0 ? "-" : ""
    if exponent < -4 || exponent >= 16 {
      let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
      let power = String(exponent.magnitude)
      return sign + digits.prefix(1) + fraction + (exponent < 0 ? "e-" : "e+")
        + (power.count < 2 ? "0" : "") + power
    }
    if exponent < 0 {
      return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits
    }
    let integerCount = exponent + 1
    if digits.count <= integerCount {
      return sign + digits + String(repeating: "0", count: integerCount - digits.count) + ".0"
    }
    return sign + digits.prefix(integerCount) + "." + digits.dropFirst(integerCount)
  }

  /// The fewest significant digits d1d2d3... with number = d1.d2d3... * 10^exponent; no zeros at either end.
  private static func shortestDigits(of number: Double) -> (digits: String, exponent: Int) {
    let parts = number.description.split(separator: "e")
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let integer = mantissa[0]
    let fraction = mantissa.count > 1 ? mantissa[1] : ""
    var exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) + integer.count - 1
    var digits = Substring(integer + fraction)
    while digits.count > 1, digits.first == "0" {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.count > 1, digits.last == "0" { digits.removeLast() }
    return (String(digits), exponent)
  }
}
