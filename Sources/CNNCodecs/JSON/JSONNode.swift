/// A JSON value that is not what its reader needs: a member is missing or of another type.
public struct JSONContentError: FormatError, Equatable {
  /// Where in the value: `graph.nodes[3].attributes.kernel_size`; empty for the whole.
  public let path: String
  /// What should be there, as a noun phrase, and what is: `should be an integer, and is a string`.
  public let problem: String

  /// Creates an error about the value at `path`.
  public init(path: String, problem: String) {
    self.path = path
    self.problem = problem
  }

  /// The byte where the trouble begins, if it is known.
  public var offset: Int? { nil }
  /// What is wrong, as a sentence fragment.
  public var reason: String { (path.isEmpty ? "the JSON" : path) + " " + problem }
}

/// A place in a JSON value: what is there and how it was reached, so that errors can say where they are.
public struct JSONNode: Sendable, Equatable {
  /// What is there.
  public let value: JSONValue
  /// How it was reached: `graph.nodes[3].name`; empty for the whole.
  public let path: String

  /// A place at `path`, or the whole of `value`.
  public init(_ value: JSONValue, path: String = "") {
    self.value = value
    self.path = path
  }

  /// An error about this place; `problem` continues its path: `should be positive, and is -1`.
  public func error(_ problem: String) -> JSONContentError {
    JSONContentError(path: path, problem: problem)
  }

  /// The member of that name.
  ///
  /// - Throws: `JSONContentError` if this is no object or has no such member.
  public func member(_ name: String) throws(JSONContentError) -> JSONNode {
    guard let member = try optionalMember(name) else {
      throw JSONContentError(path: path(of: name), problem: "is missing")
    }
    return member
  }

  /// The member of that name, or nil if there is none.
  ///
  /// - Throws: `JSONContentError` if this is no object.
  public func optionalMember(_ name: String) throws(JSONContentError) -> JSONNode? {
    guard case .object = value else { throw unexpected("an object") }
    return value.member(name).map { JSONNode($0, path: path(of: name)) }
  }

  /// The members in their order.
  ///
  /// - Throws: `JSONContentError` if this is no object.
  public func members() throws(JSONContentError) -> [(name: String, node: JSONNode)] {
    guard case .object(let members) = value else { throw unexpected("an object") }
    return members.map { ($0.name, JSONNode($0.value, path: path(of: $0.name))) }
  }

  /// The elements in their order.
  ///
  /// - Throws: `JSONContentError` if this is no array.
  public func elements() throws(JSONContentError) -> [JSONNode] {
    guard case .array(let elements) = value else { throw unexpected("an array") }
    return elements.enumerated().map { child($1, at: $0) }
  }

  /// The string that is here.
  public func string() throws(JSONContentError) -> String {
    guard case .string(let string) = value else { throw unexpected("a string") }
    return string
  }

  /// The truth value that is here.
  public func bool() throws(JSONContentError) -> Bool {
    guard case .bool(let flag) = value else { throw unexpected("true or false") }
    return flag
  }

  /// The number that is here.
  public func number() throws(JSONContentError) -> Double {
    guard case .number(let number) = value else { throw unexpected("a number") }
    return number
  }

  /// The number that is here; infinity for null, which `JSONValue.finite` writes for it.
  public func numberOrInfinity() throws(JSONContentError) -> Double {
    value == .null ? .infinity : try number()
  }

  /// The integer that is here, if it is in `range`.
  ///
  /// - Throws: `JSONContentError` for a fraction, for what a double cannot hold exactly, and out of range.
  public func integer(in range: ClosedRange<Int> = -(1 << 53)...1 << 53) throws(JSONContentError) -> Int {
    guard case .number(let number) = value else { throw unexpected("an integer") }
    guard number.magnitude <= 0x1p53, let integer = Int(exactly: number) else {
      throw error("should be an integer, and is \(JSONWriter.text(of: number))")
    }
    guard range.contains(integer) else {
      throw error("should be from \(range.lowerBound) to \(range.upperBound), and is \(integer)")
    }
    return integer
  }

  /// The strings of the array that is here.
  public func strings() throws(JSONContentError) -> [String] {
    guard case .array(let elements) = value else { throw unexpected("an array") }
    var result: [String] = []
    result.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      guard case .string(let string) = element else { throw child(element, at: index).unexpected("a string") }
      result.append(string)
    }
    return result
  }

  /// The integers of the array that is here, each in `range`; exactly `count` of them unless that is nil.
  public func integers(
    count: Int? = nil, in range: ClosedRange<Int> = -(1 << 53)...1 << 53
  ) throws(JSONContentError) -> [Int] {
    guard case .array(let elements) = value else { throw unexpected("an array") }
    if let count, elements.count != count {
      throw error("should have \(count) elements, and has \(elements.count)")
    }
    var result: [Int] = []
    result.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      // The path costs more than the number; it is made only where it is needed.
      if case .number(let number) = element, let integer = Int(exactly: number), range.contains(integer) {
        result.append(integer)
      } else {
        result.append(try child(element, at: index).integer(in: range))
      }
    }
    return result
  }

  private func child(_ element: JSONValue, at index: Int) -> JSONNode {
    JSONNode(element, path: "\(path)[\(index)]")
  }

  private func path(of name: String) -> String {
    let isPlain =
      !name.isEmpty && name.utf8.count <= 80
      && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x2E && $0 != 0x5B }
    let step = isPlain ? name : name.quotedForMessage
    return path.isEmpty ? step : path + "." + step
  }

  private func unexpected(_ wanted: String) -> JSONContentError {
    error("should be \(wanted), and is \(value.kindName)")
  }
}

extension JSONValue {
  /// The member of that name; nil if there is none or this is no object.
  public func member(_ name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name.isExactly(name) }?.value
  }

  /// The elements of an array; nil if this is none.
  public var arrayElements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The string; nil if this is none.
  public var stringValue: String? {
    if case .string(let string) = self { string } else { nil }
  }

  /// The number; nil if this is none.
  public var numberValue: Double? {
    if case .number(let number) = self { number } else { nil }
  }

  /// An integer as a number.
  ///
  /// Beyond 2^53 in magnitude it is rounded to the nearest double.
  public static func integer(_ value: Int) -> JSONValue { .number(Double(value)) }

  /// A number that may be missing: null for nil, and for NaN and the infinities, which JSON does not have.
  public static func finite(_ value: Double?) -> JSONValue {
    value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null
  }

  /// What kind of value this is, with its article: `an array`.
  public var kindName: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}
