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

  /// Finds out whether a folder can be listed.
  ///
  /// - Throws: `FileError` if not.
  package static func checkReadable(_ folder: String) throws(FileError) {
    guard let directory = opendir(folder) else {
      throw FileError(path: folder, operation: .open, reason: .system(errno: errno))
    }
    closedir(directory)
  }

  /// Whether a folder holds nothing at all, not even what is hidden; false where that cannot be seen.
  package static func isEmpty(_ folder: String) -> Bool {
    guard let directory = opendir(folder) else { return false }
    defer { closedir(directory) }
    // Itself and the folder that it is in.
    for _ in 0..<2 where readdir(directory) == nil { return true }
    return readdir(directory) == nil
  }

  /// A picture in a folder, or a folder in it.
  package struct Entry {
    package let name: String
    package let isFolder: Bool
  }

  /// The PNG files and the folders in a folder, in natural order of their names (`9.png` before `10.png`). Hidden
  /// entries, links to folders, and what is no file at all (a named pipe, whose reader would wait for a writer) are
  /// left out.
  ///
  /// - Throws: `FileError` if the folder cannot be read.
  package static func entries(of folder: String) throws(FileError) -> [Entry] {
    try names(in: folder) { entry in
      switch entry.kind {
      case .folder: true
      case .file: isPictureName(entry.name)
      case .other: false
      // What cannot be looked at is to be told when it is opened.
      case .unknown:
        isPictureName(entry.name) && status(of: join(folder, entry.name)).map { $0 == .file } ?? true
      }
    }.map { Entry(name: $0.name, isFolder: $0.kind == .folder) }
  }

  /// The folders in a folder, by their names, in natural order; hidden ones are left out, links are followed.
  ///
  /// - Throws: `FileError` if the folder cannot be read.
  public static func subfolders(of folder: String) throws(FileError) -> [(name: String, path: String)] {
    try names(in: folder) { $0.kind != .file && isFolder(join(folder, $0.name)) }
      .map { ($0.name, join(folder, $0.name)) }
  }

  /// Whether a file is called like a picture: it ends in `.png`, in letters of any size, and is not hidden.
  package static func isPictureName(_ name: String) -> Bool {
    hasPNGExtension(name) && name.utf8.first != UInt8(ascii: ".")
  }

  /// What an entry of a folder is, links followed.
  private enum Kind {
    case file
    case folder
    case other
    /// The file system didn't say, or the entry is a link.
    case unknown
  }

  private static func status(of path: String) -> Kind? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return status.st_mode & S_IFMT == S_IFREG ? .file : .other
  }

  private static func isFolderItself(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func hasPNGExtension(_ name: String) -> Bool {
    name.utf8.count >= 4
      // Letters differ from their small ones by one bit, and nothing else becomes these four with it.
      && zip(name.utf8.suffix(4), ".png".utf8).allSatisfy { $0 == $1 || (isLetter($1) && $0 | 0x20 == $1) }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }

  package static func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }

  /// The entries of a folder that `isWanted`, in natural order; never hidden ones.
  private static func names(
    in folder: String, where isWanted: ((name: String, kind: Kind)) -> Bool
  ) throws(FileError) -> [(name: String, kind: Kind)] {
    guard let directory = opendir(folder) else {
      throw FileError(path: folder, operation: .open, reason: .system(errno: errno))
    }
    defer { closedir(directory) }
    var names: [String] = []
    var kinds: [Kind] = []
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
        case Int32(DT_DIR): .folder
        case Int32(DT_LNK), Int32(DT_UNKNOWN): .unknown
        default: .other
        }
      // A file system that says nothing of an entry still tells a folder from a link to one.
      let known = kind == .unknown && isFolderItself(join(folder, name)) ? .folder : kind
      if isWanted((name, known)) {
        names.append(name)
        kinds.append(known)
      }
    }
    return NaturalOrder.order(of: names).map { (names[$0], kinds[$0]) }
  }
}
