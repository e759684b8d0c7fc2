import CNNCodecs
import CNNEngine
import CNNInterchange
import CNNModelFile
import CNNRecognition
import CNNTestSupport
import Testing

/// The three networks that *Deep Learning from Scratch* pickled, on all test digits of MNIST. Heavy: release only.
@Suite(
  .enabled(if: SharedData.isPresent, "the data beside the repository are not there"),
  .enabled(if: BuildKind.isRelease, "heavy: runs in release builds"))
struct BookWeightsTests {
  @Test(arguments: [
    ("sample_weight", 9352), ("simple_convnet_params", 9600), ("deep_convnet_params", 9797),
  ]) func theCountsAreThoseOfTheBook(name: String, right: Int) throws {
    let weights = try LoadedInput(path: SharedData.path("weights/\(name).pkl"))
    let model = try Conversion([weights], options: .init(), tool: "test", version: "0").file
    let recognizer = try DigitRecognizer(model)
    let data = try DatasetInputs.load(
      ["images-idx3", "labels-idx1"].map {
        try LoadedInput(path: SharedData.path("mnist/t10k-\($0)-ubyte.gz"))
      }, requiresLabels: true, tool: "test", version: "0")
    let images = try #require(data.tensor(named: "test.images"))
    let labels = try #require(data.tensor(named: "test.labels")?.integers())
    var evaluation = Evaluation()
    evaluation.add(
      logits: recognizer.logits(pixels: images.bytes), classes: 10, labels: labels.map { Int($0) })
    #expect(evaluation.correct == right)
    #expect(evaluation.total == 10_000)
  }

  @Test func theTheanoDataSetIsThatOfTheIDXFiles() throws {
    let pickled = try DatasetInputs.load(
      [LoadedInput(path: SharedData.path("mnist/mnist.pkl.gz"))], requiresLabels: true, tool: "test",
      version: "0")
    let original = try DatasetInputs.load(
      ["t10k-labels-idx1", "train-images-idx3", "t10k-images-idx3", "train-labels-idx1"].map {
        try LoadedInput(path: SharedData.path("mnist/\($0)-ubyte.gz"))
      }, requiresLabels: true, tool: "test", version: "0")
    #expect(pickled.manifest.divisor == 256)
    #expect(original.manifest.divisor == 255)
    func bytes(_ file: ModelFile, _ name: String) throws -> [UInt8] {
      try #require(file.tensor(named: name)).bytes
    }
    for kind in ["images", "labels"] {
      let joined = try bytes(pickled, "train.\(kind)") + bytes(pickled, "valid.\(kind)")
      #expect(try joined == bytes(original, "train.\(kind)"), "\(kind) of training and validation")
      #expect(
        try bytes(pickled, "test.\(kind)") == bytes(original, "test.\(kind)"), "\(kind) of the test split")
    }
  }
}
