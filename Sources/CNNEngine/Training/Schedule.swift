#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How the learning rate goes from step to step.
///
/// The rate is a pure function of the step and, for a plateau, of what the validation losses were so far, so that a
/// training which is taken up again has the same rates. Shapes are those of PyTorch's `lr_scheduler`.
public struct Schedule: Sendable, Equatable {
  /// The course of the rate, apart from the warm-up.
  public enum Shape: Sendable, Equatable {
    /// The same at every step.
    case constant
    /// Multiplied by `factor` after every `epochs` epochs (`StepLR`).
    case step(epochs: Int, factor: Double)
    /// Multiplied by `factor` after every epoch (`ExponentialLR`).
    case exponential(factor: Double)
    /// Half a cosine wave from the base rate down to `finalFraction` of it, step by step over the whole training
    /// (`CosineAnnealingLR` with T_max = all steps). The last step is the last before the end of the wave.
    case cosine(finalFraction: Double = 0)
    /// Up from 1/25 of the base rate to all of it in the first `peak` of the steps, then down to 1/250,000, both as
    /// half a cosine wave (`OneCycleLR`, whose max_lr is the base rate). Momentum stays as it is.
    case oneCycle(peak: Double = 0.3)
    /// Multiplied by a factor whenever the validation loss has not got better for some epochs
    /// (`ReduceLROnPlateau`).
    case plateau(Plateau)
  }

  /// The course of the rate, apart from the warm-up.
  public var shape: Shape
  /// Over how many steps the rate first rises: in step n, from 0, by the factor (n + 1) / `warmUpSteps`.
  ///
  /// A cosine and a one-cycle begin when the warm-up is over and have the steps that are left; what goes by epochs
  /// counts them from the first step.
  public var warmUpSteps: Int

  /// A schedule, without a warm-up unless it is given.
  public init(_ shape: Shape, warmUpSteps: Int = 0) {
    self.shape = shape
    self.warmUpSteps = warmUpSteps
  }

  /// Whether the rate depends on validation losses, so that training needs a validation split.
  public var needsValidation: Bool {
    if case .plateau = shape { true } else { false }
  }

  /// The learning rate of a step.
  ///
  /// - Parameters:
  ///   - base: the rate that the user gave.
  ///   - step: the step, counted from 0. Beyond the last step the rate stays what it is at the end.
  ///   - stepsPerEpoch: how many steps an epoch has; anything below 1 counts as 1.
  ///   - totalSteps: how many steps the training has.
  ///   - plateau: what the validation losses have led to; only a plateau asks.
  public func learningRate(
    base: Double, step: Int, stepsPerEpoch: Int, totalSteps: Int, plateau: PlateauState = PlateauState()
  ) -> Double {
    let warmUp = step < warmUpSteps ? Double(step + 1) / Double(warmUpSteps) : 1
    let epoch = step / max(stepsPerEpoch, 1)
    let place = max(step - warmUpSteps, 0)
    let count = max(totalSteps - warmUpSteps, 1)
    switch shape {
    case .constant: return base * warmUp
    case .step(let epochs, let factor): return base * pow(factor, Double(epoch / max(epochs, 1))) * warmUp
    case .exponential(let factor): return base * pow(factor, Double(epoch)) * warmUp
    case .cosine(let finalFraction):
      return Self.cosineWave(from: base, to: base * finalFraction, Double(place) / Double(count)) * warmUp
    case .oneCycle(let peak):
      return Self.oneCycle(base, peak: peak, step: place, totalSteps: count) * warmUp
    case .plateau(let rule): return rule.learningRate(base: base, plateau) * warmUp
    }
  }

  private static func oneCycle(_ base: Double, peak: Double, step: Int, totalSteps: Int) -> Double {
    let first = base / 25
    let last = first / 1e4
    let end = Double(totalSteps - 1)
    let top = peak * Double(totalSteps) - 1
    let step = Double(step)
    // Where a part has no length its end is reached at once.
    if step <= top { return cosineWave(from: first, to: base, top > 0 ? step / top : 1) }
    return cosineWave(from: base, to: last, end > top ? (step - top) / (end - top) : 1)
  }

  private static func cosineWave(from start: Double, to end: Double, _ part: Double) -> Double {
    end + (start - end) / 2 * (1 + cos(.pi * min(part, 1)))
  }
}
