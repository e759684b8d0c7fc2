import CNNCodecs
import CNNModelFile
import CNNTestSupport
import Testing

/// Trainings of `cnn-train` that go wrong on the way, and what is left of them.
@Suite struct TrainFailureTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let whatToTry = "try a smaller learning rate, a warm-up, or another initialisation"

  /// The rates of the epochs are 0.001, 1e9, 1e21 and so on: it goes well until it goes very wrong.
  private static let exploding = [
    Samples.dataset, "-o", "m", "--architecture", "mlp:16", "--optimizer", "sgd", "--schedule",
    "exponential:1e12", "--batch-size", "50", "--epochs", "9", "-q",
  ]

  @Test func anExplosionLeavesTheLastGoodCheckpoint() throws {
    let result = try run("cnn-train", Self.exploding, in: folder)
    #expect(result.status == 65)
    #expect(lines(result.error).count == 1)
    #expect(result.error.hasPrefix("cnn-train: the loss is no longer a number in step "))
    #expect(result.error.contains(", beginning in layer fc"))
    #expect(result.error.hasSuffix("; \(Self.whatToTry)\n"))
    #expect(folder.names() == ["m.checkpoint.safetensors"])

    let kept = try ModelFile(contentsOf: folder.path("m.checkpoint.safetensors"))
    let step = try JSONNode(#require(kept.manifest.training)).member("step").integer()
    #expect(step >= 3)
    #expect(step % 3 == 0)
    for tensor in kept.tensors where tensor.elementType.isFloatingPoint {
      #expect(!tensor.floats().contains { !$0.isFinite }, "\(tensor.name)")
    }
  }

  @Test func weightsThatAreWorthlessAtOnceAreNotKept() throws {
    // The first step's loss is a number; what it makes of the weights is not worth a checkpoint.
    let result = try run(
      "cnn-train",
      [
        Samples.dataset, "-o", "m", "--architecture", "mlp:16", "--optimizer", "sgd", "--lr", "1e38",
        "--batch-size", "150", "--epochs", "3", "-q",
      ], in: folder)
    #expect(result.status == 65)
    #expect(result.error.hasPrefix("cnn-train: the loss is no longer a number in step 2, "))
    #expect(folder.names().isEmpty)
  }

  @Test func aResultThatIsWorthlessIsNotWritten() throws {
    try expectFailure(
      65, "the loss on the training examples is no number behind the last step; \(Self.whatToTry)",
      "cnn-train",
      [
        Samples.dataset, "-o", "m", "--architecture", "mlp:16", "--optimizer", "sgd", "--lr", "1e30",
        "--steps",
        "1", "-q",
      ], in: folder)
    #expect(folder.names().isEmpty)
  }

  /// Runs a training with files limited to so many blocks of 512 bytes, as on a full disk.
  private func train(fileLimit: Int, _ arguments: [String]) throws -> ToolRunner.Result {
    try shell(
      #"ulimit -f "$1"; shift; exec cnn-train "$@""#,
      ["\(fileLimit)", Samples.dataset, "--architecture", "mlp:16", "--epochs", "3", "-q"] + arguments,
      in: folder)
  }

  /// ThreadSanitizer keeps its own memory in files, which are limited alike.
  @Test(.disabled(if: ToolRunner.isThreadSanitized, "ThreadSanitizer does not run with a limit on files"))
  func aCheckpointThatIsTooLargeForTheDisk() throws {
    let result = try train(fileLimit: 200, ["-o", "m"])
    #expect(result.status == 74)
    #expect(result.error == "cnn-train: m.checkpoint.safetensors: writing failed: file too large\n")
    #expect(folder.names().isEmpty)
  }

  @Test func aModelThatCannotBeWrittenIsWrittenLater() throws {
    // There is room for a checkpoint of plain gradient descent, but none in the model's place.
    let command = ["-o", "m", "--optimizer", "sgd", "--checkpoint", "c"]
    let whole = try train(fileLimit: 10_000, command)
    #expect(whole.status == 0, "\(whole.error)")
    let model = try folder.read("m")
    _ = try shell("rm m c && ln -s /dev/full m", in: folder)
    let failed = try train(fileLimit: 10_000, command)
    #expect(failed.status == 74)
    #expect(
      failed.error
        == "cnn-train: m: writing failed: no space left on device; "
        + "the finished training is in c: --resume writes its model without learning anew\n")

    _ = try shell("rm m", in: folder)
    let resumed = try train(fileLimit: 10_000, command + ["--resume"])
    #expect(resumed.status == 0, "\(resumed.error)")
    #expect(try folder.read("m") == model)
  }

  @Test func aLogThatCannotBeWrittenLosesNothing() throws {
    let failed = try train(fileLimit: 10_000, ["-o", "m", "--log", "/dev/full"])
    #expect(failed.status == 74)
    #expect(failed.error == "cnn-train: /dev/full: writing failed: no space left on device\n")
    #expect(folder.names() == ["m.checkpoint.safetensors"])
    #expect(try train(fileLimit: 10_000, ["-o", "m", "--resume"]).status == 0)
    #expect(try train(fileLimit: 10_000, ["-o", "n"]).status == 0)
    #expect(try folder.read("m") == folder.read("n"))
  }
}
