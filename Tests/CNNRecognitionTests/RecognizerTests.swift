import CNNCodecs
import CNNEngine
import CNNModelFile
import CNNRecognition
import CNNTestSupport
import Testing

@Suite struct RecognizerTests {
  private let recognizer: DigitRecognizer

  init() throws {
    recognizer = try DigitRecognizer(SampleModel.make(), pool: WorkerPool(threadCount: 2))
  }

  private func sample(_ name: String) throws -> [UInt8] {
    try TemporaryFolder.read(RepositoryPaths.root + "/samples/digits/\(name).png")
  }

  @Test(arguments: [
    "0-plain", "1-one-bit", "2-grey-alpha", "2-palette", "3-rgb", "4-plain", "5-sixteen-bit", "6-interlaced",
    "7-plain", "7-rgba", "8-black-on-white", "9-large",
  ]) func everySampleIsReadRight(name: String) throws {
    #expect(try recognizer.predict(png: sample(name)).label == String(name.prefix(1)))
  }

  @Test func aPictureOfTheRightSizeWhiteOnBlackIsTakenAsItIs() throws {
    let picture = try PNG.decodeGray(sample("0-plain"))
    #expect(try recognizer.prepared(picture).image == picture)
  }

  @Test func blackOnWhiteIsTheSameDigitInverted() throws {
    let picture = try PNG.decodeGray(sample("8-black-on-white"))
    #expect(try recognizer.prepared(picture).image.pixels == picture.pixels.map { 255 - $0 })
  }

  @Test func aModelThatWantsBlackOnWhiteGetsIt() throws {
    var model = try SampleModel.make()
    model.manifest.preprocessing?.polarity = .blackOnWhite
    let other = try DigitRecognizer(model)
    let picture = try PNG.decodeGray(sample("0-plain"))
    #expect(try other.prepared(picture).image.pixels == picture.pixels.map { 255 - $0 })
  }

  @Test func preprocessingIsDone() throws {
    let pixels = try PNG.decodeGray(sample("4-plain")).pixels
    var model = try SampleModel.make()
    model.manifest.preprocessing = Preprocessing(divisor: 256, mean: 0.25, deviation: 0.5)
    let logits = try DigitRecognizer(model).logits(pixels: pixels)
    let inputs = pixels.map { (Float($0) / 256 - 0.25) / 0.5 }
    #expect(logits == recognizer.logits(inputs: inputs))
    #expect(logits != recognizer.logits(pixels: pixels))
  }

  @Test func aDataSetIsNoModel() throws {
    let data = ModelFile(
      manifest: Manifest(kind: .dataset, divisor: 255, provenance: Provenance(tool: "t", version: "0")),
      tensors: [])
    #expect(throws: DigitRecognizer.Failure.notAModel(.dataset)) { try DigitRecognizer(data) }
  }

  @Test func predictionsAreRanked() {
    let prediction = Prediction(logits: [1, 3, 3, -2], labels: ["a", "b", "c", "d"])
    #expect(prediction.label == "b", "among equals the first")
    #expect(prediction.top(3).map(\.label) == ["b", "c", "a"])
    #expect(prediction.top(9).count == 4)
    #expect(abs(prediction.probabilities.reduce(0, +) - 1) < 1e-12)
    let huge = Prediction(logits: [1e30, -1e30], labels: ["a", "b"])
    #expect(huge.probabilities == [1, 0])
    #expect(Prediction(logits: [.nan, 1], labels: ["a", "b"]).label == "b")
    let broken = Prediction(logits: [.nan, 1, -.infinity, .nan, 2], labels: ["a", "b", "c", "d", "e"])
    #expect(broken.label == "e")
    #expect(broken.top(5).map(\.label) == ["e", "b", "c", "a", "d"], "what is no number comes last")
  }

  @Test func evaluationCountsAndMeasures() {
    var evaluation = Evaluation()
    evaluation.add(logits: [2, 0, 0, 2, 5, 5], classes: 2, labels: [0, 0, 1])
    #expect(evaluation.total == 3)
    #expect(evaluation.correct == 1)
    // -log softmax: log(1 + e^-2), 2 + log(1 + e^-2), log 2.
    let expected = (2 * 0.126928011042972 + 2 + 0.693147180559945) / 3
    #expect(abs(evaluation.loss - expected) < 1e-12)
  }

  @Test func theIntervalIsWilsons() {
    var evaluation = Evaluation()
    evaluation.add(
      logits: (0..<10).flatMap { _ in [1, 0] as [Float] }, classes: 2, labels: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
    // Of 8 in 10, by the formula: 0.4902 to 0.9433.
    #expect(abs(evaluation.interval.lowerBound - 0.4901624715366418) < 1e-12)
    #expect(abs(evaluation.interval.upperBound - 0.9433178485456248) < 1e-12)
  }
}
