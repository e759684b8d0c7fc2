import CNNCodecs

/// A command line as a shell reads it.
public enum ShellCommand {
  /// The arguments in one line, each in quotation marks where it needs them.
  ///
  /// Arguments with control characters or marks that turn the direction of text around are written as `$'\033'`, which
  /// POSIX shells of 2024, bash and zsh understand.
  public static func text(of arguments: [String]) -> String {
    words(of: arguments).joined(separator: " ")
  }

  /// The arguments, each in quotation marks where it needs them.
  static func words(of arguments: [String]) -> [String] { arguments.map(quoted) }

  private static func quoted(_ argument: String) -> String {
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%_+=:,./-".unicodeScalars)
    if !argument.isEmpty, argument.unicodeScalars.allSatisfy(plain.contains) { return argument }
    // What the page would have to show in another way must not reach it.
    guard
      MarkupText.escaped(argument).contains("\\u{") || argument.contains(where: { $0 == "\n" || $0 == "\t" })
    else {
      return "'" + argument.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
        + "'"
    }
    var result = "$'"
    for byte in argument.utf8 {
      switch byte {
      case UInt8(ascii: "'"), UInt8(ascii: "\\"): result += "\\" + String(UnicodeScalar(byte))
      case 0x20..<0x7F: result += String(UnicodeScalar(byte))
      default:
        let digits = String(byte, radix: 8)
        result += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
      }
    }
    return result + "'"
  }
}
