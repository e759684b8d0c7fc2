import CNNCodecs

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Small pictures as text, two pixels above each other in each character.
public struct PictureText: Sendable {
  /// Whether grey is made by colours of the terminal; else by how dense a character is.
  public var usesColor: Bool

  /// Text in colours or without.
  public init(usesColor: Bool) { self.usesColor = usesColor }

  /// Text for standard error: in colours on a terminal that has them and where `NO_COLOR` is not set.
  public static var forStandardError: PictureText {
    let isRefused = getenv("NO_COLOR").map { $0[0] != 0 } ?? false
    let isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
    return PictureText(usesColor: StandardStreams.errorIsTerminal && !isRefused && !isDumb)
  }

  /// From nothing to full.
  private static let shades = Array(" .:-=+*#%@")

  /// The picture, a line for every two rows.
  public func draw(_ picture: GrayImage) -> String {
    var text = ""
    for y in stride(from: 0, to: picture.height, by: 2) {
      for x in 0..<picture.width {
        let upper = Int(picture[x, y])
        let lower = y + 1 < picture.height ? Int(picture[x, y + 1]) : 0
        if usesColor {
          text += "\u{1B}[38;5;\(Self.color(upper));48;5;\(Self.color(lower))m\u{2580}"
        } else {
          text.append(Self.shades[(upper + lower) * (Self.shades.count - 1) / 510])
        }
      }
      text += usesColor ? "\u{1B}[0m\n" : "\n"
    }
    return text
  }

  /// The nearest of the 24 greys that terminals of 256 colours have, or their black.
  private static func color(_ gray: Int) -> Int { gray < 4 ? 16 : 232 + min(gray * 24 / 256, 23) }
}
