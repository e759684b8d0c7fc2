import ArgumentParser
import CNNCodecs
import CNNInterchange
import CNNToolSupport

/// The options that say which examples are learnt from.
struct DataArguments: ParsableArguments {
  @Option(help: ArgumentHelp("Learn from the first n training examples only.", valueName: "n"))
  var limitTrain: Int?

  @Option(help: ArgumentHelp("Measure on the first n test examples only.", valueName: "n"))
  var limitTest: Int?

  @Option(help: ArgumentHelp("The classes to learn, by name: 5-9, or A,B,E.", valueName: "a,b,..."))
  var classes: String?

  @Option(help: ArgumentHelp("Learn from the first n training examples of each class only.", valueName: "n"))
  var perClass: Int?

  @Option(
    help: ArgumentHelp(
      """
      What choices go by: a split's name, a fraction of the training examples such as 0.1, or none. (default: the \
      split 'valid' where there is one)
      """, valueName: "split|fraction|none"))
  var validation: String?

  @Option(
    help: ArgumentHelp(
      "The split that all data belong to, whatever their names say.", valueName: "train|valid|test"))
  var split: DatasetSplit?

  @OptionGroup var reading: DataReadingArguments

  func selection(seed: UInt64) throws -> TrainingData.Selection {
    TrainingData.Selection(
      classes: try classes.map(Self.names), perClass: perClass, limitTrain: limitTrain, limitTest: limitTest,
      validation: try parsedValidation(), seed: seed, split: split,
      reading: reading.reading)
  }

  func validate() throws {
    for (name, value) in [("limit-train", limitTrain), ("limit-test", limitTest), ("per-class", perClass)] {
      if let value, value < 1 { throw ValidationError("--\(name) must be at least 1") }
    }
    if let classes { _ = try Self.names(classes) }
    _ = try parsedValidation()
  }

  private func parsedValidation() throws -> TrainingData.Selection.Validation {
    guard let validation else { return .automatic }
    if validation == "none" { return .none }
    if ["train", "valid", "test"].contains(validation) {
      guard validation != "test" else {
        throw ValidationError(
          "the test split is never used to choose anything; name another for --validation")
      }
      return .split(validation)
    }
    guard let fraction = Double(validation), fraction > 0, fraction < 1 else {
      throw ValidationError("--validation takes a split's name, a fraction between 0 and 1, or none")
    }
    return .fraction(fraction)
  }

  /// The names that a list such as `0,2,5-9` stands for.
  private static func names(_ list: String) throws -> [String] {
    var names: [String] = []
    for part in list.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      if ends.count == 2, let first = ends[0], let last = ends[1], first <= last, last - first < 65_536 {
        names += (first...last).map(String.init)
      } else {
        names.append(String(part))
      }
    }
    guard !names.contains(""), Set(names).count == names.count else {
      throw ValidationError("--classes has an empty or repeated name")
    }
    return names
  }

  /// Where `--split` is given, its value under its name: it changes what the files say, as `reading` does.
  var splitMembers: [JSONValue.Member] { split.map { [.init("split", .string($0.rawValue))] } ?? [] }

  /// The options in force, under their names.
  var members: [JSONValue.Member] {
    func number(_ value: Int?) -> JSONValue { value.map { .integer($0) } ?? .null }
    return [
      .init("limit-train", number(limitTrain)), .init("limit-test", number(limitTest)),
      .init("classes", classes.map { .string($0) } ?? .null), .init("per-class", number(perClass)),
      .init("validation", validation.map { .string($0) } ?? .null),
    ]
  }
}
