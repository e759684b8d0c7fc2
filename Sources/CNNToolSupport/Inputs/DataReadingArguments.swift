public import ArgumentParser
import CNNCodecs
public import CNNInterchange

/// The options that say how data are to be read, where their files don't: the same in every tool that takes data.
public struct DataReadingArguments: ParsableArguments {
  /// Whether rows and columns of all pictures are exchanged; nil for what file names say.
  @Flag(
    inversion: .prefixedNo,
    help: """
      Exchange rows and columns of all pictures of the data. (default: only for files whose names begin as EMNIST's \
      do, emnist-letters- and the like, whose pictures are transposed)
      """)
  public var transpose: Bool?

  /// The label that is the first class; nil for what file names say.
  @Option(
    help: ArgumentHelp(
      "The label that is the first class: 1 where labels count from one. (default: 0; 1 for emnist-letters-)",
      valueName: "n"))
  public var firstLabel: Int?

  /// How large the digits in a sheet are: `28x28`.
  @Option(
    help: ArgumentHelp(
      """
      PNG files are grids of digits of this size, read row by row. (default: a digit in each row of 784 pixels)
      """, valueName: "28x28"))
  public var tile: String?

  /// The defaults.
  public init() {}

  /// Refuses numbers that are none.
  public func validate() throws {
    guard firstLabel ?? 0 >= 0 else { throw ValidationError("--first-label must be 0 or more") }
    guard tile == nil || tileSize != nil else {
      throw ValidationError("--tile takes a width and a height, as in 28x28")
    }
  }

  private var tileSize: TileSize? { tile.flatMap { TileSize($0) } }

  /// What the options say.
  public var reading: DataReading {
    DataReading(isTransposed: transpose, firstLabel: firstLabel, tile: tileSize)
  }

  /// The options in force under their names; null for what file names decide.
  public var members: [JSONValue.Member] {
    [
      .init("transpose", transpose.map { .bool($0) } ?? .null),
      .init("first-label", firstLabel.map { .integer($0) } ?? .null),
      .init("tile", tile.map { .string($0) } ?? .null),
    ]
  }

  /// Those that were given.
  public var givenMembers: [JSONValue.Member] { members.filter { $0.value != .null } }
}

/// Splits by their names, in the options of every tool.
extension DatasetSplit: ExpressibleByArgument {}
