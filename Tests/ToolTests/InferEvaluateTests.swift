import CNNCodecs
import CNNTestSupport
import Testing

/// `cnn-infer --evaluate`.
@Suite struct InferEvaluateTests {
  private let folder: TemporaryFolder
  /// What is known of the sample model on the sample digits.
  static let text = """
    accuracy 0.9900 (495/500)
    loss 0.0697
    95% interval 0.9768 to 0.9957
    calibration error 0.0152

    true \\ read   0   1   2   3   4   5   6   7   8   9
    0            50   .   .   .   .   .   .   .   .   .
    1             .  49   1   .   .   .   .   .   .   .
    2             .   .  49   .   .   .   .   .   1   .
    3             .   .   .  50   .   .   .   .   .   .
    4             .   .   .   .  50   .   .   .   .   .
    5             .   .   .   .   .  49   .   .   1   .
    6             .   .   .   .   .   .  50   .   .   .
    7             .   .   .   .   .   .   .  50   .   .
    8             .   1   .   .   .   .   .   .  49   .
    9             .   .   .   .   .   .   .   .   1  49

    class  pictures  right  precision  recall      F1
    0            50     50     1.0000  1.0000  1.0000
    1            50     49     0.9800  0.9800  0.9800
    2            50     49     0.9800  0.9800  0.9800
    3            50     50     1.0000  1.0000  1.0000
    4            50     50     1.0000  1.0000  1.0000
    5            50     49     1.0000  0.9800  0.9899
    6            50     50     1.0000  1.0000  1.0000
    7            50     50     1.0000  1.0000  1.0000
    8            50     49     0.9423  0.9800  0.9608
    9            50     49     1.0000  0.9800  0.9899

    """

  init() throws { folder = try TemporaryFolder() }

  private func evaluate(_ arguments: String...) throws -> ToolRunner.Result {
    try run("cnn-infer", ["--model", Samples.model(), "--evaluate"] + arguments, in: folder)
  }

  private func digit(_ name: String, as path: String) throws {
    try folder.write(path, TemporaryFolder.read(Samples.digit(name)))
  }

  @Test func idxFilesInAnyOrder() throws {
    for files in [[Samples.images, Samples.labels], [Samples.labels, Samples.images]] {
      let result = try evaluate(files[0], files[1])
      #expect(result.status == 0)
      #expect(result.output == Self.text)
      #expect(result.error == "")
    }
  }

  @Test func aDataSetFile() throws {
    let result = try evaluate(Samples.testSet())
    #expect(result.status == 0)
    #expect(result.output == Self.text)
  }

  @Test func aPickleWhoseSplitIsChosen() throws {
    #expect(try lines(evaluate(Samples.dataset).output).first == "accuracy 0.9800 (49/50)")
    #expect(try lines(evaluate(Samples.dataset, "--split", "test").output).first == "accuracy 0.9800 (49/50)")
    #expect(try lines(evaluate(Samples.dataset, "--split", "train").output).first?.hasSuffix("/150)") == true)
    try expectFailure(
      65, "\(Samples.dataset): the data has no split 'valid'", "cnn-infer",
      ["--model", Samples.model(), "--evaluate", Samples.dataset, "--split", "valid"], in: folder)
  }

  @Test func withoutATestSplitTheValidationSplitIsUsed() throws {
    let command = [Samples.images, Samples.labels, "-q", "-o", "d.safetensors", "--split", "valid"]
    #expect(try run("mnist-convert", command, in: folder).status == 0)
    #expect(try evaluate("d.safetensors").output == Self.text)
  }

  @Test func aFolderForEachLabel() throws {
    try digit("7-plain", as: "digits/7/a.png")
    try digit("7-rgba", as: "digits/7/b.png")
    try digit("0-plain", as: "digits/0/a.png")
    try digit("1-one-bit", as: "digits/2/wrong.png")
    try digit("3-rgb", as: "digits/notes/a.png")
    try digit("3-rgb", as: "digits/3.png")
    let result = try evaluate("digits")
    #expect(result.status == 0)
    #expect(lines(result.output).first == "accuracy 0.7500 (3/4)")
    #expect(result.error == "")
  }

  @Test func aBadPictureInALabelledFolder() throws {
    try digit("7-plain", as: "digits/7/a.png")
    try folder.write("digits/7/b.png", "no picture")
    let result = try evaluate("digits")
    #expect(result.status == 1)
    #expect(lines(result.output).first == "accuracy 1.0000 (1/1)")
    #expect(
      result.error
        == "cnn-infer: digits/7/b.png: byte 0: this is no PNG: it does not begin with PNG's signature\n")
  }

  @Test func foldersOfAModelWithNames() throws {
    let names = "zero,one,two,three,four,five,six,seven,eight,nine"
    let command = [Samples.weights, "-q", "-o", "m.safetensors", "--labels", names]
    #expect(try run("mnist-convert", command, in: folder).status == 0)
    try digit("7-plain", as: "digits/seven/a.png")
    try digit("0-plain", as: "digits/zero/a.png")
    let result = try run("cnn-infer", ["--model", "m.safetensors", "--evaluate", "digits"], in: folder)
    #expect(lines(result.output).first == "accuracy 1.0000 (2/2)")
    // Data without names are taken by number.
    let data = try run(
      "cnn-infer", ["--model", "m.safetensors", "--evaluate", Samples.testSet()], in: folder)
    #expect(lines(data.output).prefix(4) == lines(Self.text).prefix(4))
  }

  @Test func jsonIsOneObject() throws {
    let result = try evaluate(Samples.testSet(), "--json")
    try #require(lines(result.output).count == 1)
    let object = try json(lines(result.output)[0])
    #expect(
      try object.members().map(\.name) == [
        "accuracy", "correct", "total", "loss", "interval", "calibration_error", "labels", "confusion",
        "classes", "unknown",
      ])
    #expect(try object.member("accuracy").number() == 0.99)
    #expect(try object.member("correct").integer() == 495)
    #expect(try object.member("total").integer() == 500)
    #expect(try object.member("interval").elements().count == 2)
    #expect(abs(try object.member("calibration_error").number() - 0.015205) < 1e-5)
    #expect(try object.member("labels").elements().map { try $0.string() } == (0...9).map(String.init))
    let confusion = try object.member("confusion").elements().map { row in
      try row.elements().map { try $0.integer() }
    }
    #expect(confusion.joined().reduce(0, +) == 500)
    #expect((0...9).reduce(0) { $0 + confusion[$1][$1] } == 495)
    #expect(confusion[8] == [0, 1, 0, 0, 0, 0, 0, 0, 49, 0])
    let eight = try object.member("classes").elements()[8]
    #expect(
      try eight.members().map(\.name) == ["label", "count", "correct", "precision", "recall", "f1"])
    #expect(try eight.member("count").integer() == 50)
    #expect(abs(try eight.member("precision").number() - 49.0 / 52) < 1e-12)
    #expect(try object.member("unknown").integer() == 0)
  }

  @Test func anyNumberOfThreadsGivesTheSameFigures() throws {
    for threads in ["1", "2", "3", "17"] {
      #expect(try evaluate(Samples.testSet(), "--threads", threads).output == Self.text)
    }
  }

  @Test func labelsBeyondTheModelAreWrong() throws {
    try folder.write("images", TinyFiles.images(2))
    try folder.write("labels", TinyFiles.labels([5, 200]))
    let result = try evaluate("images", "labels")
    #expect(result.status == 0)
    #expect(lines(result.output).first == "accuracy 0.5000 (1/2)")
    #expect(lines(result.output).dropFirst().first == "loss inf")
    #expect(lines(result.output).last == "pictures of classes that the model does not have: 1")
    let object = try json(#require(lines(evaluate("images", "labels", "--json").output).first))
    #expect(try object.member("unknown").integer() == 1)
  }

  @Test func whatCannotBeEvaluated() throws {
    let model = try Samples.model()
    try folder.write("none-images", TinyFiles.images(0))
    try folder.write("none-labels", TinyFiles.labels([]))
    try folder.write("empty/note.txt", "")
    let picture = Samples.digit("7-plain")
    let failures: [(Int32, [String], String)] = [
      (
        65, [picture],
        "\(picture): a picture has no label; --evaluate takes data, or folders that hold a folder of pictures for "
          + "each label"
      ),
      (
        65, ["empty"],
        "empty: the folder has no pictures in folders named by the model's labels (0, 1, 2, 3, 4, 5, 6, 7, 8, 9)"
      ),
      (65, ["none-images", "none-labels"], "none-images: there is nothing to evaluate"),
      (
        65, [Samples.images],
        "\(Samples.images): there are no labels for the images in \(Samples.images); give the label file too"
      ),
      (66, ["missing"], "missing: there is no such file"),
      (66, ["missing", Samples.labels], "missing: there is no such file"),
      (66, [Samples.labels, "missing"], "missing: there is no such file"),
      (64, [Samples.images, "--logits"], "--evaluate prints no line per picture, so it has no --logits"),
    ]
    for (status, arguments, message) in failures {
      try expectFailure(
        status, message, "cnn-infer", ["--model", model, "--evaluate"] + arguments, in: folder)
    }
  }
}
