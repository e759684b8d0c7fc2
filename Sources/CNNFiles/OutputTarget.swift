#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What stands behind the name of an output.
enum OutputTarget {
  /// `-`.
  case standardOutput
  /// `/dev/stdout` and its like: a file that is open already. It may be a regular one (`> file` in a shell), and
  /// must be written where it stands.
  case descriptor(Int32)
  /// A device or a pipe.
  case special
  /// A regular file, or a name that is free; links are resolved. The permissions are those of an existing file.
  case regular(path: String, permissions: mode_t?)

  /// Looks at what `path` names.
  init(path: String, replacing: Bool) throws(FileError) {
    if path == "-" {
      self = .standardOutput
      return
    }
    if let number = Self.descriptorNumber(in: path) {
      self = .descriptor(number)
      return
    }
    let (status, code) = FileDescriptor.status(of: path)
    if let code {
      guard code == ENOENT else {
        throw FileError(path: path, operation: .create, reason: .system(errno: code))
      }
      let target = try Self.resolveDanglingLinks(path)
      if target.hasSuffix("/") { throw FileError(path: path, operation: .create, reason: .isDirectory) }
      self = .regular(path: target, permissions: nil)
    } else if FileDescriptor.isFolder(status) {
      throw FileError(path: path, operation: .create, reason: .isDirectory)
    } else if FileDescriptor.isRegular(status) {
      guard replacing else { throw FileError(path: path, operation: .create, reason: .alreadyExists) }
      guard let resolved = realpath(path, nil) else {
        throw FileError(path: path, operation: .create, reason: .system(errno: errno))
      }
      defer { free(resolved) }
      self = .regular(path: String(cString: resolved), permissions: status.st_mode & 0o7777)
    } else {
      self = .special
    }
  }

  private static func descriptorNumber(in path: String) -> Int32? {
    switch path {
    case "/dev/stdout": return STDOUT_FILENO
    case "/dev/stderr": return STDERR_FILENO
    default:
      for folder in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(folder) {
        return Int32(path.dropFirst(folder.count))
      }
      return nil
    }
  }

  /// Follows symbolic links at the end of `path` as far as there are any.
  private static func resolveDanglingLinks(_ path: String) throws(FileError) -> String {
    let mostLinks = 40
    var current = path
    for _ in 0..<mostLinks {
      var buffer = [CChar](repeating: 0, count: 4096)
      let length = readlink(current, &buffer, buffer.count)
      guard length >= 0 else { return current }
      let link = String(decoding: buffer.prefix(length).lazy.map(UInt8.init(bitPattern:)), as: UTF8.self)
      current = link.hasPrefix("/") ? link : folder(of: current) + "/" + link
    }
    throw FileError(path: path, operation: .create, reason: .system(errno: ELOOP))
  }

  /// The folder that `path` is in; `.` if it names none.
  static func folder(of path: String) -> String {
    // As a character a slash with an accent on it, with which a name may begin, is another one.
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
