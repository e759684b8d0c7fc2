import CNNCodecs
import CNNFiles

/// What the user says of data beyond their files.
public struct DataReading: Sendable, Equatable {
  /// Whether rows and columns of all pictures are exchanged; nil for what the files' names say.
  public var isTransposed: Bool?
  /// The label that is the first class; nil for what the files' names say, else 0.
  public var firstLabel: Int?
  /// How large the digits in PNG sheets are that are grids; nil for sheets with a digit in each row.
  public var tile: TileSize?

  /// Creates what is known; nil for all that is not.
  public init(isTransposed: Bool? = nil, firstLabel: Int? = nil, tile: TileSize? = nil) {
    self.isTransposed = isTransposed
    self.firstLabel = firstLabel
    self.tile = tile
  }

  /// Whether nothing is known beyond the files.
  public var isDefault: Bool { self == DataReading() }

  /// What is known, under the names of the tools' options: the provenance's `options`.
  public var options: [(name: String, value: JSONValue)] {
    [
      firstLabel.map { ("first-label", .integer($0)) }, tile.map { ("tile", .string("\($0)")) },
      isTransposed.map { ("transpose", .bool($0)) },
    ].compactMap(\.self)
  }

  /// A split as it is to be read.
  ///
  /// - Parameters:
  ///   - images: the name of the file of pictures, if it is of a kind whose name may say how it is to be read.
  ///   - labels: the name of the file of labels, likewise.
  func applied(to split: LabelledArrays, images: String? = nil, labels: String? = nil) -> LabelledArrays {
    var split = split
    split.isTransposed = isTransposed ?? images.map { EMNIST.isNamed($0) } ?? false
    split.firstLabel = firstLabel ?? labels.map { EMNIST.firstLabel(in: $0) } ?? 0
    return split
  }
}

/// The data sets of EMNIST (https://www.nist.gov/itl/products-and-services/emnist-dataset), known by their files' names.
///
/// Their pictures are transposed, and the labels of the letters count from one. Nothing in the files says so.
enum EMNIST {
  private static let sets: Set<String> = ["letters", "digits", "balanced", "mnist", "byclass", "bymerge"]

  /// Whether a path's name begins as those of EMNIST do: `emnist-letters-`.
  static func isNamed(_ path: String) -> Bool { set(of: path) != nil }

  /// The label of the first class.
  static func firstLabel(in path: String) -> Int { set(of: path) == "letters" ? 1 : 0 }

  private static func set(of path: String) -> String? {
    let words = InputFile.baseName(of: path).lowercased().split(separator: "-")
    guard words.count >= 3, words[0] == "emnist", sets.contains(String(words[1])) else { return nil }
    return String(words[1])
  }
}
