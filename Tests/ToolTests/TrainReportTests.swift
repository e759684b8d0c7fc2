import CNNCodecs
import CNNTestSupport
import Testing

/// The page of `cnn-train --report`.
@Suite struct TrainReportTests: SmallTrainings {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The numbers that the page holds for programs.
  private func numbers(_ page: String) throws -> JSONNode {
    let start = try #require(page.firstRange(of: #"<script type="application/json" id="run">"#))
    let end = try #require(page[start.upperBound...].firstRange(of: "</script>"))
    return try json(String(page[start.upperBound..<end.lowerBound]))
  }

  @Test func thePageSaysWhatTheLogAndTheOutputSay() throws {
    let told = try train("-o", "m.safetensors", "--log", "log.jsonl", "--report", "run.html")
    #expect(folder.names() == ["log.jsonl", "m.safetensors", "run.html"])
    let page = try text("run.html")
    #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">") && page.hasSuffix("</html>\n"))
    let found = try numbers(page)

    let log = try lines(text("log.jsonl")).map(json)
    let epochs = try found.member("epochs").elements()
    #expect(epochs.count == 3 && log.count == 3)
    for (epoch, record) in zip(epochs, log) {
      for member in try record.members() {
        #expect(try epoch.member(member.name).value == member.node.value, "\(member.name)")
      }
      #expect(try epoch.member("seconds").number() >= 0)
      for name in ["train_loss", "valid_loss"] {
        let cell = NumberFormat.fixed(try record.member(name).number(), 4)
        #expect(page.contains("<td>\(cell)</td>"), "\(name)")
      }
    }

    // `test accuracy 0.4800 (24/50), loss 1.7321`
    let test = try found.member("results").member("test")
    let correct = try test.member("correct").integer()
    let accuracy = try test.member("accuracy").number()
    #expect(
      told.output
        == "test accuracy \(NumberFormat.fixed(accuracy, 4)) (\(correct)/50), "
        + "loss \(NumberFormat.fixed(try test.member("loss").number(), 4))\n")
    #expect(
      page.contains("<strong>\(NumberFormat.fixed(100 * accuracy, 2))\u{202F}%</strong><span>test accuracy"))
    #expect(page.contains("\(correct) of 50 right, \(50 - correct) wrong"))
    let evaluated = try lines(
      run("cnn-infer", ["--model", "m.safetensors", "--evaluate", "--json", Samples.dataset], in: folder)
        .output)
    #expect(
      try found.member("detail").member("confusion").value == json(evaluated[0]).member("confusion").value)
    #expect(try found.member("mistake_count").integer() == 50 - correct)
    #expect(try found.member("mistakes").elements().count == min(24, 50 - correct))

    // What was typed, and no folder that was not.
    #expect(
      try found.member("command").elements().map { try $0.string() }
        == ["cnn-train"] + Self.options + [
          "-o", "m.safetensors", "--log", "log.jsonl", "--report", "run.html",
        ])
    #expect(try found.member("sources").elements()[0].member("name").string() == "mnist_sample.pkl")
    #expect(!page.contains(folder.path("")))
  }

  @Test func aReportChangesNothing() throws {
    try train("-o", "plain")
    try train("-o", "seen", "--report", "run.html")
    #expect(try folder.read("seen") == folder.read("plain"))
    // Times apart, the same command gives the same numbers.
    try train("-o", "seen", "--force", "--report", "again.html")
    for name in ["weights", "activations", "detail", "mistakes", "network"] {
      #expect(
        try numbers(text("run.html")).member(name).value == numbers(text("again.html")).member(name).value)
    }
  }

  @Test func logsAreCompared() throws {
    try train("-o", "a", "--log", "sgd.jsonl", "--optimizer", "sgd")
    try train("-o", "b", "--log", "adam.jsonl")
    let alone = try run("cnn-train", ["--report", "both.html", "sgd.jsonl", "adam.jsonl"], in: folder)
    #expect(alone.status == 0 && alone.output == "" && alone.error == "")
    let both = try numbers(text("both.html"))
    #expect(try both.member("format").string() == "cnn-training-comparison")
    #expect(try both.member("compared").elements().map { try $0.member("name").string() } == ["sgd", "adam"])
    let first = try lines(text("sgd.jsonl")).map { try json($0).value }
    #expect(
      try both.member("compared").elements()[0].member("records").elements().map(\.value) == first)

    let beside = try train("-o", "c", "--report", "-", "adam.jsonl")
    #expect(beside.output.hasPrefix("<!DOCTYPE html>") && beside.output.hasSuffix("</html>\n"))
    #expect(beside.error.hasPrefix("test accuracy "))
    #expect(beside.output.contains("<h2>Compared with earlier trainings</h2>"))
    let compared = try numbers(beside.output).member("compared").elements()
    #expect(try compared.map { try $0.member("name").string() } == ["adam"])
  }

  @Test func fineTuningBeginsWithTheBase() throws {
    try train("-o", "base.safetensors")
    try train("-o", "tuned", "--from", "base.safetensors", "--freeze", "fc1", "--report", "tuned.html")
    let found = try numbers(text("tuned.html"))
    #expect(try found.member("origin").string() == "base.safetensors")
    #expect(try found.member("network").member("name").string() == "mlp:8")
    let frozen = try found.member("weights").elements()[0]
    #expect(try frozen.member("name").string() == "fc1.weight")
    #expect(try frozen.member("before").value == frozen.member("after").value)
  }

  @Test func goingOnKnowsTheFirstWeights() throws {
    try train("-o", "whole", "--report", "whole.html", "--checkpoint", "c1")
    // The checkpoint that is kept is that of the second of three epochs.
    let resumed = try run(
      "cnn-train",
      Self.options + ["-o", "again", "--checkpoint", "c1", "--resume", "--report", "again.html"], in: folder)
    #expect(resumed.status == 0, "\(resumed.error)")
    let (whole, again) = (try numbers(text("whole.html")), try numbers(text("again.html")))
    #expect(try whole.member("weights").value == again.member("weights").value)
    #expect(try again.member("earlier_steps").integer() == 8)
    let seconds = try again.member("epochs").elements().map { try $0.member("seconds").value }
    #expect(seconds.prefix(2) == [.null, .null] && seconds.last != .null)
    #expect(try text("again.html").contains("no times are known"))
  }

  @Test func aReportThatCannotBeWrittenIsMadeLater() throws {
    let failed = try run(
      "cnn-train", Self.options + ["-o", "m.safetensors", "--report", "/dev/full"], in: folder)
    #expect(failed.status == 74)
    let kept = "m.checkpoint.safetensors"
    #expect(
      failed.error
        == "cnn-train: /dev/full: writing failed: no space left on device; the model is saved in m.safetensors; "
        + "the finished training is in \(kept): --resume --force goes on to what is missing without learning anew\n"
    )
    #expect(folder.names() == [kept, "m.safetensors"])
    let model = try folder.read("m.safetensors")
    try train("-o", "m.safetensors", "--report", "run.html", "--resume", "--force")
    #expect(folder.names() == ["m.safetensors", "run.html"])
    #expect(try folder.read("m.safetensors") == model)
    let found = try numbers(text("run.html"))
    #expect(try found.member("earlier_steps").integer() == 12)

    // A reader that has gone is no failure, and one picture is not worth a checkpoint.
    let gone = try shell(#"cnn-train "$@" | true"#, Self.options + ["-o", "n", "--plot", "-"], in: folder)
    #expect(gone.status == 0 && folder.names() == ["m.safetensors", "n", "run.html"])
  }

  @Test func wrongCombinations() throws {
    _ = try folder.write("old.html", "kept")
    let data = Self.options
    try expectFailure(
      64, "'run.htm' does not end in .html, the only format of reports", "cnn-train",
      data + ["-o", "m", "--report", "run.htm"], in: folder)
    try expectFailure(
      64, "--log and --report both name a.html; give each a file of its own", "cnn-train",
      data + ["-o", "m", "--log", "a.html", "--report", "a.html"], in: folder)
    try expectFailure(
      73, "old.html: the file exists already; use --force to replace it", "cnn-train",
      data + ["-o", "m", "--report", "old.html"], in: folder)
    try expectFailure(
      73, "no/run.html: the folder to write into does not exist", "cnn-train",
      data + ["-o", "m", "--report", "no/run.html"],
      in: folder)
    let refused = try run("cnn-train", [Samples.dataset, "--report", "run.html"], in: folder)
    #expect(
      refused.status == 64
        && refused.error.hasPrefix("cnn-train: no output; name the model file to write with -o"))
    #expect(folder.names() == ["old.html"])
    #expect(try text("old.html") == "kept")
  }

  @Test func namesAreNoMarkup() throws {
    _ = try folder.write("<b>.pkl", TemporaryFolder.read(Samples.dataset))
    let result = try run(
      "cnn-train",
      [
        "<b>.pkl", "-o", "<i>'&.safetensors", "--architecture", "mlp:4", "--steps", "1", "-q", "--report",
        "r.html",
      ], in: folder)
    #expect(result.status == 0, "\(result.error)")
    let page = try text("r.html")
    #expect(!page.contains("<b>.pkl") && !page.contains("<i>"))
    #expect(page.contains("<h1>&lt;i&gt;&#39;&amp;.safetensors</h1>"))
    #expect(try numbers(page).member("model").string() == "<i>'&.safetensors")
  }
}
