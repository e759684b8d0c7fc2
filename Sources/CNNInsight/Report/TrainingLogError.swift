import CNNCodecs

/// What makes bytes no log of a training.
public struct TrainingLogError: FormatError, Equatable {
  /// What is wrong.
  public enum Problem: Sendable, Equatable {
    /// There is no line at all.
    case empty
    /// The file has more bytes than `TrainingLog.maximumByteCount`.
    case tooLarge(limit: Int)
    /// The line has more bytes than `TrainingLog.maximumLineLength`.
    case lineTooLong(limit: Int)
    /// There are more lines than `TrainingLog.maximumLineCount`.
    case tooManyLines(limit: Int)
    /// The line is no JSON.
    case json(JSONError)
    /// The line is JSON, but says something else than a log's.
    case content(JSONContentError)
    /// The line has no loss, accuracy or learning rate.
    case saysNothing
    /// The line's step is not beyond that of the line before.
    case stepOutOfOrder(Int, after: Int)
    /// The line's epoch is not beyond that of the epoch before.
    case epochOutOfOrder(Int, after: Int)
  }

  /// The line, counted from 1.
  public let line: Int
  /// The byte at which the trouble begins, counted from 0.
  public let position: Int
  /// What is wrong.
  public let problem: Problem

  /// Creates an error.
  public init(line: Int, position: Int, problem: Problem) {
    self.line = line
    self.position = position
    self.problem = problem
  }

  /// The byte at which the trouble begins.
  public var offset: Int? { position }

  /// What is wrong, as a sentence fragment.
  public var reason: String {
    switch problem {
    case .empty: "the log is empty"
    case .tooLarge(let limit): "the log has more than \(limit) bytes, which is more than is read"
    case .lineTooLong(let limit): "the line has more than \(limit) bytes, and no line of a log is that long"
    case .tooManyLines(let limit): "the log has more than \(limit) lines, which is more than is read"
    case .json(let error): error.reason
    case .content(let error): "no line of a training's log: \(error.reason)"
    case .saysNothing: "no line of a training's log: it has no loss, accuracy or learning rate"
    case .stepOutOfOrder(let step, let previous):
      "step \(step) stands behind step \(previous), and the steps of a log go up"
    case .epochOutOfOrder(let epoch, let previous):
      "epoch \(epoch) stands behind epoch \(previous), and the epochs of a log go up"
    }
  }

  /// The line and the reason: `line 3: the JSON ends early; a value should follow`.
  public var description: String { "line \(line): \(reason)" }
}
