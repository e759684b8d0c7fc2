import CNNCodecs

/// How much room a text takes, and what of it stays where that is too much.
///
/// A chart has no font at hand: whoever looks at it sees it in the sans-serif font of their system. So widths are those
/// of a wide font of that kind, and what fits here fits everywhere.
enum ChartText {
  /// The estimated width of a text in the units of its size.
  static func width(of text: String, size: Double) -> Double {
    text.unicodeScalars.reduce(0) { $0 + width(of: $1) } * size
  }

  private static func width(of scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "j", "l", ".", ",", ":", ";", "'", "|", "!", "I", " ", "f", "t", "r", "(", ")", "[", "]", "/":
      0.4
    case "m", "w", "M", "W", "@", "%": 0.95
    case "A"..."Z": 0.74
    case "\u{00}"..."\u{7F}": 0.63
    case "\u{0300}"..."\u{036F}", "\u{200B}"..."\u{200F}", "\u{FE00}"..."\u{FE0F}": 0
    case "\u{80}"..."\u{10FF}": 0.7
    default: 1.1
    }
  }

  /// The text, with its middle left out where it is wider than `limit`: of two long names the beginnings and the ends
  /// can be told apart.
  static func fitted(_ text: String, size: Double, limit: Double) -> String {
    guard width(of: text, size: size) > limit else { return text }
    let characters = Array(text.prefix(2_000))
    let tail = Array(text.suffix(2_000))
    let room = limit - width(of: "…", size: size)
    var head = 0
    var end = 0
    var used = 0.0
    while head + end < characters.count {
      let next = head <= end ? characters[head] : tail[tail.count - 1 - end]
      used += width(of: String(next), size: size)
      guard used <= room else { break }
      if head <= end { head += 1 } else { end += 1 }
    }
    return String(characters[..<head]) + "…" + String(tail[(tail.count - end)...])
  }

  /// A number in a tooltip: whole ones in full, others to four significant digits.
  static func number(_ value: Double) -> String {
    if let whole = Int(exactly: value) { return NumberFormat.grouped(whole) }
    return NumberFormat.short(value)
  }
}
