import CNNCodecs
import CNNEngine

/// What a training has said about itself: the JSON lines that `cnn-train --log` writes (`formats/training-log.md`).
public struct TrainingLog: Sendable, Equatable {
  /// A line: how an epoch went, or some steps within one.
  public struct Record: Sendable, Equatable {
    /// The epoch, counted from 1; nil for the line of some steps.
    public var epoch: Int?
    /// The optimiser's steps at its end.
    public var step: Int
    /// The learning rate of its last step.
    public var learningRate: Double?
    /// The mean loss over its training examples; nil, here as below, where the line has none or one that is not finite.
    public var trainLoss: Double?
    /// The share of its training examples that were right.
    public var trainAccuracy: Double?
    /// The mean loss on the validation data.
    public var validLoss: Double?
    /// The share of the validation data that is right.
    public var validAccuracy: Double?

    /// A line.
    public init(
      epoch: Int? = nil, step: Int, learningRate: Double? = nil, trainLoss: Double? = nil,
      trainAccuracy: Double? = nil, validLoss: Double? = nil, validAccuracy: Double? = nil
    ) {
      self.epoch = epoch
      self.step = step
      self.learningRate = learningRate
      self.trainLoss = trainLoss
      self.trainAccuracy = trainAccuracy
      self.validLoss = validLoss
      self.validAccuracy = validAccuracy
    }

    /// The line of an epoch.
    public init(_ record: EpochRecord) {
      self.init(
        epoch: record.epoch, step: record.step, learningRate: record.learningRate,
        trainLoss: record.trainLoss, trainAccuracy: record.trainAccuracy, validLoss: record.validLoss,
        validAccuracy: record.validAccuracy)
    }
  }

  /// The lines, in order.
  public var records: [Record]

  /// A log of these lines.
  public init(records: [Record]) { self.records = records }

  /// The lines of epochs.
  public var epochs: [Record] { records.filter { $0.epoch != nil } }

  /// The lines of some steps within epochs, where the log has any.
  public var steps: [Record] { records.filter { $0.epoch == nil } }
}

extension TrainingLog.Record {
  /// The line as the log holds it; numbers that are not finite are null.
  public var json: JSONValue {
    EpochRecord.json(
      epoch: epoch, step: step, learningRate: learningRate, trainLoss: trainLoss,
      trainAccuracy: trainAccuracy,
      validLoss: validLoss, validAccuracy: validAccuracy)
  }
}
