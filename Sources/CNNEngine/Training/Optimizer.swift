import CNNCodecs

/// A rule by which a gradient changes a weight, with its constants.
///
/// Definitions and defaults are PyTorch's. Learning rate and weight decay are not part of it, since both may differ
/// from step to step and from tensor to tensor; `update` takes them.
public enum Optimizer: Sendable, Equatable {
  /// w -= rate * g.
  case sgd
  /// b = momentum * b + g; w -= rate * b (`SGD(momentum=)`).
  case momentum(Double = 0.9)
  /// b = momentum * b + g; w -= rate * (g + momentum * b) (`SGD(nesterov=True)`).
  case nesterov(Double = 0.9)
  /// s += g^2; w -= rate * g / (sqrt(s) + epsilon).
  case adagrad(epsilon: Double = 1e-10)
  /// s = alpha * s + (1 - alpha) * g^2; w -= rate * g / (sqrt(s) + epsilon).
  case rmsprop(alpha: Double = 0.99, epsilon: Double = 1e-8)
  /// s = rho * s + (1 - rho) * g^2; d = sqrt(a + epsilon) / sqrt(s + epsilon) * g; a = rho * a + (1 - rho) * d^2;
  /// w -= rate * d.
  case adadelta(rho: Double = 0.9, epsilon: Double = 1e-6)
  /// m = beta1 * m + (1 - beta1) * g; v = beta2 * v + (1 - beta2) * g^2, both corrected for their start at 0 by
  /// 1 - beta^step; w -= rate * m / (sqrt(v) + epsilon).
  case adam(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8)
  /// Adam with a weight decay that does not go through the gradient: w *= 1 - rate * decay comes first.
  case adamw(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8)

  /// The name: `sgd`, `momentum`, `nesterov`, `adagrad`, `rmsprop`, `adadelta`, `adam` or `adamw`.
  public var name: String {
    switch self {
    case .sgd: "sgd"
    case .momentum: "momentum"
    case .nesterov: "nesterov"
    case .adagrad: "adagrad"
    case .rmsprop: "rmsprop"
    case .adadelta: "adadelta"
    case .adam: "adam"
    case .adamw: "adamw"
    }
  }

  /// The names of what it remembers for every weight, PyTorch's: `exp_avg`, `exp_avg_sq`. At most two.
  ///
  /// Each is an array of the parameter's shape that begins as zeros; in a checkpoint it is the tensor
  /// `optimizer.<slot>.<tensor>` (`formats/model-file.md`, section 7).
  public var slots: [String] {
    switch self {
    case .sgd: []
    case .momentum, .nesterov: ["momentum_buffer"]
    case .adagrad: ["sum"]
    case .rmsprop: ["square_avg"]
    case .adadelta: ["square_avg", "acc_delta"]
    case .adam, .adamw: ["exp_avg", "exp_avg_sq"]
    }
  }

  /// PyTorch's learning rate: 0.001; AdaGrad and RMSprop 0.01; AdaDelta 1.
  public var defaultLearningRate: Double {
    switch self {
    case .sgd, .momentum, .nesterov, .adam, .adamw: 0.001
    case .adagrad, .rmsprop: 0.01
    case .adadelta: 1
    }
  }

  /// PyTorch's weight decay: 0.01 for AdamW, 0 for the others.
  public var defaultWeightDecay: Double {
    if case .adamw = self { 0.01 } else { 0 }
  }

  /// The member `optimizer` of a checkpoint's `training`: the name and the slots.
  public var json: JSONValue {
    .object([.init("name", .string(name)), .init("slots", .array(slots.map { .string($0) }))])
  }

  /// Makes sure that a checkpoint's `training.optimizer` was written by an optimiser with this name and these slots.
  ///
  /// - Throws: `JSONContentError` that names both.
  public func check(_ node: JSONNode) throws(JSONContentError) {
    let name = try node.member("name")
    guard try name.string().isExactly(self.name) else {
      throw name.error("should be \(self.name), and is \(try name.string().quotedForMessage)")
    }
    let slots = try node.member("slots")
    guard try slots.strings().elementsEqual(self.slots, by: { $0.isExactly($1) }) else {
      throw slots.error("should be \(self.slots), which is what \(self.name) remembers")
    }
  }
}

extension Optimizer: CustomStringConvertible {
  /// What `init(parsing:)` understands.
  public static let understood = """
    sgd, momentum[:MOMENTUM], nesterov[:MOMENTUM], adagrad[:EPSILON], rmsprop[:ALPHA[:EPSILON]], \
    adadelta[:RHO[:EPSILON]], adam[:BETA1[:BETA2[:EPSILON]]], adamw[:BETA1[:BETA2[:EPSILON]]]
    """

  /// The optimiser that is written as its name, and where wanted its constants: `adam`, `momentum:0.95`.
  ///
  /// Fractions are from 0 to below 1, an epsilon is from 1e-30 (so that it is not lost in float32) to 1.
  ///
  /// - Throws: `TrainingOptionError` that says what is understood.
  public init(parsing text: String) throws(TrainingOptionError) {
    var reader = TrainingOptionReader(text, option: "optimizer", understood: Self.understood)
    switch reader.name {
    case "sgd": self = .sgd
    case "momentum": self = .momentum(try reader.fraction("MOMENTUM", default: 0.9))
    case "nesterov": self = .nesterov(try reader.fraction("MOMENTUM", default: 0.9))
    case "adagrad": self = .adagrad(epsilon: try reader.epsilon(default: 1e-10))
    case "rmsprop":
      self = .rmsprop(
        alpha: try reader.fraction("ALPHA", default: 0.99), epsilon: try reader.epsilon(default: 1e-8))
    case "adadelta":
      self = .adadelta(
        rho: try reader.fraction("RHO", default: 0.9), epsilon: try reader.epsilon(default: 1e-6))
    case "adam", "adamw":
      let beta1 = try reader.fraction("BETA1", default: 0.9)
      let beta2 = try reader.fraction("BETA2", default: 0.999)
      let epsilon = try reader.epsilon(default: 1e-8)
      self =
        reader.name == "adam"
        ? .adam(beta1: beta1, beta2: beta2, epsilon: epsilon)
        : .adamw(beta1: beta1, beta2: beta2, epsilon: epsilon)
    default: throw reader.unknownName()
    }
    try reader.finish()
  }

  /// The text that `init(parsing:)` takes, without constants that are the defaults.
  public var description: String {
    switch self {
    case .sgd: name
    case .momentum(let momentum), .nesterov(let momentum): TrainingOptionReader.text(name, [(momentum, 0.9)])
    case .adagrad(let epsilon): TrainingOptionReader.text(name, [(epsilon, 1e-10)])
    case .rmsprop(let alpha, let epsilon):
      TrainingOptionReader.text(name, [(alpha, 0.99), (epsilon, 1e-8)])
    case .adadelta(let rho, let epsilon): TrainingOptionReader.text(name, [(rho, 0.9), (epsilon, 1e-6)])
    case .adam(let beta1, let beta2, let epsilon), .adamw(let beta1, let beta2, let epsilon):
      TrainingOptionReader.text(name, [(beta1, 0.9), (beta2, 0.999), (epsilon, 1e-8)])
    }
  }
}

extension TrainingOptionReader {
  fileprivate mutating func fraction(
    _ argument: String, default fallback: Double
  ) throws(TrainingOptionError) -> Double {
    try number(argument, default: fallback, in: 0..<1, "from 0 to below 1")
  }

  fileprivate mutating func epsilon(default fallback: Double) throws(TrainingOptionError) -> Double {
    try number("EPSILON", default: fallback, in: 1e-30...1, "from 1e-30 to 1")
  }
}
