import CNNCodecs

extension Sheet {
  /// Why there is no sheet.
  public enum Failure: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is nothing to draw.
    case noTiles
    /// The scale is not positive.
    case invalidScale(Int)
    /// The margin is negative.
    case invalidMargin(Int)
    /// The sheet would have more than `maximumPixelCount` pixels: this many columns and rows (or `Int.max`, if there are
    /// even more). `fittingScale` is the greatest scale with which it has not; nil if there is none.
    case tooLarge(width: Int, height: Int, fittingScale: Int?)

    /// One sentence.
    public var description: String {
      switch self {
      case .noTiles: "there is nothing to draw"
      case .invalidScale(let scale): "a scale of \(scale) is not positive"
      case .invalidMargin(let margin): "a margin of \(margin) pixels is negative"
      case .tooLarge(let width, let height, let fittingScale):
        "\(Self.size(width, height)); "
          + (fittingScale.map { "a scale of \($0) is the greatest that fits" }
            ?? "not even a scale of 1 fits: draw fewer tiles")
      }
    }

    /// The first half of the sentence about a sheet that is too large, for those who say otherwise what to change:
    /// `the sheet would have 312.5 megapixels, more than 100`.
    public static func size(_ width: Int, _ height: Int) -> String {
      // Rounded up, so that it never reads as if it were not more.
      let megapixels = (Double(width) * Double(height) / 1e5).rounded(.up) / 10
      let text = megapixels < 1e6 ? NumberFormat.fixed(megapixels, 1) : "over a million"
      return "the sheet would have \(text) megapixels, more than \(Sheet.maximumPixelCount / 1_000_000)"
    }
  }
}
