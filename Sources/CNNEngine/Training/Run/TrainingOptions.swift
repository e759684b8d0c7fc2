import CNNCodecs

/// How a network is trained: everything that changes the result, beyond the network and the data.
public struct TrainingOptions: Sendable, Equatable {
  /// How the weights are moved.
  public var optimizer: Optimizer = .adam()
  /// The base learning rate.
  public var learningRate: Double = 0.001
  /// How the learning rate goes from step to step.
  public var schedule = Schedule(.constant)
  /// The L2 penalty on weights (not on biases, nor on batch normalisation).
  public var weightDecay: Double = 0
  /// What is made small.
  public var loss: Loss = .softmaxCrossEntropy(labelSmoothing: 0)
  /// Examples a step.
  public var batchSize = 128
  /// How many steps there are in all.
  public var steps: Int
  /// How pictures are distorted.
  public var augmentation = Augmentation.none
  /// The key of all randomness.
  public var seed: UInt64 = 0
  /// The decay of the moving average of the weights, or nil for none.
  public var averageDecay: Double?
  /// After how many epochs in a row without a better validation loss training stops, or nil.
  public var patience: Int?
  /// Learning rates of single layers, as factors of the base rate; 1 where a layer is not named.
  public var learningRateScales: [String: Double] = [:]
  /// The layers that don't learn and run as at inference.
  public var frozen: Set<String> = []

  /// Options with the defaults of `cnn-train`, for a number of steps.
  public init(steps: Int) {
    self.steps = steps
  }

  /// The options as a checkpoint holds them: what resuming compares.
  public var json: JSONValue {
    .object([
      .init("augment", .string(augmentation.description)),
      .init("average", averageDecay.map { .number($0) } ?? .null), .init("batch-size", .integer(batchSize)),
      .init("freeze", .array(frozen.sorted().map { .string($0) })), .init("loss", .string(loss.description)),
      .init("lr", .number(learningRate)),
      .init(
        "lr-scale",
        .object(learningRateScales.sorted { $0.key < $1.key }.map { .init($0.key, .number($0.value)) })),
      .init("optimizer", .string(optimizer.description)),
      .init("patience", patience.map { .integer($0) } ?? .null),
      .init("schedule", .string(schedule.description)), .init("steps", .integer(steps)),
      .init("weight-decay", .number(weightDecay)),
    ])
  }
}
