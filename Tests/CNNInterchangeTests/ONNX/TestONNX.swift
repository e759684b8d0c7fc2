import CNNCodecs
import CNNInterchange
import Testing

/// Small ONNX models for tests.
enum TestONNX {
  /// A tensor of 0, 0.5, 1, ...
  static func tensor(_ name: String, _ shape: [Int], first: Float = 0) throws -> ONNXTensor {
    let values = (0..<shape.reduce(1, *)).map { first + Float($0) / 2 }
    return ONNXTensor(name: name, array: try TestArrays.float32(values, shape))
  }

  static func integers(_ name: String, _ values: [Int64]) throws -> ONNXTensor {
    ONNXTensor(name: name, array: try TestArrays.int64(values, [values.count]))
  }

  static func node(
    _ type: String, _ inputs: [String], _ output: String, _ attributes: [ONNXAttribute] = [],
    name: String = ""
  ) -> ONNXNode {
    ONNXNode(
      name: name.isEmpty ? output : name, operatorType: type, inputs: inputs, outputs: [output],
      attributes: attributes)
  }

  /// A model that reads `x` and gives `y`.
  static func model(
    _ nodes: [ONNXNode], _ tensors: [ONNXTensor], shape: [ONNXValueInfo.Extent], version: Int64 = 17,
    metadata: [ONNXModel.Property] = []
  ) -> ONNXModel {
    ONNXModel(
      irVersion: 8, operatorSets: [.init(version: version)],
      graph: ONNXGraph(
        name: "test", nodes: nodes, initializers: tensors,
        inputs: [ONNXValueInfo(name: "x", elementType: 1, shape: shape)],
        outputs: [ONNXValueInfo(name: "y", elementType: 1, shape: nil)]), metadata: metadata)
  }

  static let picture: [ONNXValueInfo.Extent] = [.free("N"), .fixed(2), .fixed(6), .fixed(6)]
  static let row: [ONNXValueInfo.Extent] = [.free("N"), .fixed(4)]

  /// A model of a picture of [2, 6, 6] that becomes three values behind `nodes`, which read `x` and give `h` of [N, K].
  static func picture(_ nodes: [ONNXNode], _ tensors: [ONNXTensor] = [], row: Int) throws -> ONNXModel {
    model(
      nodes + [node("Gemm", ["h", "w", "b"], "y", [.init("transB", .integer(1))])],
      tensors + [try tensor("w", [3, row]), try tensor("b", [3])], shape: picture)
  }

  /// A network of one node: it reads a picture of [2, 6, 6] (or, from `f` on, a row of 72) and constants.
  static func model(around last: ONNXNode) throws -> ONNXModel {
    model(
      [node("Sigmoid", ["x"], "r"), node("Flatten", ["x"], "f"), last].filter {
        // A reader of the input itself stands alone.
        last.inputs.contains($0.outputs[0]) || $0.outputs == ["y"]
      },
      [
        try tensor("one", [1], first: 1), try tensor("two", [2], first: 1),
        try tensor("column", [3, 1]), try tensor("k", [1, 2, 3, 3]),
        try tensor("deep", [1, 3, 3, 3]),
        try tensor("m", [72, 3]), try integers("shape", [4, 18]),
        try integers("pixels", [2, 3]), try integers("twice", [1, -3]),
      ], shape: picture)
  }

  /// Expects that the network around a node is refused by that node and for that problem.
  static func expectRefusal(
    of node: ONNXNode, _ problem: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let model = try model(around: node)
    #expect(
      throws: ONNXImportError.node(name: "\"y\"", operator: node.operatorType, problem: problem),
      sourceLocation: sourceLocation
    ) { try ImportedNetwork(model) }
  }
}

/// Attributes, shorter.
func attribute(_ name: String, _ value: Int64) -> ONNXAttribute { .init(name, .integer(value)) }

func attribute(_ name: String, _ values: [Int64]) -> ONNXAttribute { .init(name, .integers(values)) }
