/// The exit statuses of all tools: those of BSD's `sysexits.h`, and two of their own.
public enum ExitStatus: Int32, Sendable {
  /// All good.
  case success = 0
  /// A picture failed, or a gate was missed.
  case failure = 1
  /// The command line is wrong.
  case usage = 64
  /// The data is wrong: anything caused by content.
  case badData = 65
  /// An input is missing or unreadable.
  case noInput = 66
  /// An output cannot be created.
  case cannotCreate = 73
  /// Reading or writing failed.
  case inputOutput = 74
  /// Stopped by SIGINT.
  case interrupted = 130
  /// Stopped by SIGTERM.
  case terminated = 143
}
