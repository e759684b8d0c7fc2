import CNNCodecs

extension Picture {
  /// Channels as a picture: a network's input, or weights for its colours.
  ///
  /// Three channels are red, green and blue; of any other number above one the mean is taken.
  ///
  /// - Parameters:
  ///   - pixels: [C, H, W].
  ///   - shape: [C, H, W].
  /// - Precondition: there are as many pixels as the shape says, at least one.
  public init(pixels: [UInt8], shape: [Int]) {
    let (channels, height, width) = (shape[0], shape[1], shape[2])
    let plane = height * width
    switch channels {
    case 1: self = .gray(GrayImage(width: width, height: height, pixels: pixels))
    case 3:
      self = .rgb(
        RGBImage(
          width: width, height: height,
          pixels: (0..<plane).flatMap { [pixels[$0], pixels[plane + $0], pixels[2 * plane + $0]] }))
    default:
      self = .gray(
        GrayImage(
          width: width, height: height,
          pixels: (0..<plane).map { place in
            UInt8((0..<channels).reduce(channels / 2) { $0 + Int(pixels[$1 * plane + place]) } / channels)
          }))
    }
  }
}
