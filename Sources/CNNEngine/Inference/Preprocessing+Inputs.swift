import CNNModelFile

extension Preprocessing {
  /// The value of a pixel of empty paper: 0 where the ink is bright, else 255.
  public var backgroundPixel: UInt8 { polarity == .whiteOnBlack ? 0 : 255 }
}

/// What makes a pixel's byte p the network's input: (Float(p) / divisor - mean) / deviation.
struct PixelScale: Sendable {
  private let divisor: Float
  private let mean: Float
  private let deviation: Float

  init(_ preprocessing: Preprocessing) {
    divisor = Float(preprocessing.divisor)
    mean = Float(preprocessing.mean)
    deviation = Float(preprocessing.deviation)
  }

  /// The input for one pixel.
  func input(_ pixel: UInt8) -> Float {
    (Float(pixel) / divisor - mean) / deviation
  }

  /// The inputs for `count` pixels, in vectors.
  func write(_ pixels: UnsafePointer<UInt8>, count: Int, to inputs: UnsafeMutablePointer<Float>) {
    if mean == 0, deviation == 1 {
      // The same bits, a division each instead of two.
      for index in 0..<count { inputs[index] = Float(pixels[index]) / divisor }
    } else {
      for index in 0..<count { inputs[index] = input(pixels[index]) }
    }
  }
}
