import CNNCodecs

extension GrayImage {
  /// The least whole factor by which both sides must shrink so that at most `pixelCount` pixels remain.
  func reductionFactor(toAtMost pixelCount: Int) -> Int {
    var factor = 1
    while ((width + factor - 1) / factor) * ((height + factor - 1) / factor) > pixelCount { factor += 1 }
    return factor
  }

  /// The picture with each square of `factor` by `factor` pixels made into one, their mean; at the right and at the
  /// bottom the squares may be cut.
  func reduced(by factor: Int) -> GrayImage {
    guard factor > 1 else { return self }
    let newWidth = (width + factor - 1) / factor
    let newHeight = (height + factor - 1) / factor
    var sums = [UInt32](repeating: 0, count: newWidth)
    var result = [UInt8](repeating: 0, count: newWidth * newHeight)
    pixels.withUnsafeBufferPointer { source in
      for newY in 0..<newHeight {
        for x in 0..<newWidth { sums[x] = 0 }
        let rows = newY * factor..<min((newY + 1) * factor, height)
        for y in rows {
          let row = y * width
          for newX in 0..<newWidth {
            var sum: UInt32 = 0
            for x in newX * factor..<min((newX + 1) * factor, width) { sum += UInt32(source[row + x]) }
            sums[newX] += sum
          }
        }
        for newX in 0..<newWidth {
          let columns = min((newX + 1) * factor, width) - newX * factor
          let count = UInt32(columns * rows.count)
          result[newY * newWidth + newX] = UInt8((sums[newX] + count / 2) / count)
        }
      }
    }
    return GrayImage(width: newWidth, height: newHeight, pixels: result)
  }
}
