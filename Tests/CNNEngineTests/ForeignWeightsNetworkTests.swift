import CNNCodecs
import CNNInterchange
import CNNModelFile
import CNNTestSupport
import Testing

@testable import CNNEngine

/// Weights that PyTorch, Chainer, Flax, Keras and NumPy wrote under their own names give those frameworks' logits.
/// `Tests/python/make_weight_goldens.py` made files and numbers.
@Suite struct ForeignWeightsNetworkTests {
  private static let folder = RepositoryPaths.root + "/Tests/CNNInterchangeTests/Fixtures/weights/"

  /// The network of `torch-graph.safetensors`, which is no preset.
  private static let graph = NetworkDescription(
    inputShape: [1, 6, 6],
    nodes: [
      .init(
        name: "first",
        operation: .conv2d(
          .init(inputChannels: 1, outputChannels: 2, kernelSize: .init(3, 3), hasBias: false)),
        inputs: ["input"]),
      .init(name: "second", operation: .batchNorm(.init(features: 2)), inputs: ["first"]),
      .init(name: "relu", operation: .relu, inputs: ["second"]),
      .init(name: "pool", operation: .maxPool2d(.init(kernelSize: .init(2, 2))), inputs: ["relu"]),
      .init(name: "flatten", operation: .flatten, inputs: ["pool"]),
      .init(
        name: "last", operation: .linear(.init(inputFeatures: 8, outputFeatures: 3)), inputs: ["flatten"]),
    ], output: "last")

  /// The two pictures of the script.
  private func pictures(pixelCount: Int) -> [Float] {
    var values: [Float] = []
    for n in 0..<2 {
      for i in 0..<pixelCount {
        let byte = (37 * i + 11 * (i / 28) + 101 * n) % 256
        values.append(Float(byte >> n) / 255)
      }
    }
    return values
  }

  @Test func logitsAgree() throws {
    let goldens = JSONNode(try JSONReader.read(TemporaryFolder.read(Self.folder + "weights.json")))
    let lines = try goldens.elements()
    #expect(lines.count == 28)
    for line in lines {
      let file = try line.member("file").string()
      let options = try line.member("options")
      var weights = WeightImportOptions()
      let architecture = try? line.member("architecture").string()
      if architecture == nil { weights.network = Self.graph }
      weights.architecture = try options.optionalMember("given").map { try Architecture(name: $0.string()) }
      weights.rotatedKernels = try options.optionalMember("rotated") != nil
      weights.kernelLayout = try options.optionalMember("kernels").flatMap {
        KernelLayout(rawValue: try $0.string())
      }
      weights.flattenOrder = try options.optionalMember("flatten").flatMap {
        FlattenOrder(rawValue: try $0.string())
      }
      let conversion = try Conversion(
        [LoadedInput(path: Self.folder + file)], options: .init(weights: weights), tool: "test", version: "0")
      guard case .weights(let result) = conversion.report else {
        Issue.record("\(file) is no weights")
        continue
      }
      #expect(result.architecture == architecture, "\(file)")
      let network = try Network(result.network, tensors: result.tensors)
      let expected = try line.member("logits").elements().flatMap {
        try $0.elements().map { try $0.number() }
      }
      let input = pictures(pixelCount: result.network.inputShape.reduce(1, *))
      for (kernels, found) in try outputs(network, input) {
        #expect(relativeDifference(found, expected) < 1e-5, "\(file), \(kernels)")
      }
    }
  }
}
