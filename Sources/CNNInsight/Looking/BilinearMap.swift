/// A map that is brought to another size by interpolating between its numbers.
struct BilinearMap {
  let height: Int
  let width: Int
  /// [height, width].
  let values: [Float]

  /// Bilinear interpolation as PyTorch's `interpolate` does with `align_corners=False`: numbers stand in the middle of
  /// their pixels, and the outermost ones go on to the edge.
  func resized(height newHeight: Int, width newWidth: Int) -> [Float] {
    let rows = Self.axis(from: height, to: newHeight)
    let columns = Self.axis(from: width, to: newWidth)
    return rows.flatMap { row in
      columns.map { column in
        let above =
          values[row.first * width + column.first] * (1 - column.part)
          + values[row.first * width + column.second] * column.part
        let below =
          values[row.second * width + column.first] * (1 - column.part)
          + values[row.second * width + column.second] * column.part
        return above * (1 - row.part) + below * row.part
      }
    }
  }

  /// For each new place the two old ones that it lies between, and how much of the second it takes.
  private static func axis(from old: Int, to new: Int) -> [(first: Int, second: Int, part: Float)] {
    (0..<new).map { place in
      let source = max((Double(place) + 0.5) * Double(old) / Double(new) - 0.5, 0)
      let first = min(Int(source), old - 1)
      return (first, min(first + 1, old - 1), Float(source - Double(first)))
    }
  }
}
