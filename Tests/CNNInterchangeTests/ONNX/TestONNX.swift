import CNNCodecs

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
}
