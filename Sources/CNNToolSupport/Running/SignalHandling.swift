import CNNFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How the tools take signals that end them.
enum SignalHandling {
  /// SIGINT and SIGTERM end the process with 130 and 143. Outputs are published only when they are whole, so
  /// there is nothing to clean up. A closed pipe, and a file that grows beyond the limit of the shell, are seen as
  /// errors of `write`, not as signals.
  static func install() {
    BrokenPipe.ignoreSignal()
    signal(SIGXFSZ, SIG_IGN)
    signal(SIGINT) { _ in _exit(130) }
    signal(SIGTERM) { _ in _exit(143) }
  }
}

/// Ends the process. (`ParsableCommand` has an `exit` of its own, which hides the system's.)
func endProcess(_ status: Int32) -> Never {
  exit(status)
}
