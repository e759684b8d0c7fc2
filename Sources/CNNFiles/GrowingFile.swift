#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that others read while it grows: a log. What is written is there at once, line by line.
public final class GrowingFile {
  private let path: String
  private let descriptor: Int32

  /// Creates the file, or opens a device or pipe.
  ///
  /// - Parameter replacing: whether an existing regular file may be begun anew.
  /// - Throws: `FileError`.
  public init(path: String, replacing: Bool) throws(FileError) {
    self.path = path
    try OutputFile.preflight(path: path, replacing: replacing)
    descriptor =
      path == "-" ? dup(STDOUT_FILENO) : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw FileError(path: path, operation: .create, reason: .system(errno: errno))
    }
  }

  deinit {
    close(descriptor)
  }

  /// Writes all of `text`.
  ///
  /// - Throws: `FileError`.
  public func write(_ text: String) throws(FileError) {
    let code = Array(text.utf8).withUnsafeBytes { FileDescriptor.write(descriptor, $0) }
    if let code { throw FileError(path: path, operation: .write, reason: .system(errno: code)) }
  }
}
