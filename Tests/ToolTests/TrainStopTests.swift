import CNNTestSupport
import Testing

/// Stopping `cnn-train` and going on from its checkpoint.
@Suite struct TrainStopTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A training that takes long enough to be interrupted behind its second epoch.
  private static let options = [
    Samples.dataset, "--architecture", "mlp:16:bn:dropout=0.2", "--augment", "light", "--epochs", "25",
    "--batch-size", "32", "--average", "0.9", "--validation", "0.2", "--schedule", "cosine",
  ]

  /// The bytes of the training that nobody stops.
  private static let whole = Result { () throws -> [UInt8] in
    let folder = try TemporaryFolder()
    let result = try run("cnn-train", options + ["-o", "m", "-q"], in: folder)
    try #require(result.status == 0, "\(result.error)")
    return try folder.read("m")
  }

  /// Starts a training and sends it `signal` when it has shown two epochs, the first one's checkpoint being written
  /// before the second one is shown.
  private func interrupt(_ signal: String, _ arguments: [String]) throws -> ToolRunner.Result {
    let script = """
      signal=$1; shift
      mkfifo pipe
      cnn-train "$@" 2>pipe &
      exec 3<pipe
      read -r line <&3
      read -r line <&3
      kill -s "$signal" $!
      cat <&3 >&2
      wait $!
      echo "status $?"
      rm pipe
      """
    return try shell(script, [signal] + arguments, in: folder)
  }

  @Test(.timeLimit(.minutes(1)), arguments: [("INT", 130), ("TERM", 143)])
  func aSignalLeavesACheckpointToGoOnFrom(_ signal: String, _ status: Int) throws {
    let command =
      Self.options + [
        "-o", "m.safetensors", "--log", "log", "--report", "run.html", "--plot", "run.svg",
      ]
    let stopped = try interrupt(signal, command)
    #expect(stopped.output == "status \(status)\n")
    let message = try #require(lines(stopped.error).last)
    #expect(message.hasPrefix("cnn-train: stopped after step "))
    #expect(
      message.hasSuffix(
        " of 100; go on from m.checkpoint.safetensors with the same command and --resume"))
    // Nothing is shown of half a training.
    #expect(folder.names() == ["log", "m.checkpoint.safetensors"])

    let resumed = try run("cnn-train", command + ["--resume", "--threads", "3"], in: folder)
    #expect(resumed.status == 0, "\(resumed.error)")
    #expect(try folder.read("m.safetensors") == Self.whole.get())
    #expect(folder.names() == ["log", "m.safetensors", "run.html", "run.svg"])
    // The log has the epochs before the stop, too.
    #expect(lines(String(decoding: try folder.read("log"), as: UTF8.self)).count == 25)
  }

  @Test(.timeLimit(.minutes(1))) func afterAKillTheLastCheckpointCounts() throws {
    let command = Self.options + ["-o", "m", "--checkpoint", "c"]
    let killed = try interrupt("KILL", command)
    #expect(killed.output == "status 137\n")
    #expect(folder.exists("c"))
    #expect(!folder.exists("m"))
    let resumed = try run("cnn-train", command + ["--resume"], in: folder)
    #expect(resumed.status == 0, "\(resumed.error)")
    #expect(lines(resumed.error).count < 25)
    #expect(try folder.read("m") == Self.whole.get())
  }

  @Test(.timeLimit(.minutes(1))) func anotherTrainingsCheckpointIsRefused() throws {
    let command = Self.options + ["-o", "m", "--checkpoint", "c"]
    #expect(try interrupt("INT", command).output == "status 130\n")
    let before = try folder.read("c")
    let changes: [(arguments: [String], what: String)] = [
      (["--lr", "0.5"], "another training: its --lr is 0.001, and here it is 0.5"),
      (["--batch-size", "31"], "another training: its --batch-size is 32, and here it is 31"),
      (
        ["--optimizer", "adamw", "--weight-decay", "0"],
        #"another training: its --optimizer is "adam", and here it is "adamw""#
      ),
      (["--limit-train", "140"], "another training: its --limit-train is not given, and here it is 140"),
      (["--validation", "0.3"], #"another training: its --validation is "0.2", and here it is "0.3""#),
      (["--init", "xavier"], #"another training: its --init is "he", and here it is "xavier""#),
      (["--architecture", "mlp:17"], "another network"),
    ]
    for (arguments, what) in changes {
      let result = try run("cnn-train", command + ["--resume"] + arguments, in: folder)
      #expect(result.status == 65)
      #expect(result.output == "")
      #expect(
        result.error.hasPrefix("cnn-train: c: the checkpoint belongs to \(what)"),
        "\(result.error)")
      #expect(lines(result.error).count == 1)
    }
    #expect(!folder.exists("m"))
    #expect(try folder.read("c") == before)
    // Without --resume nothing is lost either.
    let fresh = try run("cnn-train", command, in: folder)
    #expect(fresh.status == 73)
    #expect(try folder.read("c") == before)
  }

  @Test func anotherBaseIsRefused() throws {
    for (base, seed) in [("a", "1"), ("b", "2")] {
      let result = try run(
        "cnn-train",
        [Samples.dataset, "--architecture", "mlp:4", "--steps", "1", "-o", base, "--seed", seed, "-q"],
        in: folder)
      #expect(result.status == 0, "\(result.error)")
    }
    let command = [Samples.dataset, "--steps", "3", "-o", "m", "--checkpoint", "c", "-q", "--force"]
    #expect(try run("cnn-train", command + ["--from", "a"], in: folder).status == 0)
    let resume = command + ["--resume", "--from"]
    try expectFailure(
      65, #"c: the checkpoint belongs to another training: its --from is "a", and here it is "b""#,
      "cnn-train",
      resume + ["b"], in: folder)
    // A file of the same name with other weights.
    _ = try shell("mv b a", in: folder)
    let other = try run("cnn-train", resume + ["a"], in: folder)
    #expect(other.status == 65)
    #expect(
      other.error.hasPrefix(
        "cnn-train: c: the checkpoint belongs to another training: its first parameters is "))
  }

  @Test func theSeedIsNamed() throws {
    let command = [
      Samples.dataset, "--architecture", "mlp:4", "--steps", "3", "-o", "m", "--checkpoint", "c", "-q",
    ]
    #expect(try run("cnn-train", command, in: folder).status == 0)
    try expectFailure(
      65, "c: the checkpoint belongs to another training: its seed is 0, and here it is 9", "cnn-train",
      command + ["--resume", "--force", "--seed", "9"], in: folder)
    try expectFailure(
      66, "none: there is no such file", "cnn-train",
      command + ["--resume", "--force", "--checkpoint", "none"], in: folder)
    try folder.write("junk", "junk")
    let junk = try run(
      "cnn-train", command + ["--resume", "--force", "--checkpoint", "junk"], in: folder)
    #expect(junk.status == 65)
    #expect(junk.error.hasPrefix("cnn-train: junk: "))
  }
}
