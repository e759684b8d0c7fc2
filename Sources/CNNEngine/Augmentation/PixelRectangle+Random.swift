import CNNCodecs

extension PixelRectangle {
  /// A random rectangle that lies wholly in a picture: each side between an eighth and a fifth of the picture's,
  /// rounded down but at least one pixel, so that it hardly ever takes away what a digit is known by.
  init(random: inout RandomStream, height: Int, width: Int) {
    func side(of length: Int) -> Int {
      let least = max(1, length / 8)
      let greatest = max(least, length / 5)
      return least + Int(random.integer(below: UInt32(greatest - least + 1)))
    }
    // In this order: it is that of the random numbers, and so a part of what a seed means.
    let rows = side(of: height)
    let columns = side(of: width)
    let top = Int(random.integer(below: UInt32(height - rows + 1)))
    let left = Int(random.integer(below: UInt32(width - columns + 1)))
    self.init(x: left, y: top, width: columns, height: rows)
  }
}
