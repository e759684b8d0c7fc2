import CNNCodecs
import CNNTestSupport
import Testing

/// What `cnn-infer --evaluate` does with pictures from lists and archives, and with those that it reads wrong.
@Suite struct InferMistakesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func evaluate(_ arguments: String..., input: [UInt8]? = nil) throws -> ToolRunner.Result {
    try run("cnn-infer", ["--model", Samples.model(), "--evaluate"] + arguments, in: folder, input: input)
  }

  private func namesIn(_ path: String) throws -> [String] {
    try lines(shell("ls -A \"$1\"", [path], in: folder).output)
  }

  private func writeDigits() throws {
    for (digit, path) in [
      ("7-plain", "d/7/a.png"), ("7-rgba", "d/7/deep/b.png"), ("0-plain", "d/1/a.png"),
      ("1-one-bit", "d/2/a.png"), ("1-one-bit", "d/2/b c.png"), ("3-rgb", "d/notes/a.png"),
    ] {
      try folder.write(path, TemporaryFolder.read(Samples.digit(digit)))
    }
  }

  private let mistakes = [
    "1-as-0-1.00-00000-a.png", "2-as-1-1.00-00001-a.png", "2-as-1-1.00-00002-b c.png",
  ]

  @Test func mistakesOfAFolderAreItsFiles() throws {
    try writeDigits()
    let result = try evaluate("d", "--mistakes", "wrong")
    #expect(result.status == 0)
    #expect(lines(result.output).first == "accuracy 0.4000 (2/5)")
    #expect(try namesIn("wrong") == mistakes)
    #expect(try folder.read("wrong/2-as-1-1.00-00002-b c.png") == folder.read("d/2/b c.png"))
  }

  @Test func mistakesOfDataAreDrawn() throws {
    let result = try evaluate(Samples.testSet(), "--mistakes", "wrong", "--threads", "2")
    #expect(result.output == InferEvaluateTests.text)
    let expected = [
      "1-as-2-0.83-test-00353.png", "2-as-8-0.87-test-00335.png", "5-as-8-1.00-test-00336.png",
      "8-as-1-0.97-test-00236.png", "9-as-8-0.92-test-00014.png",
    ]
    #expect(try namesIn("wrong") == expected)
    // The model reads in them what it read before.
    let again = try run("cnn-infer", ["--model", Samples.model(), "wrong"], in: folder)
    #expect(
      lines(again.output).map { $0.split(separator: "\t").dropFirst().first } == ["2", "8", "8", "1", "8"])
  }

  @Test func nothingIsOverwritten() throws {
    try writeDigits()
    try folder.write("full/note.txt", "mine")
    try folder.write("file", "mine")
    let arguments = ["--model", try Samples.model(), "--evaluate", "d", "--mistakes"]
    try expectFailure(
      73, "full: the folder is not empty; use --force to write into it", "cnn-infer", arguments + ["full"],
      in: folder)
    try expectFailure(
      73, "file: the file cannot be created: not a directory", "cnn-infer", arguments + ["file"], in: folder)
    try expectFailure(
      73, "no/such/folder: the folder to write into does not exist", "cnn-infer",
      arguments + ["no/such/folder"], in: folder)
    #expect(try namesIn("full") == ["note.txt"])
    for _ in 0..<2 {
      #expect(try evaluate("d", "--mistakes", "full", "--force").status == 0)
      #expect(try namesIn("full") == mistakes + ["note.txt"])
    }
    #expect(try folder.read("full/note.txt") == Array("mine".utf8))
    // A folder without anything in it is as good as a new one.
    #expect(try shell("mkdir none", in: folder).status == 0)
    #expect(try evaluate("d", "--mistakes", "none").status == 0)
  }

  @Test func labelsComeFromTheFoldersOfListsAndArchives() throws {
    try writeDigits()
    let script = #"""
      tar c d | cnn-infer --model "$1" --evaluate - --mistakes wrong | head -n 1
      find d/7 d/1 d/2 -name "*.png" | sort | cnn-infer --model "$1" --evaluate --files-from - | head -n 1
      """#
    let result = try shell(script, [Samples.model()], in: folder)
    // d/7/deep is no label.
    #expect(result.output == "accuracy 0.2500 (1/4)\naccuracy 0.2500 (1/4)\n")
    #expect(
      result.error
        == "cnn-infer: d/7/deep/b.png: the picture has no label: it is in no folder named by a label of the model\n"
    )
    #expect(try namesIn("wrong").count == 3)
    #expect(try evaluate("--files-from", "-", input: Array("d/7/deep/b.png\n".utf8)).status == 65)
  }

  @Test func aGateThatIsMissed() throws {
    let data = try Samples.testSet()
    #expect(try evaluate(data, "--require-accuracy", "0.99").status == 0)
    let missed = try evaluate(data, "--require-accuracy", "0.991")
    #expect(missed.status == 1)
    #expect(missed.output == InferEvaluateTests.text)
    #expect(
      missed.error == "cnn-infer: the accuracy is below 0.991, which --require-accuracy asks for\n")
  }
}
