/// The mean of the pixels around each pixel.
enum BoxMean {
  /// Means over squares of 2 * `radius` + 1 pixels a side, cut at the border.
  ///
  /// - Parameter plane: [height, width]
  static func smoothed(_ plane: [UInt8], width: Int, height: Int, radius: Int) -> [UInt8] {
    var sums = [UInt16](repeating: 0, count: plane.count)
    plane.withUnsafeBufferPointer { plane in
      for y in 0..<height {
        let row = y * width
        for x in 0..<width {
          var sum: UInt16 = 0
          for near in max(0, x - radius)...min(width - 1, x + radius) { sum += UInt16(plane[row + near]) }
          sums[row + x] = sum
        }
      }
    }
    var result = plane
    for y in 0..<height {
      let rows = max(0, y - radius)...min(height - 1, y + radius)
      for x in 0..<width {
        let columns = min(width - 1, x + radius) - max(0, x - radius) + 1
        var sum = 0
        for near in rows { sum += Int(sums[near * width + x]) }
        let count = columns * rows.count
        result[y * width + x] = UInt8((sum + count / 2) / count)
      }
    }
    return result
  }
}
