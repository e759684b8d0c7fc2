import CNNTestSupport

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Files under `Fixtures`.
enum FixtureFile {
  /// The bytes of a file by its path below `Fixtures`.
  static func bytes(_ path: String) throws -> [UInt8] {
    try Self.bytes(at: RepositoryPaths.root + "/Tests/CNNCodecsTests/Fixtures/" + path)
  }

  /// The bytes of any file.
  static func bytes(at path: String) throws -> [UInt8] {
    struct Unreadable: Error { let path: String }
    guard let file = fopen(path, "rb") else { throw Unreadable(path: path) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { return bytes }
      bytes.append(contentsOf: chunk[..<count])
    }
  }
}
