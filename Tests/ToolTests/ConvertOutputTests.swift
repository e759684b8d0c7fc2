import CNNTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where and how `mnist-convert` writes.
@Suite struct ConvertOutputTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func convert(to output: String, _ more: String...) throws -> ToolRunner.Result {
    try run("mnist-convert", [Samples.weights, "-q", "-o", output] + more, in: folder)
  }

  @Test func anExistingFileIsNotOverwritten() throws {
    try folder.write("m.safetensors", "old")
    try expectFailure(
      73, "m.safetensors: the file exists already; use --force to replace it", "mnist-convert",
      [Samples.weights, "-o", "m.safetensors"], in: folder)
    #expect(try folder.read("m.safetensors") == Array("old".utf8))
    #expect(folder.names() == ["m.safetensors"])
  }

  @Test func forceReplaces() throws {
    try folder.write("m.safetensors", "old")
    let result = try convert(to: "m.safetensors", "--force")
    #expect(result.status == 0 && result.error == "")
    #expect(try folder.read("m.safetensors") == TemporaryFolder.read(Samples.model()))
    #expect(folder.names() == ["m.safetensors"])
  }

  @Test func standardOutputGetsTheSameBytesAsAFile() throws {
    let result = try convert(to: "-")
    #expect(result.status == 0 && result.error == "")
    #expect(try result.outputBytes == TemporaryFolder.read(Samples.model()))
    #expect(folder.names().isEmpty)
  }

  @Test(arguments: ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
  func standardOutputByName(_ name: String) throws {
    let result = try convert(to: name)
    #expect(result.status == 0 && result.error == "")
    #expect(try result.outputBytes == TemporaryFolder.read(Samples.model()))
  }

  @Test func aDeviceIsWrittenToAndStaysOne() throws {
    let result = try convert(to: "/dev/null")
    #expect(result.status == 0 && result.error == "")
    var status = stat()
    #expect(stat("/dev/null", &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test func aNamedPipeIsWrittenToAndStaysOne() throws {
    let result = try shell(
      #"mkfifo p.safetensors; mnist-convert "$1" -q -o p.safetensors & cat p.safetensors; wait $!; test -p p.safetensors"#,
      [Samples.weights], in: folder)
    #expect(result.status == 0 && result.error == "")
    #expect(try result.outputBytes == TemporaryFolder.read(Samples.model()))
  }

  @Test func aFullDiskIsAnError() throws {
    try #require(access("/dev/full", W_OK) == 0)
    let result = try convert(to: "/dev/full")
    #expect(result.status == 74)
    #expect(result.error == "mnist-convert: /dev/full: writing failed: no space left on device\n")
  }

  @Test func symbolicLinksAreFollowed() throws {
    #expect(symlink("real.safetensors", folder.path("link.safetensors")) == 0)
    #expect(try convert(to: "link.safetensors").status == 0)
    #expect(folder.names() == ["link.safetensors", "real.safetensors"])
    #expect(try folder.read("real.safetensors") == TemporaryFolder.read(Samples.model()))
    #expect(try convert(to: "link.safetensors").status == 73)
  }

  @Test func aFailedConversionLeavesNothing() throws {
    try folder.write("evil.pkl", TinyFiles.hostilePickle)
    let result = try run("mnist-convert", ["evil.pkl", "-o", "m.safetensors"], in: folder)
    #expect(result.status == 65)
    #expect(folder.names() == ["evil.pkl"])
  }

  @Test func aFailedConversionLeavesTheOldFile() throws {
    try folder.write("evil.pkl", TinyFiles.hostilePickle)
    try folder.write("m.safetensors", "old")
    let result = try run("mnist-convert", ["evil.pkl", "-o", "m.safetensors", "--force"], in: folder)
    #expect(result.status == 65)
    #expect(folder.names() == ["evil.pkl", "m.safetensors"])
    #expect(try folder.read("m.safetensors") == Array("old".utf8))
  }

  @Test func theInputMayBeTheOutput() throws {
    #expect(try convert(to: "m.safetensors").status == 0)
    try folder.write("images", TinyFiles.images(2))
    try folder.write("labels", TinyFiles.labels([0, 1]))
    let command = ["images", "labels", "-q", "--force", "--to", "safetensors", "-o", "labels"]
    #expect(try run("mnist-convert", command, in: folder).status == 0)
    #expect(try run("cnn-inspect", ["--verify", "labels"], in: folder).status == 0)
  }

  @Test func placesThatCannotBeWritten() throws {
    try folder.write("file", "")
    let places = [
      ("none/m.safetensors", "none/m.safetensors: the folder to write into does not exist"),
      ("file/m.safetensors", "file/m.safetensors: the file cannot be created: not a directory"),
      (".", ".: this is a folder; name a file to write"),
      (
        String(repeating: "n", count: 300) + ".safetensors",
        String(repeating: "n", count: 300) + ".safetensors: the file cannot be created: file name too long"
      ),
    ]
    for (place, message) in places {
      try expectFailure(73, message, "mnist-convert", [Samples.weights, "-o", place], in: folder)
    }
    #expect(folder.names() == ["file"])
  }

  @Test func aNameThatSaysNoFormatNeedsOne() throws {
    for name in ["m", "m.h5", "new/"] {
      try expectFailure(
        64,
        "'\(name)' ends in none of .safetensors, .npz, .onnx, .csv, .csv.gz; use --to to say the format (safetensors "
          + "writes the native one under any name; idx and png fill a folder)", "mnist-convert",
        [Samples.weights, "-o", name], in: folder)
    }
    #expect(folder.names().isEmpty)
    #expect(try convert(to: "model.bin", "--to", "safetensors").status == 0)
    #expect(try folder.read("model.bin") == TemporaryFolder.read(Samples.model()))
  }

  @Test func jsonAndTheFileDontShareStandardOutput() throws {
    try expectFailure(
      64, "--json and -o - would both write to standard output", "mnist-convert",
      [Samples.weights, "-o", "-", "--json"], in: folder)
  }
}
