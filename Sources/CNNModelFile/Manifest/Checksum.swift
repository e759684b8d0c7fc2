/// Reads a CRC-32 as the format writes it; `UInt32.eightHexadecimalDigits` is the inverse.
extension UInt32 {
  /// The value of exactly eight lower-case hexadecimal digits.
  init?(checksumDigits digits: some Collection<UInt8>) {
    guard digits.count == 8 else { return nil }
    var value: UInt32 = 0
    for digit in digits {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(digit - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(digit - UInt8(ascii: "a") + 10)
      default: return nil
      }
    }
    self = value
  }
}
