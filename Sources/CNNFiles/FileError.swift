#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that cannot be opened, read or written.
///
/// The operating system's own error code is kept, so that a caller can decide what it means;
/// `description` is the sentence for people.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was being done when it failed.
  public enum Operation: Sendable, Equatable {
    case open
    case read
    case create
    case write
  }

  /// Why it failed.
  public enum Reason: Sendable, Equatable {
    /// The operating system refused; `errno` is its code.
    case system(errno: Int32)
    /// The path names a folder where a file is needed.
    case isDirectory
    /// The output exists already and replacing it was not asked for.
    case alreadyExists
    /// The input is larger than the reader's stated cap.
    case tooLarge(limit: Int)
  }

  /// The path as the user gave it; `-` is standard input or output.
  public let path: String
  /// What was being done.
  public let operation: Operation
  /// Why it failed.
  public let reason: Reason

  /// Creates an error about `path`.
  public init(path: String, operation: Operation, reason: Reason) {
    self.path = path
    self.operation = operation
    self.reason = reason
  }

  /// The reason alone, without the path: for messages that name the path already.
  public var explanation: String {
    switch reason {
    case .system(let code):
      let detail = String(cString: strerror(code))
      switch (operation, code) {
      case (.open, ENOENT): return "there is no such file"
      case (.open, EACCES): return "the file cannot be read: permission denied"
      case (.open, _): return "the file cannot be opened: \(detail.lowercasedFirst)"
      case (.read, _): return "reading failed: \(detail.lowercasedFirst)"
      case (.create, ENOENT): return "the folder to write into does not exist"
      case (.create, _): return "the file cannot be created: \(detail.lowercasedFirst)"
      case (.write, _): return "writing failed: \(detail.lowercasedFirst)"
      }
    case .isDirectory:
      return operation == .open || operation == .read
        ? "this is a folder; a file is needed" : "this is a folder; name a file to write"
    case .alreadyExists:
      return "the file exists already; use --force to replace it"
    case .tooLarge(let limit):
      return "the input is larger than \(limit) bytes, the most that is read"
    }
  }

  /// The path and the reason as one sentence.
  public var description: String { "\(path): \(explanation)" }
}

extension String {
  fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
