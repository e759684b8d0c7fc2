import CNNCodecs

/// The schedule that multiplies the learning rate by a factor when the validation loss no longer gets better.
///
/// PyTorch's `ReduceLROnPlateau` on a loss, with its defaults: a loss counts as better when it is below the best by
/// more than a ten-thousandth of that, and a reduction by less than 1e-8 is left out.
public struct Plateau: Sendable, Equatable {
  /// What the rate is multiplied by, above 0 and below 1.
  public var factor: Double
  /// How many epochs in a row may be no better; the next one reduces the rate.
  public var patience: Int
  /// The rate below which it does not go. A base rate that is lower stays as it is.
  public var minimum: Double
  /// How many epochs after a reduction are not counted.
  public var cooldown: Int

  /// A plateau with PyTorch's defaults.
  public init(factor: Double = 0.1, patience: Int = 10, minimum: Double = 0, cooldown: Int = 0) {
    self.factor = factor
    self.patience = patience
    self.minimum = minimum
    self.cooldown = cooldown
  }

  /// The learning rate that `state` stands for, without a warm-up.
  public func learningRate(base: Double, _ state: PlateauState) -> Double {
    min(base, max(base * state.factor, minimum))
  }

  /// Takes note of the validation loss of an epoch that has ended; a loss that is not finite is no better.
  ///
  /// - Returns: whether the learning rate was reduced.
  @discardableResult
  public func observe(validationLoss: Double, base: Double, _ state: inout PlateauState) -> Bool {
    if validationLoss.isFinite, validationLoss < state.best * (1 - 1e-4) {
      state.best = validationLoss
      state.badEpochs = 0
    } else {
      state.badEpochs += 1
    }
    if state.cooldownCounter > 0 {
      state.cooldownCounter -= 1
      state.badEpochs = 0
    }
    guard state.badEpochs > patience else { return false }
    state.badEpochs = 0
    state.cooldownCounter = cooldown

    var reduced = state
    reduced.factor *= factor
    guard learningRate(base: base, state) - learningRate(base: base, reduced) > 1e-8 else { return false }
    state = reduced
    return true
  }
}

/// What a plateau remembers from epoch to epoch.
public struct PlateauState: Sendable, Equatable {
  /// The best validation loss; infinite before the first.
  public var best = Double.infinity
  /// How many more epochs are not counted.
  public var cooldownCounter = 0
  /// The product of all reductions.
  public var factor = 1.0
  /// How many epochs in a row were no better.
  public var badEpochs = 0

  /// The state before the first epoch.
  public init() {}

  /// The member `plateau` of a checkpoint's `training`.
  public var json: JSONValue {
    .object([
      .init("best", .finite(best)), .init("cooldown_counter", .integer(cooldownCounter)),
      .init("factor", .number(factor)), .init("num_bad_epochs", .integer(badEpochs)),
    ])
  }

  /// Reads the member `plateau` of a checkpoint's `training`.
  ///
  /// - Throws: `JSONContentError` for a member that is missing, of another type, or out of range.
  public init(_ node: JSONNode) throws(JSONContentError) {
    best = try node.member("best").numberOrInfinity()
    cooldownCounter = try node.member("cooldown_counter").integer(in: 0...1 << 53)
    let factor = try node.member("factor")
    self.factor = try factor.number()
    guard (0...1).contains(self.factor) else {
      throw factor.error("should be from 0 to 1, and is \(JSONWriter.text(of: self.factor))")
    }
    badEpochs = try node.member("num_bad_epochs").integer(in: 0...1 << 53)
  }
}
