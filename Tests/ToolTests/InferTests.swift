import CNNCodecs
import CNNTestSupport
import Testing

/// What `cnn-infer` prints for pictures.
@Suite struct InferTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func infer(_ arguments: String..., input: [UInt8]? = nil) throws -> ToolRunner.Result {
    try run("cnn-infer", ["--model", Samples.model()] + arguments, in: folder, input: input)
  }

  private func copy(_ digit: String, as name: String) throws {
    try folder.write(name, TemporaryFolder.read(Samples.digit(digit)))
  }

  @Test func aPictureIsALineOfNameLabelAndProbability() throws {
    try copy("4-plain", as: "digit.png")
    let result = try infer("digit.png")
    #expect(result.status == 0)
    #expect(result.output == "digit.png\t4\t0.9779\n")
    #expect(result.error == "")
  }

  @Test func withoutAModelTheBuiltInOneReads() throws {
    let result = try run("cnn-infer", Samples.reading.map { "\(Samples.digits)/\($0.name)" }, in: folder)
    #expect(result.status == 0)
    #expect(result.error == "")
    #expect(
      lines(result.output).map { $0.split(separator: "\t").prefix(2).map(String.init) }
        == Samples.reading.map { ["\(Samples.digits)/\($0.name)", "\($0.label)"] })
  }

  @Test func theOrderGivenIsKept() throws {
    let names = ["9-large", "0-plain", "3-rgb", "0-plain", "1-one-bit"]
    let result = try run("cnn-infer", ["--model", Samples.model()] + names.map(Samples.digit), in: folder)
    #expect(result.status == 0)
    #expect(
      lines(result.output) == [
        "\(Samples.digits)/9-large.png\t9\t0.9962", "\(Samples.digits)/0-plain.png\t0\t0.9999",
        "\(Samples.digits)/3-rgb.png\t3\t0.9918", "\(Samples.digits)/0-plain.png\t0\t0.9999",
        "\(Samples.digits)/1-one-bit.png\t1\t0.9989",
      ])
  }

  @Test func aFolderStandsForItsPictures() throws {
    let result = try infer(Samples.digits)
    #expect(result.status == 0)
    #expect(
      lines(result.output)
        == Samples.reading.map { "\(Samples.digits)/\($0.name)\t\($0.label)\t\($0.probability)" })
    #expect(try infer(Samples.digits + "/").output == result.output)
  }

  @Test func aFoldersPicturesComeInNaturalOrder() throws {
    for name in ["10.png", "9.png", "b2.PNG", "b10.png", ".hidden.png", "note.txt", "sub.png/1.png"] {
      try copy("7-plain", as: "d/" + name)
    }
    let result = try infer("d")
    #expect(result.status == 0)
    #expect(
      lines(result.output).map { $0.prefix { $0 != "\t" } } == [
        "d/9.png", "d/10.png", "d/b2.PNG", "d/b10.png", "d/sub.png/1.png",
      ])
  }

  @Test func inputsAreKnownByTheirContent() throws {
    try copy("7-plain", as: "seven.txt")
    try folder.write("data.png", TinyFiles.images(1))
    #expect(try infer("seven.txt").output == "seven.txt\t7\t1.0000\n")
    #expect(try infer("data.png").output.hasPrefix("train[0]\t"))
  }

  @Test func topKAddsTheNextClasses() throws {
    try copy("4-plain", as: "4.png")
    #expect(try infer("4.png", "--top-k", "2").output == "4.png\t4\t0.9779\t9\t0.0204\n")
    #expect(try infer("4.png", "--top-k", "1").output == "4.png\t4\t0.9779\n")
    // More than there are gives all.
    let all = try infer("4.png", "--top-k", "1000").output.split(separator: "\t")
    #expect(all.count == 1 + 2 * 10)
  }

  @Test func logitsFollow() throws {
    try copy("4-plain", as: "4.png")
    let fields = try #require(lines(infer("4.png", "--logits").output).first).split(separator: "\t")
    try #require(fields.count == 3 + 10)
    let logits = fields[3...].compactMap { Float($0) }
    #expect(logits.count == 10)
    #expect(logits.max() == logits[4])
  }

  @Test func jsonHasStableKeys() throws {
    try copy("4-plain", as: "4.png")
    let line = try json(#require(lines(infer("4.png", "--json").output).first))
    #expect(
      try line.members().map(\.name) == [
        "file", "label", "probability", "probabilities", "margin", "normalization",
      ])
    #expect(try line.member("probabilities").elements().count == 10)
    #expect(abs(try line.member("margin").number() - 0.957494) < 1e-5)
    let normalization = try line.member("normalization")
    #expect(
      try normalization.members().map(\.name) == [
        "unchanged", "inverted", "reduction", "light", "noise", "dropped", "box", "scale", "angle",
      ])
    #expect(try line.member("file").string() == "4.png")
    #expect(try line.member("label").string() == "4")
    #expect(abs(try line.member("probability").number() - 0.977923) < 1e-5)

    let full = try json(#require(lines(infer("4.png", "--json", "--top-k", "3", "--logits").output).first))
    #expect(
      try full.members().map(\.name) == [
        "file", "label", "probability", "top", "logits", "probabilities", "margin", "normalization",
      ])
    let top = try full.member("top").elements()
    #expect(top.count == 3)
    #expect(try top.map { try $0.member("label").string() }.prefix(2) == ["4", "9"])
    #expect(
      try top.map { try $0.member("probability").number() }
        == top.map { try $0.member("probability").number() }.sorted(by: >))
    #expect(try full.member("logits").elements().count == 10)
  }

  @Test func anyNumberOfThreadsGivesTheSameBytes() throws {
    let all = try (1...3).map {
      try infer(Samples.digits, Samples.images, "--logits", "--threads", "\($0)").output
    }
    #expect(lines(all[0]).count == 12 + 500)
    #expect(all[1] == all[0])
    #expect(all[2] == all[0])
    #expect(try infer(Samples.digits, Samples.images, "--logits").output == all[0])
  }

  @Test func aPictureAloneGivesTheSameAsInCompany() throws {
    let all = try infer(Samples.digits, "--logits").output
    #expect(try infer(Samples.digit("4-plain"), "--logits").output == lines(all)[5] + "\n")
  }

  @Test func picturesOfDataAreNamedByTheirPlace() throws {
    let expected = try infer(Samples.images).output
    #expect(lines(expected).count == 500)
    #expect(expected.hasPrefix("test[0]\t"))
    #expect(lines(expected).last?.hasPrefix("test[499]\t") == true)
    #expect(try infer(Samples.testSet()).output == expected)
    #expect(try infer(Samples.labels, Samples.images).output == expected)
    #expect(try infer(Samples.dataset, "--split", "train").output.hasPrefix("train[0]\t"))
  }

  @Test func standardInputIsAPictureOrData() throws {
    let digit = try infer("-", input: TemporaryFolder.read(Samples.digit("7-plain")))
    #expect(digit.status == 0)
    #expect(digit.output == "-\t7\t1.0000\n")
    let data = try infer("-", "--evaluate", input: TemporaryFolder.read(Samples.testSet()))
    #expect(data.status == 0)
    #expect(lines(data.output).first == "accuracy 0.9900 (495/500)")
  }

  @Test func aPipeIsReadOnce() throws {
    let script = """
      mkfifo 7.png images labels
      cat "$2" > 7.png & cat "$3" > images & cat "$4" > labels &
      cnn-infer --model "$1" 7.png
      cnn-infer --model "$1" --evaluate labels images
      """
    let result = try shell(
      script, [Samples.model(), Samples.digit("7-plain"), Samples.images, Samples.labels], in: folder)
    #expect(result.error == "")
    #expect(lines(result.output).prefix(2) == ["7.png\t7\t1.0000", "accuracy 0.9900 (495/500)"])
  }

  @Test func aPipeNamedTwiceIsRefused() throws {
    let script = #"mkfifo p; cat "$2" > p & cnn-infer --model "$1" p p; echo "status $?""#
    let result = try shell(script, [Samples.model(), Samples.digit("7-plain")], in: folder)
    #expect(result.output == "status 64\n")
    #expect(result.error == "cnn-infer: p: a pipe can be read only once\n")
  }

  @Test func theModelMayComeFromStandardInput() throws {
    let result = try run(
      "cnn-infer", ["--model", "-", Samples.digit("7-plain")], in: folder,
      input: TemporaryFolder.read(Samples.model()))
    #expect(result.output == "\(Samples.digit("7-plain"))\t7\t1.0000\n")
  }

  @Test func aReaderThatHasEnoughIsNoFailure() throws {
    // 200 times 12 lines: more than a pipe holds.
    let script = """
      model=$1; shift
      { cnn-infer --model "$model" --logits "$@"; echo "status $?" >&2; } | head -n 1
      """
    let folders = [String](repeating: Samples.digits, count: 200)
    let result = try shell(script, [Samples.model()] + folders, in: folder)
    #expect(lines(result.output).count == 1)
    #expect(result.error == "status 0\n")
  }

  @Test func aModelForPicturesOfAnotherSize() throws {
    try folder.write("plain.safetensors", TinyFiles.linearWeights(inputs: 12))
    try folder.write("graph.json", TinyFiles.linearGraph(shape: [1, 4, 3]))
    let command = ["plain.safetensors", "-o", "m.safetensors", "--architecture", "graph.json", "-q"]
    #expect(try run("mnist-convert", command, in: folder).status == 0)
    let picture = Samples.digit("7-plain")
    let result = try run(
      "cnn-infer", ["--model", "m.safetensors", picture, Samples.digit("9-large")], in: folder)
    #expect(result.status == 0)
    #expect(lines(result.output).count == 2)
    try expectFailure(
      65, "\(Samples.images): the pictures are 28x28, and the model takes 4x3", "cnn-infer",
      ["--model", "m.safetensors", Samples.images], in: folder)
  }
}
