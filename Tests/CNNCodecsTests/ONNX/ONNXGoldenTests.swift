import CNNCodecs
import Testing

/// Files that the onnx package and PyTorch wrote. `Tests/python/make_onnx_goldens.py` made them.
@Suite struct ONNXGoldenTests {
  static let networks = [
    "torchscript-chain", "torchscript-plain", "torchscript-sequential", "dynamo-chain", "dynamo-plain",
    "dynamo-sequential", "hand-gemm", "hand-same-upper", "hand-same-lower", "hand-valid",
  ]

  static func golden(_ name: String) throws -> [UInt8] { try FixtureFile.bytes("onnx/\(name)") }

  private static let codes: [String: ElementType] = [
    "FLOAT": .float32, "DOUBLE": .float64, "FLOAT16": .float16, "BFLOAT16": .bfloat16, "INT8": .int8,
    "UINT8": .uint8, "INT16": .int16, "UINT16": .uint16, "INT32": .int32, "UINT32": .uint32, "INT64": .int64,
    "UINT64": .uint64, "BOOL": .bool,
  ]

  @Test func everyElementTypeInEveryEncoding() throws {
    let expected = JSONNode(try JSONReader.read(Self.golden("tensors.json")))
    let file = try Self.golden("tensors.onnx")
    let tensors = try ONNXModel(parsing: file).graph.initializers
    let entries = try expected.elements()
    #expect(tensors.count == entries.count && tensors.count == 28)
    for (tensor, entry) in zip(tensors, entries) {
      #expect(tensor.name == (try entry.member("name").string()))
      #expect(tensor.array.elementType == Self.codes[try entry.member("type").string()], "\(tensor.name)")
      let shape = try entry.member("shape").elements().map { Int(try $0.number()) }
      #expect(tensor.array.shape == shape, "\(tensor.name)")
      let values = try entry.member("values").elements().map { Double(try $0.string()) }
      #expect(tensor.array.doubles().map(Optional.some) == values, "\(tensor.name)")
    }
    // What lies in one piece is not copied.
    for name in ["FLOAT raw_data", "INT64 raw_data", "FLOAT float_data", "DOUBLE double_data"] {
      let tensor = try #require(tensors.first { $0.name == name })
      #expect(tensor.array.storage.count == file.count, "\(name)")
    }
  }

  @Test func readAndWrittenAgainTheBytesAreTheSame() throws {
    let bytes = try Self.golden("canonical.onnx")
    let model = try ONNXModel(parsing: bytes)
    #expect(model.encoded() == bytes)
    #expect(model.irVersion == 8)
    #expect(model.operatorSets == [.init(version: 17), .init(domain: "example.org", version: 1)])
    #expect(model.operatorSetVersion() == 17 && model.operatorSetVersion(domain: "ai.onnx") == 17)
    #expect(
      model.operatorSetVersion(domain: "example.org") == 1 && model.operatorSetVersion(domain: "a") == nil)
    #expect(model.producerName == "onnx" && model.producerVersion == "1")
    #expect(model.metadata == [.init(key: "key", value: "value"), .init(key: "empty", value: "")])
    let graph = model.graph
    #expect(graph.name == "canonical")
    #expect(
      graph.inputs == [
        ONNXValueInfo(name: "x", elementType: 1, shape: [.free("N"), .fixed(1), .free("")])
      ])
    #expect(graph.outputs == [ONNXValueInfo(name: "y", elementType: 1, shape: [.fixed(2)])])
    #expect(graph.nodes.map(\.operatorType) == ["Anything", "Identity"])
    #expect(graph.nodes[0].name == "first" && graph.nodes[0].domain == "example.org")
    #expect(graph.nodes[0].inputs == ["x", "", "w"] && graph.nodes[0].outputs == ["h"])
  }

  @Test func attributesOfEveryKind() throws {
    let node = try #require(try ONNXModel(parsing: Self.golden("canonical.onnx")).graph.nodes.first)
    #expect(node.attributes.count == 7)
    guard case .float(0.5) = node.attribute("a_float"), case .integer(-3) = node.attribute("b_integer"),
      case .string(let text) = node.attribute("c_text"),
      case .tensor(let tensor) = node.attribute("d_tensor"),
      case .floats(let floats) = node.attribute("e_floats"),
      case .integers(let integers) = node.attribute("f_integers"),
      case .strings(let texts) = node.attribute("g_texts")
    else {
      Issue.record("an attribute is of another kind")
      return
    }
    #expect(text == Array("text".utf8))
    #expect(tensor.array.shape == [2, 3] && tensor.array.integers() == [0, 1, 2, 3, 4, 5])
    #expect(floats == [1.5, -2.5])
    #expect(integers == [0, 1, 1 << 40, -1])
    #expect(texts == [Array("one".utf8), []])
    #expect(node.attribute("h") == nil)
  }

  @Test(arguments: networks) func networksKeepTheirMeaningWhenWrittenAgain(_ name: String) throws {
    let bytes = try Self.golden("\(name).onnx")
    #expect(ONNXModel.isONNX(bytes))
    let model = try ONNXModel(parsing: bytes)
    #expect(!model.graph.nodes.isEmpty && model.graph.outputs.count == 1)
    let written = model.encoded()
    let again = try ONNXModel(parsing: written)
    #expect(again.encoded() == written)
    #expect(again.graph.nodes.map(\.operatorType) == model.graph.nodes.map(\.operatorType))
    for (a, b) in zip(model.graph.initializers, again.graph.initializers) {
      #expect(a.name == b.name && a.array.doubles() == b.array.doubles())
    }
  }

  @Test func otherFilesAreNotTakenForONNX() throws {
    #expect(ONNXModel.isONNX([0x08, 0x08, 0x3A, 0x00]))
    for prefix in [
      [], [0x08, 0x08, 0x3A], [0x08, 0x00, 0x3A, 0x00], [0x08, 0x80, 0x01, 0x3A], [0x08, 0x08, 0x08, 0x08],
      [0x80, 0x04, 0x95, 0x00], [0x0A, 0x08, 0x3A, 0x00], [0x00, 0x00, 0x08, 0x03],
      Array("PK\u{3}\u{4}".utf8),
    ] as [[UInt8]] {
      #expect(!ONNXModel.isONNX(prefix), "\(prefix)")
    }
  }
}
