extension AugmentationWorkspace {
  /// Lets the strokes of the picture that was taken in grow by up to a pixel at their edges, or shrink if `amount` is negative.
  ///
  /// Each pixel moves by the part `amount` from its own value towards the most inky of the 3x3 pixels around it, or
  /// the least inky. Ink is what is brighter than the background if the plane is so on average, and darker otherwise;
  /// so it does not matter which way the scale of the pixels runs.
  func thicken(by amount: Float) {
    for channel in 0..<channels {
      let pixels = padded.pointer + channel * plane
      let inkIsBright = mean(pixels) >= background
      if inkIsBright == (amount > 0) {
        blend(pixels, abs(amount)) { $0 > $1 ? $0 : $1 }
      } else {
        blend(pixels, abs(amount)) { $0 < $1 ? $0 : $1 }
      }
    }
  }

  /// Moves each pixel by the part `amount` towards what `choose` prefers among the 3x3 pixels around it.
  @inline(__always)
  private func blend(
    _ pixels: UnsafeMutablePointer<Float>, _ amount: Float, _ choose: (Float, Float) -> Float
  ) {
    // Three along each row, then three of those along each column.
    for y in 0..<height + 2 {
      let from = pixels + y * stride
      let to = strokes.pointer + y * stride
      for x in 1...width { to[x] = choose(choose(from[x - 1], from[x]), from[x + 1]) }
    }
    for y in 1...height {
      let from = strokes.pointer + y * stride
      let (above, below) = (from - stride, from + stride)
      let to = pixels + y * stride
      for x in 1...width { to[x] += amount * (choose(choose(above[x], from[x]), below[x]) - to[x]) }
    }
  }

  /// The mean of a padded plane's own pixels, a column at a time so that there are many sums that don't wait for each
  /// other.
  private func mean(_ pixels: UnsafePointer<Float>) -> Float {
    let sums = strokes.pointer
    sums.update(repeating: 0, count: width)
    for y in 1...height {
      let row = pixels + y * stride + 1
      for x in 0..<width { sums[x] += row[x] }
    }
    var sum: Float = 0
    for x in 0..<width { sum += sums[x] }
    return sum / Float(height * width)
  }
}
