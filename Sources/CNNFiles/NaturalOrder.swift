#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The order in which people put names that have numbers in them: `9.png` before `10.png`.
package enum NaturalOrder {
  /// The indices of names in the order of the names with the numbers in them taken as numbers; where they are equal
  /// so, by their bytes.
  package static func order(of names: [String]) -> [Int] {
    // A key for each name, whose bytes have the order of the names: a comparison is one call then, and a folder of a
    // million pictures takes twenty million.
    var keys: [UInt8] = []
    var places: [(start: Int, count: Int, name: Int)] = []
    places.reserveCapacity(names.count)
    for (index, name) in names.enumerated() {
      let start = keys.count
      appendKey(of: name, to: &keys)
      places.append((start, keys.count - start, index))
    }
    keys.withUnsafeBytes { keys in
      guard let base = keys.baseAddress else { return }
      places.sort { one, other in
        let order = memcmp(base + one.start, base + other.start, min(one.count, other.count))
        return order == 0 ? one.count < other.count : order < 0
      }
    }
    return places.map(\.name)
  }

  /// The name with each number as the digit 0, the number of its digits without leading zeros, and these digits; then
  /// a zero byte, which comes before all others, and the name as it is.
  private static func appendKey(of name: String, to key: inout [UInt8]) {
    var rest = name.utf8[...]
    while let byte = rest.first {
      guard isDigit(byte) else {
        key.append(byte)
        rest.removeFirst()
        continue
      }
      let digits = rest.prefix(while: isDigit)
      rest = rest[digits.endIndex...]
      let number = digits.drop { $0 == UInt8(ascii: "0") }
      key.append(UInt8(ascii: "0"))
      // File names have at most 255 bytes.
      key.append(UInt8(clamping: number.count))
      key += number
    }
    key.append(0)
    key += name.utf8
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
