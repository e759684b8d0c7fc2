import CNNCodecs

/// Places a box of ink in a field by its centre of mass.
enum CentreOfMass {
  /// A field of `width` by `height` pixels, black but for `ink`, moved by whole pixels so that its centre of mass, pixel
  /// centres being at halves, falls at most a pixel right of and below the field's middle: MNIST's rule. A box that
  /// would stick out is moved back in.
  ///
  /// - Parameter ink: [side, side]
  static func placed(_ ink: [UInt8], side: Int, width: Int, height: Int) -> GrayImage {
    var (mass, massX, massY) = (0, 0, 0)
    for y in 0..<side {
      for x in 0..<side {
        let value = Int(ink[y * side + x])
        mass += value
        massX += value * x
        massY += value * y
      }
    }
    func offset(_ moment: Int, _ length: Int) -> Int {
      let centre = mass == 0 ? Double(side) / 2 : Double(moment) / Double(mass) + 0.5
      return min(max(Int(Double(length) / 2 + 1 - centre), 0), length - side)
    }
    let (left, top) = (offset(massX, width), offset(massY, height))
    var pixels = [UInt8](repeating: 0, count: width * height)
    for y in 0..<side {
      for x in 0..<side { pixels[(top + y) * width + left + x] = ink[y * side + x] }
    }
    return GrayImage(width: width, height: height, pixels: pixels)
  }
}
