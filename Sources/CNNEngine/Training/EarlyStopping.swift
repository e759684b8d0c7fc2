import CNNCodecs

/// Keeps track of the epoch with the best validation loss, and says when there is no point in going on.
public struct EarlyStopping: Sendable, Equatable {
  /// After how many epochs in a row without a better loss training stops, at least 1; nil never stops.
  public let patience: Int?
  /// The best validation loss; infinite before the first.
  public private(set) var best = Double.infinity
  /// The epoch that had it, counted from 1; 0 before the first.
  public private(set) var bestEpoch = 0
  /// How many epochs in a row were no better.
  public private(set) var badEpochs = 0

  /// The state before the first epoch.
  public init(patience: Int?) {
    self.patience = patience
  }

  /// Whether the patience is at its end.
  public var shouldStop: Bool {
    patience.map { badEpochs >= max($0, 1) } ?? false
  }

  /// Takes note of the validation loss of an epoch that has ended.
  ///
  /// Any loss below the best is better; one that is not finite never is.
  ///
  /// - Parameter epoch: the epoch, counted from 1.
  /// - Returns: whether this is the best epoch so far, whose weights are to be kept.
  @discardableResult
  public mutating func observe(validationLoss: Double, epoch: Int) -> Bool {
    guard validationLoss.isFinite, validationLoss < best else {
      badEpochs += 1
      return false
    }
    best = validationLoss
    bestEpoch = epoch
    badEpochs = 0
    return true
  }

  /// The member `early_stopping` of a checkpoint's `training`.
  public var json: JSONValue {
    .object([
      .init("best", .finite(best)), .init("best_epoch", .integer(bestEpoch)),
      .init("num_bad_epochs", .integer(badEpochs)),
    ])
  }

  /// Reads the member `early_stopping` of a checkpoint's `training`; the patience is an option, not part of it.
  ///
  /// - Throws: `JSONContentError` for a member that is missing, of another type, or out of range.
  public init(patience: Int?, state node: JSONNode) throws(JSONContentError) {
    self.patience = patience
    best = try node.member("best").numberOrInfinity()
    bestEpoch = try node.member("best_epoch").integer(in: 0...1 << 53)
    badEpochs = try node.member("num_bad_epochs").integer(in: 0...1 << 53)
  }
}
