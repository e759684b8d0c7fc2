#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file, a pipe or standard input, read front to back.
///
/// Files are read and never mapped: a file that is cut short while it is mapped would kill its reader.
public final class InputFile: ByteSource {
  /// The path as it was given; `-` is standard input.
  public let path: String
  private let descriptor: Int32
  private let isOwned: Bool
  /// Bytes that were read to look at the content and are still to be delivered.
  private var peeked: [UInt8] = []
  private var peekedPosition = 0

  /// Opens the file at `path`, or standard input for `-`.
  ///
  /// - Throws: `FileError` with `.isDirectory` for a folder, else with the operating system's reason.
  public init(path: String) throws(FileError) {
    self.path = path
    if path == "-" {
      descriptor = STDIN_FILENO
      isOwned = false
    } else {
      let (opened, code) = FileDescriptor.open(path, O_RDONLY)
      if let code { throw FileError(path: path, operation: .open, reason: .system(errno: code)) }
      descriptor = opened
      isOwned = true
    }
    // A folder can be opened, but not read.
    if let status = FileDescriptor.status(descriptor), FileDescriptor.isFolder(status) {
      throw FileError(path: path, operation: .open, reason: .isDirectory)
    }
  }

  deinit {
    if isOwned { close(descriptor) }
  }

  /// The name without its folders; `-` for standard input.
  public var name: String { Self.baseName(of: path) }

  /// Whether there is a file or folder of this name.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// A path without its folders.
  public static func baseName(of path: String) -> String {
    path.unicodeScalars.split(separator: "/").last.map(String.init) ?? path
  }

  /// Whether this is a pipe, a device or the like: what was read from it is gone, and opening it again gives
  /// something else or waits for ever.
  public var isStream: Bool {
    FileDescriptor.status(descriptor).map { !FileDescriptor.isRegular($0) } ?? true
  }

  /// Whether `read(into:)` would return at once, be it with nothing at the end: a pipe has no bytes while its writer
  /// thinks.
  public var isReady: Bool {
    if peekedPosition < peeked.count { return true }
    var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&wanted, 1, 0) != 0
  }

  /// The bytes from here to the end as the file's size says, or nil where that says nothing: for pipes, devices,
  /// and the files of `/proc`, which claim to be empty.
  public var remainingByteCount: Int? {
    guard let status = FileDescriptor.status(descriptor), FileDescriptor.isRegular(status), status.st_size > 0
    else { return nil }
    let position = lseek(descriptor, 0, SEEK_CUR)
    guard position >= 0 else { return nil }
    return max(0, Int(status.st_size) - Int(position)) + peeked.count - peekedPosition
  }

  /// Reads into `buffer` and returns how many bytes were read: at least one, or 0 at the end.
  ///
  /// - Throws: `FileError`.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    if peekedPosition < peeked.count {
      let count = min(buffer.count, peeked.count - peekedPosition)
      buffer.copyBytes(from: peeked[peekedPosition..<peekedPosition + count])
      peekedPosition += count
      return count
    }
    return try readFromDescriptor(into: buffer)
  }

  /// The next bytes, up to `count`, without taking them: what a file is can be seen from its first ones.
  ///
  /// Fewer only where the input ends before.
  ///
  /// - Throws: `FileError`.
  public func peek(_ count: Int) throws(FileError) -> [UInt8] {
    if peekedPosition > 0 {
      peeked.removeFirst(peekedPosition)
      peekedPosition = 0
    }
    while peeked.count < count {
      let wanted = min(count - peeked.count, 1 << 16)
      var chunk = [UInt8](repeating: 0, count: wanted)
      var arrived = 0
      // A closure that throws would lose the type of the error.
      let result = chunk.withUnsafeMutableBytes { buffer in
        Result { () throws(FileError) in try readFromDescriptor(into: buffer) }
      }
      arrived = try result.get()
      if arrived == 0 { break }
      peeked += chunk.prefix(arrived)
    }
    return [UInt8](peeked.prefix(count))
  }

  /// All bytes from here to the end.
  ///
  /// - Throws: `FileError` with `.tooLarge` as soon as there are more than `limit`.
  public func readAll(limit: Int = .max) throws(FileError) -> [UInt8] {
    let tooLarge = FileError(path: path, operation: .read, reason: .tooLarge(limit: limit))
    let expected = remainingByteCount ?? 0
    guard expected <= limit else { throw tooLarge }
    do {
      // One more than expected: the end shows at once, and no second buffer is needed.
      let wanted = expected == .max ? expected : expected + 1
      var bytes = expected > 0 ? try readBytes(upTo: wanted) : []
      if expected > 0, bytes.count < wanted { return bytes }
      // The size was unknown, or is wrong by now.
      while bytes.count <= limit {
        let more = try readBytes(upTo: limit == .max ? .max : limit - bytes.count + 1)
        if more.isEmpty { return bytes }
        if bytes.isEmpty { bytes = more } else { bytes += more }
      }
      throw tooLarge
    } catch let error as FileError {
      throw error
    } catch {
      throw FileError(path: path, operation: .read, reason: .system(errno: EIO))
    }
  }

  private func readFromDescriptor(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    let (count, code) = FileDescriptor.read(descriptor, into: buffer)
    if let code {
      let reason: FileError.Reason = code == EISDIR ? .isDirectory : .system(errno: code)
      throw FileError(path: path, operation: .read, reason: reason)
    }
    return count
  }
}
