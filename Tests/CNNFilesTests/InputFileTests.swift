import CNNFiles
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct InputFileTests {
  private let folder = TemporaryFolder()

  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test func readsAFileWhole() throws {
    folder.make("a", "hello")
    let file = try InputFile(path: folder["a"])
    #expect(file.remainingByteCount == 5)
    #expect(try file.readAll() == bytes("hello"))
    #expect(file.remainingByteCount == 0)
    #expect(try file.readAll().isEmpty)
    #expect(file.name == "a")
  }

  @Test func peekingTakesNothing() throws {
    folder.make("a", "hello world")
    let file = try InputFile(path: folder["a"])
    #expect(try file.peek(3) == bytes("hel"))
    #expect(try file.peek(5) == bytes("hello"))
    #expect(file.remainingByteCount == 11)
    #expect(try file.readBytes(upTo: 4) == bytes("hell"))
    #expect(try file.peek(3) == bytes("o w"))
    #expect(try file.peek(100) == bytes("o world"))
    #expect(file.remainingByteCount == 7)
    #expect(try file.readAll() == bytes("o world"))
  }

  @Test func readsAPipeWithoutKnowingItsLength() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    #expect(write(ends[1], "abcdef", 6) == 6)
    close(ends[1])
    let file = try InputFile(path: "/dev/fd/\(ends[0])")
    close(ends[0])
    #expect(file.remainingByteCount == nil)
    #expect(try file.peek(2) == bytes("ab"))
    #expect(try file.readAll(limit: 6) == bytes("abcdef"))
  }

  #if os(Linux)
    @Test func readsFilesThatClaimToBeEmpty() throws {
      let file = try InputFile(path: "/proc/self/status")
      #expect(file.remainingByteCount == nil)
      #expect(try file.readAll().starts(with: bytes("Name:")))
    }
  #endif

  @Test func refusesMoreThanTheLimit() throws {
    folder.make("a", "hello")
    #expect(throws: FileError(path: folder["a"], operation: .read, reason: .tooLarge(limit: 4))) {
      try InputFile(path: folder["a"]).readAll(limit: 4)
    }
    #expect(throws: FileError(path: "/dev/zero", operation: .read, reason: .tooLarge(limit: 1000))) {
      try InputFile(path: "/dev/zero").readAll(limit: 1000)
    }
    #expect(try InputFile(path: folder["a"]).readAll(limit: 5) == bytes("hello"))
    #expect(try InputFile(path: "/dev/null").readAll(limit: 0).isEmpty)
  }

  @Test func refusesWhatIsNoFile() {
    #expect(throws: FileError(path: folder.path, operation: .open, reason: .isDirectory)) {
      try InputFile(path: folder.path)
    }
    let missing = folder["missing"]
    #expect(throws: FileError(path: missing, operation: .open, reason: .system(errno: ENOENT))) {
      try InputFile(path: missing)
    }
  }

  @Test(.enabled(if: getuid() != 0, "the superuser may read everything"))
  func refusesWhatMayNotBeRead() {
    folder.make("secret", "", permissions: 0)
    #expect(throws: FileError(path: folder["secret"], operation: .open, reason: .system(errno: EACCES))) {
      try InputFile(path: folder["secret"])
    }
  }
}
