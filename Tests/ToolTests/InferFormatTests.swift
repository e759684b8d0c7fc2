import CNNCodecs
import CNNTestSupport
import Testing

/// `cnn-infer --csv`.
@Suite struct InferFormatTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func infer(_ arguments: String...) throws -> ToolRunner.Result {
    try run("cnn-infer", ["--model", Samples.model()] + arguments, in: folder)
  }

  @Test func csvHasAHeadingAndErrorsInTheirPlace() throws {
    let digit = try TemporaryFolder.read(Samples.digit("4-plain"))
    let odd = ["plain.png", "comma,.png", "quote\".png", "new\nline.png", "tab\t.png"]
    for name in odd { try folder.write("d/" + name, digit) }
    let names = odd.map { "d/" + $0 } + ["missing.png", "d/plain.png"]
    let result = try run("cnn-infer", ["--model", Samples.model(), "--csv"] + names, in: folder)
    #expect(result.status == 1)
    #expect(result.error == "")
    #expect(
      result.output == #"""
        file,label,probability,error
        d/plain.png,4,0.977923,
        "d/comma,.png",4,0.977923,
        "d/quote"".png",4,0.977923,
        d/new\nline.png,4,0.977923,
        d/tab\t.png,4,0.977923,
        missing.png,,,there is no such file
        d/plain.png,4,0.977923,

        """#)
  }

  @Test func csvHasAColumnForEachClassThatIsAskedFor() throws {
    try folder.write("4.png", TemporaryFolder.read(Samples.digit("4-plain")))
    let two = try lines(infer("4.png", "missing", "--csv", "--top-k", "2").output)
    #expect(
      two == [
        "file,label,probability,label2,probability2,error", "4.png,4,0.977923,9,0.020429,",
        "missing,,,,,there is no such file",
      ])
    // No more columns than classes.
    let all = try lines(infer("4.png", "--csv", "--top-k", "1000000", "--logits").output)
    #expect(all.count == 2)
    for line in all {
      #expect(line.split(separator: ",", omittingEmptySubsequences: false).count == 1 + 20 + 10 + 1)
    }
    #expect(
      all[0].hasSuffix(
        "label10,probability10,logit 0,logit 1,logit 2,logit 3,logit 4,logit 5,logit 6,"
          + "logit 7,logit 8,logit 9,error"))
  }

  @Test func csvOfData() throws {
    let result = try lines(infer(Samples.images, "--csv").output)
    #expect(result.count == 501)
    #expect(result[1].hasPrefix("test[0],"))
  }

  @Test func whatExcludesEachOther() throws {
    let model = try Samples.model()
    let failures: [([String], String)] = [
      (["x.png", "--csv", "--json"], "--csv and --json exclude each other"),
      (
        ["d", "--csv", "--evaluate"],
        "--evaluate prints no line per picture, so it has no --csv; --json has everything"
      ),
      (["d", "--mistakes", "m"], "--mistakes needs --evaluate"),
      (["d", "--require-accuracy", "0.9"], "--require-accuracy needs --evaluate"),
      (["d", "--evaluate", "--require-accuracy", "98"], "--require-accuracy must be from 0 to 1"),
    ]
    for (arguments, message) in failures {
      try expectFailure(64, message, "cnn-infer", ["--model", model] + arguments, in: folder)
    }
  }
}
