import CNNCodecs
import CNNModelFile
import CNNTestSupport
import Testing

@testable import CNNEngine

/// The engine against PyTorch. `Tests/python/make_engine_goldens.py` made the numbers.
@Suite struct GoldenTests {
  private let goldens: JSONNode

  init() throws {
    let path = RepositoryPaths.root + "/Tests/CNNEngineTests/Fixtures/goldens.json"
    goldens = JSONNode(try JSONReader.read(TemporaryFolder.read(path)))
  }

  @Test func everyOperationAgrees() throws {
    let cases = try goldens.member("cases").elements()
    #expect(cases.count > 90)
    for golden in cases {
      let name = try golden.member("name").string()
      let op = try golden.member("op").string()
      let operation = try #require(
        try Operation(name: op, attributes: golden.member("attributes")), "\(name): \(op)")
      let description = NetworkDescription(
        inputShape: try golden.shape("input_shape").dropFirst().map { $0 },
        nodes: [.init(name: "layer", operation: operation, inputs: ["input"])], output: "layer")
      var tensors: [Tensor] = []
      for (suffix, parameter) in try golden.member("parameters").members() {
        tensors.append(try parameter.tensor("layer.\(suffix)"))
      }
      try check(
        Network(description, tensors: tensors), input: golden.floats("input"),
        expected: golden.floats("output"), name: name)
      #expect(try golden.shape("output_shape").dropFirst() == (try description.inferShapes())["layer"]?[...])
    }
  }

  @Test func wholeNetworksAgree() throws {
    let networks = try goldens.member("networks").elements()
    #expect(networks.count == 3)
    for golden in networks {
      let (description, tensors) = try golden.network()
      try check(
        Network(description, tensors: tensors), input: golden.floats("input"),
        expected: golden.floats("expected"), name: golden.member("name").string())
    }
  }

  /// 1e-5 of the greatest output: the sums are short, the goldens are rounded once.
  private func check(_ network: Network, input: [Float], expected: [Float], name: String) throws {
    for (kernels, found) in try outputs(network, input) {
      #expect(relativeDifference(found, expected.map(Double.init)) < 1e-5, "\(name), \(kernels)")
    }
  }
}

extension JSONNode {
  func shape(_ name: String) throws -> [Int] {
    try member(name).elements().map { Int(try $0.number()) }
  }

  func floats(_ name: String) throws -> [Float] {
    try member(name).elements().map { Float(try $0.number()) }
  }

  func tensor(_ name: String) throws -> Tensor {
    Tensor(name: name, shape: try shape("shape"), values: try floats("values"))
  }

  /// A network with its parameters, as the goldens hold it.
  func network() throws -> (NetworkDescription, [Tensor]) {
    var nodes: [NetworkDescription.Node] = []
    for node in try member("nodes").elements() {
      let op = try node.member("op").string()
      nodes.append(
        .init(
          name: try node.member("name").string(),
          operation: try #require(try Operation(name: op, attributes: node.member("attributes"))),
          inputs: try node.member("inputs").strings()))
    }
    let description = NetworkDescription(
      inputShape: try shape("input_shape").dropFirst().map { $0 }, nodes: nodes,
      output: try member("output").string())
    let tensors = try member("parameters").members().map { try $0.node.tensor($0.name) }
    return (description, tensors)
  }
}
