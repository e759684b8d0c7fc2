import CNNCodecs
import CNNEngine
import CNNModelFile
import CNNRecognition
import CNNTestSupport
import Testing

@Suite struct EnsembleTests {
  /// A model that looks at the picture's first pixel only: its logits are `slopes` times that plus `biases`.
  private func recognizer(
    _ slopes: [Float] = [0, 0], _ biases: [Float] = [0, 0], height: Int = 2, width: Int = 2,
    labels: [String] = ["a", "b"], preprocessing: Preprocessing = Preprocessing(), threads: Int = 1
  ) throws -> DigitRecognizer {
    let inputs = height * width
    let network = NetworkDescription(
      inputShape: [1, height, width],
      nodes: [
        .init(name: "flatten", operation: .flatten, inputs: ["input"]),
        .init(
          name: "fc1", operation: .linear(.init(inputFeatures: inputs, outputFeatures: slopes.count)),
          inputs: ["flatten"]),
      ], output: "fc1")
    let weights = slopes.flatMap { [$0] + [Float](repeating: 0, count: inputs - 1) }
    let model = ModelFile(
      manifest: Manifest(
        kind: .model, network: network, labels: labels, preprocessing: preprocessing,
        provenance: Provenance(tool: "t", version: "0")),
      tensors: [
        Tensor(name: "fc1.bias", shape: [slopes.count], values: biases),
        Tensor(name: "fc1.weight", shape: [slopes.count, inputs], values: weights),
      ])
    var recognizer = try DigitRecognizer(model, pool: WorkerPool(threadCount: threads))
    recognizer.preparation.normalization = .scaledOnly
    return recognizer
  }

  private func isClose(_ found: [Double], _ expected: [Double]) -> Bool {
    found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) < 1e-7 }
  }

  private func sample(_ name: String) throws -> [UInt8] {
    try TemporaryFolder.read(RepositoryPaths.root + "/samples/digits/\(name).png")
  }

  /// The sample's network with all its parameters times `factor`.
  private func scaled(_ factor: Float, threads: Int, _ preprocessing: Preprocessing = Preprocessing()) throws
    -> DigitRecognizer
  {
    var model = try SampleModel.make()
    model.tensors = model.tensors.map { tensor in
      Tensor(name: tensor.name, shape: tensor.shape, values: tensor.floats().map { $0 * factor })
    }
    model.manifest.preprocessing = preprocessing
    return try DigitRecognizer(model, pool: WorkerPool(threadCount: threads))
  }

  @Test func probabilitiesAreAveraged() throws {
    // 1/4 and 3/4; 9/10 and 1/10.
    let ensemble = try RecognizerEnsemble([
      recognizer([0, 0], [0, 1.0986123]), recognizer([0, 0], [2.1972246, 0]),
    ])
    let prediction = try ensemble.predict(GrayImage(width: 2, height: 2, pixels: [0, 0, 0, 9]))
    #expect(isClose(prediction.probabilities, [0.575, 0.425]))
    #expect(prediction.label == "a")
    #expect(prediction.probability == prediction.probabilities[0])
    #expect(prediction.top(9).map(\.label) == ["a", "b"])
    #expect(prediction.logits == nil, "there are none in common")
  }

  @Test func oneModelGivesWhatItsRecognizerGives() throws {
    let recognizer = try DigitRecognizer(SampleModel.make())
    let ensemble = try RecognizerEnsemble([recognizer])
    let pixels = try PNG.decodeGray(sample("4-plain")).pixels
    #expect(try ensemble.predict(png: sample("9-large")) == recognizer.predict(png: sample("9-large")))
    #expect(ensemble.scores(pixels: pixels) == .logits(recognizer.logits(pixels: pixels)))
    #expect(ensemble.predictions(from: ensemble.scores(pixels: pixels)) == recognizer.predict(pixels: pixels))
    #expect(ensemble.labels == recognizer.labels)
    #expect(ensemble.classCount == 10)
  }

  @Test func theMeanIsThatOfTheMembersInTheirOrderForAnyNumberOfThreads() throws {
    let pixels = try ["0-plain", "4-plain", "7-plain"].flatMap { try PNG.decodeGray(sample($0)).pixels }
    var all: [ClassScores] = []
    for threads in 1...3 {
      let members = try [
        DigitRecognizer(SampleModel.make(), pool: WorkerPool(threadCount: threads)),
        scaled(0.75, threads: threads), scaled(0.875, threads: threads, Preprocessing(divisor: 256)),
      ]
      let ensemble = try RecognizerEnsemble(members)
      let predictions = members.map { $0.predict(pixels: pixels) }
      let means = (0..<3).flatMap { picture in
        (0..<10).map { place in
          (predictions[0][picture].probabilities[place] + predictions[1][picture].probabilities[place]
            + predictions[2][picture].probabilities[place]) / 3
        }
      }
      all.append(ensemble.scores(pixels: pixels))
      #expect(all.last == .probabilities(means))
    }
    #expect(all[0] == all[1] && all[1] == all[2])
  }

  @Test func aPictureIsReadAsInCompany() throws {
    let ensemble = try RecognizerEnsemble([
      DigitRecognizer(SampleModel.make()), scaled(0.75, threads: 2),
    ])
    let pictures = try ["0-plain", "4-plain", "7-plain"].map { try PNG.decodeGray(sample($0)) }
    let together = ensemble.predictions(from: ensemble.scores(pixels: pictures.flatMap(\.pixels)))
    #expect(try together == pictures.map { try ensemble.predict($0) })
  }

  @Test func everyModelGetsThePictureThroughItsOwnPreprocessing() throws {
    // ln 3 for a pixel of 255 and of 127.5 - and for one that is 0 in black on white.
    let slopes: [Float] = [0, 1.0986123]
    let plain = try recognizer(slopes)
    let scaled = try recognizer(slopes, preprocessing: Preprocessing(divisor: 127.5, mean: 1))
    let inverted = try recognizer(slopes, preprocessing: Preprocessing(polarity: .blackOnWhite))
    // White ink in one corner.
    let ink = GrayImage(width: 2, height: 2, pixels: [255, 0, 0, 0])
    let pictures = try RecognizerEnsemble([plain, inverted, scaled]).prepared(ink).map(\.image)
    #expect(pictures == [ink, GrayImage(width: 2, height: 2, pixels: [0, 255, 255, 255]), ink])
    #expect(
      try isClose(RecognizerEnsemble([plain, scaled]).predict(ink).probabilities, [0.25, 0.75]),
      "255 / 127.5 - 1 is 1 too")
    #expect(
      try isClose(RecognizerEnsemble([plain, inverted]).predict(ink).probabilities, [0.375, 0.625]),
      "the inverted picture has no ink in the corner: one half each")
  }

  @Test func inputsThatArePreprocessedAreTakenAsTheyAre() throws {
    let ensemble = try RecognizerEnsemble([
      recognizer([0, 1.0986123]),
      recognizer([0, 1.0986123], preprocessing: Preprocessing(divisor: 3, mean: 7)),
    ])
    let predictions = ensemble.predictions(from: ensemble.scores(inputs: [1, 0, 0, 0, 0, 1, 1, 1]))
    #expect(predictions.count == 2)
    #expect(isClose(predictions[0].probabilities, [0.25, 0.75]))
    #expect(predictions[1].probabilities == [0.5, 0.5])
    #expect(predictions[1].label == "a", "among equals the first")
  }

  @Test func aModelThatIsThereTwiceCountsTwice() throws {
    let (first, second) = try (recognizer([0, 0], [0, 1.0986123]), recognizer([0, 0], [2.1972246, 0]))
    let ensemble = try RecognizerEnsemble([first, second, second])
    #expect(
      isClose(
        ensemble.predictions(from: ensemble.scores(inputs: [0, 0, 0, 0]))[0].probabilities,
        [
          2.05 / 3, 0.95 / 3,
        ]))
  }

  @Test func modelsThatCannotBeAveraged() throws {
    func expect(
      _ difference: EnsembleMismatch.Difference, _ other: DigitRecognizer, _ explanation: String,
      sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      let mismatch = EnsembleMismatch(member: 2, difference: difference)
      let fitting = try recognizer([1, 2], [3, 4])
      #expect(throws: mismatch, sourceLocation: sourceLocation) {
        try RecognizerEnsemble([recognizer(), fitting, other])
      }
      #expect(mismatch.description == "model 3: " + explanation, sourceLocation: sourceLocation)
    }
    try expect(
      .inputSize([2, 2], [4, 1]), recognizer(height: 4, width: 1),
      "the model takes pictures of 4x1, and model 1 takes 2x2; models that are averaged must take the same pictures"
    )
    try expect(
      .classCount(2, 3), recognizer([0, 0, 0], [0, 0, 0], labels: ["a", "b", "c"]),
      "the model has 3 classes, and model 1 has 2; models that are averaged must have the same classes")
    try expect(
      .label(index: 1, "b", "c"), recognizer(labels: ["a", "c"]),
      "output 1 stands for 'c', and in model 1 for 'b'; models that are averaged must have the same labels in the "
        + "same order")
    try expect(
      .label(index: 0, "a", "b"), recognizer(labels: ["b", "a"]),
      "output 0 stands for 'b', and in model 1 for 'a'; models that are averaged must have the same labels in the "
        + "same order")
  }

  @Test func classesWithoutNamesAreTheirNumbers() throws {
    let ensemble = try RecognizerEnsemble([recognizer(labels: []), recognizer(labels: ["0", "1"])])
    #expect(ensemble.labels == ["0", "1"])
  }
}
