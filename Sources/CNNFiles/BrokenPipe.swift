#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What a program needs to end quietly when the reader of its output has gone (`tool | head`).
public enum BrokenPipe {
  /// From now on writing to a pipe without a reader is a `FileError` and no longer kills the program.
  public static func ignoreSignal() {
    signal(SIGPIPE, SIG_IGN)
  }
}

extension FileError {
  /// Whether an output's reader has gone: nobody wants the rest, and nothing is wrong.
  public var isBrokenPipe: Bool {
    operation == .write && reason == .system(errno: EPIPE)
  }
}
