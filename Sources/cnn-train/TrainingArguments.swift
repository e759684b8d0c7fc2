import ArgumentParser
import CNNCodecs
import CNNEngine
import CNNModelFile
import CNNToolSupport

/// The options that say how the network learns.
struct TrainingArguments: ParsableArguments {
  // Its options stand in the command line already when that is parsed.
  @Option(
    help: ArgumentHelp(
      "Options in one word; what is given beside it wins. \(Recipe.all.map(\.summary).joined(separator: "; ")).",
      valueName: "name"), transform: { try Recipe(named: $0) })
  var recipe: Recipe?

  @Option(
    help: ArgumentHelp(
      """
      The network: lenet, simple-convnet, double-convnet, deep-convnet, mlp:WIDTHS (for example mlp:100,50; mlp:none \
      has no hidden layer), or a \
      JSON file with a graph; behind a colon the activation, and for mlp bn and dropout=RATE. (default: lenet)
      """, valueName: "name|file.json"))
  var architecture: String?

  @Option(help: ArgumentHelp("How often all examples are learnt from. (default: 10)", valueName: "n"))
  var epochs: Int?

  @Option(help: ArgumentHelp("How many steps are taken, instead of epochs.", valueName: "n"))
  var steps: Int?

  @Option(help: ArgumentHelp("Examples a step.", valueName: "n"))
  var batchSize = 128

  @Option(
    help: ArgumentHelp(
      "The learning rate. (default: 0.001; adagrad, rmsprop 0.01; adadelta 1)", valueName: "rate"))
  var lr: Double?

  @Option(
    help: ArgumentHelp("\(Optimizer.understood) (default: adam)", valueName: "name"),
    transform: { try Optimizer(parsing: $0) })
  var optimizer: Optimizer = .adam()

  @Option(
    help: ArgumentHelp(
      "How the learning rate goes: \(Schedule.understood) (default: constant)", valueName: "name"),
    transform: { try Schedule(parsing: $0) })
  var schedule = Schedule(.constant)

  @Option(
    help: ArgumentHelp(
      "The L2 penalty on weights, not on biases; decoupled for adamw. (default: 0; adamw 0.01)",
      valueName: "x"))
  var weightDecay: Double?

  @Option(
    help: ArgumentHelp("What is made small: \(Loss.understood). (default: cross-entropy)", valueName: "name"),
    transform: { try Loss(parsing: $0) })
  var loss: Loss = .softmaxCrossEntropy(labelSmoothing: 0)

  @Option(
    help: ArgumentHelp(
      """
      How pictures are distorted, anew in every epoch: none, light, digits, or a list such as \
      shift=2,rotate=10,scale=0.1. (default: none)
      """, valueName: "name"), transform: { try Augmentation(parsing: $0) })
  var augment = Augmentation.none

  @Option(
    help: ArgumentHelp("Draw ten training pictures and their distortions.", valueName: "file.png"),
    completion: .file(extensions: ["png"]))
  var augmentSheet: String?

  @Option(
    name: .customLong("init"),
    help: ArgumentHelp("The first weights: \(Initializer.understood). (default: he)", valueName: "name"),
    transform: { try Initializer(parsing: $0) })
  var initializer: Initializer = .he

  @Option(
    help: ArgumentHelp("The moving average of the weights becomes the model; 0.999, say.", valueName: "decay")
  )
  var average: Double?

  @Option(
    help: ArgumentHelp(
      "Stop after n epochs without a better validation loss, and keep the best weights.", valueName: "n"))
  var patience: Int?

  @Flag(
    help: """
      Divide the logits by the softmax temperature that fits the validation examples best, so that probabilities \
      say how often the model is right.
      """)
  var calibrate = false

  @Option(help: ArgumentHelp("The key of all randomness.", valueName: "n"))
  var seed: UInt64 = 0

  func check() throws {
    if epochs != nil, steps != nil {
      throw ValidationError("--epochs and --steps say the same; give one of them")
    }
    for (name, value) in [
      ("epochs", epochs), ("steps", steps), ("batch-size", batchSize), ("patience", patience),
    ] {
      if let value, !(1...1 << 40).contains(value) { throw ValidationError("--\(name) must be at least 1") }
    }
    if let lr, !(lr > 0 && lr.isFinite) { throw ValidationError("--lr must be a number above 0") }
    if let weightDecay, !(weightDecay >= 0 && weightDecay.isFinite) {
      throw ValidationError("--weight-decay must be a number from 0 on")
    }
    if let average, !(average > 0 && average < 1) {
      throw ValidationError("--average must be between 0 and 1")
    }
    guard seed <= 1 << 53 else { throw ValidationError("--seed must be at most 2^53") }
  }

  /// The options for a number of training examples.
  func options(
    examples: Int, network: NetworkDescription, frozen: Set<String>, rateScales: [String: Double]
  ) -> TrainingOptions {
    let stepsPerEpoch = (examples + batchSize - 1) / batchSize
    var options = TrainingOptions(steps: steps ?? (epochs ?? 10) * stepsPerEpoch)
    options.optimizer = optimizer
    options.learningRate = lr ?? optimizer.defaultLearningRate
    options.schedule = schedule
    options.weightDecay = weightDecay ?? optimizer.defaultWeightDecay
    options.loss = loss
    options.batchSize = batchSize
    options.augmentation = augment
    options.seed = seed
    options.averageDecay = average
    options.patience = patience
    options.frozen = frozen
    options.learningRateScales = rateScales
    return options
  }

  /// The options in force, under their names.
  var members: [JSONValue.Member] {
    [
      .init("architecture", architecture.map { .string($0) } ?? .null),
      steps == nil ? .init("epochs", .integer(epochs ?? 10)) : .init("steps", .integer(steps ?? 0)),
      .init("batch-size", .integer(batchSize)), .init("lr", .number(lr ?? optimizer.defaultLearningRate)),
      .init("optimizer", .string(optimizer.description)), .init("schedule", .string(schedule.description)),
      .init("weight-decay", .number(weightDecay ?? optimizer.defaultWeightDecay)),
      .init("loss", .string(loss.description)), .init("augment", .string(augment.description)),
      .init("init", .string(initializer.description)), .init("average", average.map { .number($0) } ?? .null),
      .init("patience", patience.map { .integer($0) } ?? .null), .init("calibrate", .bool(calibrate)),
      .init("seed", .number(Double(seed))),
    ]
  }
}
