import CNNModelFile

extension Preprocessing {
  /// The value of a pixel of empty paper: 0 where the ink is bright, else 255.
  public var backgroundPixel: UInt8 { polarity == .whiteOnBlack ? 0 : 255 }

  /// The network's input for each of the 256 values of a pixel: (Float(p) / divisor - mean) / deviation.
  var inputs: [Float] {
    let divisor = Float(divisor)
    let mean = Float(mean)
    let deviation = Float(deviation)
    return (0..<256).map { (Float($0) / divisor - mean) / deviation }
  }
}
