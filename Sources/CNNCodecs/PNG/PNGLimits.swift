/// The greatest picture that is decoded. All three are checked in the header, before anything is allocated.
public struct PNGLimits: Sendable, Equatable {
  /// The greatest number of columns.
  public var maximumWidth: Int
  /// The greatest number of rows.
  public var maximumHeight: Int
  /// The greatest number of pixels; values beyond 2^40 count as that.
  public var maximumPixelCount: Int

  /// Limits of one's own; what is left out is that of `default`.
  public init(
    maximumWidth: Int = 1 << 20, maximumHeight: Int = 1 << 20, maximumPixelCount: Int = 1 << 26
  ) {
    self.maximumWidth = maximumWidth
    self.maximumHeight = maximumHeight
    self.maximumPixelCount = maximumPixelCount
  }

  /// 1,048,576 columns and rows, 67,108,864 pixels: every photograph, and all of MNIST's digits in one sheet.
  public static let `default` = PNGLimits()
}
