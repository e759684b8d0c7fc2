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
    try names(in: folder)
      .filter { $0.lowercased().hasSuffix(".png") }
      .map { join(folder, $0) }
      .filter(isFile)
  }

  /// The folders in a folder, by their names, in natural order; hidden ones are left out.
  ///
  /// - Throws: `FileError` if the folder cannot be read.
  public static func subfolders(of folder: String) throws(FileError) -> [(name: String, path: String)] {
    try names(in: folder).map { ($0, join(folder, $0)) }.filter { isFolder($0.1) }
  }

  /// Whether `path` is a file, or cannot be looked at: that is to be told when it is opened.
  private static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
  }

  private static func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }

  private static func names(in folder: String) throws(FileError) -> [String] {
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
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted(by: isNaturallyBefore)
  }

  /// Compares names with the numbers in them taken as numbers; equal ones by their bytes.
  static func isNaturallyBefore(_ a: String, _ b: String) -> Bool {
    var left = Array(a.utf8)[...]
    var right = Array(b.utf8)[...]
    while let x = left.first, let y = right.first {
      if isDigit(x), isDigit(y) {
        let m = takeNumber(&left)
        let n = takeNumber(&right)
        if m.count != n.count { return m.count < n.count }
        if m != n { return m.lexicographicallyPrecedes(n) }
      } else {
        if x != y { return x < y }
        left = left.dropFirst()
        right = right.dropFirst()
      }
    }
    if left.isEmpty != right.isEmpty { return left.isEmpty }
    return a.utf8.lexicographicallyPrecedes(b.utf8)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  /// Takes the digits at the beginning, and returns them without leading zeros.
  private static func takeNumber(_ text: inout ArraySlice<UInt8>) -> [UInt8] {
    let digits = text.prefix(while: isDigit)
    text = text.dropFirst(digits.count)
    return Array(digits.drop { $0 == 48 })
  }
}
