import CNNModelFile

extension Preprocessing {
  /// The network's input for each of the 256 values of a pixel: (Float(p) / divisor - mean) / deviation.
  var inputs: [Float] {
    let divisor = Float(divisor)
    let mean = Float(mean)
    let deviation = Float(deviation)
    return (0..<256).map { (Float($0) / divisor - mean) / deviation }
  }
}
