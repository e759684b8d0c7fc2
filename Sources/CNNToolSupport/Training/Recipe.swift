public import CNNCodecs

/// A named set of training options, for those who know what they want to reach and not how.
///
/// A recipe stands for its options and nothing else: what is given beside it wins, one option at a time, and a model or
/// a checkpoint records the options, not the name.
public struct Recipe: Sendable, Equatable {
  /// What it is asked for by.
  public let name: String
  /// What it is for, as a noun with what belongs to it.
  public let purpose: String
  /// The options, under their long names; anything that a config file may hold.
  public let options: [JSONValue.Member]

  /// All recipes.
  ///
  /// Their options were chosen on examples held back from MNIST's training split; the test split had no part in it.
  public static let all = [
    Recipe(
      name: "fast", purpose: "over 99 % of MNIST's test digits in seconds",
      options: [
        .init("architecture", .string("double-convnet")), .init("epochs", .integer(7)),
        .init("lr", .number(0.1)), .init("optimizer", .string("nesterov")),
        .init("schedule", .string("one-cycle:0.2")), .init("weight-decay", .number(0.0005)),
        .init("augment", .string("shift=1")),
      ]),
    Recipe(
      name: "best", purpose: "the most that a small network reaches in a minute or two",
      options: [
        .init("architecture", .string("lenet")), .init("epochs", .integer(20)),
        .init("batch-size", .integer(64)), .init("lr", .number(0.002)),
        .init("schedule", .string("one-cycle:0.2")), .init("augment", .string("digits")),
        .init("average", .number(0.999)),
      ]),
  ]

  /// The recipe of this name.
  ///
  /// - Throws: `UnknownRecipe`.
  public init(named name: String) throws(UnknownRecipe) {
    guard let recipe = Self.all.first(where: { $0.name == name }) else { throw UnknownRecipe(name: name) }
    self = recipe
  }

  private init(name: String, purpose: String, options: [JSONValue.Member]) {
    self.name = name
    self.purpose = purpose
    self.options = options
  }

  /// What it stands for, in a line: its purpose, and its options as on a command line.
  public var summary: String {
    let written = options.map { option in
      if case .string(let text) = option.value { return "--\(option.name) \(text)" }
      return "--\(option.name) \(JSONWriter.text(of: option.value))"
    }
    return "\(name), \(purpose) (\(written.joined(separator: " ")))"
  }
}

/// A recipe that does not exist was asked for.
public struct UnknownRecipe: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was asked for.
  public let name: String

  /// One sentence that says what there is instead.
  public var description: String {
    let names = Recipe.all.map(\.name)
    let list =
      names.count == 1
      ? names[0] : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
    return "there is no recipe \(name.quotedForMessage); there \(names.count == 1 ? "is" : "are") \(list)"
  }
}
