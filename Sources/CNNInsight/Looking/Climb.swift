import CNNEngine
import CNNModelFile

/// A search for the pictures of a layer's units, some units side by side.
struct Climb {
  private let network: LearntNetwork
  private let layer: String
  private let options: ActivationMaximization.Options
  private let pool: WorkerPool
  private let session: GradientSession
  /// How many units are searched for at once: a block of images for each thread, where memory allows.
  let largestGroup: Int

  /// About how many numbers the values of all pictures together may take: 256 MB.
  private static let largestTotal = 1 << 26

  init(
    _ network: LearntNetwork, layer: String, options: ActivationMaximization.Options, pool: WorkerPool
  ) throws(InsightError) {
    self.network = network
    self.layer = layer
    self.options = options
    self.pool = pool
    let total = network.shapes.values.reduce(0) { $0 + $1.reduce(1, *) }
    let blocks = max(min(pool.threadCount, Self.largestTotal / (16 * total)), 1)
    largestGroup = min(16 * blocks, max(network.shapes[layer]?[0] ?? 1, 1))
    session = try GradientSession(network, upTo: layer, maximumBatch: largestGroup, pool: pool)
  }

  /// The best picture of each unit over all attempts; of equals the earlier.
  func run(_ units: Range<Int>, progress: (Double) -> Void) throws(InsightError) -> [ActivationMaximization] {
    var targets: [ClimbTarget] = []
    for unit in units { targets.append(try ClimbTarget(layer: layer, unit: unit, in: network)) }
    var best: [ActivationMaximization] = []
    for attempt in 0..<options.attempts {
      let found = try search(units, targets: targets, attempt: attempt) { part in
        progress((Double(attempt) + part) / Double(options.attempts))
      }
      best = best.isEmpty ? found : zip(best, found).map { $1.activation > $0.activation ? $1 : $0 }
    }
    return best
  }

  private func search(
    _ units: Range<Int>, targets: [ClimbTarget], attempt: Int, progress report: (Double) -> Void
  ) throws(InsightError) -> [ActivationMaximization] {
    let shape = network.pictureShape
    let isRow = network.shapes[layer]?.count != 3
    let layerNumber = network.layerNames.firstIndex(of: layer) ?? 0
    let states = zip(units, targets).map { unit, target in
      Climber(
        ClimbingPicture(
          shape: shape, regularization: ClimbRegularization(field: target.field, isRow: isRow),
          target: target,
          noise: attempt % 3 == 2 ? 0.5 : 0.1,
          random: RandomStream(
            seed: options.seed, purpose: .maximization, layer: layerNumber, step: attempt, image: unit)))
    }
    let inputCount = network.inputCount
    let paperPixel = network.preprocessing.backgroundPixel
    let (paper, full) = (network.paper, network.input(forPixel: 255 - paperPixel))
    let sign: Float = full < paper ? -1 : 1
    var inputs = [Float](repeating: 0, count: units.count * inputCount)
    let seeds = seeds(targets)
    for step in 0..<options.steps {
      if step % 10 == 0 { report(Double(step) / Double(options.steps)) }
      let progress = ClimbRegularization.progress(step: step, of: options.steps)
      for (index, state) in states.enumerated() {
        let places = index * inputCount..<(index + 1) * inputCount
        state.picture.write(progress: progress, paper: paper, full: full, to: &inputs[places])
      }
      session.run(inputs, count: units.count)
      guard let node = targets.first?.node else { break }
      let slopes =
        session.gradients(of: node, seeds: seeds, at: [NetworkDescription.inputName])[
          NetworkDescription.inputName] ?? []
      guard slopes.allSatisfy(\.isFinite) else {
        try session.checkValues()
        throw .gradientsNotFinite(layer: NetworkDescription.inputName)
      }
      let rate = ClimbRegularization.rate * (1 - 0.5 * Float(step) / Float(options.steps))
      pool.run(states.count) { index, _ in
        let own = slopes[index * inputCount..<(index + 1) * inputCount]
        states[index].picture.step(
          slope: sign < 0 ? own.map { -$0 }[...] : own, rate: rate, progress: progress)
      }
    }
    return try measured(states, units: units, targets: targets)
  }

  /// A 1 at each unit's number.
  private func seeds(_ targets: [ClimbTarget]) -> [Float] {
    let count = targets.first.flatMap { session.valueCount(of: $0.node) } ?? 0
    var seeds = [Float](repeating: 0, count: targets.count * count)
    for (index, target) in targets.enumerated() { seeds[index * count + target.place] = 1 }
    return seeds
  }

  /// The pictures in bytes, and what the units give for exactly these.
  private func measured(
    _ states: [Climber], units: Range<Int>, targets: [ClimbTarget]
  ) throws(InsightError) -> [ActivationMaximization] {
    let paperPixel = network.preprocessing.backgroundPixel
    let pictures = states.map { state in
      state.picture.ink.map { ink in
        let amount = UInt8((255 * ink).rounded())
        return paperPixel == 0 ? amount : 255 - amount
      }
    }
    session.run(pictures.flatMap { network.inputs(forPixels: $0) }, count: units.count)
    try session.checkValues()
    let values = session.values(of: layer)
    let shape = network.shapes[layer] ?? []
    let (all, size) = (values.count / units.count, shape.dropFirst().reduce(1, *))
    return units.enumerated().map { index, unit in
      let map = values[index * all + unit * size..<index * all + (unit + 1) * size]
      return ActivationMaximization(
        layer: layer, unit: unit, pixels: pictures[index], shape: network.pictureShape,
        field: targets[index].field, activation: map.max() ?? 0)
    }
  }

  /// A picture that one thread at a time changes.
  private final class Climber: @unchecked Sendable {
    // The pool gives each picture to one thread in a step.
    var picture: ClimbingPicture

    init(_ picture: ClimbingPicture) { self.picture = picture }
  }
}
