/// A JSON value with the order of its members kept.
///
/// The project has its own JSON because the format needs what general parsers don't give: duplicate names are
/// refused, the order of members counts, and the bytes written are canonical. `JSONReader` and `JSONWriter`
/// go between values and bytes.
public enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  /// A number; integers up to 2^53 in magnitude are exact and are written without a fraction.
  case number(Double)
  case string(String)
  case array([JSONValue])
  /// Members in the order in which they stand; names are unique.
  case object([Member])

  /// A name and its value.
  public struct Member: Sendable, Equatable {
    /// The name, unique in its object.
    public var name: String
    /// What it stands for.
    public var value: JSONValue

    /// Creates a member.
    public init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }
}
