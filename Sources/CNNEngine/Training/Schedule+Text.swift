import CNNCodecs

extension Schedule: CustomStringConvertible {
  /// What `init(parsing:)` understands.
  public static let understood = """
    constant, step:EPOCHS:FACTOR, exponential:FACTOR, cosine[:FINAL], one-cycle[:PEAK], \
    plateau[:FACTOR[:PATIENCE[:MINIMUM[:COOLDOWN]]]], each also after warm-up:STEPS+
    """

  /// The schedule that is written as `constant`, `step:30:0.1`, `exponential:0.9`, `cosine:0.01`, `one-cycle:0.3`,
  /// `plateau:0.1:5`, or one of these after a warm-up: `warm-up:500+cosine`.
  ///
  /// What may be left out is 0 for a cosine's end (a fraction of the base rate), 0.3 for the peak (a fraction of the
  /// steps), and for a plateau 0.1, 10 epochs, a least rate of 0 and no cooldown.
  ///
  /// - Throws: `TrainingOptionError` that says what is understood.
  public init(parsing text: String) throws(TrainingOptionError) {
    let parts = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
    var warmUpSteps = 0
    if parts.count == 2 {
      var reader = TrainingOptionReader(parts[0], option: "schedule", understood: Self.understood)
      guard reader.name == "warm-up" else {
        throw reader.error("what stands before a + should be warm-up:STEPS")
      }
      warmUpSteps = try reader.integer("STEPS", atLeast: 1)
      try reader.finish()
    }
    var reader = TrainingOptionReader(parts[parts.count - 1], option: "schedule", understood: Self.understood)
    self.init(try Self.shape(&reader), warmUpSteps: warmUpSteps)
    try reader.finish()
  }

  private static func shape(_ reader: inout TrainingOptionReader) throws(TrainingOptionError) -> Shape {
    switch reader.name {
    case "constant": return .constant
    case "step":
      return .step(epochs: try reader.integer("EPOCHS", atLeast: 1), factor: try reader.factor())
    case "exponential": return .exponential(factor: try reader.factor())
    case "cosine":
      return .cosine(finalFraction: try reader.number("FINAL", default: 0, in: 0...1, "from 0 to 1"))
    case "one-cycle":
      return .oneCycle(peak: try reader.number("PEAK", default: 0.3, in: 0...1, "from 0 to 1"))
    case "plateau":
      let factor = try reader.number(
        "FACTOR", default: 0.1, in: Double.leastNormalMagnitude..<1, "above 0 and below 1")
      return .plateau(
        Plateau(
          factor: factor,
          patience: try reader.integer("PATIENCE", default: 10, atLeast: 0),
          minimum: try reader.number("MINIMUM", default: 0, in: 0..., "that is not negative"),
          cooldown: try reader.integer("COOLDOWN", default: 0, atLeast: 0)))
    case "warm-up": throw reader.error("a schedule should follow the warm-up, as in warm-up:STEPS+constant")
    default: throw reader.unknownName()
    }
  }

  /// The text that `init(parsing:)` takes, without arguments that are the defaults.
  public var description: String {
    (warmUpSteps > 0 ? "warm-up:\(warmUpSteps)+" : "") + shape.description
  }
}

extension Schedule.Shape: CustomStringConvertible {
  /// The text that `Schedule.init(parsing:)` takes, without arguments that are the defaults.
  public var description: String {
    switch self {
    case .constant: "constant"
    case .step(let epochs, let factor):
      TrainingOptionReader.text("step", [(Double(epochs), nil), (factor, nil)])
    case .exponential(let factor): TrainingOptionReader.text("exponential", [(factor, nil)])
    case .cosine(let finalFraction): TrainingOptionReader.text("cosine", [(finalFraction, 0)])
    case .oneCycle(let peak): TrainingOptionReader.text("one-cycle", [(peak, 0.3)])
    case .plateau(let plateau):
      TrainingOptionReader.text(
        "plateau",
        [
          (plateau.factor, 0.1), (Double(plateau.patience), 10), (plateau.minimum, 0),
          (Double(plateau.cooldown), 0),
        ])
    }
  }
}

extension TrainingOptionReader {
  fileprivate mutating func factor() throws(TrainingOptionError) -> Double {
    try number("FACTOR", in: Double.leastNormalMagnitude..., "above 0")
  }
}

extension Schedule {
  /// The member `schedule` of a checkpoint's `training`: the schedule as text, and the rate of the next step.
  public func json(learningRate: Double) -> JSONValue {
    .object([.init("learning_rate", .finite(learningRate)), .init("name", .string(description))])
  }

  /// Reads the member `schedule` of a checkpoint's `training`.
  ///
  /// - Returns: the schedule, and the rate that the next step had; infinite for null.
  /// - Throws: `JSONContentError` for a member that is missing or of another type, or a name that is not understood.
  public static func read(
    _ node: JSONNode
  ) throws(JSONContentError) -> (schedule: Schedule, learningRate: Double) {
    let name = try node.member("name")
    let text = try name.string()
    let learningRate = try node.member("learning_rate").numberOrInfinity()
    do {
      return (try Schedule(parsing: text), learningRate)
    } catch {
      throw name.error("is no schedule that is understood: \(error.problem)")
    }
  }
}
