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
    guard code == EEXIST, PictureFolder.isFolder(path) else {
      throw ToolFailure(
        FileError(path: path, operation: .create, reason: .system(errno: code == EEXIST ? ENOTDIR : code)))
    }
    guard replacing || PictureFolder.isEmpty(path) else {
      throw ToolFailure(
        path: path, "the folder is not empty; use --force to write into it", status: .cannotCreate)
    }
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
