import CNNCodecs

/// An array of a foreign file with the name under which it stands there.
public struct NamedArray: Sendable {
  /// The key in a dictionary (`W1`), or the place in a list or stream of arrays (`[0]`).
  public let name: String
  /// The numbers.
  public let array: NumericArray

  /// Creates a named array.
  public init(name: String, array: NumericArray) {
    self.name = name
    self.array = array
  }

  /// Whether a name of a foreign file can stand in messages and tables: not too long, and all of it printable. Names
  /// of layers are.
  static func isFit(_ name: String) -> Bool {
    name.utf8.count <= 255
      && !name.unicodeScalars.contains { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
      }
  }

  /// Name, shape and element type for a message: `W1 [30, 1, 5, 5]`.
  var summary: String { "\(name) \(array.shape)" }
}
