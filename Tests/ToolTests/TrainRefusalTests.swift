import CNNTestSupport
import Testing

/// What `cnn-train` refuses, and how.
@Suite struct TrainRefusalTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func wrongCommandLines() throws {
    let data = Samples.dataset
    let failures: [([String], String)] = [
      ([], "no data; name a data set file or IDX files"),
      ([data], "no output; name the model file to write with -o"),
      (
        [data, "-o", "m", "--epochs", "2", "--steps", "2"],
        "--epochs and --steps say the same; give one of them"
      ),
      (
        [data, "-o", "m.onnx"],
        "'m.onnx' ends in .onnx, and cnn-train writes native files; name it .safetensors, and mnist-convert makes "
          + "onnx of it"
      ),
      (
        [data, "-o", "m.PT"],
        "'m.PT' ends in .pt, and cnn-train writes native files; name it .safetensors"
      ),
      ([data, "-o", "m", "--epochs", "0"], "--epochs must be at least 1"),
      ([data, "-o", "m", "--batch-size", "0"], "--batch-size must be at least 1"),
      ([data, "-o", "m", "--lr", "0"], "--lr must be a number above 0"),
      ([data, "-o", "m", "--lr=-1"], "--lr must be a number above 0"),
      ([data, "-o", "m", "--lr", "inf"], "--lr must be a number above 0"),
      ([data, "-o", "m", "--weight-decay", "nan"], "--weight-decay must be a number from 0 on"),
      ([data, "-o", "m", "--average", "1"], "--average must be between 0 and 1"),
      ([data, "-o", "m", "--threads", "0"], "--threads must be from 1 to 1024"),
      ([data, "-o", "m", "--checkpoint-every", "0"], "--checkpoint-every must be at least 1"),
      ([data, "-o", "m", "--limit-train", "0"], "--limit-train must be at least 1"),
      ([data, "-o", "m", "--per-class", "0"], "--per-class must be at least 1"),
      ([data, "-o", "m", "--classes", "1,1"], "--classes has an empty or repeated name"),
      ([data, "-o", "m", "--new-head"], "--new-head goes with --from"),
      (
        [data, "-o", "m", "--lr-scale", "conv"],
        "--lr-scale 'conv' is not understood; write a pattern and a number: 'conv*=0.1'"
      ),
      (
        [data, "-o", "m", "--validation", "2"],
        "--validation takes a split's name, a fraction between 0 and 1, or none"
      ),
      (
        [data, "-o", "m", "--validation", "test"],
        "the test split is never used to choose anything; name another for --validation"
      ),
      (
        [data, "-o", "m", "--checkpoint", ".//m"],
        "-o and --checkpoint both name .//m; give each a file of its own"
      ),
      (
        [data, "-o", "m.safetensors", "--log", "m.checkpoint.safetensors"],
        "--checkpoint and --log both name m.checkpoint.safetensors; give each a file of its own"
      ),
      ([data, "-o", "-", "--log", "-"], "-o and --log both name -; give each a file of its own"),
    ]
    for (arguments, message) in failures {
      try expectFailure(64, message, "cnn-train", arguments, in: folder)
    }
    #expect(folder.names().isEmpty)
  }

  @Test(arguments: [
    (["--optimizer", "foo"], "adadelta[:RHO"), (["--schedule", "step:x"], "step:EPOCHS:FACTOR"),
    (["--augment", "q=1"], "its parts, with examples, are shift=2"), (["--init", "one"], "xavier"),
    (["--loss", "hinge"], "mean-squared-error"),
  ]) func aChoiceThatIsNotUnderstoodSaysWhatIs(_ arguments: [String], _ understood: String) throws {
    let result = try run("cnn-train", [Samples.dataset, "-o", "m"] + arguments, in: folder)
    #expect(result.status == 64)
    #expect(
      result.error.hasPrefix(
        "cnn-train: The value '\(arguments[1])' is invalid for '\(arguments[0]) <name>': "))
    #expect(result.error.contains(understood), "\(result.error)")
    #expect(lines(result.error).count == 2)
  }

  @Test func outputsThatExist() throws {
    for (name, arguments) in [
      ("m", []), ("m.checkpoint.safetensors", []), ("c", ["--checkpoint", "c"]), ("l", ["--log", "l"]),
    ] {
      try folder.write(name, "old")
      let command = [Samples.dataset, "-o", "m", "--architecture", "mlp:4", "--steps", "1", "-q"] + arguments
      let result = try run("cnn-train", command, in: folder)
      #expect(result.status == 73, "\(name)")
      #expect(result.error.hasPrefix("cnn-train: \(name): "))
      #expect(try folder.read(name) == Array("old".utf8))
      #expect(try run("cnn-train", command + ["--force"], in: folder).status == 0)
      for made in folder.names() { _ = try shell(#"rm "$1""#, [made], in: folder) }
    }
  }

  @Test func dataThatCannotBeLearntFrom() throws {
    let model = ["-o", "m", "--architecture", "mlp:4", "--steps", "1"]
    try expectFailure(
      65, "\(Samples.images): the data have no labelled split 'train'", "cnn-train",
      [Samples.images, Samples.labels] + model, in: folder)
    try expectFailure(66, "missing: there is no such file", "cnn-train", ["missing"] + model, in: folder)
    try expectFailure(
      65, "\(Samples.dataset): the data have no labelled split 'valid'", "cnn-train",
      [Samples.dataset, "--validation", "valid"] + model, in: folder)
    try expectFailure(
      65, "\(Samples.dataset): the data have no class '12'; the classes are 0, 1, 2, 3, 4, 5, 6, 7, 8, 9",
      "cnn-train", [Samples.dataset, "--classes", "3,12"] + model, in: folder)
    let stopping = try run("cnn-train", [Samples.dataset, "--patience", "2"] + model, in: folder)
    #expect(stopping.status == 65)
    #expect(stopping.error.contains("--validation"))
    #expect(folder.names().isEmpty)
  }

  @Test func aLossThatIsNoNumber() throws {
    try expectFailure(
      65,
      "the loss is no longer a number in step 2, beginning in layer fc2; "
        + "try a smaller learning rate, a warm-up, or another initialisation", "cnn-train",
      [
        Samples.dataset, "-o", "m", "--architecture", "mlp:16", "--lr", "1e30", "--optimizer", "sgd",
        "--epochs", "5",
      ], in: folder)
    #expect(!folder.exists("m"))
  }

  @Test func numbersThatNothingCanBeLearntFrom() throws {
    let model = ["-o", "m", "--architecture", "mlp:4", "--steps", "1", "-q"]
    var pixels = [Float](repeating: 0.5, count: 3 * 784)
    pixels[2 * 784 + 5] = .nan
    try folder.write("nan-images", TinyFiles.idx([3, 28, 28], TinyFiles.floats(pixels), type: 13))
    try folder.write("nan-labels", TinyFiles.labels([0, 1, 1]))
    try expectFailure(
      65, "example 2 of the training examples has a value that is infinite or no number", "cnn-train",
      ["nan-images", "nan-labels"] + model, in: folder)

    try folder.write("far-images", TinyFiles.images(2))
    try folder.write("far-labels", TinyFiles.idx([2], [0, 0, 0, 1, 0, 1, 0, 0], type: 12))
    try expectFailure(
      65, "far-images: the greatest label is 65536, and there can be 65536 classes, from 0 on", "cnn-train",
      ["far-images", "far-labels"] + model, in: folder)

    try folder.write("empty-images", TinyFiles.images(0))
    try folder.write("empty-labels", TinyFiles.labels([]))
    try expectFailure(
      65, "empty-images: no training examples are left", "cnn-train",
      ["empty-images", "empty-labels"] + model,
      in: folder)
    #expect(!folder.exists("m"))
  }

  @Test func aClassWithoutExamplesIsOnlyNoted() throws {
    try folder.write("gap-images", TinyFiles.images(3))
    try folder.write("gap-labels", TinyFiles.labels([0, 3, 3]))
    let result = try run(
      "cnn-train", ["gap-images", "gap-labels", "-o", "m", "--architecture", "mlp:4", "--steps", "1"],
      in: folder)
    #expect(result.status == 0)
    #expect(lines(result.error).first == "cnn-train: no training example has label 1, 2")
  }

  @Test func configFilesThatAreNone() throws {
    for (text, status) in [
      ("[1]", 65), ("{", 65), (#"{"lr": {"a": 1}}"#, 65), (#"{"no-such-option": 1}"#, 64),
    ] {
      try folder.write("c.json", text)
      let result = try run("cnn-train", ["--config", "c.json", "--print-config"], in: folder)
      #expect(result.status == Int32(status), "\(text)")
      #expect(result.output == "")
      #expect(result.error.hasPrefix(status == 65 ? "cnn-train: c.json: " : "cnn-train: "))
    }
    try expectFailure(66, "none: there is no such file", "cnn-train", ["--config", "none"], in: folder)
  }
}
