import CNNCodecs

/// Heat over a grey picture: where a network looks.
public enum Overlay {
  /// How much of the picture the greatest heat hides.
  static let greatestCover = 0.75

  /// Lays colours over a picture, the more the hotter: heat 0 leaves the picture as it is, heat 1 lets a quarter of it
  /// through.
  ///
  /// Each of red, green and blue is round(g + 0.75 h (c - g)), where g is the picture's grey, h the heat and c the
  /// scale's colour at h.
  ///
  /// *Edge cases*: heat beyond 0 and 1 counts as these, NaN as 0.
  ///
  /// - Parameters:
  ///   - heat: [height, width], from 0 to 1.
  ///   - scale: the colours.
  /// - Precondition: there is a heat for every pixel.
  public static func blend(_ picture: GrayImage, heat: [Float], scale: ColorScale = .heat) -> RGBImage {
    precondition(
      heat.count == picture.pixels.count, "\(heat.count) numbers for \(picture.pixels.count) pixels")
    var samples: [UInt8] = []
    samples.reserveCapacity(3 * heat.count)
    for (gray, heat) in zip(picture.pixels, heat) {
      let heat = heat.isNaN ? 0 : min(max(Double(heat), 0), 1)
      let color = ColorScale.mix(.gray(gray), scale.color(at: heat), greatestCover * heat)
      samples.append(color.red)
      samples.append(color.green)
      samples.append(color.blue)
    }
    return RGBImage(width: picture.width, height: picture.height, pixels: samples)
  }
}
