import CNNEngine
import CNNInterchange
import CNNModelFile
import CNNRecognition
import CNNTestSupport
import Testing

@Suite struct BuiltInModelTests {
  @Test func isSmallAndReadsDigits() throws {
    let model = try BuiltInModel.load()
    #expect(model.manifest.kind == .model)
    #expect(model.manifest.labels == (0...9).map(String.init))
    #expect(model.manifest.preprocessing?.normalization == .mnist)
    #expect(BuiltInModel.bytes.count <= 1_000_000)
    #expect(model.tensors.reduce(0) { $0 + $1.elementCount } <= 500_000)
  }

  /// What docs/built-in-model.md promises, on MNIST's test digits.
  @Test(
    .enabled(if: SharedData.isPresent, "the data beside the repository are not there"),
    .enabled(if: BuildKind.isRelease, "heavy: runs in release builds"))
  func isAccurateAndHonest() throws {
    let files = ["t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"]
    let data = try DatasetInputs.load(
      files.map { try LoadedInput(path: SharedData.path("mnist/" + $0)) }, requiresLabels: true, tool: "test",
      version: "0")
    let model = try BuiltInModel.load()
    let preprocessing = try #require(model.manifest.preprocessing)
    let examples = try #require(Examples(data, split: "test", preprocessing: preprocessing))
    let description = try #require(model.manifest.network)
    let network = try Network(description, tensors: model.tensors)
    let logits = try InferenceSession(network).logits(for: examples)
    var evaluation = DetailedEvaluation(classCount: 10)
    for (index, label) in examples.labels.enumerated() {
      evaluation.add(.logits(Array(logits[index * 10..<index * 10 + 10])), label: label)
    }
    #expect(evaluation.summary.total == 10_000)
    #expect(evaluation.summary.accuracy >= 0.996)
    #expect(evaluation.calibration.expectedError <= 0.005)
  }
}
