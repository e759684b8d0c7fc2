#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How well a network does on labelled inputs.
public struct Evaluation: Sendable, Equatable {
  /// How many inputs it got right.
  public private(set) var correct = 0
  /// How many inputs there were.
  public private(set) var total = 0
  private var lossSum = 0.0

  /// An evaluation of nothing yet.
  public init() {}

  /// Runs `network` on labelled examples.
  ///
  /// - Throws: `EngineError` if the network cannot be run.
  public init(_ network: Network, on examples: Examples, pool: WorkerPool, kernels: KernelSet = .best)
    throws(EngineError)
  {
    let session = try InferenceSession(network, pool: pool, kernels: kernels)
    add(logits: session.logits(for: examples), classes: network.outputCount, labels: examples.labels)
  }

  /// Counts inputs in.
  ///
  /// - Parameters:
  ///   - logits: [N, classes].
  ///   - labels: the N true classes; one beyond the network's classes is counted as wrong, with infinite loss.
  public mutating func add(logits: [Float], classes: Int, labels: some Collection<Int>) {
    add(logits, classes: classes, labels: labels) { Softmax.crossEntropy($0, label: $1) }
  }

  /// Counts inputs in that one network or several together have scored.
  ///
  /// The loss of an input with probabilities is -ln of that of the true class: infinite where it is 0.
  ///
  /// - Parameters:
  ///   - scores: [N, classes].
  ///   - labels: the N true classes; one beyond the classes is counted as wrong, with infinite loss.
  public mutating func add(_ scores: ClassScores, classes: Int, labels: some Collection<Int>) {
    switch scores {
    case .logits(let logits):
      add(logits: logits, classes: classes, labels: labels)
    case .probabilities(let probabilities):
      add(probabilities, classes: classes, labels: labels) { -log($0[$0.startIndex + $1]) }
    }
  }

  private mutating func add<Score: BinaryFloatingPoint>(
    _ scores: [Score], classes: Int, labels: some Collection<Int>, loss: (ArraySlice<Score>, Int) -> Double
  ) {
    for (row, label) in labels.enumerated() {
      let outputs = scores[row * classes..<(row + 1) * classes]
      total += 1
      guard (0..<classes).contains(label) else {
        lossSum = .infinity
        continue
      }
      if Softmax.mostProbable(outputs) == label { correct += 1 }
      lossSum += loss(outputs, label)
    }
  }

  /// The share of inputs that it got right, in 0...1; NaN for none.
  public var accuracy: Double { Double(correct) / Double(total) }

  /// The mean cross-entropy in nats; NaN for no inputs.
  public var loss: Double { lossSum / Double(total) }

  /// The 95 % confidence interval of the accuracy: Wilson's score interval (1927), which also holds near 0 and 1.
  public var interval: ClosedRange<Double> {
    guard total > 0 else { return 0...1 }
    let z = 1.959963984540054
    let n = Double(total)
    let p = accuracy
    let centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    return max(0, centre - half)...min(1, centre + half)
  }
}
