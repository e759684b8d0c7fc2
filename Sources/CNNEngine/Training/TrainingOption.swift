import CNNCodecs

/// A choice for training, such as a schedule, that is written in a way that is not understood.
public struct TrainingOptionError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is chosen, as a noun: `schedule`.
  public let option: String
  /// What was written.
  public let text: String
  /// What is wrong with it, as a clause: `FACTOR should be a number above 0, and is "x"`.
  public let problem: String
  /// All that is understood: `constant, step:EPOCHS:FACTOR, ...`.
  public let understood: String

  /// One sentence that says what is wrong and what is understood.
  public var description: String {
    "the \(option) \(text.quotedForMessage) is not understood: \(problem); write \(understood)"
  }
}

/// Takes apart `name:argument:argument`, the form in which choices for training are written.
struct TrainingOptionReader {
  /// What stands before the first colon.
  let name: String
  private let text: String
  private let option: String
  private let understood: String
  private var arguments: ArraySlice<Substring>

  /// - Parameters:
  ///   - text: what was written.
  ///   - option: what is chosen, as a noun: `schedule`.
  ///   - understood: all that is understood, for messages.
  init(_ text: some StringProtocol, option: String, understood: String) {
    self.text = String(text)
    self.option = option
    self.understood = understood
    let parts = self.text.split(separator: ":", omittingEmptySubsequences: false)
    name = String(parts[0])
    arguments = parts.dropFirst()
  }

  /// The next argument as a number in `range`; `fallback` if nothing more is written.
  mutating func number(
    _ argument: String, default fallback: Double? = nil, in range: some RangeExpression<Double>,
    _ wanted: String
  ) throws(TrainingOptionError) -> Double {
    guard let written = arguments.popFirst() else {
      guard let fallback else { throw error("\(argument) is missing") }
      return fallback
    }
    guard let number = Double(written), number.isFinite, range.contains(number) else {
      throw error("\(argument) should be a number \(wanted), and is \(String(written).quotedForMessage)")
    }
    // Minus zero would be written differently from how it is read.
    return number == 0 ? 0 : number
  }

  /// The next argument as a whole number from `least` to a thousand million; `fallback` if nothing more is written.
  mutating func integer(
    _ argument: String, default fallback: Int? = nil, atLeast least: Int
  ) throws(TrainingOptionError) -> Int {
    guard let written = arguments.popFirst() else {
      guard let fallback else { throw error("\(argument) is missing") }
      return fallback
    }
    guard let number = Int(written), (least...1_000_000_000).contains(number) else {
      let found = String(written).quotedForMessage
      throw error("\(argument) should be a whole number from \(least), and is \(found)")
    }
    return number
  }

  /// Makes sure that everything written has been used.
  func finish() throws(TrainingOptionError) {
    guard let extra = arguments.first else { return }
    throw error("\(String(extra).quotedForMessage) is one argument too many for \(name)")
  }

  /// An error for a name that is not among those understood.
  func unknownName() -> TrainingOptionError {
    error("there is no \(option) \(name.quotedForMessage)")
  }

  /// An error about what was written.
  func error(_ problem: String) -> TrainingOptionError {
    TrainingOptionError(option: option, text: text, problem: problem, understood: understood)
  }

  /// The shortest text that reads back as these arguments: those at the end that have their defaults are left out.
  static func text(_ name: String, _ arguments: [(value: Double, default: Double?)] = []) -> String {
    let needed = (arguments.lastIndex { $0.value != $0.default } ?? -1) + 1
    return ([name] + arguments.prefix(needed).map { JSONWriter.text(of: $0.value) }).joined(separator: ":")
  }
}
