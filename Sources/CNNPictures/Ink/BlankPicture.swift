/// A picture with nothing on it: paper, perhaps uneven or noisy, and no ink.
public struct BlankPicture: Error, Sendable, Equatable, CustomStringConvertible {
  /// The greatest difference from the paper in grey levels.
  public let contrast: Int

  /// Creates the outcome.
  public init(contrast: Int) { self.contrast = contrast }

  /// One sentence.
  public var description: String {
    switch contrast {
    case 0: "the picture is blank: there is paper, perhaps in light and shadow, and no ink"
    case ..<InkField.leastContrast:
      "the picture is blank: nothing on it differs from the paper by more than \(contrast) of 255 grey levels"
    default: "the picture is blank: it has noise or specks, but no strokes"
    }
  }
}
