/// For each target pixel along one axis, the source pixels that it is made of and their shares.
///
/// Where pixels become fewer, a target pixel is the mean of the area that it covers, source pixels at its ends counting
/// in part. Where they become more, the source is interpolated: blocks would give a digit of a few pixels a staircase
/// for an outline.
struct AxisWeights {
  /// The first source pixel of each target pixel.
  private(set) var first: [Int] = []
  /// Where in `weights` the shares of each target pixel begin, and at the end where the last ones end.
  private(set) var starts: [Int] = [0]
  private(set) var weights: [Float] = []

  /// How many target pixels there are.
  var count: Int { first.count }

  /// Weights for `targetCount` pixels that together cover the source from `start` over `length` pixels.
  ///
  /// Source pixels beyond 0..<`sourceCount` have no share: the picture is taken to go on as 0.
  init(start: Double, length: Double, sourceCount: Int, targetCount: Int) {
    let ratio = length / Double(targetCount)
    first.reserveCapacity(targetCount)
    starts.reserveCapacity(targetCount + 1)
    for index in 0..<targetCount {
      let low = start + Double(index) * ratio
      ratio >= 1
        ? appendArea(from: low, to: low + ratio, sourceCount)
        : appendInterpolation(at: low + ratio / 2 - 0.5, sourceCount)
    }
  }

  private mutating func appendArea(from low: Double, to high: Double, _ sourceCount: Int) {
    let begin = min(max(Int(low.rounded(.down)), 0), sourceCount)
    // What sticks out by a rounding error is none.
    let end = max(min(Int((high - 1e-9).rounded(.down)) + 1, sourceCount), begin)
    first.append(begin)
    for index in begin..<end {
      let share = min(high, Double(index + 1)) - max(low, Double(index))
      weights.append(Float(max(share, 0) / (high - low)))
    }
    starts.append(weights.count)
  }

  /// Catmull-Rom: passes through the source's values, so that a line of full ink stays one.
  private mutating func appendInterpolation(at center: Double, _ sourceCount: Int) {
    let base = center.rounded(.down)
    let t = center - base
    let shares = [
      ((-0.5 * t + 1) * t - 0.5) * t, (1.5 * t - 2.5) * t * t + 1, ((-1.5 * t + 2) * t + 0.5) * t,
      (0.5 * t - 0.5) * t * t,
    ]
    let begin = min(max(Int(base) - 1, 0), sourceCount)
    first.append(begin)
    for (offset, share) in shares.enumerated() where (0..<sourceCount).contains(Int(base) - 1 + offset) {
      weights.append(Float(share))
    }
    starts.append(weights.count)
  }
}

/// Numbers in rows, the form in which ink is resampled.
struct Plane {
  let width: Int
  let height: Int
  /// [height, width]
  var values: [Float]

  init(width: Int, height: Int, values: [Float]) {
    self.width = width
    self.height = height
    self.values = values
  }

  /// The part of `source` that `columns` and `rows` ask for, first along the rows, then along the columns.
  init(resampling source: [UInt8], width sourceWidth: Int, columns: AxisWeights, rows: AxisWeights) {
    width = columns.count
    height = rows.count
    let firstRow = rows.first.min() ?? 0
    var lastRow = firstRow
    for y in 0..<rows.count { lastRow = max(lastRow, rows.first[y] + rows.starts[y + 1] - rows.starts[y]) }
    var narrowed = [Float](repeating: 0, count: (lastRow - firstRow) * columns.count)
    values = [Float](repeating: 0, count: width * height)
    source.withUnsafeBufferPointer { source in
      columns.weights.withUnsafeBufferPointer { weights in
        for y in firstRow..<lastRow {
          for x in 0..<width {
            var sum: Float = 0
            let base = y * sourceWidth + columns.first[x] - columns.starts[x]
            for k in columns.starts[x]..<columns.starts[x + 1] { sum += weights[k] * Float(source[base + k]) }
            narrowed[(y - firstRow) * width + x] = sum
          }
        }
      }
    }
    for y in 0..<height {
      for k in rows.starts[y]..<rows.starts[y + 1] {
        let weight = rows.weights[k]
        let from = (rows.first[y] + k - rows.starts[y] - firstRow) * width
        for x in 0..<width { values[y * width + x] += weight * narrowed[from + x] }
      }
    }
  }
}
