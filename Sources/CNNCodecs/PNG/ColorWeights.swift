/// How much of each of red, green and blue makes a pixel's one number, in units of 2^-16; they add up to 1.
struct ColorWeights {
  private let red: Int
  private let green: Int
  private let blue: Int

  /// Grey by Rec. 601: 0.299 red, 0.587 green, 0.114 blue.
  static let luma = ColorWeights(red: 19595, green: 38470, blue: 7471)

  /// Red, green and blue, each alone.
  static let channels = [
    ColorWeights(red: 1 << 16, green: 0, blue: 0), ColorWeights(red: 0, green: 1 << 16, blue: 0),
    ColorWeights(red: 0, green: 0, blue: 1 << 16),
  ]

  /// The number, rounded to nearest; that of a grey is the grey.
  @inline(__always)
  func apply(_ red: Int, _ green: Int, _ blue: Int) -> Int {
    (self.red * red + self.green * green + self.blue * blue + 32768) >> 16
  }
}
