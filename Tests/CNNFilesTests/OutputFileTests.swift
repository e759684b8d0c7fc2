import Testing

@testable import CNNFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct OutputFileTests {
  private let folder = TemporaryFolder()

  private func write(_ text: String, to path: String, replacing: Bool = false) throws {
    try OutputFile.write(to: path, replacing: replacing) { try $0.write(Array(text.utf8)) }
  }

  private func alreadyExists(_ path: String) -> FileError {
    FileError(path: path, operation: .create, reason: .alreadyExists)
  }

  @Test func nothingIsThereBeforeTheCommit() throws {
    let file = try OutputFile(path: folder["a"], replacing: false)
    try file.write(Array("one ".utf8))
    #expect(folder.text("a") == nil)
    try file.write(Array("two".utf8))
    try file.commit()
    #expect(folder.text("a") == "one two")
    #expect(folder.names == ["a"])
  }

  @Test func aFileThatIsDroppedLeavesNothing() throws {
    do {
      let file = try OutputFile(path: folder["a"], replacing: false)
      try file.write([1, 2, 3])
    }
    #expect(folder.names.isEmpty)
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try OutputFile.write(to: folder["b"], replacing: false) { file in
        try file.write([1])
        throw Stop()
      }
    }
    #expect(folder.names.isEmpty)
  }

  @Test func anExistingFileIsReplacedOnlyOnRequest() throws {
    folder.make("a", "old", permissions: 0o640)
    #expect(throws: alreadyExists(folder["a"])) { try write("new", to: folder["a"]) }
    #expect(throws: alreadyExists(folder["a"])) {
      try OutputFile.preflight(path: folder["a"], replacing: false)
    }
    #expect(folder.text("a") == "old")
    try write("new", to: folder["a"], replacing: true)
    #expect(folder.text("a") == "new")
    #expect(folder.permissions("a") == 0o640)
    #expect(folder.names == ["a"])
  }

  @Test func theOldFileStaysWhenReplacingFails() throws {
    folder.make("a", "old")
    do {
      let file = try OutputFile(path: folder["a"], replacing: true)
      try file.write(Array("new".utf8))
      #expect(folder.text("a") == "old")
    }
    #expect(folder.text("a") == "old")
    #expect(folder.names == ["a"])
  }

  @Test func aFileThatAppearsMeanwhileIsNotOverwritten() throws {
    let file = try OutputFile(path: folder["a"], replacing: false)
    try file.write(Array("ours".utf8))
    folder.make("a", "theirs")
    #expect(throws: alreadyExists(folder["a"])) { try file.commit() }
    #expect(folder.text("a") == "theirs")
    #expect(folder.names == ["a"])
  }

  @Test func aFileThatAppearsMeanwhileIsReplacedOnRequest() throws {
    let file = try OutputFile(path: folder["a"], replacing: true)
    try file.write(Array("ours".utf8))
    folder.make("a", "theirs")
    try file.commit()
    #expect(folder.text("a") == "ours")
    #expect(folder.names == ["a"])
  }

  @Test func aNewFileHasThePermissionsOfTheUsersMask() throws {
    try write("x", to: folder["a"])
    let descriptor = open(folder["by-hand"], O_WRONLY | O_CREAT, 0o666)
    close(descriptor)
    #expect(folder.permissions("a") == folder.permissions("by-hand"))
  }

  @Test func symbolicLinksAreFollowed() throws {
    folder.make("target", "old")
    symlink("target", folder["link"])
    symlink("link", folder["link to link"])
    try write("new", to: folder["link to link"], replacing: true)
    #expect(folder.text("target") == "new")
    symlink("fresh", folder["dangling"])
    try write("made", to: folder["dangling"])
    #expect(folder.text("fresh") == "made")
    #expect(folder.names == ["dangling", "fresh", "link", "link to link", "target"])
    symlink("loop", folder["loop"])
    #expect(throws: FileError(path: folder["loop"], operation: .create, reason: .system(errno: ELOOP))) {
      try write("x", to: folder["loop"])
    }
  }

  @Test func aDeviceIsWrittenAndStaysADevice() throws {
    try OutputFile.preflight(path: "/dev/null", replacing: false)
    try write("x", to: "/dev/null")
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test func anOpenDescriptorIsWrittenWhereItStands() throws {
    folder.make("log", "before ")
    let descriptor = open(folder["log"], O_WRONLY | O_APPEND)
    try write("after", to: "/dev/fd/\(descriptor)")
    close(descriptor)
    #expect(folder.text("log") == "before after")
    #expect(throws: FileError(path: "/dev/fd/9999", operation: .create, reason: .system(errno: EBADF))) {
      try OutputFile.preflight(path: "/dev/fd/9999", replacing: true)
    }
  }

  @Test func aPipeWithoutReaderIsABrokenPipe() throws {
    BrokenPipe.ignoreSignal()
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    close(ends[0])
    defer { close(ends[1]) }
    let error = #expect(throws: FileError.self) { try write("x", to: "/dev/fd/\(ends[1])") }
    #expect(error?.isBrokenPipe == true)
  }

  #if os(Linux)
    @Test func aFullDiskIsAnErrorAndStaysOne() throws {
      let file = try OutputFile(path: "/dev/full", replacing: false)
      let full = FileError(path: "/dev/full", operation: .write, reason: .system(errno: ENOSPC))
      #expect(throws: full) { try file.write([1]) }
      #expect(throws: full) { try file.write([2]) }
      #expect(throws: full) { try file.commit() }
    }
  #endif

  @Test func whatCannotBeCreatedIsRefusedAtOnce() {
    #expect(throws: FileError(path: folder.path, operation: .create, reason: .isDirectory)) {
      try OutputFile.preflight(path: folder.path, replacing: true)
    }
    #expect(throws: FileError(path: folder["new/"], operation: .create, reason: .isDirectory)) {
      try OutputFile.preflight(path: folder["new/"], replacing: true)
    }
    let orphan = folder["no/such/file"]
    #expect(throws: FileError(path: orphan, operation: .create, reason: .system(errno: ENOENT))) {
      try OutputFile.preflight(path: orphan, replacing: true)
    }
    folder.make("file", "")
    #expect(throws: FileError(path: folder["file/x"], operation: .create, reason: .system(errno: ENOTDIR))) {
      try OutputFile.preflight(path: folder["file/x"], replacing: true)
    }
    let long = folder[String(repeating: "x", count: 300)]
    #expect(throws: FileError(path: long, operation: .create, reason: .system(errno: ENAMETOOLONG))) {
      try OutputFile.preflight(path: long, replacing: true)
    }
  }

  @Test func aPreflightLeavesNothing() throws {
    try OutputFile.preflight(path: folder["a"], replacing: false)
    #expect(folder.names.isEmpty)
  }

  /// Where a file can have no name, it has a hidden one.
  @Test func aFileWithAHiddenNameIsPublishedAndDroppedLikewise() throws {
    func make(_ name: String, isReplacing: Bool, permissions: mode_t? = nil) throws -> UnpublishedFile {
      try UnpublishedFile(
        for: folder[name], givenAs: name, isReplacing: isReplacing, oldPermissions: permissions,
        mayBeUnnamed: false)
    }
    let first = try make("a", isReplacing: false)
    let rival = try make("a", isReplacing: false)
    let heir = try make("a", isReplacing: true, permissions: 0o600)
    let late = try make("a", isReplacing: true)
    #expect(folder.names.count == 4 && folder.names.allSatisfy { $0.hasPrefix(".cnn-") })
    let failure = Array("late".utf8).withUnsafeBytes { FileDescriptor.write(late.descriptor, $0) }
    #expect(failure == nil)
    try first.publish()
    #expect(throws: alreadyExists("a")) { try rival.publish() }
    try heir.publish()
    #expect(folder.permissions("a") == 0o600)
    try late.publish()
    #expect(folder.text("a") == "late")
    try make("b", isReplacing: false).discard()
    #expect(folder.names == ["a"])
  }

  @Test func aNameMayBeginWithAnAccent() throws {
    let name = "\u{301}x"
    try write("one", to: folder["a"])
    try write("two", to: folder[name])
    #expect(folder.text(name) == "two")
    #expect(OutputTarget.folder(of: folder[name]) == OutputTarget.folder(of: folder["a"]))
    #expect(try InputFile(path: folder[name]).name.unicodeScalars.elementsEqual(name.unicodeScalars))
  }
}
