extension String {
  /// A string from a file in quotation marks, fit for one line of a message: characters that are not printable
  /// are escaped, and a long string is cut.
  package var quotedForMessage: String {
    let limit = 80
    var result = "\""
    for (count, scalar) in unicodeScalars.enumerated() {
      if count == limit { return result + "...\"" }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate:
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
