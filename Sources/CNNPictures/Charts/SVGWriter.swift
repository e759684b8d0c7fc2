import CNNCodecs

/// The text of an SVG picture under construction: every attribute and every text goes through one escaping, and elements
/// are closed in the order in which they were opened.
struct SVGWriter {
  /// What an attribute can be.
  enum Value {
    case text(String)
    case number(Double)
  }

  /// What has been written.
  private(set) var text = ""
  private var openNames: [String] = []

  /// Begins an element, to be ended by `close()`.
  mutating func open(_ name: String, _ attributes: KeyValuePairs<String, Value> = [:]) {
    begin(name, attributes)
    text += ">\n"
    openNames.append(name)
  }

  /// Ends the element that was begun last; where none is open, nothing happens.
  mutating func close() {
    guard let name = openNames.popLast() else { return }
    text += "</\(name)>\n"
  }

  /// An element without content, or with a tooltip.
  mutating func element(
    _ name: String, _ attributes: KeyValuePairs<String, Value> = [:], tooltip: String? = nil
  ) {
    begin(name, attributes)
    if let tooltip {
      text += "><title>\(MarkupText.escaped(tooltip))</title></\(name)>\n"
    } else {
      text += "/>\n"
    }
  }

  /// An element of text, perhaps with a tooltip.
  mutating func label(
    _ content: String, _ attributes: KeyValuePairs<String, Value> = [:], tooltip: String? = nil
  ) {
    begin("text", attributes)
    let title = tooltip.map { "<title>\(MarkupText.escaped($0))</title>" } ?? ""
    text += ">\(title)\(MarkupText.escaped(content))</text>\n"
  }

  /// A style sheet. It is trusted text of this library, without markup in it.
  mutating func style(_ sheet: String) {
    text += "<style>\n\(sheet)</style>\n"
  }

  private mutating func begin(_ name: String, _ attributes: KeyValuePairs<String, Value>) {
    text += "<\(name)"
    for (key, value) in attributes {
      switch value {
      case .text(let string): text += " \(key)=\"\(MarkupText.escaped(string))\""
      case .number(let number): text += " \(key)=\"\(Self.number(number))\""
      }
    }
  }

  /// A coordinate to a hundredth of a unit, as short as it can be: `12`, `0.5`, `3.25`.
  static func number(_ value: Double) -> String {
    guard value.isFinite, value.magnitude < 1e9 else { return "0" }
    let hundredths = Int((value * 100).rounded())
    var text = String(hundredths.magnitude / 100)
    let rest = hundredths.magnitude % 100
    if rest > 0 {
      text += rest < 10 ? ".0\(rest)" : rest % 10 == 0 ? ".\(rest / 10)" : ".\(rest)"
    }
    return hundredths < 0 ? "-" + text : text
  }
}

extension SVGWriter.Value: ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
  ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral
{
  init(stringLiteral value: String) { self = .text(value) }
  init(floatLiteral value: Double) { self = .number(value) }
  init(integerLiteral value: Int) { self = .number(Double(value)) }
}
