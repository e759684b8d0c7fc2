/// Numbers as people read them, without Foundation.
public enum NumberFormat {
  /// A number with exactly `digits` digits behind the point: `fixed(0.97971, 4)` is `0.9797`.
  ///
  /// Ties are rounded away from zero in the value's binary form. NaN and infinity are spelled `nan`, `inf`.
  public static func fixed(_ value: Double, _ digits: Int) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 1e15 else { return "\(value)" }
    let whole = UInt64(scaled)
    let text = String(whole)
    let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
    let sign = value < 0 && whole > 0 ? "-" : ""
    guard digits > 0 else { return sign + padded }
    return sign + padded.dropLast(digits) + "." + padded.suffix(digits)
  }

  /// A number as short as it can be: `255`, `0.5`.
  public static func plain(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(value)"
  }

  /// A number to four significant digits: `0.001`, `1.234e-05`.
  public static func short(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return plain(value) }
    let text = "\(value)"
    if text.count <= 8 { return plain(value) }
    var exponent = 0
    var scaled = abs(value)
    while scaled >= 10 {
      scaled /= 10
      exponent += 1
    }
    while scaled < 1 {
      scaled *= 10
      exponent -= 1
    }
    let digits = fixed(scaled, 3)
    if (-4...5).contains(exponent) { return fixed(value, max(0, 3 - exponent)) }
    return (value < 0 ? "-" : "") + digits + "e\(exponent)"
  }

  /// A whole number with commas between its thousands: `1,234,567`.
  public static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result += "," }
      result.append(digit)
    }
    return value < 0 ? "-" + result : result
  }

  /// A count of bytes: `987 bytes`, `1.7 MB` (of 1,000,000 bytes).
  public static func byteCount(_ value: Int) -> String {
    switch value {
    case ..<1_000: "\(value) bytes"
    case ..<1_000_000: "\(fixed(Double(value) / 1e3, 1)) kB"
    case ..<1_000_000_000: "\(fixed(Double(value) / 1e6, 1)) MB"
    default: "\(fixed(Double(value) / 1e9, 1)) GB"
    }
  }

  /// A shape: `30x1x5x5`; `scalar` for rank 0.
  public static func shape(_ shape: [Int]) -> String {
    shape.isEmpty ? "scalar" : shape.map(String.init).joined(separator: "x")
  }
}
