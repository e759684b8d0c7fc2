#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file beside its final name: without a name where the system can do that (Linux, most file systems), so that
/// nothing is left when the program is killed, else under a hidden name of its own.
final class UnpublishedFile {
  private let target: String
  private let givenPath: String
  private let isReplacing: Bool
  private let oldPermissions: mode_t?
  /// The file to write to; -1 once it is closed.
  private(set) var descriptor: Int32
  /// The hidden name; nil while there is none.
  private var temporaryPath: String?

  /// Opens a file that can be published as `target` later.
  ///
  /// - Parameters:
  ///   - givenPath: the path for error messages.
  ///   - oldPermissions: the permissions of the file that is replaced, or nil if there is none.
  ///   - mayBeUnnamed: false to have a hidden name even where the system could do without.
  init(
    for target: String, givenAs givenPath: String, isReplacing: Bool, oldPermissions: mode_t?,
    mayBeUnnamed: Bool = true
  ) throws(FileError) {
    self.target = target
    self.givenPath = givenPath
    self.isReplacing = isReplacing
    self.oldPermissions = oldPermissions
    let folder = OutputTarget.folder(of: target)
    if mayBeUnnamed, let unnamed = Self.openUnnamed(in: folder) {
      descriptor = unnamed
      return
    }
    descriptor = -1
    while true {
      let path = Self.hiddenPath(in: folder)
      let (opened, code) = FileDescriptor.open(path, O_WRONLY | O_CREAT | O_EXCL)
      if code == EEXIST { continue }
      if let code { throw FileError(path: givenPath, operation: .create, reason: .system(errno: code)) }
      descriptor = opened
      temporaryPath = path
      return
    }
  }

  deinit { discard() }

  /// Gives the file its final name and closes it.
  func publish() throws(FileError) {
    defer { discard() }
    if let oldPermissions {
      // Not being allowed to is no reason to keep the content from its user.
      _ = fchmod(descriptor, oldPermissions)
      if let code = FileDescriptor.synchronize(descriptor) { throw error(.write, code) }
    }
    if oldPermissions == nil {
      let code = link(to: target)
      if code == nil { return }
      if code == EEXIST {
        guard isReplacing else {
          throw FileError(path: givenPath, operation: .create, reason: .alreadyExists)
        }
      } else if let code, !(temporaryPath != nil && Self.meansNoLinks(code)) {
        throw error(.create, code)
      } else if !isReplacing {
        try claimTarget()
      }
    }
    try renameOverTarget()
  }

  /// Closes the file and removes its hidden name, if it has one.
  func discard() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    if let temporaryPath { unlink(temporaryPath) }
    temporaryPath = nil
  }

  /// Makes `path` a name of the file, unless there is a file of that name.
  private func link(to path: String) -> Int32? {
    let result: Int32
    if let temporaryPath {
      result = linkat(AT_FDCWD, temporaryPath, AT_FDCWD, path, 0)
    } else {
      result = linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, path, AT_SYMLINK_FOLLOW)
    }
    return result == 0 ? nil : errno
  }

  private func renameOverTarget() throws(FileError) {
    while temporaryPath == nil {
      let path = Self.hiddenPath(in: OutputTarget.folder(of: target))
      let code = link(to: path)
      if code == EEXIST { continue }
      if let code { throw error(.create, code) }
      temporaryPath = path
    }
    guard let temporaryPath, rename(temporaryPath, target) == 0 else { throw error(.create, errno) }
    self.temporaryPath = nil
  }

  /// Takes the final name by an empty file where the file system has no links, as FAT: then nobody else gets it.
  private func claimTarget() throws(FileError) {
    let (claim, code) = FileDescriptor.open(target, O_WRONLY | O_CREAT | O_EXCL)
    if code == EEXIST { throw FileError(path: givenPath, operation: .create, reason: .alreadyExists) }
    if let code { throw error(.create, code) }
    close(claim)
  }

  private func error(_ operation: FileError.Operation, _ code: Int32) -> FileError {
    FileError(path: givenPath, operation: operation, reason: .system(errno: code))
  }

  private static func meansNoLinks(_ code: Int32) -> Bool {
    [EPERM, ENOTSUP, EOPNOTSUPP, ENOSYS].contains(code)
  }

  private static func hiddenPath(in folder: String) -> String {
    let number = String(UInt64.random(in: .min ... .max), radix: 16)
    return "\(folder)/.cnn-\(number).tmp"
  }

  private static func openUnnamed(in folder: String) -> Int32? {
    #if os(Linux)
      // The flag is a macro that Swift does not import; it is the same on all architectures that Swift runs on.
      let withoutName = O_DIRECTORY | 0o20_000_000
      let (descriptor, code) = FileDescriptor.open(folder, O_WRONLY | withoutName)
      guard code == nil else { return nil }
      // Without /proc the file could get no name later.
      guard access("/proc/self/fd/\(descriptor)", F_OK) == 0 else {
        close(descriptor)
        return nil
      }
      return descriptor
    #else
      return nil
    #endif
  }
}
