import CNNCodecs
import CNNModelFile
import CNNTestSupport
import Testing

/// `cnn-train --recipe`.
@Suite struct TrainRecipeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// What `--print-config` prints for these options.
  private func config(_ arguments: String...) throws -> JSONNode {
    let printed = try run("cnn-train", arguments + ["--print-config"], in: folder)
    #expect(printed.status == 0, "\(printed.error)")
    return try JSONNode(JSONReader.read(printed.outputBytes))
  }

  /// The recipes, with their options as the help shows them.
  private static let recipes = [
    (
      "fast",
      """
      --architecture double-convnet --epochs 7 --lr 0.1 --optimizer nesterov --schedule one-cycle:0.2 \
      --weight-decay 0.0005 --augment shift=1
      """
    ),
    (
      "best",
      """
      --architecture lenet --epochs 20 --batch-size 64 --lr 0.002 --schedule one-cycle:0.2 --augment digits \
      --average 0.999
      """
    ),
  ]

  @Test(arguments: recipes) func itStandsForItsOptions(_ name: String, _ options: String) throws {
    let resolved = try run("cnn-train", ["--recipe", name, "--print-config"], in: folder)
    let written = try run(
      "cnn-train", options.split(separator: " ").map(String.init) + ["--print-config"], in: folder)
    #expect(resolved.status == 0, "\(resolved.error)")
    #expect(resolved.output == written.output)
    #expect(resolved.output.contains(#""architecture": "#))
    // And the help tells.
    let words = try run("cnn-train", ["--help"], in: folder).output.split(whereSeparator: \.isWhitespace)
    #expect(words.joined(separator: " ").contains("(\(options))"))
  }

  @Test func theCommandLineWinsWhereverItStands() throws {
    for arguments in [["--recipe", "fast", "--lr", "0.25"], ["--lr=0.25", "--recipe=fast"]] {
      let printed = try run("cnn-train", arguments + ["--print-config"], in: folder)
      let resolved = try JSONNode(JSONReader.read(printed.outputBytes))
      #expect(try resolved.member("lr").number() == 0.25)
      #expect(try resolved.member("architecture").string() == "double-convnet")
    }
    // Steps stand in for the recipe's epochs, and a base's network for the recipe's.
    let stepped = try config("--recipe", "fast", "--steps", "3", "--from", "base.safetensors")
    #expect(try stepped.member("steps").integer() == 3)
    #expect(try stepped.member("architecture").value == .null)
    // Of two the last is meant, and what stands behind two hyphens is a file.
    let other = try run(
      "cnn-train", ["--recipe=best", "--recipe", "fast", "--print-config", "--", "--recipe", "none", "--lr"],
      in: folder)
    let last = try JSONNode(JSONReader.read(other.outputBytes))
    #expect(try last.member("lr").number() == 0.1)
    #expect(try last.member("average").value == .null)
  }

  @Test func aFileWinsOverARecipe() throws {
    try folder.write("c.json", #"{"lr": 0.25, "augment": null, "steps": 5}"#)
    for arguments in [
      ["--recipe", "fast", "--config", "c.json"], ["--config", "c.json", "--recipe", "fast"],
    ] {
      let printed = try run("cnn-train", arguments + ["--print-config"], in: folder)
      let resolved = try JSONNode(JSONReader.read(printed.outputBytes))
      #expect(try resolved.member("lr").number() == 0.25)
      #expect(try resolved.member("augment").string() == "none")
      #expect(try resolved.member("steps").integer() == 5)
      #expect(try resolved.member("optimizer").string() == "nesterov")
    }
    // A file may name one, too.
    try folder.write("r.json", #"{"recipe": "fast", "lr": 0.5}"#)
    let resolved = try config("--config", "r.json", "--seed", "4")
    #expect(try resolved.member("lr").number() == 0.5)
    #expect(try resolved.member("optimizer").string() == "nesterov")
    #expect(try resolved.member("seed").integer() == 4)
    // What is printed for a recipe says the same without it.
    let printed = try run("cnn-train", ["--recipe", "fast", "--print-config"], in: folder).output
    try folder.write("p.json", printed)
    #expect(try run("cnn-train", ["--config", "p.json", "--print-config"], in: folder).output == printed)
  }

  @Test func aModelRecordsTheOptions() throws {
    func bytes(_ name: String, _ arguments: [String]) throws -> [UInt8] {
      let result = try run(
        "cnn-train", [Samples.dataset, "-q", "-o", name, "--architecture", "mlp:6"] + arguments, in: folder)
      #expect(result.status == 0, "\(result.error)")
      return try folder.read(name)
    }
    let written = [
      "--epochs", "7", "--lr", "0.1", "--optimizer", "nesterov", "--schedule", "one-cycle:0.2",
      "--weight-decay", "0.0005", "--augment", "shift=1",
    ]
    #expect(try bytes("recipe", ["--recipe", "fast"]) == bytes("options", written))
    let training = try #require(try ModelFile(contentsOf: folder.path("recipe")).manifest.training)
    #expect(
      try JSONNode(training).member("options").member("optimizer").string().hasPrefix("nesterov"))
  }

  @Test func thoseThatDoNotExist() throws {
    try expectFailure(
      64,
      "The value 'slow' is invalid for '--recipe <name>': there is no recipe \"slow\"; there are fast and best",
      "cnn-train", [Samples.dataset, "-o", "m", "--recipe", "slow"], in: folder)
    try folder.write("c.json", #"{"recipe": "slow"}"#)
    #expect(try run("cnn-train", ["--config", "c.json", "--print-config"], in: folder).status == 64)
    try expectFailure(
      64, "Missing value for '--recipe <name>'", "cnn-train", [Samples.dataset, "-o", "m", "--recipe"],
      in: folder)
  }
}
