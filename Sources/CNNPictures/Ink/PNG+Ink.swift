import CNNCodecs

extension PNG {
  /// The PNG `bytes` as a grey picture on which ink can be seen.
  ///
  /// Transparent parts show white paper. If nothing is left then but white, they show black: white ink on nothing.
  ///
  /// - Throws: a `PNGError` as `decodeGray(_:limits:background:)`.
  public static func decodeInk(_ bytes: [UInt8], limits: PNGLimits = .default) throws(PNGError) -> GrayImage {
    let onWhite = try decodeGray(bytes, limits: limits)
    guard onWhite.pixels.first == 255, onWhite.pixels.allSatisfy({ $0 == 255 }) else { return onWhite }
    return try decodeGray(bytes, limits: limits, background: 0)
  }
}
