import CNNCodecs

/// How the numbers of a layer, weights or activations, are spread before and after training, in the same bins.
public struct LayerHistogram: Sendable, Equatable {
  /// The numbers at one time.
  public struct State: Sendable, Equatable {
    /// What they have in common.
    public var summary: ValueSummary
    /// How many are in each bin. Numbers beyond the range count in the outermost bins.
    public var counts: [Int]
    /// How many are at the ends of a bounded activation, within a hundredth of its range; nil for others.
    public var saturatedCount: Int?
  }

  /// The tensor's or the node's name: `conv1.weight`.
  public let name: String
  /// What is computed there, for activations; nil for weights.
  public let operation: String?
  /// What the bins cover, of equal width.
  public let range: ClosedRange<Double>
  /// Whether numbers that are exactly 0 are left out of the bins: behind ReLU they would hide all others.
  public let leavesOutZeros: Bool
  /// The first numbers; nil where they are not known.
  public let before: State?
  /// The numbers that training came to.
  public let after: State

  /// How many bins there are.
  public static let binCount = 40

  /// The shares of numbers at the ends of a bounded activation, for one state.
  public static func share(_ count: Int, of summary: ValueSummary) -> Double {
    Double(count) / Double(summary.count - summary.notFiniteCount)
  }

  /// A histogram of a tensor's values.
  public init(weights name: String, before: [Float]?, after: [Float]) {
    let summaries = (before: before.map { ValueSummary($0) }, after: ValueSummary(after))
    let range = Self.range(of: [summaries.before, summaries.after])
    func state(_ values: [Float], _ summary: ValueSummary) -> State {
      var bins = Bins(range: range, leavesOutZeros: false, ends: nil)
      bins.add(values)
      return State(summary: summary, counts: bins.counts, saturatedCount: nil)
    }
    self.name = name
    operation = nil
    self.range = range
    leavesOutZeros = false
    self.before = zip(before, summaries.before).map(state)
    self.after = state(after, summaries.after)
  }

  /// A histogram that has been counted already.
  init(
    name: String, operation: String, range: ClosedRange<Double>, leavesOutZeros: Bool, before: State?,
    after: State
  ) {
    self.name = name
    self.operation = operation
    self.range = range
    self.leavesOutZeros = leavesOutZeros
    self.before = before
    self.after = after
  }

  /// A range for all of these, never of no width.
  static func range(of summaries: [ValueSummary?]) -> ClosedRange<Double> {
    let ranges = summaries.compactMap { $0?.usualRange }
    guard let least = ranges.map(\.lowerBound).min(), let greatest = ranges.map(\.upperBound).max() else {
      return 0...1
    }
    if least < greatest { return least...greatest }
    let half = max(abs(least) / 2, 0.5)
    return least - half...least + half
  }

  /// Bins that are being filled.
  struct Bins {
    let range: ClosedRange<Double>
    let leavesOutZeros: Bool
    /// The ends of a bounded activation.
    let ends: ClosedRange<Float>?
    var counts = [Int](repeating: 0, count: LayerHistogram.binCount)
    var saturatedCount = 0

    init(range: ClosedRange<Double>, leavesOutZeros: Bool, ends: ClosedRange<Float>?) {
      self.range = range
      self.leavesOutZeros = leavesOutZeros
      self.ends = ends
    }

    mutating func add(_ values: some Sequence<Float>) {
      let scale = Double(counts.count) / (range.upperBound - range.lowerBound)
      let margin = ends.map { ($0.upperBound - $0.lowerBound) / 100 } ?? 0
      for value in values where value.isFinite {
        if let ends, value <= ends.lowerBound + margin || value >= ends.upperBound - margin {
          saturatedCount += 1
        }
        if leavesOutZeros, value == 0 { continue }
        let place = (Double(value) - range.lowerBound) * scale
        counts[Int(min(max(place, 0), Double(counts.count - 1)))] += 1
      }
    }
  }

  /// The histogram as an object: `name`, `operation` (for activations), `range`, `before` (null where it is not known)
  /// and `after`, each with what `ValueSummary` has, `saturated` and `bins`.
  var json: JSONValue {
    func object(_ state: State) -> JSONValue {
      .object(
        state.summary.members + [
          .init("saturated", state.saturatedCount.map { .integer($0) } ?? .null),
          .init("bins", .array(state.counts.map { .integer($0) })),
        ])
    }
    var members: [JSONValue.Member] = [.init("name", .string(name))]
    if let operation { members.append(.init("operation", .string(operation))) }
    members += [
      .init("range", .array([.number(range.lowerBound), .number(range.upperBound)])),
      .init("zeros_in_bins", .bool(!leavesOutZeros)), .init("before", before.map(object) ?? .null),
      .init("after", object(after)),
    ]
    return .object(members)
  }
}

/// Both, where there are both.
private func zip<A, B>(_ a: A?, _ b: B?) -> (A, B)? {
  guard let a, let b else { return nil }
  return (a, b)
}
