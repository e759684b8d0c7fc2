import CNNCodecs

/// A digit as a network expects it, and how it became so.
public struct NormalizedDigit: Sendable, Equatable {
  /// White ink on black, of the size that was asked for.
  public let image: GrayImage
  /// What was done to the picture.
  public let report: NormalizationReport

  /// Creates a digit.
  public init(image: GrayImage, report: NormalizationReport) {
    self.image = image
    self.report = report
  }
}

/// What normalisation did to a picture.
public struct NormalizationReport: Sendable, Equatable {
  /// The picture met the standard and was taken as it is; nothing else was looked at.
  public var isUnchanged = false
  /// The ink was darker than the paper.
  public var isInverted = false
  /// Squares of this many pixels a side were made one first, for the picture was large; 1 if not.
  public var reduction = 1
  /// Light fell unevenly, and the paper was made even.
  public var removedLight = false
  /// The deviation of the noise in grey levels, of which 2.5 were taken off.
  public var noise = 0.0
  /// How many parts of the ink were dropped as specks, or left out as other digits.
  public var droppedSpecks = 0
  /// The rectangle around the ink in the picture.
  public var box: PixelRectangle
  /// Pixels of the field for each pixel of the picture.
  public var scale = 1.0
  /// How far the digit leaned to the right in degrees; nil unless it was deskewed.
  public var angle: Double?

  /// A report of nothing done.
  public init(box: PixelRectangle) { self.box = box }

  init(_ field: InkField, box: PixelRectangle) {
    self.init(box: box.scaled(by: field.factor, width: field.fullWidth, height: field.fullHeight))
    isInverted = field.paper.isInkDark
    reduction = field.factor
    removedLight = field.paper.isUneven
    noise = field.noise
  }
}
