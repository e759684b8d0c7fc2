/// Fewer points that look the same: of a long series each part gives its least, its greatest and its first gap.
enum Decimation {
  /// The parts of a series that are looked at.
  static let partCount = 320

  /// The indices of the values to draw, in order: all of them for short series, else at most three a part, and the last.
  ///
  /// - Parameter values: the heights of the points; nil for gaps.
  static func indices(of values: [Double?]) -> [Int] {
    guard values.count > partCount * 3 else { return Array(values.indices) }
    var result: [Int] = []
    for part in 0..<partCount {
      let range = values.count * part / partCount..<values.count * (part + 1) / partCount
      var chosen: Set<Int> = []
      if let gap = range.first(where: { values[$0] == nil }) { chosen.insert(gap) }
      let present = range.compactMap { index in values[index].map { (index: index, value: $0) } }
      if let least = present.min(by: { $0.value < $1.value }) { chosen.insert(least.index) }
      if let greatest = present.max(by: { $0.value < $1.value }) { chosen.insert(greatest.index) }
      if part == 0 { chosen.insert(range.lowerBound) }
      if part == partCount - 1 { chosen.insert(range.upperBound - 1) }
      result += chosen.sorted()
    }
    return result
  }
}
