/// The greatest picture that is decoded. All are checked in the header, before anything is allocated.
public struct PNGLimits: Sendable, Equatable {
  /// The greatest number of columns.
  public var maximumWidth: Int
  /// The greatest number of rows.
  public var maximumHeight: Int
  /// The greatest number of pixels; values beyond 2^40 count as that.
  public var maximumPixelCount: Int
  /// The greatest number of bytes of all samples, a byte for each up to 8 bits and two for 16: what is decompressed.
  public var maximumSampleByteCount: Int

  /// Limits of one's own; what is left out is that of `default`.
  public init(
    maximumWidth: Int = 1 << 20, maximumHeight: Int = 1 << 20, maximumPixelCount: Int = 1 << 26,
    maximumSampleByteCount: Int = 1 << 28
  ) {
    self.maximumWidth = maximumWidth
    self.maximumHeight = maximumHeight
    self.maximumPixelCount = maximumPixelCount
    self.maximumSampleByteCount = maximumSampleByteCount
  }

  /// 1,048,576 columns and rows, 67,108,864 pixels, 268,435,456 bytes of samples: every photograph, and all of MNIST's
  /// digits in one sheet.
  public static let `default` = PNGLimits()
}
