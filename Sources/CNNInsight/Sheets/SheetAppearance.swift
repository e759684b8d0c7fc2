import CNNPictures

/// How sheets of a network look, where they differ.
public struct SheetAppearance: Sendable, Equatable {
  /// What is drawn from its own least to its own greatest number.
  public enum Scaling: String, Sendable, CaseIterable {
    /// Each filter, unit or map: all of them show their pattern, however weak it is.
    case filter
    /// The layer as a whole (of two models: of both): strong filters look strong.
    case layer
  }

  /// How numbers become greys or colours.
  public enum Colors: String, Sendable, CaseIterable {
    /// The greatest is black, the least white.
    case gray
    /// Red above 0, white at 0, blue below.
    case diverging

    /// The scale of greys or colours.
    public var scale: ColorScale {
      switch self {
      case .gray: .grayDarkIsLarge
      case .diverging: .diverging
      }
    }
  }

  /// What is drawn from its own least to its own greatest number.
  public var scaling: Scaling
  /// How numbers become greys or colours; nil for grey, but what reads the colours of pictures is drawn in them.
  public var colors: Colors?
  /// How many tiles stand in a row; nil for what suits the layer.
  public var columns: Int?
  /// How many pixels high and wide each number is drawn; nil for what suits the layer.
  public var scale: Int?
  /// Whether names and numbers stand below the tiles, and below all, where everything has one range, a bar that says
  /// which.
  public var isLabelled: Bool

  /// An appearance; what is left out is as in *Deep Learning from Scratch*: grey, each filter by itself, no words.
  public init(
    scaling: Scaling = .filter, colors: Colors? = nil, columns: Int? = nil, scale: Int? = nil,
    isLabelled: Bool = false
  ) {
    self.scaling = scaling
    self.colors = colors
    self.columns = columns
    self.scale = scale
    self.isLabelled = isLabelled
  }

  /// The scale of greys or colours for numbers.
  var colorScale: ColorScale { (colors ?? .gray).scale }

  /// A sheet of this appearance.
  ///
  /// - Parameters:
  ///   - columns: how many tiles stand in a row unless the appearance says so.
  ///   - scale: how large numbers are drawn unless the appearance says so.
  ///   - labels: what stands below the tiles if anything does.
  ///   - range: what all tiles are drawn by; nil if each has its own.
  func sheet(columns: Int, scale: Int, labels: [String]?, range: ValueRange?) -> Sheet {
    Sheet(
      columns: self.columns ?? columns, scale: self.scale ?? scale, labels: isLabelled ? labels : nil,
      bar: isLabelled ? range.map { ColorBar(scale: colorScale, range: $0) } : nil)
  }

  /// The greatest scale up to 10 with which a tile has at most `side` pixels a side, at least 1.
  static func scale(forTileOf width: Int, _ height: Int, side: Int) -> Int {
    min(max(side / max(width, height, 1), 1), 10)
  }
}
