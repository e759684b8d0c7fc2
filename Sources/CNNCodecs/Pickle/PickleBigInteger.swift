/// An integer too large for `Int`, exactly.
public struct PickleBigInteger: Sendable, Hashable {
  /// Two's complement, lowest byte first, as short as it can be: always more than eight bytes.
  public let littleEndianBytes: [UInt8]

  /// True below zero.
  public var isNegative: Bool { (littleEndianBytes.last ?? 0) >= 0x80 }
}

/// The spellings of integers in a pickle, as functions on bytes.
enum PickleInteger {
  /// An integer: in a machine word where it fits, else its shortest two's complement bytes.
  enum Value: Equatable {
    case word(Int)
    case long([UInt8])
  }

  /// Decimal text with an optional sign, or nil if it is anything else. Zeros in front are refused, since
  /// Python would take the number for an octal one.
  ///
  /// Takes time in the square of the number of digits, which the caller must have bounded.
  static func parse(decimal text: ArraySlice<UInt8>) -> Value? {
    var digits = text
    var isNegative = false
    if let sign = digits.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      isNegative = sign == UInt8(ascii: "-")
      digits = digits.dropFirst()
    }
    guard !digits.isEmpty, digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
      return nil
    }
    guard digits.count == 1 || digits.first != UInt8(ascii: "0") else { return nil }
    if digits.count <= 18 {
      let magnitude = digits.reduce(0) { $0 * 10 + Int($1 & 0x0F) }
      return .word(isNegative ? -magnitude : magnitude)
    }
    var limbs: [UInt32] = []
    var index = digits.startIndex
    while index < digits.endIndex {
      let end = min(index + 9, digits.endIndex)
      var scale: UInt64 = 1
      var carry: UInt64 = 0
      for digit in digits[index..<end] {
        scale *= 10
        carry = carry * 10 + UInt64(digit & 0x0F)
      }
      for limb in limbs.indices {
        let product = UInt64(limbs[limb]) * scale + carry
        limbs[limb] = UInt32(truncatingIfNeeded: product)
        carry = product >> 32
      }
      if carry > 0 { limbs.append(UInt32(carry)) }
      index = end
    }
    var bytes: [UInt8] = []
    var carry = isNegative
    for limb in limbs + [0] {
      var word = limb
      if isNegative {
        word = ~word
        if carry { (word, carry) = word.addingReportingOverflow(1) }
      }
      for shift in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: word >> (8 * shift))) }
    }
    return value(twosComplement: bytes[...])
  }

  /// Two's complement, lowest byte first; no bytes are zero.
  static func value(twosComplement bytes: ArraySlice<UInt8>) -> Value {
    let short = shortest(bytes)
    guard short.count <= 8 else { return .long([UInt8](short)) }
    var word = (short.last ?? 0) >= 0x80 ? -1 : 0
    for byte in short.reversed() { word = word << 8 | Int(byte) }
    return .word(word)
  }

  /// Without the bytes at the end that only repeat the sign.
  private static func shortest(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var result = bytes
    while result.count > 1, let top = result.last {
      let next = result[result.endIndex - 2]
      guard top == 0 && next < 0x80 || top == 0xFF && next >= 0x80 else { break }
      result = result.dropLast()
    }
    return result
  }
}
