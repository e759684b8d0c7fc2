import CNNCodecs

/// The paper as it would look without ink: a grey closing (or opening, for bright ink) with a square window.
///
/// What is narrower than the window is filled with what surrounds it; gradients, and shadows that are wider or reach the
/// picture's border, stay as they are. A polynomial would not follow the edge of a shadow.
struct LightEstimate {
  /// The side of the window for a picture: 40 % of its shorter side. The thickest stroke of a digit that fills the
  /// picture is about 30 %.
  static func window(for picture: GrayImage) -> Int {
    max(3, min(picture.width, picture.height) * 2 / 5) | 1
  }

  /// The brightness of the paper at each pixel, [height, width].
  ///
  /// The window may stand partly outside of the picture, so that a shadow in a corner is paper however small it is. Ink
  /// that crosses the border is still ink, as there is paper beside it; only what lies along the border is lost.
  ///
  /// - Parameter isInkDark: whether dark ink is to be filled, or bright ink.
  static func paper(under picture: GrayImage, isInkDark: Bool) -> [UInt8] {
    let window = window(for: picture)
    let (width, height) = (picture.width, picture.height)
    let (wide, high) = (width + window - 1, height + window - 1)
    // Bright ink on dark paper is dark ink on bright paper, inverted.
    let source = isInkDark ? picture.pixels : picture.pixels.map { 255 - $0 }
    // The greatest of all windows that touch the picture, and the least of all that hold a pixel.
    var plane = [UInt8](repeating: 0, count: wide * high)
    var line = [UInt8](repeating: 0, count: width + 2 * (window - 1))
    for y in 0..<height {
      for x in line.indices { line[x] = 0 }
      for x in 0..<width { line[window - 1 + x] = source[y * width + x] }
      combine(&line, distance: 1, window: window, takesGreatest: true)
      for x in 0..<wide { plane[(y + window - 1) * wide + x] = line[x] }
    }
    plane += [UInt8](repeating: 0, count: (window - 1) * wide)
    combine(&plane, distance: wide, window: window, takesGreatest: true)
    plane.removeLast((window - 1) * wide)
    combine(&plane, distance: wide, window: window, takesGreatest: false)
    var result = source
    var row = [UInt8](repeating: 0, count: wide)
    for y in 0..<height {
      for x in 0..<wide { row[x] = plane[y * wide + x] }
      combine(&row, distance: 1, window: window, takesGreatest: false)
      for x in 0..<width { result[y * width + x] = isInkDark ? row[x] : 255 - row[x] }
    }
    return result
  }

  /// Makes each value the greatest (or least) of itself and the next `window` - 1 at multiples of `distance`: windows
  /// of 1, 2, 4 ... are combined until they reach.
  private static func combine(
    _ values: inout [UInt8], distance: Int, window: Int, takesGreatest: Bool
  ) {
    let count = values.count
    values.withUnsafeMutableBufferPointer { values in
      var reach = 1
      while reach < window {
        let step = min(reach, window - reach)
        let shift = step * distance
        // Upwards: what is read has not been written yet.
        if takesGreatest {
          for index in 0..<max(0, count - shift) { values[index] = max(values[index], values[index + shift]) }
        } else {
          for index in 0..<max(0, count - shift) { values[index] = min(values[index], values[index + shift]) }
        }
        reach += step
      }
    }
  }
}
