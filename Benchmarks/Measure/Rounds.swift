/// The rates of the rounds of a measurement, in units a second.
struct Rounds {
  private(set) var rates: [Double] = []

  /// The shortest round: long enough that the clock and a wake-up of the threads don't count.
  static let shortest = 0.33

  /// Times `work` in rounds of at least `shortest` seconds until `seconds` have passed; one round at least.
  ///
  /// - Parameters:
  ///   - units: how many units one turn of `work` handles.
  ///   - work: does so many turns.
  init(units: Double, seconds: Double, work: (Int) throws -> Void) rethrows {
    try work(2)
    let once = try Self.time { try work(1) }
    let turns = max(1, Int((Self.shortest / max(once, 1e-7)).rounded(.up)))
    var left = seconds
    repeat {
      let taken = try Self.time { try work(turns) }
      rates.append(Double(turns) * units / taken)
      left -= taken
    } while left > 0
  }

  /// The best round: what the machine can do when nobody disturbs it.
  var best: Double { rates.max() ?? 0 }

  /// The round in the middle; of an even number the upper one.
  var median: Double { rates.isEmpty ? 0 : rates.sorted()[rates.count / 2] }

  private static func time(_ work: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let (seconds, attoseconds) = try clock.measure(work).components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
