extension AugmentationWorkspace {
  /// Moves the picture that was taken in without turning or bending it: resampling for a map that only adds to both
  /// coordinates. All pixels lie alike between their four, so these are read in whole vectors.
  ///
  /// - Parameters:
  ///   - x: what is added to a column's number to find where it comes from.
  ///   - y: the same for rows.
  func move(_ x: Float, _ y: Float, _ output: UnsafeMutablePointer<Float>) {
    // In the coordinates of the padded plane. From two pictures away on nothing changes any more.
    let (column, right) = Self.split(x + 1, limit: 2 * width + 4)
    let (row, down) = Self.split(y + 1, limit: 2 * height + 4)
    // What comes from further left or right is background.
    let columns = (-column..<width + 2 - column).clamped(to: 0..<width)
    let end = output + count
    for channel in 0..<channels {
      for place in 0..<height {
        let to = output + (channel * height + place) * width
        guard 0...height + 1 ~= place + row else {
          to.update(repeating: background, count: width)
          continue
        }
        let from = padded.pointer + (channel * plane + (place + row) * stride + column)
        to.update(repeating: background, count: columns.lowerBound)
        var x = columns.lowerBound
        while x < columns.upperBound {
          let mixed = mixture(from + x, right, down)
          // What lies beyond the columns is written after that.
          if to + x + 8 <= end {
            mixed.store(at: to + x)
          } else {
            for lane in 0..<columns.upperBound - x { to[x + lane] = mixed[lane] }
          }
          x += 8
        }
        (to + columns.upperBound).update(repeating: background, count: width - columns.upperBound)
      }
    }
  }

  /// Mixtures of the eight numbers at `from` on and those to the right, below, and below right of them.
  @inline(__always)
  private func mixture(_ from: UnsafePointer<Float>, _ right: Float, _ down: Float) -> SIMD8<Float> {
    let topLeft = SIMD8(at: from)
    let bottomLeft = SIMD8(at: from + stride)
    let top = topLeft + (SIMD8(at: from + 1) - topLeft) * right
    let bottom = bottomLeft + (SIMD8(at: from + stride + 1) - bottomLeft) * right
    return top + (bottom - top) * down
  }

  /// A coordinate's whole part and the rest, which is from 0 to 1.
  private static func split(_ coordinate: Float, limit: Int) -> (whole: Int, rest: Float) {
    let bounded = min(max(coordinate, Float(-limit)), Float(limit))
    let whole = bounded.rounded(.down)
    return (Int(whole), bounded - whole)
  }
}
