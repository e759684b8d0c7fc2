extension Trainer {
  /// What happens while training.
  public enum Event: Sendable {
    /// A step is done.
    case step(StepReport)
    /// An epoch is over, or the last step is done.
    case epoch(EpochRecord)
  }

  /// How things stand behind a step.
  public struct StepReport: Sendable, Equatable {
    /// The steps that are done.
    public let step: Int
    /// The epoch, counted from 1.
    public let epoch: Int
    /// The mean loss in this epoch so far.
    public let loss: Double
    /// The share of this epoch's examples so far that were right.
    public let accuracy: Double
    /// The examples of the step.
    public let examples: Int
    /// The sum of their losses.
    public let lossSum: Double
    /// How many of them were right.
    public let correct: Int
    /// The learning rate of the step.
    public let learningRate: Double
  }

  /// What an observer wants.
  public enum Decision: Sendable {
    case goOn
    case stop
  }
}
