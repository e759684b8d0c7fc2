import CNNCodecs

/// A piece of HTML: text is escaped where it comes in, so that no label or file name can become markup.
///
///     HTML.element("p", ["class": "note"], "4 < 9", HTML.element("b", [:], " always"))
public struct HTML: Sendable, Equatable, ExpressibleByStringInterpolation {
  /// The markup.
  public private(set) var markup: String

  /// Text, escaped.
  public init(_ text: String) { markup = MarkupText.escaped(text) }

  /// Text, escaped.
  public init(stringLiteral text: String) { self.init(text) }

  /// Pieces behind each other.
  public init(_ pieces: [HTML]) { markup = pieces.map(\.markup).joined() }

  private init(markup: String) { self.markup = markup }

  /// Nothing.
  public static let empty = HTML(markup: "")

  /// What is markup already: an SVG picture, a style sheet. It is taken as it is.
  public static func trusted(_ markup: String) -> HTML { HTML(markup: markup) }

  /// An element with its content.
  ///
  /// - Parameters:
  ///   - name: a name that the page's author has chosen, never one from a file.
  ///   - attributes: names, likewise, and values, which are escaped.
  public static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: HTML...
  ) -> HTML {
    element(name, attributes, content)
  }

  /// An element with its content.
  public static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: [HTML]
  ) -> HTML {
    HTML(markup: start(name, attributes) + HTML(content).markup + "</\(name)>")
  }

  /// An element that has no content, and no end: `img`, `meta`.
  public static func void(_ name: String, _ attributes: KeyValuePairs<String, String>) -> HTML {
    HTML(markup: start(name, attributes))
  }

  private static func start(_ name: String, _ attributes: KeyValuePairs<String, String>) -> String {
    "<" + name + attributes.map { " \($0)=\"\(MarkupText.escaped($1))\"" }.joined() + ">"
  }

  /// Both, one behind the other.
  public static func + (a: HTML, b: HTML) -> HTML { HTML(markup: a.markup + b.markup) }

  /// Adds another piece.
  public static func += (a: inout HTML, b: HTML) { a.markup += b.markup }
}

extension HTML {
  /// A string as JSON in a `script` element: nothing in it can end the element.
  static func scriptJSON(_ json: String, id: String) -> HTML {
    // Outside of strings JSON has no such character.
    let safe = json.split(separator: "<", omittingEmptySubsequences: false).joined(separator: "\\u003c")
    return .element("script", ["type": "application/json", "id": id], .trusted(safe))
  }

  /// A picture in the page itself.
  static func picture(png: [UInt8], width: Int, height: Int, alternative: String) -> HTML {
    .void(
      "img",
      [
        "src": DataURI.text(png, type: "image/png"), "width": "\(width)", "height": "\(height)",
        "alt": alternative,
      ])
  }
}
