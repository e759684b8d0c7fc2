extension String {
  /// The text as part of one line: line breaks, tabs and other control characters, which file names and labels may
  /// hold, are written as `\n`, `\t`, `\r`, `\u{1b}`. Nothing that a file is called can look like another line of
  /// output, or speak to the terminal.
  public var onOneLine: String {
    // Most names are printable ASCII, which needs no look into Unicode's tables.
    guard utf8.contains(where: { !(0x20..<0x7F).contains($0) }),
      unicodeScalars.contains(where: Self.breaksLine)
    else { return self }
    var result = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where Self.breaksLine(scalar): result += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func breaksLine(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    // The marks that turn the direction of text around: `gnp.3` with one before it looks like `3.png`.
    case .format: scalar.properties.isBidiControl
    default: false
    }
  }
}
