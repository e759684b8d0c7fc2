import CNNCodecs
import CNNModelFile
import CNNTestSupport
import Testing

/// The curves of `cnn-train --plot`, and the lines of `--log-every`.
@Suite struct TrainPlotTests: SmallTrainings {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func aTrainingIsDrawn() throws {
    try train("-o", "m.safetensors", "--plot", "curves.svg", "--log", "log.jsonl")
    let svg = try text("curves.svg")
    #expect(svg.hasPrefix("<svg xmlns=") && svg.hasSuffix("</svg>\n"))
    #expect(svg.contains(">Training of m<"))
    for title in ["Loss", "Accuracy", "Learning rate", "training", "validation", "epoch"] {
      #expect(svg.contains(">\(title)<"), "\(title)")
    }
    // The numbers of the log are the numbers of the picture.
    for line in lines(try text("log.jsonl")) {
      let record = try json(line)
      let epoch = try record.member("epoch").integer()
      for (name, member) in [("training", "train_loss"), ("validation", "valid_loss")] {
        let value = NumberFormat.short(try record.member(member).number())
        #expect(svg.contains("<title>\(name)\nepoch \(epoch): \(value)</title>"), "\(name) \(epoch)")
      }
    }
    // The log alone gives the same picture, but for its name.
    let drawn = try run("cnn-train", ["--plot", "-", "log.jsonl"], in: folder)
    #expect(drawn.status == 0 && drawn.error == "")
    #expect(drawn.output == svg.replacing("Training of m", with: "Training of log"))
    #expect(
      try run("cnn-train", ["--plot", "-", "-"], in: folder, input: folder.read("log.jsonl")).status == 0)
  }

  @Test func logsAreCompared() throws {
    try train("-o", "a", "--log", "sgd.jsonl", "--optimizer", "sgd")
    try train("-o", "b", "--log", "adam.log")
    let drawn = try run("cnn-train", ["--plot", "both.svg", "sgd.jsonl", "adam.log"], in: folder)
    #expect(drawn.status == 0 && drawn.output == "" && drawn.error == "")
    let svg = try text("both.svg")
    #expect(svg.contains(">Comparison of 2 trainings<") && svg.contains(">sgd<") && svg.contains(">adam<"))
    #expect(svg.contains("<title>adam, validation\nepoch 3: "))
    try expectFailure(
      73, "both.svg: the file exists already; use --force to replace it", "cnn-train",
      ["--plot", "both.svg", "sgd.jsonl"], in: folder)
    #expect(
      try run("cnn-train", ["--plot", "both.svg", "sgd.jsonl", "adam.log", "--force"], in: folder).status == 0
    )
    #expect(try text("both.svg") == svg)

    // A training beside them comes first.
    try train("-o", "new.safetensors", "--plot", "three.svg", "adam.log", "sgd.jsonl", "--lr", "0.01")
    let names = ["new", "adam", "sgd"].compactMap {
      try? text("three.svg").firstRange(of: ">\($0)<")?.lowerBound
    }
    #expect(names.count == 3 && names == names.sorted())
  }

  @Test func namesAreMadeUnique() throws {
    try train("-o", "a", "--log", "log.jsonl")
    _ = try shell("mkdir -p x y/x && cp log.jsonl x/log.jsonl && cp log.jsonl y/x/log.txt", in: folder)
    let drawn = try run(
      "cnn-train", ["--plot", "-", "x/log.jsonl", "y/x/log.txt", "log.jsonl", "./log.jsonl"], in: folder)
    for name in ["x/log", "y/x/log", "log", "log (2)"] {
      #expect(drawn.output.contains(">\(name)</text>"), "\(name)")
    }
  }

  @Test func linesBetweenEpochs() throws {
    try train("-o", "a", "--log", "plain")
    try train("-o", "b", "--log", "fine", "--log-every", "3", "--threads", "1")
    try train("-o", "c", "--log", "again", "--log-every", "3", "--threads", "3")
    #expect(try folder.read("a") == folder.read("b"))
    #expect(try text("fine") == text("again"))
    // 120 examples are 4 steps an epoch, the last one of 24 examples.
    let fine = lines(try text("fine"))
    let records = try fine.map { try json($0) }
    #expect(try records.map { try $0.member("step").integer() } == [3, 4, 6, 8, 9, 12, 12])
    #expect(
      try records.map { try $0.optionalMember("epoch") == nil } == [
        true, false, true, false, true, true, false,
      ])
    #expect(fine.filter { $0.contains("epoch") } == lines(try text("plain")))
    // Two epochs are what is between their lines' steps.
    func sum(_ index: Int, _ examples: Double) throws -> Double {
      try records[index].member("train_loss").number() * examples
    }
    let first = try sum(0, 96) + sum(2, 88) + sum(4, 88) + sum(5, 88)
    #expect(abs(try first - (sum(1, 120) + sum(3, 120) + sum(6, 120))) < 1e-9)

    try train("-o", "d", "--plot", "fine.svg", "--log-every", "1")
    #expect(try text("fine.svg").contains(">step<"))
    #expect(try text("fine.svg").contains("<title>training\nstep 12: "))
  }

  /// The checkpoint that is kept is that of step 8.
  @Test func goingOnWithOtherLines() throws {
    try train("-o", "a", "--log", "all", "--log-every", "1")
    let all = try lines(text("all")).map { try json($0) }.filter { try $0.optionalMember("epoch") == nil }
    func loss(_ record: JSONNode) throws -> Double { try record.member("train_loss").number() }

    try train("-o", "b", "--checkpoint", "thirds", "--log", "log", "--log-every", "3")
    let whole = try text("log")
    try train("-o", "b", "--checkpoint", "thirds", "--log", "log", "--log-every", "3", "--resume", "--force")
    #expect(try text("log") == whole)
    try train("-o", "c", "--checkpoint", "none", "--log", "plain")
    for (checkpoint, log, steps) in [
      ("thirds", "log", [3, 4, 6, 8, 10, 12]), ("none", "plain", [4, 8, 10, 12]),
    ] {
      try train(
        "-o", "d", "--checkpoint", checkpoint, "--log", log, "--log-every", "5", "--resume", "--force")
      let records = try lines(text(log)).map { try json($0) }
      #expect(try records.map { try $0.member("step").integer() } == steps)
      // What the steps before the checkpoint gave is not counted among the last five steps.
      let found = try loss(records[records.count - 2])
      #expect(abs(found - (try loss(all[8]) + loss(all[9])) / 2) < 1e-9, "\(checkpoint)")
    }
  }

  @Test(.timeLimit(.minutes(1))) func aStoppedTrainingLeavesTheSameLog() throws {
    let options = [
      Samples.dataset, "--architecture", "mlp:16:bn:dropout=0.2", "--augment", "light", "--epochs", "25",
      "--batch-size", "32", "--validation", "0.2", "--log-every", "7", "-o", "m", "--log",
    ]
    #expect(try run("cnn-train", options + ["whole", "-q"], in: folder).status == 0)
    let script = """
      mkfifo pipe
      cnn-train "$@" 2>pipe &
      exec 3<pipe
      read -r line <&3
      read -r line <&3
      kill -s INT $!
      cat <&3 >&2
      wait $!
      echo "status $?"
      """
    let stopped = try shell(script, options + ["part", "--force"], in: folder)
    #expect(stopped.output == "status 130\n")
    let part = try text("part")
    #expect(part.utf8.count < (try text("whole")).utf8.count)
    // A line that was cut off does no harm.
    try folder.write("part", part + #"{"step":99,"tr"#)
    let resumed = try run("cnn-train", options + ["part", "--resume", "--force", "-q"], in: folder)
    #expect(resumed.status == 0, "\(resumed.error)")
    #expect(try text("part") == text("whole"))
  }

  @Test func standardOutputIsOneThingOnly() throws {
    let drawn = try train("-o", "m", "--plot", "-")
    #expect(drawn.output.hasPrefix("<svg ") && drawn.output.hasSuffix("</svg>\n"))
    #expect(drawn.error.hasPrefix("test accuracy 0."))
    let logged = try train("-o", "n", "--log", "-")
    #expect(lines(logged.output).count == 3 && logged.error.hasPrefix("test accuracy 0."))
    let model = try train("-o", "-")
    try folder.write("piped", model.outputBytes)
    #expect(try folder.read("piped") == folder.read("m"))
  }

  @Test(.timeLimit(.minutes(1))) func dataFromPipesAreNotLookedAt() throws {
    try train("-o", "m")
    let script = """
      mkfifo pipe
      cat "$1" >pipe &
      shift
      cnn-train pipe "$@" -o piped
      cnn-train - "$@" -o redirected <"$0"
      """
    let piped = try ToolRunner.run(
      "/bin/sh", ["-c", script, Samples.dataset] + Self.options, in: folder)
    #expect(piped.status == 0, "\(piped.error)")
    // Where the bytes come from is no part of them, but for the name.
    let whole = try ModelFile(contentsOf: folder.path("m"))
    for name in ["piped", "redirected"] {
      #expect(try ModelFile(contentsOf: folder.path(name)).tensors == whole.tensors, "\(name)")
    }
  }

  @Test func wrongCommandLines() throws {
    try folder.write("l.jsonl", #"{"step":1,"train_loss":1}"# + "\n")
    let data = Samples.dataset
    let failures: [([String], String)] = [
      (["--plot", "x.svg"], "no data; name a data set file or IDX files"),
      ([data, "-o", "m", "--plot", "x.png"], "'x.png' does not end in .svg, the only format of charts"),
      (["l.jsonl", "--plot", "x"], "'x' does not end in .svg, the only format of charts"),
      ([data, "-o", "m", "--log-every", "3"], "--log-every goes with --log, --plot or --report"),
      ([data, "-o", "m", "--plot", "x.svg", "--log-every", "0"], "--log-every must be at least 1"),
      (
        [data, "-o", "m.svg", "--plot", "./m.svg"],
        "-o and --plot both name ./m.svg; give each a file of its own"
      ),
      (
        [data, "-o", "m", "--log", "-", "--plot", "-"],
        "--log and --plot both name -; give each a file of its own"
      ),
      (["l.jsonl"], "no output; name the model file to write with -o"),
      (
        ["l.jsonl", "--plot", "x.svg", "--epochs", "3"],
        "--epochs goes with a training; name its model with -o"
      ),
      (
        ["l.jsonl", "--plot", "x.svg", "--steps", "3"], "--steps goes with a training; name its model with -o"
      ),
      (["l.jsonl", "--plot", "x.svg", "--log", "y"], "--log goes with a training; name its model with -o"),
      (
        ["l.jsonl", "--plot", "x.svg", "--log-every", "3"],
        "--log-every goes with a training; name its model with -o"
      ),
      (["l.jsonl", "--plot", "x.svg", "--resume"], "--resume goes with a training; name its model with -o"),
    ]
    for (arguments, message) in failures {
      try expectFailure(64, message, "cnn-train", arguments, in: folder)
    }
    let contents: [([String], String)] = [
      (
        [data, "--plot", "x.svg"],
        "no output; name the model file to write with -o (without one, all inputs have to be training logs)"
      ),
      (
        [data, "l.jsonl", "-o", "m"],
        "l.jsonl: this is the log of a training, which goes with --plot or --report"
      ),
      (
        ["l.jsonl", "-o", "m", "--plot", "x.svg"],
        "no data beside the logs; name a data set file or IDX files, or leave out -o to see the logs"
      ),
    ]
    for (arguments, message) in contents {
      let result = try run("cnn-train", arguments, in: folder)
      #expect(result.status == 64)
      #expect(result.error == "cnn-train: \(message)\n")
    }
    #expect(folder.names() == ["l.jsonl"])
  }

  @Test func damagedLogs() throws {
    try folder.write("good", #"{"step":1,"train_loss":1}"# + "\n")
    try folder.write("empty", "")
    try folder.write("cut", #"{"step":1,"train_loss":1}"# + "\n" + #"{"step":2,"#)
    try folder.write("other", #"{"graph":{}}"#)
    for (name, message) in [
      ("empty", "line 1: the log is empty"),
      ("cut", "line 2: the JSON ends early; a name in quotation marks should follow"),
      ("other", "line 1: no line of a training's log: step is missing"),
    ] {
      for inputs in [[name], ["good", name]] {
        try expectFailure(65, "\(name): \(message)", "cnn-train", ["--plot", "x.svg"] + inputs, in: folder)
      }
    }
    try expectFailure(
      65, "\(Samples.images): line 1: the JSON has the byte 0x1f where a value should be", "cnn-train",
      ["--plot", "x.svg", "good", Samples.images], in: folder)
    let missing = try run("cnn-train", ["--plot", "x.svg", "good", "missing"], in: folder)
    #expect(missing.status == 66)
    #expect(!folder.exists("x.svg"))
  }
}
