import CNNCodecs
import CNNEngine
import CNNFiles
import CNNInterchange
import CNNModelFile
import CNNTestSupport
import Testing

@testable import CNNInsight

/// Looking through networks against PyTorch. `Tests/python/make_insight_goldens.py` made the numbers.
@Suite struct PyTorchAgreementTests {
  private let networks: [JSONNode]

  init() throws {
    let path = RepositoryPaths.root + "/Tests/CNNInsightTests/Fixtures/insight.json"
    networks = try JSONNode(try JSONReader.read(TemporaryFolder.read(path))).member("networks").elements()
  }

  /// The sample model and sample digits.
  @Test func aTrainedNetworkIsSeenAsPyTorchSeesIt() throws {
    let golden = try #require(networks.first)
    let images = try Gzip.decompress(
      TemporaryFolder.read(RepositoryPaths.root + "/samples/t10k-sample-images-idx3-ubyte.gz"))
    let network = try LearntNetwork(SampleModel.make())
    try check(golden, network) { golden in
      let start = 16 + 784 * Int(try golden.member("sample").number())
      return network.inputs(forPixels: Array(images[start..<start + 784]))
    }
  }

  /// Everything that the sample model has not.
  @Test func everyOperationIsSeenAsPyTorchSeesIt() throws {
    let golden = try #require(networks.last)
    var nodes: [NetworkDescription.Node] = []
    for node in try golden.member("nodes").elements() {
      let op = try node.member("op").string()
      nodes.append(
        .init(
          name: try node.member("name").string(),
          operation: try #require(try Operation(name: op, attributes: node.member("attributes"))),
          inputs: try node.member("inputs").strings()))
    }
    let description = NetworkDescription(
      inputShape: try golden.floats("input_shape").dropFirst().map { Int($0) }, nodes: nodes,
      output: try golden.member("output").string())
    let tensors = try golden.member("parameters").members().map { name, parameter in
      try Tensor(
        name: name, shape: parameter.floats("shape").map { Int($0) }, values: parameter.floats("values"))
    }
    // So that a pixel of 0 is what the script takes for paper.
    let preprocessing = Preprocessing(divisor: 1, mean: -(try golden.member("paper").number()))
    let network = try LearntNetwork(description, tensors: tensors, preprocessing: preprocessing)
    try check(golden, network) { try $0.floats("input") }
  }

  /// 1e-5 of the greatest value: the goldens are rounded once, and sums here have some thousand terms. 1e-4 for falls of
  /// a probability, which are small differences of numbers near 1.
  private func check(
    _ golden: JSONNode, _ network: LearntNetwork, input: (JSONNode) throws -> [Float]
  ) throws {
    let patch = Saliency.Patch(
      size: Int(try golden.member("patch").number()), stride: Int(try golden.member("stride").number()))
    let cases = try golden.member("cases").elements()
    #expect(cases.count == 3)
    for kernels in KernelSet.available {
      let saliency = try Saliency(network, pool: WorkerPool(threadCount: 2), kernels: kernels)
      for golden in cases {
        let input = try input(golden)
        let label = Int(try golden.member("class").number())
        func expect(_ found: [Float], _ expected: [Float], _ what: String, within limit: Float = 1e-5) {
          let difference = largestDifference(found, expected)
          #expect(difference < limit, "\(what) of class \(label), \(kernels.name): \(difference)")
        }

        let gradient = try saliency.gradient(of: input, classIndex: label)
        #expect(gradient.values.count == gradient.width * gradient.height)
        expect(gradient.values, try golden.floats("gradient"), "gradient")
        for (layer, expected) in try golden.member("grad_cam").members() {
          let map = try saliency.gradCAM(of: input, classIndex: label, layer: layer)
          expect(map.values, try expected.elements().map { Float(try $0.number()) }, "Grad-CAM at \(layer)")
        }
        let logit = try saliency.occlusion(of: input, classIndex: label, patch: patch)
        expect(logit.values, try golden.floats("occlusion"), "occlusion")
        let probability = try saliency.occlusion(
          of: input, classIndex: label, patch: patch, measure: .probability)
        expect(
          probability.values, try golden.floats("occlusion_probability"), "occlusion by probability",
          within: 1e-4)

        let layers = try golden.member("maps").members()
        let maps = try FeatureMaps.maps(in: network, for: input, layers: layers.map(\.name))
        for ((name, expected), found) in zip(layers, maps) {
          #expect(found.layer == name)
          let units = try expected.floats("units").map { Int($0) }
          expect(units.flatMap { found.map($0) }, try expected.floats("values"), "maps of \(name)")
        }
      }
    }
  }

  /// The greatest difference as a part of the greatest magnitude that is expected.
  private func largestDifference(_ found: [Float], _ expected: [Float]) -> Float {
    guard found.count == expected.count else { return .infinity }
    let scale = expected.map(abs).max() ?? 0
    let largest = zip(found, expected).map { $0.isFinite ? abs($0 - $1) : .infinity }.max() ?? 0
    return largest == 0 ? 0 : largest / scale
  }
}

extension JSONNode {
  fileprivate func floats(_ name: String) throws -> [Float] {
    try member(name).elements().map { Float(try $0.number()) }
  }
}
