import CNNModelFile
import CNNTestSupport
import Testing

/// `cnn-train --from`: beginning with another network's parameters.
@Suite struct TrainTransferTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func train(_ output: String, _ arguments: [String]) throws -> ToolRunner.Result {
    try run("cnn-train", [Samples.dataset, "-o", output, "--steps", "2"] + arguments, in: folder)
  }

  private func tensor(_ name: String, of path: String) throws -> Tensor {
    try #require(try ModelFile(contentsOf: path).tensor(named: name))
  }

  @Test func aNewHeadOnFrozenConvolutions() throws {
    let base = try Samples.model()
    let result = try train(
      "m", ["--from", base, "--new-head", "--freeze", "conv*", "--classes", "0-4"])
    #expect(result.status == 0)
    #expect(
      result.error.hasPrefix(
        """
        tensor        shape     base
        conv1.weight  30x1x5x5  30x1x5x5  frozen
        conv1.bias    30        30        frozen
        fc1.weight    20x4320   20x4320   loaded
        fc1.bias      20        20        loaded
        fc2.weight    5x20      10x20     new
        fc2.bias      5         10        new
        cnn-train: the outputs of flatten are computed once and kept: 
        """), "\(result.error)")
    let model = folder.path("m")
    for name in ["conv1.weight", "conv1.bias"] {
      #expect(try tensor(name, of: model).bytes == tensor(name, of: base).bytes)
    }
    let body = try tensor("fc1.weight", of: model)
    let old = try tensor("fc1.weight", of: base)
    #expect(body.bytes != old.bytes)
    // Two steps of Adam with rate 0.001 move no weight by more than about 0.002: it began with the base's.
    #expect(zip(body.floats(), old.floats()).allSatisfy { abs($0 - $1) < 0.0025 })
    #expect(try tensor("fc2.weight", of: model).shape == [5, 20])

    // Without room for the frozen layers' outputs the bytes are the same.
    let computed = try train(
      "n",
      ["--from", base, "--new-head", "--freeze", "conv*", "--classes", "0-4", "--cache-memory", "0", "-q"])
    #expect(computed.status == 0)
    #expect(computed.error == "")
    #expect(try folder.read("n") == folder.read("m"))
  }

  @Test func freezingUntilALayer() throws {
    let base = try Samples.model()
    #expect(try train("m", ["--from", base, "--freeze-until", "fc1", "-q"]).status == 0)
    for name in ["conv1.weight", "fc1.weight", "fc1.bias"] {
      #expect(try tensor(name, of: folder.path("m")).bytes == tensor(name, of: base).bytes)
    }
    #expect(try tensor("fc2.weight", of: folder.path("m")).bytes != tensor("fc2.weight", of: base).bytes)
  }

  @Test func aFactorForALayersRate() throws {
    let start = ["--architecture", "mlp:8", "--optimizer", "sgd", "--lr", "0.1", "--steps", "1", "-q"]
    func fc1(_ name: String, _ more: [String]) throws -> [UInt8] {
      let result = try run("cnn-train", [Samples.dataset, "-o", name] + start + more, in: folder)
      #expect(result.status == 0, "\(result.error)")
      return try tensor("fc1.weight", of: folder.path(name)).bytes
    }
    let plain = try fc1("plain", [])
    let still = try fc1("still", ["--lr-scale", "fc1=0"])
    #expect(still != plain)
    // A factor of nought keeps what another training of the seed began with.
    #expect(try fc1("frozen", ["--freeze", "fc1"]) == still)
    #expect(try fc1("one", ["--lr-scale", "f*1=1"]) == plain)
    let names = ["plain", "still"]
    let second = try names.map { try tensor("fc2.weight", of: folder.path($0)).bytes }
    #expect(second[0] == second[1])
  }

  @Test func whatWasForgotten() throws {
    let result = try train(
      "m", ["--from", Samples.model(), "--new-head", "--classes", "5-9", "--remember", Samples.dataset, "-q"])
    #expect(result.status == 0)
    let rows = lines(result.output)
    try #require(rows.count == 2)
    #expect(rows[0].hasPrefix("the old task: 0.9800 before, 0."))
    #expect(rows[0].hasSuffix(" with the old head on the new body"))
    #expect(rows[1].hasPrefix("test accuracy "))
    // A body that did not change forgets nothing.
    let frozen = try train(
      "n",
      [
        "--from", Samples.model(), "--new-head", "--freeze-until", "relu2", "--classes", "5-9", "--remember",
        Samples.dataset, "-q",
      ])
    #expect(
      lines(frozen.output).first == "the old task: 0.9800 before, 0.9800 with the old head on the new body")
  }

  @Test func basesThatDoNotFit() throws {
    let base = try Samples.model()
    let failures: [([String], String)] = [
      (
        ["--from", base, "--classes", "0-4"],
        "\(base): the base tells 10 classes apart, and the data have 5; use --new-head"
      ),
      (
        ["--from", base, "--freeze", "norm*"],
        "\(base): 'norm*' matches no layer; the layers are conv1, relu1, pool1, flatten, fc1, relu2, fc2"
      ),
      (
        ["--from", base, "--freeze-until", "conv9"],
        "\(base): 'conv9' matches no layer; the layers are conv1, relu1, pool1, flatten, fc1, relu2, fc2"
      ),
      (
        ["--architecture", "mlp:4", "--freeze", "conv*"],
        "'conv*' matches no layer; the layers are flatten, fc1, relu1, fc2"
      ),
      (
        ["--architecture", "mlp:4", "--lr-scale", "conv*=2"],
        "'conv*' matches no layer; the layers are flatten, fc1, relu1, fc2"
      ),
      (
        ["--architecture", "mlp:4", "--freeze", "fc?"], "every layer is frozen, so there is nothing to train"
      ),
    ]
    for (arguments, message) in failures {
      try expectFailure(
        65, message, "cnn-train", [Samples.dataset, "-o", "m", "-q", "--steps", "1"] + arguments, in: folder)
    }
    #expect(!folder.exists("m"))
  }

  @Test func picturesOfAnotherSizeThanTheBases() throws {
    let base = try Samples.model()
    let pictures = TinyFiles.idx([10, 14, 14], [UInt8](repeating: 0, count: 10 * 196))
    try folder.write("small-images", pictures)
    try folder.write("small-labels", TinyFiles.labels(Array(0...9)))
    let model = ["-o", "m", "--from", base, "--steps", "1", "-q"]
    try expectFailure(
      65, "\(base): the base takes pictures of 1x28x28, and the data have 1x14x14", "cnn-train",
      ["small-images", "small-labels"] + model, in: folder)
    try expectFailure(
      65, "small-images: the base takes pictures of 1x28x28, and these are 1x14x14", "cnn-train",
      [Samples.dataset, "--remember", "small-images", "--remember", "small-labels"] + model, in: folder)
    #expect(!folder.exists("m"))
  }

  @Test func aMismatchNamesBothShapesUnlessItIsAllowed() throws {
    let base = try Samples.model()
    let arguments = ["--from", base, "--architecture", "mlp:20"]
    let refused = try train("m", arguments)
    #expect(refused.status == 65)
    #expect(refused.error.contains("fc1.weight"))
    #expect(refused.error.contains("4320"))
    #expect(refused.error.contains("784"))
    let allowed = try train("m", arguments + ["--allow-mismatch"])
    #expect(allowed.status == 0)
    #expect(lines(allowed.error).contains("fc1.weight  20x784  20x4320  new"), "\(allowed.error)")
    #expect(lines(allowed.error).contains("fc2.weight  10x20   10x20    loaded"), "\(allowed.error)")
  }
}
