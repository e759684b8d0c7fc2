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

/// Reproducible noise: SplitMix64.
struct SeededNoise: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
  }
}
