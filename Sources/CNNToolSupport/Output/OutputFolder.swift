import CNNFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A folder that a tool writes files into.
enum OutputFolder {
  /// Makes the folder, or takes one that is there.
  ///
  /// - Parameter replacing: whether the folder may hold something already.
  /// - Throws: `ToolFailure` if the folder cannot be made or is not empty.
  static func make(_ path: String, replacing: Bool) throws(ToolFailure) {
    if mkdir(path, 0o777) == 0 { return }
    let code = errno
    guard code == EEXIST else { throw failure(path, code) }
    try check(path, replacing: replacing)
  }

  /// Finds out, before long work, whether `make` would make or take the folder; makes none.
  ///
  /// - Throws: `ToolFailure` as `make` does.
  static func preflight(_ path: String, replacing: Bool) throws(ToolFailure) {
    if access(path, F_OK) == 0 { return try check(path, replacing: replacing) }
    let code = errno
    guard code == ENOENT, !path.isEmpty else { throw failure(path, code) }
    var name = path[...]
    while name.count > 1, name.last == "/" { name.removeLast() }
    let parent = name.lastIndex(of: "/").map { String(name[...$0]) } ?? "."
    guard access(parent, W_OK | X_OK) == 0 else { throw failure(path, errno) }
  }

  /// Refuses what is there and no folder, or not empty.
  private static func check(_ path: String, replacing: Bool) throws(ToolFailure) {
    guard PictureFolder.isFolder(path) else { throw failure(path, ENOTDIR) }
    guard replacing || PictureFolder.isEmpty(path) else {
      throw ToolFailure(
        path: path, "the folder is not empty; use --force to write into it", status: .cannotCreate)
    }
  }

  private static func failure(_ path: String, _ code: Int32) -> ToolFailure {
    ToolFailure(FileError(path: path, operation: .create, reason: .system(errno: code)))
  }

  /// A text as a part of a file's name: without slashes and control characters, and not too long, as names may have
  /// 255 bytes.
  static func sanitized(_ text: String, byteLimit: Int) -> String {
    var result = ""
    for scalar in text.onOneLine.unicodeScalars {
      result.unicodeScalars.append(["/", "\\", ":"].contains(scalar) ? "_" : scalar)
      if result.utf8.count >= byteLimit - 3 { break }
    }
    return result.isEmpty ? "_" : result
  }
}
