import CNNCodecs
import CNNTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What `cnn-infer` says where a picture, the model or the command line is bad.
@Suite struct InferFailureTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func infer(_ arguments: String...) throws -> ToolRunner.Result {
    try run("cnn-infer", ["--model", Samples.model()] + arguments, in: folder)
  }

  private func expect(
    _ status: Int32, _ message: String, _ arguments: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try expectFailure(status, message, "cnn-infer", arguments, in: folder, sourceLocation: sourceLocation)
  }

  private let noPNG = "byte 0: this is no PNG: it does not begin with PNG's signature"

  @Test func aBadPictureDoesNotStopTheRest() throws {
    try folder.write("bad.png", "this is no picture")
    let (first, last) = (Samples.digit("0-plain"), Samples.digit("1-one-bit"))
    let result = try infer(first, "bad.png", last)
    #expect(result.status == 1)
    #expect(result.output == "\(first)\t0\t0.9999\n\(last)\t1\t0.9989\n")
    #expect(result.error == "cnn-infer: bad.png: \(noPNG)\n")
  }

  @Test func inJSONTheErrorStandsInItsPlace() throws {
    try folder.write("bad.png", "this is no picture")
    let result = try infer(
      Samples.digit("0-plain"), "bad.png", "missing.png", Samples.digit("1-one-bit"), "--json")
    #expect(result.status == 1)
    #expect(result.error == "")
    let objects = try lines(result.output).map(json)
    try #require(objects.count == 4)
    #expect(
      try objects.map { try $0.member("file").string() }
        == [Samples.digit("0-plain"), "bad.png", "missing.png", Samples.digit("1-one-bit")])
    #expect(try objects[1].members().map(\.name) == ["file", "error"])
    #expect(try objects[1].member("error").string() == noPNG)
    #expect(try objects[2].member("error").string() == "there is no such file")
    #expect(try objects[3].member("label").string() == "1")
  }

  @Test func everyWayInWhichAPictureFails() throws {
    let whole = try TemporaryFolder.read(Samples.digit("7-plain"))
    try folder.write("empty.png", "")
    try folder.write("cut.png", Array(whole.prefix(60)))
    var flipped = whole
    flipped[20] ^= 1
    try folder.write("flipped.png", flipped)
    try folder.write("folder.png/x", "")
    let digit = Samples.digit("7-plain")
    for name in ["empty.png", "cut.png", "flipped.png", "missing.png"] {
      let result = try infer(name, digit)
      #expect(result.status == 1)
      #expect(result.output == "\(digit)\t7\t1.0000\n")
      #expect(lines(result.error).count == 1)
      #expect(result.error.hasPrefix("cnn-infer: \(name): "))
    }
  }

  @Test func aSinglePicture() throws {
    try folder.write("bad.png", "this is no picture")
    try expect(1, "bad.png: \(noPNG)", "--model", Samples.model(), "bad.png")
    try expect(66, "missing.png: there is no such file", "--model", Samples.model(), "missing.png")
  }

  @Test func nothingButBadPictures() throws {
    try folder.write("a.png", "no")
    let result = try infer("a.png", "a.png", "missing.png")
    #expect(result.status == 1)
    #expect(result.output == "")
    #expect(
      lines(result.error) == [
        "cnn-infer: a.png: \(noPNG)", "cnn-infer: a.png: \(noPNG)",
        "cnn-infer: missing.png: there is no such file",
      ])
  }

  @Test func hostileData() throws {
    try folder.write("evil.pkl", TinyFiles.hostilePickle)
    try expect(
      65,
      "evil.pkl: byte 22: the pickle calls posix.system; only NumPy arrays and plain containers are read",
      "--model", Samples.model(), "evil.pkl")
  }

  @Test func dataThatIsNone() throws {
    let model = try Samples.model()
    try folder.write("plain.safetensors", TinyFiles.linearWeights(inputs: 12))
    try expect(
      65, "\(Samples.weights): this is a file of weights; a data set or pictures are needed", "--model",
      model,
      Samples.weights)
    try expect(
      65, "plain.safetensors: this is a file of weights; a data set or pictures are needed", "--model", model,
      "plain.safetensors")
    try expect(
      65, "\(model): this is a native model file; a data set or pictures are needed", "--model", model, model)
  }

  @Test func modelsThatAreNone() throws {
    let digit = Samples.digit("7-plain")
    let whole = try TemporaryFolder.read(Samples.model())
    try folder.write("empty", "")
    try folder.write("cut", Array(whole.dropLast(1)))
    var flipped = whole
    flipped[flipped.count - 1] ^= 1
    try folder.write("flipped", flipped)
    try folder.write("plain", TinyFiles.linearWeights(inputs: 12))
    try expect(66, "missing: there is no such file", "--model", "missing", digit)
    try expect(66, ".: this is a folder; a file is needed", "--model", ".", digit)
    try expect(
      65, "empty: byte 0: this is not a safetensors file: it has 0 bytes, and the shortest has 10", "--model",
      "empty", digit)
    try expect(
      65, "cut: the tensors take 349640 bytes, and 349639 follow the header", "--model", "cut", digit)
    let damaged = try run("cnn-infer", ["--model", "flipped", digit], in: folder)
    #expect(damaged.status == 65)
    #expect(damaged.output == "")
    #expect(damaged.error.hasPrefix("cnn-infer: flipped: "))
    #expect(damaged.error.contains("conv1.weight") || damaged.error.contains("fc"))
    try expect(
      65,
      "plain: this is a plain safetensors file, without checksums and graph; mnist-convert makes a model file of it",
      "--model", "plain", digit)
    try expect(
      65, "\(Samples.testSet()): this is a dataset file; a model is needed", "--model", Samples.testSet(),
      digit)
  }

  @Test func aModelThatTakesNoPicture() throws {
    try folder.write("plain.safetensors", TinyFiles.linearWeights(inputs: 12))
    try folder.write("graph.json", TinyFiles.linearGraph(shape: [3, 2, 2]))
    let command = ["plain.safetensors", "-o", "m.safetensors", "--architecture", "graph.json", "-q"]
    #expect(try run("mnist-convert", command, in: folder).status == 0)
    try expect(
      65, "m.safetensors: the model takes inputs of shape [3, 2, 2]; [1, height, width] is needed", "--model",
      "m.safetensors", Samples.digit("7-plain"))
  }

  @Test func wrongCommandLines() throws {
    let model = try Samples.model()
    let digit = Samples.digit("7-plain")
    try expect(64, "Missing expected argument '<inputs> ...'", "--model", model)
    try expect(64, "--top-k must be at least 1", "--model", model, digit, "--top-k", "0")
    try expect(64, "--top-k must be at least 1", "--model", model, digit, "--top-k=-3")
    try expect(64, "The value 'x' is invalid for '--top-k <n>'", "--model", model, digit, "--top-k", "x")
    try expect(
      64, "The value '99999999999999999999' is invalid for '--top-k <n>'", "--model", model, digit, "--top-k",
      "99999999999999999999")
    for threads in ["0", "1025", "9000000000000000000"] {
      try expect(64, "--threads must be from 1 to 1024", "--model", model, digit, "--threads", threads)
    }
    try expect(
      64, "- stands for standard input, which can be read only once", "--model", model, "-", "-")
    try expect(64, "- stands for standard input, which can be read only once", "--model", "-", "-")
  }

  @Test func manyThreadsForOnePicture() throws {
    let result = try infer(Samples.digit("7-plain"), "--threads", "1024")
    #expect(result.status == 0)
    #expect(result.output == "\(Samples.digit("7-plain"))\t7\t1.0000\n")
  }

  @Test func aNamedPipeInAFolderIsLeftOut() throws {
    let digit = try TemporaryFolder.read(Samples.digit("7-plain"))
    try folder.write("d/7.png", digit)
    try #require(mkfifo(folder.path("d/8.png"), 0o600) == 0)
    let result = try infer("d")
    #expect(result.status == 0)
    #expect(result.output == "d/7.png\t7\t1.0000\n")
  }
}
