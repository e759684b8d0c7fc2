#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The system calls on an open file, with interruptions, pauses and limits of one call dealt with.
///
/// Functions give nil for success or the operating system's error code.
enum FileDescriptor {
  /// More than this in one call is refused on some systems, and cut to about 2 GB on others.
  private static let largestTransfer = 1 << 30

  /// Reads once: at least one byte, or 0 at the end.
  static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> (
    count: Int, errno: Int32?
  ) {
    guard buffer.count > 0 else { return (0, nil) }
    while true {
      let count = systemRead(descriptor, buffer.baseAddress, min(buffer.count, largestTransfer))
      if count >= 0 { return (count, nil) }
      let code = errno
      if isTransient(code, descriptor, Int16(POLLIN)) { continue }
      return (0, code)
    }
  }

  /// Writes all of `buffer`.
  static func write(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int32? {
    var written = 0
    while written < buffer.count {
      let count = systemWrite(
        descriptor, buffer.baseAddress?.advanced(by: written), min(buffer.count - written, largestTransfer))
      if count >= 0 {
        written += count
        continue
      }
      let code = errno
      if isTransient(code, descriptor, Int16(POLLOUT)) { continue }
      return code
    }
    return nil
  }

  /// Opens a file; `mode` counts where one is made.
  static func open(_ path: String, _ flags: Int32, mode: mode_t = 0o666) -> (descriptor: Int32, errno: Int32?)
  {
    while true {
      let descriptor = systemOpen(path, flags | O_CLOEXEC, mode)
      if descriptor >= 0 { return (descriptor, nil) }
      if errno != EINTR { return (-1, errno) }
    }
  }

  /// Brings the bytes to the disk. Where that cannot be done (a special file), nothing is wrong.
  static func synchronize(_ descriptor: Int32) -> Int32? {
    while fsync(descriptor) != 0 {
      let code = errno
      if code == EINTR { continue }
      return code == EINVAL || code == ENOTSUP || code == EROFS ? nil : code
    }
    return nil
  }

  /// What the file is, or nil.
  static func status(_ descriptor: Int32) -> stat? {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? status : nil
  }

  /// What `path` is, with symbolic links followed, or the error code.
  static func status(of path: String) -> (status: stat, errno: Int32?) {
    var status = stat()
    return stat(path, &status) == 0 ? (status, nil) : (status, errno)
  }

  static func isRegular(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFREG }
  static func isFolder(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFDIR }

  /// Whether the call is to be made again; waits first where the file is open without blocking.
  private static func isTransient(_ code: Int32, _ descriptor: Int32, _ events: Int16) -> Bool {
    if code == EINTR { return true }
    guard code == EAGAIN || code == EWOULDBLOCK else { return false }
    var wanted = pollfd(fd: descriptor, events: events, revents: 0)
    _ = poll(&wanted, 1, -1)
    return true
  }
}

// The names are free again out here: inside the type they would mean its own functions.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}

private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, buffer, count)
}

private func systemOpen(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 {
  open(path, flags, mode)
}
