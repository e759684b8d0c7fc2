import CNNFiles

/// A failure on its way to the user: what happened, to which file, and the exit status that follows.
public struct ToolFailure: Error, CustomStringConvertible {
  /// The file that it is about, or nil.
  public let path: String?
  /// What happened, as one sentence.
  public let message: String
  /// How the tool ends.
  public let status: ExitStatus

  /// Creates a failure.
  public init(path: String? = nil, _ message: String, status: ExitStatus) {
    self.path = path
    self.message = message
    self.status = status
  }

  /// Turns any error that the libraries throw into a failure about `path`.
  ///
  /// File errors know their path and decide the status themselves; everything else is bad data.
  public init(_ error: any Error, path: String? = nil) {
    switch error {
    case let failure as ToolFailure:
      self = failure
    case let error as FileError:
      self.init(path: error.path, error.explanation, status: Self.status(of: error))
    default:
      self.init(path: path, String(describing: error), status: .badData)
    }
  }

  /// The path and the message.
  public var description: String { path.map { "\($0): \(message)" } ?? message }

  private static func status(of error: FileError) -> ExitStatus {
    switch (error.operation, error.reason) {
    case (_, .tooLarge): .badData
    case (.create, _): .cannotCreate
    case (.open, _), (.read, .isDirectory): .noInput
    case (.read, _): .inputOutput
    case (.write, .isDirectory), (.write, .alreadyExists): .cannotCreate
    case (.write, _): .inputOutput
    }
  }
}
