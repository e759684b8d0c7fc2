import CNNFiles
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Standard output, buffered, and standard error, not.
public enum StandardStreams {
  private static let pending = Mutex<[UInt8]>([])
  private static let bufferSize = 1 << 16

  /// True when standard output goes to a terminal.
  public static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// True when standard error goes to a terminal.
  public static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Adds text to standard output.
  ///
  /// - Throws: `FileError` if the buffer was full and could not be written.
  public static func write(_ text: String) throws {
    try write(Array(text.utf8))
  }

  /// Adds bytes to standard output.
  ///
  /// - Throws: `FileError` if the buffer was full and could not be written.
  public static func write(_ bytes: [UInt8]) throws {
    let isFull = pending.withLock { pending in
      pending += bytes
      return pending.count >= bufferSize
    }
    if isFull { try flushOutput() }
  }

  /// Writes out what has been added to standard output.
  ///
  /// - Throws: `FileError`.
  public static func flushOutput() throws {
    let bytes = pending.withLock { pending in
      defer { pending = [] }
      return pending
    }
    try writeAll(bytes, to: STDOUT_FILENO)
  }

  /// Writes out what has been added to standard output if somebody may be waiting for it: on a terminal or a pipe,
  /// and not where it goes into a file.
  ///
  /// - Throws: `FileError`.
  public static func flushForReader() throws {
    if hasReader { try flushOutput() }
  }

  private static let hasReader: Bool = {
    var status = stat()
    return fstat(STDOUT_FILENO, &status) != 0 || status.st_mode & S_IFMT != S_IFREG
  }()

  /// Writes text to standard error at once; what cannot be written is lost.
  public static func writeError(_ text: String) {
    try? writeAll(Array(text.utf8), to: STDERR_FILENO)
  }

  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws {
    var start = 0
    while start < bytes.count {
      let written = bytes.withUnsafeBytes {
        #if canImport(Glibc)
          Glibc.write(descriptor, $0.baseAddress.map { $0 + start }, bytes.count - start)
        #elseif canImport(Musl)
          Musl.write(descriptor, $0.baseAddress.map { $0 + start }, bytes.count - start)
        #else
          Darwin.write(descriptor, $0.baseAddress.map { $0 + start }, bytes.count - start)
        #endif
      }
      if written < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN {
          // Whoever started this tool has made the pipe non-blocking.
          var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          _ = poll(&wanted, 1, -1)
          continue
        }
        throw FileError(path: "-", operation: .write, reason: .system(errno: errno))
      }
      start += written
    }
  }
}
