import CNNCodecs
import CNNModelFile
import CNNTestSupport
import Testing

/// `cnn-train` on the sample's 150 training and 50 test digits.
@Suite struct TrainTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func train(_ output: String, _ arguments: String...) throws -> ToolRunner.Result {
    try train(output, arguments)
  }

  private func train(_ output: String, _ arguments: [String]) throws -> ToolRunner.Result {
    let result = try run(
      "cnn-train", [Samples.dataset, "-o", output, "--architecture", "mlp:16"] + arguments, in: folder)
    #expect(result.status == 0, "\(result.error)")
    return result
  }

  private func result(_ model: String, _ split: String) throws -> JSONNode {
    let training = try #require(try ModelFile(contentsOf: folder.path(model)).manifest.training)
    return try JSONNode(training).member("results").member(split)
  }

  @Test func aModelThatTheOtherToolsTake() throws {
    let trained = try train("m.safetensors", "--epochs", "30", "--batch-size", "25")
    let line = try #require(lines(trained.output).first)
    #expect(lines(trained.output).count == 1)
    let parts = line.split(separator: " ")
    try #require(parts.count == 6)
    #expect(line.hasPrefix("test accuracy 0."))
    #expect(
      parts[2].count == 6 && parts[3].hasPrefix("(") && parts[3].hasSuffix("/50),") && parts[4] == "loss")

    let evaluated = try run(
      "cnn-infer", ["--model", "m.safetensors", "--evaluate", Samples.dataset], in: folder)
    #expect(evaluated.status == 0)
    #expect(
      lines(evaluated.output).prefix(2) == [
        "accuracy \(parts[2]) \(parts[3].dropLast())", "loss \(parts[5])",
      ])
    // Chance is a tenth.
    #expect(try result("m.safetensors", "test").member("accuracy").number() > 0.6)
    #expect(try result("m.safetensors", "train").member("examples").integer() == 150)
    #expect(folder.names() == ["m.safetensors"])
  }

  @Test func theModelSaysNotWhereTheArchitectureLay() throws {
    try folder.write(
      "net.json",
      #"""
      {"graph": {"nodes": [
        {"name": "flatten", "op": "flatten", "inputs": ["input"], "attributes": {}},
        {"name": "fc", "op": "linear", "inputs": ["flatten"],
         "attributes": {"bias": true, "in_features": 784, "out_features": 10}}
      ], "output": "fc"}, "input": {"dtype": "F32", "shape": [1, 28, 28]}}
      """#)
    _ = try train("m.safetensors", "--steps", "1", "--architecture", folder.path("net.json"))
    let options = try ModelFile(contentsOf: folder.path("m.safetensors")).manifest.provenance.options
    #expect(options.first { $0.name == "architecture" }?.value == .string("net.json"))
  }

  @Test func calibrationChangesProbabilitiesAndNoAnswer() throws {
    let options = ["--epochs", "30", "--batch-size", "25", "--validation", "0.3"]
    _ = try train("plain.safetensors", options)
    _ = try train("calibrated.safetensors", options + ["--calibrate"])
    let training = try #require(
      try ModelFile(contentsOf: folder.path("calibrated.safetensors")).manifest.training)
    let temperature = try JSONNode(training).member("temperature").number()
    #expect(temperature != 1)
    for name in ["correct", "examples"] {
      #expect(
        try result("calibrated.safetensors", "test").member(name).integer()
          == result("plain.safetensors", "test").member(name).integer())
    }
    #expect(
      try result("calibrated.safetensors", "valid").member("loss").number()
        < result("plain.safetensors", "valid").member("loss").number())

    let refused = try run(
      "cnn-train", [Samples.dataset, "-o", "none.safetensors", "--calibrate"], in: folder)
    #expect(refused.status == 64)
    #expect(refused.error.contains("--calibrate needs validation examples"))
  }

  @Test func onePlainLineAnEpoch() throws {
    let result = try train("m.safetensors", "--epochs", "3", "--batch-size", "50", "--validation", "0.2")
    let rows = lines(result.error)
    #expect(rows.count == 3)
    for (index, row) in rows.enumerated() {
      let words = row.split(separator: " ")
      // 120 examples are left, which make three steps of at most 50.
      #expect(words.prefix(6) == ["epoch", "\(index + 1)", "step", "\(3 * (index + 1))", "lr", "0.001"])
      let names = words.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
      #expect(names == ["epoch", "step", "lr", "loss", "accuracy", "valid_loss", "valid_accuracy"])
    }
    #expect(!result.error.contains("\u{1B}"))
    #expect(try self.result("m.safetensors", "valid").member("examples").integer() == 30)
    #expect(try train("n.safetensors", "--epochs", "1", "-q").error == "")
  }

  @Test(arguments: [
    [
      "--architecture", "mlp:12:bn:dropout=0.3", "--augment", "digits", "--batch-size", "48", "--epochs", "2",
    ],
    ["--architecture", "simple-convnet", "--limit-train", "70", "--batch-size", "40", "--steps", "2"],
  ]) func theBytesFollowFromTheSeedAlone(_ options: [String]) throws {
    func bytes(_ name: String, _ more: String...) throws -> [UInt8] {
      let result = try run(
        "cnn-train", [Samples.dataset, "-o", name, "-q"] + options + more, in: folder)
      #expect(result.status == 0, "\(result.error)")
      return try folder.read(name)
    }
    let one = try bytes("1", "--threads", "1")
    #expect(try bytes("2", "--threads", "2") == one)
    #expect(try bytes("3", "--threads", "3") == one)
    #expect(try bytes("again", "--threads", "1") == one)
    #expect(try bytes("default") == one)
    let other = try bytes("other", "--seed", "1")
    let head = try ["1", "other"].map {
      try ModelFile(contentsOf: folder.path($0)).tensor(named: "fc2.weight")?.bytes
    }
    #expect(other != one)
    #expect(head[0] != nil && head[0] != head[1])
  }

  @Test func theLogHasALineAnEpoch() throws {
    _ = try train(
      "m.safetensors", "--epochs", "2", "--batch-size", "75", "--validation", "0.2", "--log", "l.jsonl")
    let log = String(decoding: try folder.read("l.jsonl"), as: UTF8.self)
    try #require(lines(log).count == 2)
    for (index, line) in lines(log).enumerated() {
      let record = try json(line)
      #expect(try record.member("epoch").integer() == index + 1)
      #expect(try record.member("step").integer() == 2 * (index + 1))
      #expect(try record.member("learning_rate").number() == 0.001)
      for name in ["train_loss", "train_accuracy", "valid_loss", "valid_accuracy"] {
        #expect(try record.member(name).number() >= 0)
      }
    }
  }

  @Test func checkpointsThatStayAndThatGo() throws {
    _ = try train("m.safetensors", "--epochs", "3", "-q")
    #expect(folder.names() == ["m.safetensors"])
    _ = try train("n.safetensors", "--epochs", "3", "-q", "--checkpoint", "kept")
    #expect(folder.names() == ["kept", "m.safetensors", "n.safetensors"])
    #expect(try folder.read("n.safetensors") == folder.read("m.safetensors"))
    let kept = try ModelFile(contentsOf: folder.path("kept"))
    #expect(kept.manifest.kind == .checkpoint)
    #expect(kept.tensors.contains { $0.name.hasPrefix("optimizer.") })
  }

  @Test func classesAreNumberedAnew() throws {
    _ = try train("m.safetensors", "--classes", "0-4", "--steps", "2", "-q")
    let model = try ModelFile(contentsOf: folder.path("m.safetensors"))
    #expect(model.manifest.labels == ["0", "1", "2", "3", "4"])
    #expect(model.tensor(named: "fc2.bias")?.shape == [5])
    _ = try train("n.safetensors", "--classes", "9,3,5-6", "--steps", "2", "-q")
    #expect(try ModelFile(contentsOf: folder.path("n.safetensors")).manifest.labels == ["9", "3", "5", "6"])
  }

  @Test func classesWithoutNamesAreCalledByTheirNumbers() throws {
    func tensor(_ name: String, _ shape: [Int], _ bytes: [UInt8]) -> Tensor {
      Tensor(name: name, elementType: .uint8, shape: shape, bytes: bytes)
    }
    let dataset = ModelFile(
      manifest: Manifest(kind: .dataset, divisor: 255, provenance: Provenance(tool: "t", version: "0")),
      tensors: [
        tensor("train.images", [3, 4, 4], [UInt8](repeating: 9, count: 48)),
        tensor("train.labels", [3], [0, 2, 1]),
      ])
    try dataset.write(to: folder.path("data"), replacing: false)
    let result = try run(
      "cnn-train", ["data", "-o", "m", "--architecture", "mlp:4", "--steps", "1", "-q"], in: folder)
    #expect(result.status == 0, "\(result.error)")
    #expect(try ModelFile(contentsOf: folder.path("m")).manifest.labels == ["0", "1", "2"])
  }

  @Test func partsOfTheData() throws {
    _ = try train("a", "--per-class", "2", "--steps", "1", "-q")
    #expect(try result("a", "train").member("examples").integer() == 20)
    let first = try train("b", "--limit-train", "7", "--limit-test", "11", "--steps", "1")
    #expect(first.output.contains("/11), loss"))
    #expect(try result("b", "train").member("examples").integer() == 7)
    // Seven digits cannot show all ten classes.
    #expect(first.error.hasPrefix("cnn-train: no training example has label "))
    _ = try train("c", "--validation", "0.2", "--steps", "1", "-q")
    #expect(try result("c", "valid").member("examples").integer() == 30)
    #expect(try result("c", "train").member("examples").integer() == 120)
  }

  @Test func aGateForTheAccuracy() throws {
    let command = [Samples.dataset, "--architecture", "mlp:16", "--steps", "1", "-q"]
    let missed = try run("cnn-train", command + ["-o", "m", "--require-accuracy", "0.99"], in: folder)
    #expect(missed.status == 1)
    #expect(missed.output.hasPrefix("test accuracy 0."))
    #expect(missed.error == "cnn-train: the accuracy is below 0.99, which --require-accuracy asks for\n")
    #expect(folder.exists("m"))
    #expect(try run("cnn-train", command + ["-o", "n", "--require-accuracy", "0"], in: folder).status == 0)
  }

  @Test func aConfigFileGivesWhatTheOptionsGive() throws {
    let options = [
      "--architecture", "mlp:9:bn", "--epochs", "2", "--lr", "0.01", "--optimizer", "momentum:0.8",
      "--schedule", "cosine", "--weight-decay", "0.0001", "--loss", "cross-entropy:0.1", "--augment",
      "shift=1", "--init", "xavier", "--average", "0.5", "--seed", "7", "--per-class", "9", "--validation",
      "0.1", "--lr-scale", "fc1=0.5", "--batch-size", "20",
    ]
    let printed = try run("cnn-train", options + ["--print-config"], in: folder)
    #expect(printed.status == 0)
    #expect(printed.error == "")
    try folder.write("c.json", printed.output)
    #expect(
      try JSONNode(JSONReader.read(printed.outputBytes)).member("optimizer").string() == "momentum:0.8")
    let again = try run("cnn-train", ["--config", "c.json", "--print-config"], in: folder)
    #expect(again.output == printed.output)

    func bytes(_ name: String, _ arguments: [String]) throws -> [UInt8] {
      let result = try run("cnn-train", [Samples.dataset, "-q", "-o", name] + arguments, in: folder)
      #expect(result.status == 0, "\(result.error)")
      return try folder.read(name)
    }
    let wanted = try bytes("options", options)
    #expect(try bytes("file", ["--config", "c.json"]) == wanted)
    // The command line wins, wherever the file stands in it.
    #expect(
      try bytes("before", ["--seed", "8", "--config", "c.json"])
        == bytes("after", ["--config=c.json", "--seed=8"]))
    #expect(try folder.read("after") == bytes("changed", options.map { $0 == "7" ? "8" : $0 }))
    // Steps stand in for the file's epochs, and a list for the file's list.
    let stepped = try run(
      "cnn-train", ["--config", "c.json", "--steps", "3", "--lr-scale", "fc2=2", "--print-config"], in: folder
    )
    let object = try JSONNode(JSONReader.read(stepped.outputBytes))
    #expect(try object.member("steps").integer() == 3)
    #expect(try object.member("lr-scale").elements().map { try $0.string() } == ["fc2=2"])
  }

  @Test func aConfigFileKeepsWhereTheBaseLies() throws {
    let printed = try run(
      "cnn-train", ["--print-config", "--from", "some/where/base.safetensors"], in: folder)
    let object = try JSONNode(JSONReader.read(printed.outputBytes))
    #expect(try object.member("from").string() == "some/where/base.safetensors")
  }
}
