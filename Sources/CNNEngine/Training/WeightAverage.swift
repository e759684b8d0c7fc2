/// The exponential moving average of the weights, which often does better than the last weights themselves.
///
/// average = d * average + (1 - d) * weight after every step, with d = min(decay, (1 + step) / (10 + step)). With a
/// constant d the random first weights would stay in the average for thousands of steps; dividing them out again, as
/// Adam does, would need another tensor or a special case at each reader. The rising d (TensorFlow's
/// `ExponentialMovingAverage` with `num_updates`) forgets them by itself: after 10 steps they count for less than
/// 1e-4. Otherwise this is PyTorch's `AveragedModel` with `get_ema_multi_avg_fn(decay)`, which begins as a copy of the
/// weights after the first step.
public struct WeightAverage: Sendable, Equatable {
  /// The greatest d, from 0 to below 1: 0.999 looks back about a thousand steps.
  public let decay: Double

  /// An average with this decay; nil if it is not in 0..<1.
  public init?(decay: Double) {
    guard (0..<1).contains(decay) else { return nil }
    self.decay = decay
  }

  /// How much of the average is kept in a step.
  ///
  /// - Parameter step: how many steps have been taken, this one included: from 1.
  public func decay(atStep step: Int) -> Double {
    min(decay, (1 + Double(step)) / (10 + Double(step)))
  }

  /// Takes the weights of one step into the average, in some elements of a parameter.
  ///
  /// Every element is computed on its own, in float32, so the bits do not depend on how a parameter is cut into ranges.
  ///
  /// - Parameters:
  ///   - average: the average so far, changed in `range`; at first a copy of the weights before the first step.
  ///   - weights: as long as `average`; after the step.
  ///   - range: the elements to look at.
  ///   - step: how many steps have been taken, this one included: from 1.
  public func update(
    _ average: UnsafeMutablePointer<Float>, weights: UnsafePointer<Float>, range: Range<Int>, step: Int
  ) {
    let new = Float(1 - decay(atStep: step))
    for index in range {
      average[index] += new * (weights[index] - average[index])
    }
  }
}
