/// Well-formed XML without declarations, comments or namespaces' rules, which is all that charts write; anything else is
/// refused.
struct XMLChecker {
  struct Element: Equatable {
    var name: String
    var attributes: [String: String]
    /// The text right in it, without that of elements in it, trimmed.
    var text: String
    /// The names of the elements around it, from the outermost.
    var path: [String]
  }

  struct Malformed: Error {
    let message: String
    let offset: Int
  }

  private let characters: [Character]
  private var position = 0
  private var elements: [Element] = []

  /// All elements in the order of their beginnings.
  static func elements(of text: String) throws -> [Element] {
    var checker = XMLChecker(characters: Array(text))
    try checker.readElement(path: [])
    checker.skipSpace()
    guard checker.position == checker.characters.count else {
      throw checker.error("something behind the root")
    }
    return checker.elements
  }

  private init(characters: [Character]) { self.characters = characters }

  private func error(_ message: String) -> Malformed { Malformed(message: message, offset: position) }

  private var next: Character? { position < characters.count ? characters[position] : nil }

  private mutating func skipSpace() {
    while let character = next, character.isWhitespace { position += 1 }
  }

  private mutating func take(_ text: String) -> Bool {
    guard characters[position...].starts(with: text) else { return false }
    position += text.count
    return true
  }

  private mutating func readName() throws -> String {
    let start = position
    while let character = next, character.isASCII,
      character.isLetter || character.isNumber || character == "-"
    {
      position += 1
    }
    guard position > start, characters[start].isLetter else { throw error("no name") }
    return String(characters[start..<position])
  }

  private mutating func readElement(path: [String]) throws {
    guard take("<") else { throw error("no element") }
    let name = try readName()
    var attributes: [String: String] = [:]
    let index = elements.count
    elements.append(Element(name: name, attributes: [:], text: "", path: path))
    while true {
      let hadSpace = next?.isWhitespace ?? false
      skipSpace()
      if take("/>") {
        elements[index].attributes = attributes
        return
      }
      if take(">") { break }
      guard hadSpace else { throw error("no space before an attribute") }
      let attribute = try readName()
      guard take("=\"") else { throw error("no quoted value") }
      let value = try readText(until: "\"")
      position += 1
      guard attributes.updateValue(value, forKey: attribute) == nil else { throw error("\(attribute) twice") }
    }
    elements[index].attributes = attributes
    var text = ""
    while !take("</") {
      if next == "<" { try readElement(path: path + [name]) } else { text += try readText(until: "<") }
    }
    guard try readName() == name, take(">") else { throw error("\(name) is not closed") }
    elements[index].text = text.drop { $0.isWhitespace }.trimmed
  }

  private mutating func readText(until end: Character) throws -> String {
    var text = ""
    while let character = next, character != end {
      position += 1
      if character == "<" { throw error("a bare <") }
      let isForbidden = character.unicodeScalars.contains {
        $0.value < 0x20 && $0 != "\n" && $0 != "\t" || $0.value == 0xFFFE || $0.value == 0xFFFF
      }
      if isForbidden { throw error("a character that XML cannot hold") }
      guard character == "&" else {
        text.append(character)
        continue
      }
      let entities: [(String, Character)] = [
        ("amp;", "&"), ("lt;", "<"), ("gt;", ">"), ("quot;", "\""), ("#39;", "'"),
      ]
      var found = false
      for (entity, meaning) in entities where !found && take(entity) {
        text.append(meaning)
        found = true
      }
      guard found else { throw error("a bare &") }
    }
    guard next == end else { throw error("the text ends early") }
    return text
  }
}

extension Substring {
  fileprivate var trimmed: String {
    var result = self
    while let last = result.last, last.isWhitespace { result.removeLast() }
    return String(result)
  }
}

extension [XMLChecker.Element] {
  /// The texts that are labels, in order.
  var labels: [String] { filter { $0.name == "text" }.map(\.text) }
  /// The texts that show when the mouse is on something.
  var tooltips: [String] { filter { $0.name == "title" }.map(\.text) }
  /// What is drawn as lines and has a colour of the palette.
  var curves: [XMLChecker.Element] {
    filter {
      $0.name == "path" && $0.attributes["stroke-width"] == "1.75" || $0.attributes["stroke-width"] == "1.25"
    }
  }
}
