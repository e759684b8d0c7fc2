import CNNCodecs

/// Pixels of ink beside each other in one row.
struct InkRun {
  var y: Int
  /// The first column.
  var start: Int
  /// The column behind the last.
  var end: Int
  /// The index of the component that it belongs to.
  var component: Int
}

/// Ink that hangs together, corners included.
struct InkComponent: Sendable, Equatable {
  /// The smallest rectangle around it.
  var box: PixelRectangle
  /// How many pixels it has.
  var area: Int
  /// The sum of their ink.
  var mass: Int
  /// The most ink of one pixel.
  var peak: Int
}

/// The connected components of a picture's ink, found row by row from runs of pixels that a forest of labels joins.
struct InkComponents {
  private(set) var runs: [InkRun] = []
  private(set) var components: [InkComponent] = []

  /// The runs of each of some components; empty for the others.
  func runs(of wanted: [Int]) -> [[InkRun]] {
    var result = [[InkRun]](repeating: [], count: components.count)
    var isWanted = [Bool](repeating: false, count: components.count)
    for component in wanted { isWanted[component] = true }
    for run in runs where isWanted[run.component] { result[run.component].append(run) }
    return result
  }

  /// Finds the components of the pixels with more ink than `threshold`.
  ///
  /// - Parameter ink: [height, width]
  init(_ ink: [UInt8], width: Int, height: Int, above threshold: Int) {
    var parents: [Int] = []
    func root(_ label: Int) -> Int {
      var label = label
      while parents[label] != label {
        parents[label] = parents[parents[label]]
        label = parents[label]
      }
      return label
    }
    var sums: [(mass: Int, peak: Int)] = []
    var previous = 0..<0
    let limit = UInt8(clamping: threshold)
    ink.withUnsafeBufferPointer { ink in
      for y in 0..<height {
        let row = y * width
        let begin = runs.count
        var above = previous.lowerBound
        var x = 0
        while x < width {
          guard ink[row + x] > limit else {
            x += 1
            continue
          }
          let start = x
          var mass = 0
          var peak: UInt8 = 0
          while x < width, ink[row + x] > limit {
            mass += Int(ink[row + x])
            peak = max(peak, ink[row + x])
            x += 1
          }
          var label = parents.count
          // Runs of the row above that touch this one, also by a corner.
          while above < previous.upperBound, runs[above].end < start { above += 1 }
          var touching = above
          while touching < previous.upperBound, runs[touching].start <= x {
            let other = root(runs[touching].component)
            if label == parents.count {
              label = other
            } else if other != label {
              // The older label stays the root.
              let (older, younger) = (min(label, other), max(label, other))
              parents[younger] = older
              label = older
            }
            touching += 1
          }
          if label == parents.count { parents.append(label) }
          runs.append(InkRun(y: y, start: start, end: x, component: label))
          sums.append((mass, Int(peak)))
        }
        previous = begin..<runs.count
      }
    }
    var numbers = [Int](repeating: -1, count: parents.count)
    for index in runs.indices {
      let run = runs[index]
      let label = root(run.component)
      let box = PixelRectangle(x: run.start, y: run.y, width: run.end - run.start, height: 1)
      if numbers[label] < 0 {
        numbers[label] = components.count
        components.append(InkComponent(box: box, area: 0, mass: 0, peak: 0))
      }
      let number = numbers[label]
      runs[index].component = number
      components[number].box = components[number].box.union(box)
      components[number].area += run.end - run.start
      components[number].mass += sums[index].mass
      components[number].peak = max(components[number].peak, sums[index].peak)
    }
  }
}
