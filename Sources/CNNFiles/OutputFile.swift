#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file to write that appears whole or not at all.
///
/// What is written goes into a file without a name, in the folder of the target, which `commit()` publishes. Until
/// then, and if the program is killed, an old file stays as it was and a new one does not exist.
///
/// Symbolic links are followed; the target of a dangling one is created. An existing target that is no regular file
/// (a device, a pipe, `/dev/stdout`), and `-` for standard output, are written directly.
public final class OutputFile: ByteSink {
  /// The path as it was given; `-` is standard output.
  public let path: String
  private var destination: Destination
  private var failure: FileError?

  private enum Destination {
    case direct(descriptor: Int32, isOwned: Bool)
    case unpublished(UnpublishedFile)
    case closed
  }

  /// Makes ready to write to `path`, and finds out whether that is possible.
  ///
  /// - Parameter replacing: whether an existing file may be replaced.
  /// - Throws: `FileError`: `.alreadyExists` for an existing regular file unless `replacing`, `.isDirectory` for a
  ///   folder, else the operating system's reason.
  public init(path: String, replacing: Bool) throws(FileError) {
    self.path = path
    switch try OutputTarget(path: path, replacing: replacing) {
    case .standardOutput:
      destination = .direct(descriptor: STDOUT_FILENO, isOwned: false)
    case .descriptor(let number):
      let duplicate = fcntl(number, F_DUPFD_CLOEXEC, 0)
      guard duplicate >= 0 else {
        throw FileError(path: path, operation: .create, reason: .system(errno: errno))
      }
      destination = .direct(descriptor: duplicate, isOwned: true)
    case .special:
      let (descriptor, code) = FileDescriptor.open(path, O_WRONLY)
      if let code { throw FileError(path: path, operation: .create, reason: .system(errno: code)) }
      destination = .direct(descriptor: descriptor, isOwned: true)
    case .regular(let target, let permissions):
      destination = .unpublished(
        try UnpublishedFile(
          for: target, givenAs: path, isReplacing: replacing, oldPermissions: permissions))
    }
  }

  deinit { discard() }

  /// Finds out whether `path` can be written, before long work, and leaves nothing behind.
  ///
  /// - Throws: `FileError`, as `init` does.
  public static func preflight(path: String, replacing: Bool) throws(FileError) {
    switch try OutputTarget(path: path, replacing: replacing) {
    case .standardOutput: break
    case .descriptor(let number):
      guard fcntl(number, F_GETFD) >= 0 else {
        throw FileError(path: path, operation: .create, reason: .system(errno: errno))
      }
    case .special:
      // Opening a named pipe would wait for its reader.
      guard access(path, W_OK) == 0 else {
        throw FileError(path: path, operation: .create, reason: .system(errno: errno))
      }
    case .regular(let target, let permissions):
      try UnpublishedFile(
        for: target, givenAs: path, isReplacing: replacing, oldPermissions: permissions
      ).discard()
    }
  }

  /// Removes a file that is no longer needed; one that is not there, or cannot be removed, is left.
  public static func remove(_ path: String) {
    unlink(path)
  }

  /// Whether `path` names a regular file, be it one that is yet to be made: no device, pipe, folder or `-`.
  public static func isRegular(_ path: String) -> Bool {
    if case .regular? = try? OutputTarget(path: path, replacing: true) { true } else { false }
  }

  /// Writes a file by `body`, then publishes it; if `body` throws, nothing is published.
  ///
  /// - Throws: `FileError`, or what `body` throws.
  public static func write(
    to path: String, replacing: Bool, by body: (OutputFile) throws -> Void
  ) throws {
    let file = try OutputFile(path: path, replacing: replacing)
    do {
      try body(file)
    } catch {
      file.discard()
      throw error
    }
    try file.commit()
  }

  /// Writes all of `bytes`.
  ///
  /// - Throws: `FileError`; see `FileError.isBrokenPipe` for a reader that has gone. After an error nothing can be
  ///   published any more.
  public func write(_ bytes: UnsafeRawBufferPointer) throws {
    if let failure { throw failure }
    let code: Int32?
    switch destination {
    case .direct(let descriptor, _): code = FileDescriptor.write(descriptor, bytes)
    case .unpublished(let file): code = FileDescriptor.write(file.descriptor, bytes)
    case .closed: code = EBADF
    }
    if let code {
      let error = FileError(path: path, operation: .write, reason: .system(errno: code))
      failure = error
      throw error
    }
  }

  /// Publishes what was written under the final name.
  ///
  /// A file that replaces another keeps the other's permissions, and is on the disk before it takes the place.
  ///
  /// - Throws: `FileError`; `.alreadyExists` if a file came to be there meanwhile and was not to be replaced.
  public func commit() throws(FileError) {
    defer { discard() }
    if let failure { throw failure }
    switch destination {
    case .direct(let descriptor, true):
      destination = .closed
      // Some file systems report only now that a write has failed.
      guard close(descriptor) == 0 || errno == EINTR else {
        throw FileError(path: path, operation: .write, reason: .system(errno: errno))
      }
    case .direct(_, false): break
    case .unpublished(let file): try file.publish()
    case .closed: throw FileError(path: path, operation: .write, reason: .system(errno: EBADF))
    }
  }

  /// Drops what was written; a second call, or one after `commit()`, does nothing.
  public func discard() {
    switch destination {
    case .direct(let descriptor, let isOwned): if isOwned { close(descriptor) }
    case .unpublished(let file): file.discard()
    case .closed: break
    }
    destination = .closed
  }
}
