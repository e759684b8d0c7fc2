import CNNFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Folders as lists of the pictures in them.
public enum PictureFolder {
  /// Whether `path` is a folder; links are followed.
  public static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The PNG files in a folder by their names, in natural order (`9.png` before `10.png`); hidden files, folders in it,
  /// and what is no file at all (a named pipe, whose reader would wait for a writer) are left out.
  ///
  /// - Throws: `FileError` if the folder cannot be read.
  public static func pictures(in folder: String) throws(FileError) -> [String] {
    try paths(in: folder) { entry in
      guard hasPNGExtension(entry.name) else { return false }
      switch entry.kind {
      case .file: return true
      case .other: return false
      // What cannot be looked at is to be told when it is opened.
      case .unknown: return status(of: join(folder, entry.name)).map { $0 == .file } ?? true
      }
    }.map(\.path)
  }

  /// The folders in a folder, by their names, in natural order; hidden ones are left out.
  ///
  /// - Throws: `FileError` if the folder cannot be read.
  public static func subfolders(of folder: String) throws(FileError) -> [(name: String, path: String)] {
    try paths(in: folder) { $0.kind != .file && isFolder(join(folder, $0.name)) }
  }

  /// What an entry of a folder is, links followed.
  private enum Kind {
    case file
    case other
    /// The file system didn't say, or the entry is a link.
    case unknown
  }

  private static func status(of path: String) -> Kind? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return status.st_mode & S_IFMT == S_IFREG ? .file : .other
  }

  private static func hasPNGExtension(_ name: String) -> Bool {
    name.utf8.count >= 4
      // Letters differ from their small ones by one bit, and nothing else becomes these four with it.
      && zip(name.utf8.suffix(4), ".png".utf8).allSatisfy { $0 == $1 || (isLetter($1) && $0 | 0x20 == $1) }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }

  private static func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }

  /// The entries of a folder that `isWanted`, in natural order; never hidden ones.
  private static func paths(
    in folder: String, where isWanted: ((name: String, kind: Kind)) -> Bool
  ) throws(FileError) -> [(name: String, path: String)] {
    guard let directory = opendir(folder) else {
      throw FileError(path: folder, operation: .open, reason: .system(errno: errno))
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
          String(cString: $0)
        }
      }
      guard name.utf8.first != UInt8(ascii: ".") else { continue }
      let kind: Kind =
        switch Int32(entry.pointee.d_type) {
        case Int32(DT_REG): .file
        case Int32(DT_LNK), Int32(DT_UNKNOWN): .unknown
        default: .other
        }
      if isWanted((name, kind)) { names.append(name) }
    }
    return NaturalOrder.sorted(names).map { ($0, join(folder, $0)) }
  }
}
