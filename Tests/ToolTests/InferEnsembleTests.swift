import CNNCodecs
import CNNTestSupport
import Testing

/// `cnn-infer` with several models.
@Suite struct InferEnsembleTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func infer(_ models: [String], _ arguments: String...) throws -> ToolRunner.Result {
    try run("cnn-infer", models.flatMap { ["--model", $0] } + arguments, in: folder)
  }

  /// A model that says the same of every black picture: the softmax of `biases`.
  private func model(_ name: String, biases: [Float], size: [Int] = [28, 28], labels: String? = nil) throws
    -> String
  {
    let inputs = size[0] * size[1]
    let weights = [Float](repeating: 1, count: biases.count * inputs)
    try folder.write(
      "plain",
      TinyFiles.plain([
        ("fc1.weight", [biases.count, inputs], weights), ("fc1.bias", [biases.count], biases),
      ]))
    let graph = TinyFiles.linearGraph(shape: [1] + size)
      .replacing(#""out_features": 2"#, with: #""out_features": \#(biases.count)"#)
    try folder.write("graph.json", graph)
    let names = labels.map { ["--labels", $0] } ?? []
    let result = try run(
      "mnist-convert", ["plain", "-o", name, "--architecture", "graph.json", "-q"] + names, in: folder)
    #expect(result.status == 0 && result.error == "")
    return name
  }

  /// Models that give the classes 1/4 and 3/4, and 9/10 and 1/10.
  private func pair() throws -> [String] {
    [
      try model("a.safetensors", biases: [0, 1.0986123]), try model("b.safetensors", biases: [2.1972246, 0]),
    ]
  }

  /// The sample's weights behind another preprocessing, which changes its probabilities a little.
  private func variant() throws -> String {
    let command = [
      Samples.weights, "-o", "variant.safetensors", "-q", "--divisor", "200", "--mean", "0.1",
    ]
    #expect(try run("mnist-convert", command, in: folder).status == 0)
    return "variant.safetensors"
  }

  @Test func probabilitiesAreAveraged() throws {
    try folder.write("images", TinyFiles.images(2))
    let models = try pair()
    #expect(try infer([models[0]], "images").output == "train[0]\t1\t0.7500\ntrain[1]\t1\t0.7500\n")
    // The mean of the logits would be 0.6340.
    let result = try infer(models, "images")
    #expect(result.status == 0)
    #expect(result.output == "train[0]\t0\t0.5750\ntrain[1]\t0\t0.5750\n")
    #expect(result.error == "")
    #expect(try infer(models.reversed(), "images").output == result.output)
    #expect(
      try infer(models + [models[0]], "images", "--top-k", "2").output
        == "train[0]\t1\t0.5333\t0\t0.4667\ntrain[1]\t1\t0.5333\t0\t0.4667\n",
      "a model named twice counts twice")
  }

  @Test func theFiguresAreThoseOfTheMeans() throws {
    try folder.write("images", TinyFiles.images(2))
    try folder.write("labels", TinyFiles.labels([0, 1]))
    let result = try infer(pair(), "--evaluate", "images", "labels")
    #expect(result.status == 0)
    // The loss is (-ln 0.575 - ln 0.425) / 2.
    #expect(
      result.output == """
        accuracy 0.5000 (1/2)
        loss 0.7045
        95% interval 0.0945 to 0.9055
        calibration error 0.0750

        true \\ read  0  1
        0            1  .
        1            1  .

        class  pictures  right  precision  recall      F1
        0             1      1     0.5000  1.0000  0.6667
        1             1      0          -  0.0000  0.0000

        """)
  }

  @Test func everyModelHasItsOwnPreprocessing() throws {
    let (plain, other) = (try Samples.model(), try variant())
    for inputs in [Samples.digits, Samples.images] {
      func probabilities(_ models: [String]) throws -> [String: Double] {
        let objects = try lines(infer(models, inputs, "--json", "--top-k", "10").output).map(json)
        return try Dictionary(
          objects.flatMap { object in
            let file = try object.member("file").string()
            return try object.member("top").elements().map {
              (try "\(file) \($0.member("label").string())", try $0.member("probability").number())
            }
          }, uniquingKeysWith: { first, _ in first })
      }
      let (first, second) = (try probabilities([plain]), try probabilities([other]))
      let mean = try probabilities([plain, other])
      #expect(first != second)
      #expect(first.count == mean.count && first.count >= 120)
      for (key, value) in mean {
        #expect(abs(value - ((first[key] ?? .nan) + (second[key] ?? .nan)) / 2) < 1.1e-6)
      }
    }
  }

  @Test func jsonHasTheKeysOfOneModel() throws {
    let models = [try Samples.model(), try variant()]
    let digit = Samples.digit("4-plain")
    let object = try json(#require(lines(infer(models, digit, "--json", "--top-k", "2").output).first))
    #expect(
      try object.members().map(\.name) == [
        "file", "label", "probability", "top", "probabilities", "margin", "normalization",
      ])
    let evaluation = try json(
      #require(lines(infer(models, "--evaluate", Samples.dataset, "--json").output).first))
    let one = try json(
      #require(lines(infer([models[0]], "--evaluate", Samples.dataset, "--json").output).first))
    #expect(try evaluation.members().map(\.name) == one.members().map(\.name))
  }

  @Test func anyNumberOfThreadsGivesTheSameBytes() throws {
    let models = [try Samples.model(), try variant()]
    let all = try ["1", "2", "3", "17"].map {
      try infer(models, Samples.digits, Samples.images, "--json", "--top-k", "10", "--threads", $0).output
        + infer(models, "--evaluate", Samples.images, Samples.labels, "--json", "--threads", $0).output
    }
    #expect(lines(all[0]).count == 12 + 500 + 1)
    #expect(Set(all).count == 1)
  }

  @Test func aModelWithItselfGivesTheSame() throws {
    let model = try Samples.model()
    #expect(try infer([model, model], Samples.digits).output == infer([model], Samples.digits).output)
    let evaluation = try infer([model, model], "--evaluate", Samples.testSet())
    #expect(try evaluation.output == infer([model], "--evaluate", Samples.testSet()).output)
  }

  @Test func foldersOfPicturesAreEvaluated() throws {
    for (name, label) in [("7-plain", "7"), ("9-large", "9"), ("0-plain", "1")] {
      try folder.write("digits/\(label)/x.png", TemporaryFolder.read(Samples.digit(name)))
    }
    try folder.write("digits/7/y.png", "no picture")
    let result = try infer([Samples.model(), variant()], "--evaluate", "digits")
    #expect(result.status == 1)
    #expect(lines(result.output).first == "accuracy 0.6667 (2/3)")
    #expect(lines(result.error).count == 1 && result.error.hasPrefix("cnn-infer: digits/7/y.png: "))
  }

  @Test func modelsThatCannotBeAveraged() throws {
    let digit = Samples.digit("7-plain")
    let first = try model("a.safetensors", biases: [0, 1])
    let others: [(String, String)] = [
      (
        try model("size.safetensors", biases: [0, 1], size: [4, 3]),
        "the model takes pictures of 4x3, and a.safetensors takes 28x28; models that are averaged must take the same "
          + "pictures"
      ),
      (
        try model("count.safetensors", biases: [0, 1, 2]),
        "the model has 3 classes, and a.safetensors has 2; models that are averaged must have the same classes"
      ),
      (
        try model("labels.safetensors", biases: [0, 1], labels: "0,B"),
        "output 1 stands for 'B', and in a.safetensors for '1'; models that are averaged must have the same labels in "
          + "the same order"
      ),
    ]
    for (other, explanation) in others {
      // Behind one that fits.
      try expectFailure(
        65, "\(other): \(explanation)", "cnn-infer",
        ["--model", first, "--model", first, "--model", other, digit], in: folder)
    }
  }

  @Test func everyModelMustBeOne() throws {
    let (model, digit) = (try Samples.model(), Samples.digit("7-plain"))
    try expectFailure(
      66, "missing: there is no such file", "cnn-infer", ["--model", model, "--model", "missing", digit],
      in: folder)
    try expectFailure(
      65, "\(Samples.testSet()): this is a dataset file; a model is needed", "cnn-infer",
      ["--model", model, "--model", Samples.testSet(), digit], in: folder)
  }

  @Test func thereAreNoCommonLogits() throws {
    let model = try Samples.model()
    try expectFailure(
      64,
      "--logits takes one --model; of several, the probabilities are averaged, and there are no common logits",
      "cnn-infer", ["--model", model, "--model", model, "--logits", Samples.digits], in: folder)
  }

  @Test func onlyOneModelComesFromStandardInput() throws {
    let digit = Samples.digit("7-plain")
    try expectFailure(
      64, "- stands for standard input, which can be read only once", "cnn-infer",
      ["--model", "-", "--model", "-", digit], in: folder)
    let result = try run(
      "cnn-infer", ["--model", variant(), "--model", "-", digit], in: folder,
      input: TemporaryFolder.read(Samples.model()))
    #expect(result.output == "\(digit)\t7\t1.0000\n")
  }

  @Test func aPipeNamedTwiceIsReadOnce() throws {
    let script = #"mkfifo m; cat "$1" > m & cnn-infer --model m --model m "$2""#
    let result = try shell(script, [Samples.model(), Samples.digit("4-plain")], in: folder)
    #expect(result.output == "\(Samples.digit("4-plain"))\t4\t0.9779\n")
    #expect(result.error == "")
  }

  @Test func theHelpSaysThatItMayBeRepeated() throws {
    let help = try run("cnn-infer", ["--help"], in: folder).output
    #expect(help.contains("--model <model>"))
    #expect(help.contains("Given several times"))
  }
}
