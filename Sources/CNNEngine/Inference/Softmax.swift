#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Probabilities from logits.
public enum Softmax {
  /// exp(logit) / sum of exp, computed in `Double` from the greatest logit down, so that nothing overflows.
  ///
  /// - Parameter temperature: what the logits are divided by first, above 0.
  ///
  /// *Edge cases*: no logits give no probabilities; a NaN makes all of them NaN; among infinite logits the
  /// probability is shared.
  public static func probabilities(_ logits: some Collection<Float>, temperature: Double = 1) -> [Double] {
    guard let greatest = logits.max(), !logits.contains(where: \.isNaN) else {
      return logits.map { _ in .nan }
    }
    if greatest.isInfinite {
      let winners = logits.count { $0 == greatest }
      return logits.map { $0 == greatest ? 1 / Double(winners) : 0 }
    }
    let exponentials = logits.map { exp((Double($0) - Double(greatest)) / temperature) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }

  /// The place of the greatest logit, or probability, counted from 0; among equals the first.
  ///
  /// *Edge cases*: NaN counts as less than everything; no scores give 0.
  public static func mostProbable<Score: BinaryFloatingPoint>(_ scores: some Collection<Score>) -> Int {
    var best = 0
    var greatest = Score.nan
    for (place, score) in scores.enumerated() where score > greatest || (greatest.isNaN && !score.isNaN) {
      best = place
      greatest = score
    }
    return best
  }

  /// The cross-entropy of the true class, in nats: log(sum of exp) - logit.
  ///
  /// - Precondition: `label` is an index of `logits`.
  public static func crossEntropy(_ logits: ArraySlice<Float>, label: Int) -> Double {
    guard let greatest = logits.max(), greatest.isFinite else { return .nan }
    let sum = logits.reduce(0.0) { $0 + exp(Double($1) - Double(greatest)) }
    return log(sum) + Double(greatest) - Double(logits[logits.startIndex + label])
  }
}
