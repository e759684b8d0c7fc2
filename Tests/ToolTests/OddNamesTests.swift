import CNNCodecs
import CNNTestSupport
import Testing

/// Names that hold more than letters: a line of output stays a line, and JSON stays JSON.
@Suite struct OddNamesTests {
  private let folder: TemporaryFolder
  private let picture: [UInt8]

  init() throws {
    folder = try TemporaryFolder()
    picture = try TemporaryFolder.read(Samples.digit("7-plain"))
  }

  private func infer(_ arguments: String...) throws -> ToolRunner.Result {
    try run("cnn-infer", ["--model", Samples.model()] + arguments, in: folder)
  }

  @Test(arguments: [
    ("two words.png", "two words.png"), ("ü 七.png", "ü 七.png"), ("-dash.png", "-dash.png"),
    ("a\tb.png", #"a\tb.png"#), ("a\n0.png\t0\t1.0000.png", #"a\n0.png\t0\t1.0000.png"#),
    ("\u{1B}[31mred.png", #"\u{1b}[31mred.png"#), ("\u{202E}gnp.3.png", #"\u{202e}gnp.3.png"#),
  ])
  func aPictureIsOneLine(_ name: String, _ shown: String) throws {
    try folder.write("d/" + name, picture)
    #expect(try infer("d").output == "d/\(shown)\t7\t1.0000\n")
    #expect(try infer("d/" + name).output == "d/\(shown)\t7\t1.0000\n")
    let object = try json(#require(lines(infer("d", "--json").output).first))
    #expect(try object.member("file").string() == "d/" + name)
  }

  @Test func aFailureIsOneLine() throws {
    let result = try infer("no\nsuch\u{1B}[2J", Samples.digit("7-plain"))
    #expect(result.status == 1)
    #expect(result.error == "cnn-infer: no\\nsuch\\u{1b}[2J: there is no such file\n")
    try expectFailure(
      66, "a\\tb: there is no such file", "mnist-convert", ["a\tb", "-o", "m.safetensors"], in: folder)
  }

  @Test func namesThatBeginWithADash() throws {
    try folder.write("-7.png", picture)
    let result = try infer("--", "-7.png")
    #expect(result.status == 0)
    #expect(result.output == "-7.png\t7\t1.0000\n")
  }

  @Test func labelsStayInTheirFields() throws {
    let names = "zero,one,two,three,four,five,six,se\tv\nen,eight,nine"
    let command = [Samples.weights, "-q", "-o", "m.safetensors", "--labels", names]
    #expect(try run("mnist-convert", command, in: folder).status == 0)
    try folder.write("7.png", picture)
    #expect(
      try run("cnn-infer", ["--model", "m.safetensors", "7.png"], in: folder).output
        == "7.png\tse\\tv\\nen\t1.0000\n")
    #expect(
      try run("cnn-inspect", ["m.safetensors"], in: folder).output.contains(
        "\nlabels: zero one two three four five six se\\tv\\nen eight nine\n"))
  }

  @Test func aCommaPartsLabelsWhateverFollowsIt() throws {
    let command = [Samples.weights, "-q", "-o", "m.safetensors", "--labels", "0,\u{301}1,2,3,4,5,6,7,8,9"]
    #expect(try run("mnist-convert", command, in: folder).status == 0)
  }

  @Test func arraysOfAForeignFileStayInTheirRows() throws {
    try folder.write(
      "evil.safetensors", TinyFiles.plain([(#"a\nwhole: all checksums agree\u001b[2J"#, [1], [1])]))
    let output = try run("cnn-inspect", ["evil.safetensors"], in: folder).output
    #expect(lines(output).count == 3)
    #expect(output.contains(#"a\nwhole: all checksums agree\u{1b}[2J"#))
  }

  @Test func namesTooLongForTheSystem() throws {
    let long = String(repeating: "n", count: 300)
    try expectFailure(
      66, "\(long): the file cannot be opened: file name too long", "cnn-inspect", [long], in: folder)
  }
}
