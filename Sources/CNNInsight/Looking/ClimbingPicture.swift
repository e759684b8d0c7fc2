import CNNEngine

/// A picture that climbs: how much ink each pixel has, from 0 for paper to 1, and where it is moving.
struct ClimbingPicture {
  private let shape: [Int]
  private let regularization: ClimbRegularization
  private let weights: [Float]
  private var random: RandomStream
  private var direction: [Float]
  private var shift = (rows: 0, columns: 0)
  /// [C, H, W].
  private(set) var ink: [Float]

  /// - Parameters:
  ///   - target: what is climbed.
  ///   - noise: the greatest part of ink that a pixel begins with.
  init(
    shape: [Int], regularization: ClimbRegularization, target: ClimbTarget, noise: Float, random: RandomStream
  ) {
    self.shape = shape
    self.regularization = regularization
    self.random = random
    weights = regularization.weights(height: shape[1], width: shape[2], field: target.field)
    let weights = weights
    direction = [Float](repeating: 0, count: shape.reduce(1, *))
    ink = direction.indices.map { _ in 0 }
    for index in ink.indices {
      let drawn = self.random.uniform() * noise
      if weights[index % weights.count] > 0 { ink[index] = drawn }
    }
  }

  /// Chooses a shift, and writes the picture so shifted as the network's input.
  mutating func write(progress: Double, paper: Float, full: Float, to input: inout ArraySlice<Float>) {
    shift = (0, 0)
    let reach = regularization.jitter
    if reach > 0, progress < 1 {
      let choices = UInt32(2 * reach + 1)
      shift = (Int(random.integer(below: choices)) - reach, Int(random.integer(below: choices)) - reach)
    }
    for index in ink.indices {
      let amount = source(of: index, moved: (-shift.rows, -shift.columns)).map { ink[$0] } ?? 0
      input[input.startIndex + index] = paper + amount * (full - paper)
    }
  }

  /// Takes a step.
  ///
  /// - Parameters:
  ///   - slope: how the target rises with each pixel of the shifted picture.
  ///   - rate: how far a pixel with the mean slope moves.
  mutating func step(slope: ArraySlice<Float>, rate: Float, progress: Double) {
    var own = [Float](repeating: 0, count: ink.count)
    for index in own.indices {
      if let place = source(of: index, moved: shift) { own[index] = slope[slope.startIndex + place] }
    }
    own = blurred(own, regularization.blur(at: progress))
    var (squares, count) = (0.0, 0.0)
    for index in own.indices where weights[index % weights.count] > 0 {
      own[index] *= weights[index % weights.count]
      squares += Double(own[index]) * Double(own[index])
      count += 1
    }
    let mean = Float((squares / max(count, 1)).squareRoot())
    let pull = ClimbRegularization.pull * Float(1 - progress)
    for index in own.indices where weights[index % weights.count] > 0 {
      var relative = mean > 0 ? own[index] / mean : 0
      if regularization.levelsSlopes, progress >= 1 { relative /= abs(relative) + 0.001 }
      direction[index] =
        ClimbRegularization.momentum * direction[index]
        + (1 - ClimbRegularization.momentum) * (relative - pull)
      ink[index] = min(max(ink[index] + rate * direction[index], 0), 1)
    }
  }

  /// The place `moved` away from a place in the same channel; nil outside the picture.
  private func source(of index: Int, moved: (rows: Int, columns: Int)) -> Int? {
    let (column, row) = (index % shape[2] + moved.columns, index / shape[2] % shape[1] + moved.rows)
    guard (0..<shape[2]).contains(column), (0..<shape[1]).contains(row) else { return nil }
    return index + moved.rows * shape[2] + moved.columns
  }

  /// Every channel blurred along rows, then along columns; there is nothing outside the picture.
  private func blurred(_ values: [Float], _ weights: [Float]) -> [Float] {
    guard weights.count > 1 else { return values }
    let plane = shape[1] * shape[2]
    func pass(_ values: [Float], along step: Int, extent: Int) -> [Float] {
      values.indices.map { index in
        let place = index % plane / step % extent
        var sum = weights[0] * values[index]
        for distance in 1..<weights.count {
          if place >= distance { sum += weights[distance] * values[index - distance * step] }
          if place + distance < extent { sum += weights[distance] * values[index + distance * step] }
        }
        return sum
      }
    }
    return pass(pass(values, along: 1, extent: shape[2]), along: shape[2], extent: shape[1])
  }
}
