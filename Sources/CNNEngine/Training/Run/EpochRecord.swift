import CNNCodecs

/// How an epoch went: a row of the history.
public struct EpochRecord: Sendable, Equatable {
  /// The epoch, counted from 1.
  public var epoch: Int
  /// The optimiser's steps at its end.
  public var step: Int
  /// The learning rate of its last step.
  public var learningRate: Double
  /// The mean loss over its examples, each at the time of its step.
  public var trainLoss: Double
  /// The share of its examples that were right at the time of their step.
  public var trainAccuracy: Double
  /// The mean cross-entropy on the validation data behind it, in nats; nil without such data.
  public var validLoss: Double?
  /// The share of the validation data that is right behind it.
  public var validAccuracy: Double?

  /// The record as a checkpoint holds it.
  public var json: JSONValue {
    Self.json(
      epoch: epoch, step: step, learningRate: learningRate, trainLoss: trainLoss,
      trainAccuracy: trainAccuracy,
      validLoss: validLoss, validAccuracy: validAccuracy)
  }

  /// The same object for what need not be a whole epoch: without one it has no such member. Numbers that are missing or
  /// not finite are null, but those of the validation that are missing are left out.
  package static func json(
    epoch: Int?, step: Int, learningRate: Double?, trainLoss: Double?, trainAccuracy: Double?,
    validLoss: Double?,
    validAccuracy: Double?
  ) -> JSONValue {
    var members: [JSONValue.Member] = []
    if let epoch { members.append(.init("epoch", .integer(epoch))) }
    members += [
      .init("learning_rate", .finite(learningRate)), .init("step", .integer(step)),
      .init("train_accuracy", .finite(trainAccuracy)), .init("train_loss", .finite(trainLoss)),
    ]
    if let validAccuracy { members.append(.init("valid_accuracy", .finite(validAccuracy))) }
    if let validLoss { members.append(.init("valid_loss", .finite(validLoss))) }
    return .object(members)
  }

  init(
    epoch: Int, step: Int, learningRate: Double, trainLoss: Double, trainAccuracy: Double,
    validLoss: Double? = nil, validAccuracy: Double? = nil
  ) {
    self.epoch = epoch
    self.step = step
    self.learningRate = learningRate
    self.trainLoss = trainLoss
    self.trainAccuracy = trainAccuracy
    self.validLoss = validLoss
    self.validAccuracy = validAccuracy
  }

  init(json: JSONNode) throws(JSONContentError) {
    self.init(
      epoch: try json.member("epoch").integer(in: 1...1 << 53),
      step: try json.member("step").integer(in: 1...1 << 53),
      learningRate: try json.member("learning_rate").number(),
      trainLoss: try json.member("train_loss").numberOrInfinity(),
      trainAccuracy: try json.member("train_accuracy").numberOrInfinity(),
      validLoss: try json.optionalMember("valid_loss")?.numberOrInfinity(),
      validAccuracy: try json.optionalMember("valid_accuracy")?.numberOrInfinity())
  }
}
