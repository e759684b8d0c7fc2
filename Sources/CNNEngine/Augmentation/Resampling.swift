extension AugmentationWorkspace {
  /// Samples the picture that was taken in: each output pixel is a bilinear mixture of the four input pixels around
  /// the place that the map and the field give.
  func resample(_ map: InverseMap, _ field: ElasticField?, _ output: UnsafeMutablePointer<Float>) {
    if field == nil, map.isMove { return move(map.x0, map.y0, output) }
    if let field { elastic.begin(field) }
    let lanes = SIMD8<Float>(0, 1, 2, 3, 4, 5, 6, 7)
    for y in 0..<height {
      // In the coordinates of the padded plane.
      let startX = map.xy * Float(y) + (map.x0 + 1)
      let startY = map.yy * Float(y) + (map.y0 + 1)
      let bend = field == nil ? nil : elastic.row(y)
      var x = 0
      while x < width {
        let column = lanes + Float(x)
        var fromX = column * map.xx + startX
        var fromY = column * map.yx + startY
        if let bend {
          let displacement = bend.displacements(from: x)
          fromX += displacement.x
          fromY += displacement.y
        }
        // Beyond these bounds there is nothing but background.
        fromX = fromX.clamped(to: Float(width + 1))
        fromY = fromY.clamped(to: Float(height + 1))
        let (left, leftColumn) = fromX.floors
        let (top, topRow) = fromY.floors
        let place = topRow &* SIMD8(repeating: Int32(stride)) &+ leftColumn
        for channel in 0..<channels {
          let mixed = mix(padded.pointer + channel * plane, place, fromX - left, fromY - top)
          let to = output + (channel * height + y) * width + x
          if x + 8 <= width {
            mixed.store(at: to)
          } else {
            for lane in 0..<width - x { to[lane] = mixed[lane] }
          }
        }
        x += 8
      }
    }
  }

  /// Eight mixtures of four neighbours each: the first at `place`, the others to the right, below, and below right.
  @inline(__always)
  private func mix(
    _ plane: UnsafePointer<Float>, _ place: SIMD8<Int32>, _ right: SIMD8<Float>, _ down: SIMD8<Float>
  ) -> SIMD8<Float> {
    var topLeft = SIMD8<Float>()
    var topRight = SIMD8<Float>()
    var bottomLeft = SIMD8<Float>()
    var bottomRight = SIMD8<Float>()
    for lane in 0..<8 {
      let from = plane + Int(place[lane])
      topLeft[lane] = from[0]
      topRight[lane] = from[1]
      bottomLeft[lane] = from[stride]
      bottomRight[lane] = from[stride + 1]
    }
    let top = topLeft + (topRight - topLeft) * right
    let bottom = bottomLeft + (bottomRight - bottomLeft) * right
    return top + (bottom - top) * down
  }
}
