/// A small reader of HTML as the reports write it: every element is closed, in order, and text holds no bare `<`.
struct HTMLChecker {
  /// An element that was found.
  struct Element: Equatable {
    var name: String
    var attributes: [String: String]
    /// The text in it and in what it holds, unescaped.
    var text: String
  }

  /// All elements, in the order of their ends.
  private(set) var elements: [Element] = []
  /// What is wrong; empty for nothing.
  private(set) var problems: [String] = []

  private static let void: Set<String> = ["meta", "img", "br"]

  init(_ page: String) {
    var rest = Substring(page)
    if rest.hasPrefix("<!DOCTYPE html>") { rest = rest.dropFirst(15) } else { problems.append("no doctype") }
    var open: [Element] = []
    func text(_ found: Substring) {
      for index in open.indices { open[index].text += Self.unescaped(found) }
    }
    while let start = rest.firstIndex(of: "<") {
      text(rest[..<start])
      rest = rest[start...].dropFirst()
      guard let end = Self.end(of: rest) else {
        problems.append("a tag that does not end: \(rest.prefix(40))")
        return
      }
      let tag = rest[..<end]
      rest = rest[end...].dropFirst()
      if tag.hasPrefix("/") {
        guard let last = open.popLast(), last.name == tag.dropFirst() else {
          problems.append("<\(tag)> ends what is not open")
          return
        }
        elements.append(last)
        continue
      }
      let isEmpty = tag.hasSuffix("/")
      let name = String(tag.prefix { $0.isLetter || $0.isNumber })
      if name.isEmpty { problems.append("a bare < before \(tag.prefix(20))") }
      let element = Element(name: name, attributes: Self.attributes(tag.dropFirst(name.count)), text: "")
      if isEmpty || Self.void.contains(name) {
        elements.append(element)
      } else if ["script", "style"].contains(name) {
        guard let close = rest.firstRange(of: "</\(name)>") else {
          problems.append("<\(name)> does not end")
          return
        }
        elements.append(
          Element(
            name: name, attributes: element.attributes, text: String(rest[..<close.lowerBound])))
        rest = rest[close.upperBound...]
      } else {
        open.append(element)
      }
    }
    if !open.isEmpty { problems.append("not closed: \(open.map(\.name))") }
  }

  /// The elements of a name, with a class if one is given.
  func all(_ name: String, class wanted: String? = nil) -> [Element] {
    elements.filter { element in
      element.name == name
        && (wanted.map { element.attributes["class"]?.split(separator: " ").contains(Substring($0)) ?? false }
          ?? true)
    }
  }

  private static func end(of tag: Substring) -> Substring.Index? {
    var isQuoted = false
    for index in tag.indices {
      if tag[index] == "\"" { isQuoted.toggle() }
      if tag[index] == ">", !isQuoted { return index }
    }
    return nil
  }

  private static func attributes(_ text: Substring) -> [String: String] {
    var attributes: [String: String] = [:]
    let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
    for index in stride(from: 0, to: parts.count - 1, by: 2) {
      let name = parts[index].filter { !$0.isWhitespace && $0 != "=" }
      attributes[String(name)] = unescaped(parts[index + 1])
    }
    return attributes
  }

  private static func unescaped(_ text: Substring) -> String {
    var result = String(text)
    for (entity, character) in [
      ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"),
    ] {
      result = result.split(separator: entity, omittingEmptySubsequences: false).joined(separator: character)
    }
    return result
  }
}
