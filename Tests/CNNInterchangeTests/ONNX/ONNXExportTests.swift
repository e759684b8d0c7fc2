import CNNCodecs
import CNNInterchange
import CNNModelFile
import CNNTestSupport
import Testing

/// What exported files hold. `Tests/python/check_onnx.py` runs them in ONNX Runtime.
@Suite struct ONNXExportTests {
  static let architectures = [
    "lenet:tanh", "simple-convnet", "double-convnet", "deep-convnet", "mlp:7,5",
    "mlp:6:sigmoid:bn:dropout=0.3",
  ]

  private static let labels = ["null", "eins \"1\"", "zwei"]
  private static let preprocessing = Preprocessing(
    divisor: 256, mean: 0.125, deviation: 0.5, polarity: .blackOnWhite, normalization: .none)

  /// A model of `network` whose weights count up.
  private static func file(_ network: NetworkDescription, kind: Manifest.Kind = .model) -> ModelFile {
    let tensors = network.parameters.map { name, parameter in
      let count = parameter.shape.reduce(1, *)
      return parameter.elementType == .float32
        ? Tensor(name: name, shape: parameter.shape, values: (0..<count).map { Float($0 % 97) / 64 })
        : Tensor(
          name: name, elementType: parameter.elementType, shape: [],
          bytes: [9] + [UInt8](repeating: 0, count: parameter.elementType.byteCount - 1))
    }
    return ModelFile(
      manifest: Manifest(
        kind: kind, network: network, labels: labels, preprocessing: preprocessing,
        provenance: Provenance(tool: "test", version: "0")), tensors: tensors)
  }

  @Test(arguments: architectures, [false, true]) func everyPresetComesBackAsItWas(
    _ name: String, _ testTimeDropout: Bool
  ) throws {
    let network = try Architecture(name: name).network(outputs: 3, testTimeDropout: testTimeDropout)
    let file = Self.file(network)
    let bytes = try ONNXExport.bytes(of: file, version: "1.0")
    #expect(try ONNXExport.bytes(of: file, version: "1.0") == bytes)
    let result = try ImportedNetwork(ONNXModel(parsing: bytes))
    var expected = network
    if !testTimeDropout {
      // What changes nothing at inference is not there.
      expected.nodes.removeAll { if case .dropout = $0.operation { true } else { false } }
      for index in expected.nodes.indices.dropFirst() {
        expected.nodes[index].inputs = [expected.nodes[index - 1].name]
      }
    }
    #expect(result.network == expected)
    for tensor in result.tensors where !tensor.name.hasSuffix("num_batches_tracked") {
      #expect(file.tensor(named: tensor.name) == tensor)
    }
    #expect(result.labels == Self.labels && result.preprocessing == Self.preprocessing)
    #expect(result.largestRelativeError == 0)
  }

  @Test func inputOutputAndVersions() throws {
    let network = try Architecture(name: "lenet").network(outputs: 3)
    let model = try ONNXExport(Self.file(network), producer: "someone", version: "7").model
    #expect(model.irVersion == 8 && model.operatorSets == [.init(version: 17)])
    #expect(model.producerName == "someone" && model.producerVersion == "7")
    #expect(
      model.graph.inputs == [
        ONNXValueInfo(name: "input", elementType: 1, shape: [.free("N"), .fixed(1), .fixed(28), .fixed(28)])
      ])
    #expect(
      model.graph.outputs == [ONNXValueInfo(name: "logits", elementType: 1, shape: [.free("N"), .fixed(3)])])
    #expect(
      model.graph.nodes.map(\.operatorType) == [
        "Conv", "Relu", "MaxPool", "Conv", "Relu", "MaxPool", "Flatten", "Gemm", "Relu", "Gemm",
      ])
    #expect(model.graph.nodes.first?.inputs == ["input", "conv1.weight", "conv1.bias"])
    #expect(
      model.metadata == [
        .init(key: "cnn.labels", value: #"["null","eins \"1\"","zwei"]"#),
        .init(
          key: "cnn.preprocess",
          value:
            #"{"deviation":0.5,"divisor":256,"mean":0.125,"normalization":"none","polarity":"black-on-white"}"#
        ),
      ])
  }

  @Test func whatIsLeftOutIsSaid() throws {
    let network = try Architecture(name: "mlp:6:bn:dropout=0.3").network(outputs: 3)
    #expect(
      try ONNXExport(Self.file(network, kind: .checkpoint)).notes == [
        "bn1: how many batches were seen is left out",
        "dropout1: the dropout is left out, since it changes nothing at inference",
        "the state of the training is left out; only the weights are there",
      ])
  }

  /// The last layer gives `logits`, whatever comes last and whatever other layers are called.
  @Test func namesDoNotCollide() throws {
    func chain(_ operations: [(String, Operation)]) -> NetworkDescription {
      var nodes: [NetworkDescription.Node] = []
      for (name, operation) in operations {
        nodes.append(.init(name: name, operation: operation, inputs: [nodes.last?.name ?? "input"]))
      }
      return NetworkDescription(inputShape: [3], nodes: nodes, output: nodes.last?.name ?? "")
    }
    let odd = chain([
      ("logits", .relu), ("middle", .tanh), ("last", .dropout(.init(rate: 0.5))),
    ])
    let nodes = try ONNXExport(Self.file(odd)).model.graph.nodes
    #expect(nodes.map(\.inputs) == [["input"], ["logits.value"]])
    #expect(nodes.map(\.outputs) == [["logits.value"], ["logits"]])
    let empty = try ONNXExport(Self.file(chain([("d", .dropout(.init(rate: 0.5)))]))).model.graph.nodes
    #expect(empty.map(\.operatorType) == ["Identity"] && empty[0].outputs == ["logits"])
  }

  @Test func narrowWeightsAreWidened() throws {
    let network = NetworkDescription(
      inputShape: [2],
      nodes: [
        .init(
          name: "fc1", operation: .linear(.init(inputFeatures: 2, outputFeatures: 3, hasBias: false)),
          inputs: ["input"])
      ], output: "fc1")
    var file = Self.file(network)
    file.tensors = [
      Tensor(
        name: "fc1.weight", elementType: .bfloat16, shape: [3, 2],
        bytes: [0x80, 0x3F, 0, 0x40, 0x40, 0x40, 0x80, 0x40, 0, 0, 0x80, 0xBF])
    ]
    let tensor = try #require(try ONNXExport(file).model.graph.initializers.first)
    #expect(tensor.array.elementType == .float32 && tensor.array.doubles() == [1, 2, 3, 4, 0, -1])
    file.tensors = []
    #expect(throws: ONNXExportError.tensor("fc1.weight")) { try ONNXExport(file) }
  }

  @Test func aDataSetHoldsNoNetwork() {
    let file = ModelFile(
      manifest: Manifest(kind: .dataset, provenance: Provenance(tool: "test", version: "0")), tensors: [])
    #expect(throws: ONNXExportError.noNetwork(.dataset)) { try ONNXExport(file) }
  }
}
