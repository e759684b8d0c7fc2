/// JSON from values: canonical for the model file, or in the members' own order for messages and lines of output.
public enum JSONWriter {
  /// The order of an object's members.
  public enum MemberOrder: Sendable, Equatable {
    /// As they stand in the value.
    case given
    /// By the UTF-8 bytes of their names.
    case sorted
  }

  /// A value that JSON cannot hold.
  public enum WriteError: Error, Equatable, CustomStringConvertible {
    /// NaN or an infinity.
    case numberNotFinite
    /// Two members of one object have the same name.
    case duplicateName(String)
    /// Objects and arrays nested deeper than a reader takes.
    case tooDeep(limit: Int)

    /// What is wrong, as a sentence fragment.
    public var description: String {
      switch self {
      case .numberNotFinite: "a number that is not finite cannot be written as JSON"
      case .duplicateName(let name): "two members of one object are called \(name.quotedForMessage)"
      case .tooDeep(let limit): "the JSON to be written is nested more than \(limit) deep"
      }
    }
  }

  /// The canonical bytes of `value`: no white space, members sorted, one spelling for each string and number
  /// (`formats/model-file.md`, section 2). What comes out reads back as `value` with its members sorted.
  ///
  /// - Throws: `WriteError` for what the strict reader would refuse.
  public static func canonicalBytes(
    of value: JSONValue, maximumDepth: Int = JSONReader.defaultMaximumDepth
  ) throws(WriteError) -> [UInt8] {
    var text = Text(order: .sorted, indentation: nil, maximumDepth: maximumDepth, isLenient: false)
    try text.append(value, depth: 1)
    return text.bytes
  }

  /// `value` as text with its members in the given order, on one line or indented.
  ///
  /// For output that people and other programs read. Numbers that are not finite become `null`; nothing else is lost.
  /// Characters that speak to a terminal or turn the direction of text around are escaped.
  ///
  /// - Parameter indentation: the number of spaces for each level, or nil for one line without white space.
  public static func text(of value: JSONValue, indentation: Int? = nil) -> String {
    var text = Text(order: .given, indentation: indentation, maximumDepth: .max, isLenient: true)
    // A lenient text refuses nothing.
    try? text.append(value, depth: 1)
    return escapingUnprintable(String(decoding: text.bytes, as: UTF8.self))
  }

  private struct Text {
    let order: MemberOrder
    let indentation: Int?
    let maximumDepth: Int
    let isLenient: Bool
    var bytes: [UInt8] = []

    mutating func append(_ value: JSONValue, depth: Int) throws(WriteError) {
      switch value {
      case .null: bytes += "null".utf8
      case .bool(let flag): bytes += (flag ? "true" : "false").utf8
      case .number(let number):
        guard number.isFinite || isLenient else { throw .numberNotFinite }
        bytes += (number.isFinite ? JSONWriter.text(of: number) : "null").utf8
      case .string(let string): JSONWriter.append(string, to: &bytes)
      case .array(let elements):
        guard depth <= maximumDepth else { throw .tooDeep(limit: maximumDepth) }
        bytes.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
          if index > 0 { bytes.append(UInt8(ascii: ",")) }
          breakLine(depth)
          try append(element, depth: depth + 1)
        }
        if !elements.isEmpty { breakLine(depth - 1) }
        bytes.append(UInt8(ascii: "]"))
      case .object(let members):
        guard depth <= maximumDepth else { throw .tooDeep(limit: maximumDepth) }
        try append(members, depth: depth)
      }
    }

    private mutating func append(_ members: [JSONValue.Member], depth: Int) throws(WriteError) {
      var members = members
      if order == .sorted {
        members.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for (a, b) in zip(members, members.dropFirst()) where a.name.isExactly(b.name) {
          throw .duplicateName(a.name)
        }
      }
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        breakLine(depth)
        JSONWriter.append(member.name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        if indentation != nil { bytes.append(UInt8(ascii: " ")) }
        try append(member.value, depth: depth + 1)
      }
      if !members.isEmpty { breakLine(depth - 1) }
      bytes.append(UInt8(ascii: "}"))
    }

    private mutating func breakLine(_ depth: Int) {
      guard let indentation else { return }
      bytes.append(UInt8(ascii: "\n"))
      bytes += repeatElement(UInt8(ascii: " "), count: indentation * depth)
    }
  }
}
