import CNNCodecs

/// A part of a line: some components of its ink, between two seams.
struct LinePart {
  /// The components.
  var components: [Int]
  /// The rectangle around it, before cutting exact.
  var box: PixelRectangle
  /// For each row of the field the first column that belongs to it; nil if it begins where its ink does.
  var left: [Int]?
  /// For each row the column behind the last; nil if it ends where its ink does.
  var right: [Int]?
  /// What the cut between it and the part before costs; nil if a gap is there.
  var cutBefore: Double?
}

/// The ink of a line, parted.
struct LinePieces {
  let field: InkField
  /// The height of the line's digits in pixels of the field.
  let height: Double
  /// The parts from left to right.
  private(set) var parts: [LinePart] = []
  /// How many components were dropped as specks.
  private(set) var dropped = 0
  /// For each component that is no speck its runs.
  private let runs: [[InkRun]]

  /// More components than these are no line but a pattern; the largest are taken.
  private static let mostComponents = 256

  /// Components with less of the mass of the largest, or lower than this share of the line, are specks, unless they
  /// are near a digit.
  private static let leastMass = 0.02
  private static let leastHeight = 0.3
  /// Components that overlap by this share of the narrower one's width stand above each other.
  private static let overlap = 0.5

  /// Parts the ink of a field.
  init(_ field: InkField) {
    self.field = field
    let components = field.components.components
    let largest = components.map(\.mass).max() ?? 0
    let strongest = components.map(\.peak).max() ?? 0
    var sound = components.indices.filter {
      Double(components[$0].mass) >= Self.leastMass * Double(largest)
        && Double(components[$0].peak) >= SpeckRemoval.weakness * Double(strongest)
    }
    if sound.count > Self.mostComponents {
      sound.sort { (components[$0].mass, $1) > (components[$1].mass, $0) }
      sound = sound.prefix(Self.mostComponents).sorted()
    }
    runs = field.components.runs(of: sound)
    // What is near full height decides; broken strokes are lower.
    let heights = sound.map { components[$0].box.height }.sorted()
    let tallest = heights.last ?? 1
    let tall = heights.filter { 2 * $0 >= tallest }
    height = Double(tall[tall.count / 2])
    let groups = Self.grouped(sound, components, height: height)
    var count = 0
    for group in groups {
      count += group.components.count
      parts +=
        LineCuts(
          group, runs: group.components.flatMap { runs[$0] }, fieldHeight: field.height, height: height
        ).parts
    }
    dropped = components.count - count
  }

  /// The cost of a candidate for being small beside the others: a stroke that has come off, or a speck.
  func smallness(_ box: PixelRectangle) -> Double {
    let share = Double(max(box.height, box.width)) / height
    return share < 0.7 ? 10 * (0.7 - share) / 0.7 : 0
  }

  /// For each part what leaving it out as a speck costs: the more the larger it is beside the others. A part that was
  /// cut off another is no speck.
  var skipCosts: [Double] {
    let masses = parts.map { part in part.components.reduce(0) { $0 + field.components.components[$1].mass } }
    let typical = Double(masses.sorted()[masses.count / 2])
    return parts.indices.map { index in
      let isCut =
        parts[index].cutBefore != nil || (index + 1 < parts.count && parts[index + 1].cutBefore != nil)
      let share = Double(masses[index]) / typical
      return isCut || share > 0.25
        ? .infinity : 0.5 + 6 * share
    }
  }

  /// Puts components that stand above each other, and small ones beside a large one, together.
  private static func grouped(_ sound: [Int], _ components: [InkComponent], height: Double) -> [LinePart] {
    var groups = sound.map { LinePart(components: [$0], box: components[$0].box) }
    func isSmall(_ part: LinePart) -> Bool { Double(part.box.height) < leastHeight * height }
    var merges = true
    while merges {
      merges = false
      groups.sort { ($0.box.x, $0.box.y) < ($1.box.x, $1.box.y) }
      var index = 0
      while index < groups.count {
        // Those that begin far to the right cannot overlap this one.
        var other = index + 1
        while other < groups.count, groups[other].box.x < groups[index].box.right {
          let (one, two) = (groups[index].box, groups[other].box)
          let shared = min(one.right, two.right) - max(one.x, two.x)
          if Double(shared) >= overlap * Double(min(one.width, two.width)) {
            groups[index].components += groups[other].components
            groups[index].box = one.union(two)
            groups.remove(at: other)
            merges = true
          } else {
            other += 1
          }
        }
        index += 1
      }
    }
    // A stroke beside its digit; farther away it is a speck.
    var result = groups.filter { !isSmall($0) }
    for small in groups where isSmall(small) {
      let nearest = result.indices.min {
        result[$0].box.gap(to: small.box) < result[$1].box.gap(to: small.box)
      }
      guard let nearest, Double(result[nearest].box.gap(to: small.box)) <= 0.2 * height else { continue }
      result[nearest].components += small.components
      result[nearest].box = result[nearest].box.union(small.box)
    }
    return (result.isEmpty ? groups : result).sorted { $0.box.x < $1.box.x }
  }

  /// The ink of neighbouring parts, cut out.
  struct CutOut {
    /// [height, width]
    var values: [UInt8]
    var width: Int
    /// The rectangle around the ink in `values`; nil if there is none.
    var localBox: PixelRectangle?
    /// The same in the field.
    var box: PixelRectangle?
  }

  /// Cuts neighbouring parts out, with the soft edges around them.
  func ink(of parts: ArraySlice<LinePart>) -> CutOut {
    guard let first = parts.first else { return CutOut(values: [], width: 1) }
    let margin = field.margin
    let outer = parts.dropFirst().reduce(first.box) { $0.union($1.box) }
    let (originX, originY) = (outer.x - margin, outer.y - margin)
    let (width, height) = (outer.width + 2 * margin, outer.height + 2 * margin)
    var values = [UInt8](repeating: 0, count: width * height)
    var tight: PixelRectangle?
    var isMember = Set<Int>()
    for part in parts { isMember.formUnion(part.components) }
    let (leftSeam, rightSeam) = (first.left, parts[parts.endIndex - 1].right)
    let lastParts = parts[parts.endIndex - 1].components
    for run in isMember.sorted().flatMap({ runs[$0] }) {
      // A seam bounds only the components that it cuts.
      let low = leftSeam != nil && first.components.contains(run.component) ? leftSeam?[run.y] ?? 0 : 0
      let high =
        rightSeam != nil && lastParts.contains(run.component) ? rightSeam?[run.y] ?? field.width : field.width
      let (start, end) = (max(run.start, low), min(run.end, high))
      guard start < end else { continue }
      let box = PixelRectangle(x: start, y: run.y, width: end - start, height: 1)
      tight = tight?.union(box) ?? box
      let columns = max(0, max(run.start - margin, low))..<min(field.width, min(run.end + margin, high))
      for y in max(0, run.y - margin)...min(field.height - 1, run.y + margin) {
        for x in columns {
          let (column, row) = (x - originX, y - originY)
          guard column >= 0, column < width, row >= 0, row < height else { continue }
          values[row * width + column] = field.ink[y * field.width + x]
        }
      }
    }
    return CutOut(
      values: values, width: width,
      localBox: tight.map {
        PixelRectangle(x: $0.x - originX, y: $0.y - originY, width: $0.width, height: $0.height)
      }, box: tight)
  }
}
