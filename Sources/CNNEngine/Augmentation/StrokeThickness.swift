extension AugmentationWorkspace {
  /// Lets the strokes of the picture that was taken in grow at their edges by `amount` of a pixel, or shrink by that
  /// if it is negative. It lies in -1...1.
  ///
  /// Growing adds the part `amount` of what a dilation by 3x3 pixels would add. Shrinking erodes first, and takes away
  /// that part of what a dilation would give back: so thick strokes lose their edges, and strokes too thin to survive
  /// the erosion stay as they are instead of fading.
  ///
  /// Ink is what is brighter than the background if the plane is so on average, and darker otherwise; so it does not
  /// matter which way the scale of the pixels runs.
  func thicken(by amount: Float) {
    for channel in 0..<channels {
      let pixels = padded.pointer + channel * plane
      if mean(pixels) >= background {
        thicken(pixels, amount, inkier: { $0 > $1 ? $0 : $1 }, paler: { $0 < $1 ? $0 : $1 })
      } else {
        thicken(pixels, amount, inkier: { $0 < $1 ? $0 : $1 }, paler: { $0 > $1 ? $0 : $1 })
      }
    }
  }

  @inline(__always)
  private func thicken(
    _ pixels: UnsafeMutablePointer<Float>, _ amount: Float, inkier: (Float, Float) -> Float,
    paler: (Float, Float) -> Float
  ) {
    var shape = pixels
    if amount < 0 {
      shape = eroded.pointer
      strongest(pixels, paler) { shape[$0] = $1 }
    }
    strongest(shape, inkier) { pixels[$0] += amount * ($1 - shape[$0]) }
  }

  /// Calls `body` with each pixel's place in its plane and what `choose` prefers among the 3x3 pixels around it.
  @inline(__always)
  private func strongest(
    _ pixels: UnsafePointer<Float>, _ choose: (Float, Float) -> Float, _ body: (Int, Float) -> Void
  ) {
    // Three along each row, then three of those along each column.
    let rows = strongestInRow.pointer
    for y in 0..<height + 2 {
      for place in y * stride + 1..<y * stride + 1 + width {
        rows[place] = choose(choose(pixels[place - 1], pixels[place]), pixels[place + 1])
      }
    }
    for y in 1...height {
      for place in y * stride + 1..<y * stride + 1 + width {
        body(place, choose(choose(rows[place - stride], rows[place]), rows[place + stride]))
      }
    }
  }

  /// The mean of a padded plane's own pixels.
  private func mean(_ pixels: UnsafePointer<Float>) -> Float {
    // A sum for each column, so that none has to wait for the one before.
    let sums = strongestInRow.pointer
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
