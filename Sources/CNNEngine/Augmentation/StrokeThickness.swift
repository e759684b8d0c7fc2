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
        thicken(pixels, amount, inkier: { $0.greater(of: $1) }, paler: { $0.lesser(of: $1) })
      } else {
        thicken(pixels, amount, inkier: { $0.lesser(of: $1) }, paler: { $0.greater(of: $1) })
      }
    }
  }

  private typealias Choice = (SIMD8<Float>, SIMD8<Float>) -> SIMD8<Float>

  @inline(__always)
  private func thicken(
    _ pixels: UnsafeMutablePointer<Float>, _ amount: Float, inkier: Choice, paler: Choice
  ) {
    var shape = pixels
    if amount < 0 {
      shape = eroded.pointer
      strongest(pixels, paler) { $1.store(at: shape + $0) }
      clearBorder(shape)
    }
    let part = SIMD8<Float>(repeating: amount)
    strongest(shape, inkier) { place, strongest in
      let change = part * (strongest - SIMD8(at: shape + place))
      (SIMD8(at: pixels + place) + change).store(at: pixels + place)
    }
    clearBorder(pixels)
  }

  /// Calls `body` with the place in the padded plane of every eight numbers, and what `choose` prefers among the 3x3
  /// around each of them. Where that is no pixel, it means nothing.
  ///
  /// All rows of pixels are gone through as one, from the first pixel to behind the last one.
  @inline(__always)
  private func strongest(
    _ pixels: UnsafePointer<Float>, _ choose: Choice, _ body: (Int, SIMD8<Float>) -> Void
  ) {
    // Three along each row, then three of those along each column.
    let rows = strongestInRow.pointer
    var place = 1
    while place < (height &+ 2) &* stride {
      let from = pixels + place
      choose(choose(SIMD8(at: from - 1), SIMD8(at: from)), SIMD8(at: from + 1)).store(at: rows + place)
      place &+= 8
    }
    place = stride &+ 1
    while place < (height &+ 1) &* stride {
      let from = rows + place
      body(place, choose(choose(SIMD8(at: from - stride), SIMD8(at: from)), SIMD8(at: from + stride)))
      place &+= 8
    }
  }

  /// Puts the background back to the left and to the right of a padded plane's pixels, and into the row below.
  private func clearBorder(_ pixels: UnsafeMutablePointer<Float>) {
    for y in 1...height {
      // The pixel behind a row's last, the one after that, and the one before the next row's first.
      let end = pixels + (y * stride + width + 1)
      end[0] = background
      end[1] = background
      end[2] = background
    }
    (pixels + (height + 1) * stride).update(repeating: background, count: 8)
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
