import CNNCodecs

/// Where a piece of ink may be cut into digits: seams from top to bottom that cross little ink.
///
/// A seam is the cheapest path downwards, a step to the side a row at most, near some column: it finds its way between
/// slanted digits, and cuts where they touch. Seams that cost least and keep a distance from each other are taken.
struct LineCuts {
  private(set) var parts: [LinePart] = []

  /// Pieces that are narrower than this share of the line's height are one digit.
  private static let narrowest = 0.4
  /// How far a seam may stray from its column, in line heights.
  private static let stray = 0.25
  /// The least distance between seams, and between a seam and the end of the piece.
  private static let distance = 0.16
  /// A seam may cross this many strokes' widths of ink.
  private static let mostInk = 2.2
  /// On either side of a seam is at least this much of the ink of an upright stroke, as high as the line.
  private static let leastInk = 0.4
  /// What a seam costs that crosses as much ink as a stroke is wide.
  private static let costPerStroke = 0.8

  private struct Seam {
    var columns: [Int]
    var cost: Double
    var middle: Double
  }

  /// Finds the cuts of a piece and parts it.
  init(_ piece: LinePart, runs: [InkRun], fieldHeight: Int, height: Double) {
    let box = piece.box
    guard Double(box.width) > Self.narrowest * height, height >= 6 else {
      parts = [piece]
      return
    }
    let ink = Self.ink(of: runs, in: box)
    let stroke = Self.strokeWidth(of: runs)
    let stray = max(1, Int(Self.stray * height))
    let distance = max(2, Self.distance * height)
    var seams: [Seam] = []
    let step = max(1, Int(height / 24))
    for column in stride(from: box.x + Int(distance), through: box.right - Int(distance), by: step) {
      let seam = Self.seam(through: column, stray: stray, ink, box)
      // A seam along the piece's side parts nothing, and would keep others away.
      let (left, right) = Self.shares(of: seam, ink, box)
      if seam.cost <= Self.mostInk * stroke, min(left, right) >= Self.leastInk * height * stroke {
        seams.append(seam)
      }
    }
    var chosen: [Seam] = []
    for seam in seams.sorted(by: { ($0.cost, $0.middle) < ($1.cost, $1.middle) }) {
      let isFree = chosen.allSatisfy { abs($0.middle - seam.middle) >= distance }
      if isFree { chosen.append(seam) }
    }
    let most = Int((Double(box.width) / height * 4).rounded(.up))
    chosen = Array(chosen.prefix(most)).sorted { $0.middle < $1.middle }
    // Seams that cross would give a part less than nothing.
    for index in chosen.indices.dropFirst() {
      for row in chosen[index].columns.indices {
        chosen[index].columns[row] = max(chosen[index].columns[row], chosen[index - 1].columns[row])
      }
    }
    cut(piece, at: chosen, stroke: stroke, height: fieldHeight)
  }

  private mutating func cut(_ piece: LinePart, at seams: [Seam], stroke: Double, height: Int) {
    var rest = piece
    for seam in seams {
      var columns = [Int](repeating: Int(seam.middle), count: height)
      for (row, column) in seam.columns.enumerated() { columns[piece.box.y + row] = column }
      var part = rest
      part.right = columns
      let end = seam.columns.max() ?? part.box.right
      part.box.width = min(part.box.right, end) - part.box.x
      parts.append(part)
      rest.left = columns
      let start = max(rest.box.x, seam.columns.min() ?? rest.box.x)
      rest.box.width = rest.box.right - start
      rest.box.x = start
      rest.cutBefore = Self.costPerStroke * seam.cost / max(stroke, 1)
    }
    parts.append(rest)
  }

  /// The mask of a piece in its box: 1 where there is ink.
  private static func ink(of runs: [InkRun], in box: PixelRectangle) -> [Float] {
    var ink = [Float](repeating: 0, count: box.width * box.height)
    for run in runs {
      for x in run.start..<run.end { ink[(run.y - box.y) * box.width + x - box.x] = 1 }
    }
    return ink
  }

  /// The median length of the piece's runs, which a slanted or horizontal stroke makes longer: a bit too wide.
  private static func strokeWidth(of runs: [InkRun]) -> Double {
    let lengths = runs.map { $0.end - $0.start }.sorted()
    return Double(lengths.isEmpty ? 1 : lengths[lengths.count * 2 / 5])
  }

  /// How much ink lies on either side of a seam.
  private static func shares(of seam: Seam, _ ink: [Float], _ box: PixelRectangle) -> (
    left: Double, right: Double
  ) {
    var (left, all): (Float, Float) = (0, 0)
    for y in 0..<box.height {
      for x in 0..<box.width {
        all += ink[y * box.width + x]
        if box.x + x < seam.columns[y] { left += ink[y * box.width + x] }
      }
    }
    return (Double(left), Double(all - left))
  }

  /// The cheapest way down near a column.
  private static func seam(through column: Int, stray: Int, _ ink: [Float], _ box: PixelRectangle) -> Seam {
    let first = max(box.x, column - stray)
    let width = min(box.right, column + stray + 1) - first
    var costs = [Float](repeating: 0, count: width * box.height)
    // A step to the side is a bit dearer than going straight on, and so is being far from the column.
    let sideways: Float = 0.05
    for y in 0..<box.height {
      for x in 0..<width {
        let here = ink[y * box.width + first - box.x + x]
        guard y > 0 else {
          costs[x] = here
          continue
        }
        let above = (y - 1) * width + x
        var best = costs[above]
        if x > 0 { best = min(best, costs[above - 1] + sideways) }
        if x + 1 < width { best = min(best, costs[above + 1] + sideways) }
        costs[y * width + x] = best + here
      }
    }
    let bottom = (box.height - 1) * width
    var x = (0..<width).min { costs[bottom + $0] < costs[bottom + $1] } ?? 0
    var columns = [Int](repeating: 0, count: box.height)
    var crossed = 0.0
    for y in stride(from: box.height - 1, through: 0, by: -1) {
      columns[y] = first + x
      crossed += Double(ink[y * box.width + first - box.x + x])
      guard y > 0 else { break }
      let above = (y - 1) * width
      var next = x
      if x > 0, costs[above + x - 1] + sideways < costs[above + next] { next = x - 1 }
      if x + 1 < width {
        let straight = next == x ? costs[above + x] : costs[above + next] + sideways
        if costs[above + x + 1] + sideways < straight { next = x + 1 }
      }
      x = next
    }
    let middle = Double(columns.reduce(0, +)) / Double(columns.count)
    return Seam(columns: columns, cost: crossed, middle: middle)
  }
}
