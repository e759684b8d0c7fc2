import CNNCodecs
import CNNInterchange
import CNNModelFile
import Testing

/// Pooling besides the plain `MaxPool`, and constants of another shape.
@Suite struct ONNXPoolingTests {
  /// One node that reads a picture of [2, 6, 6] (or, from `f` on, a row of 72) and constants, and what is said of it.
  private static let others: [(node: ONNXNode, problem: String)] = [
    (
      TestONNX.node("LpPool", ["r"], "y"),
      "this pooling is not among the layers here; MaxPool and AveragePool, also global, are"
    ),
    (
      TestONNX.node(
        "AveragePool", ["r"], "y", [attribute("kernel_shape", [2, 2]), attribute("pads", [0, 1, 0, 0])]),
      "averages over fewer pixels at the edges, which no layer here does; count_include_pad of 1, or no padding, "
        + "is read"
    ),
    (
      TestONNX.node(
        "AveragePool", ["r"], "y",
        [attribute("kernel_shape", [3, 3]), attribute("strides", [2, 2]), attribute("ceil_mode", 1)]),
      "ceil_mode adds a window that averages over fewer pixels, which no layer here does; export with ceil_mode off"
    ),
    (
      TestONNX.node("AveragePool", ["r"], "y", [attribute("kernel_shape", [7, 1])]),
      "the kernel spans [7, 1], and what it gets is [2, 6, 6] with its padding"
    ),
    (
      TestONNX.node("GlobalAveragePool", ["f"], "y"),
      "takes pictures of [channels, height, width], and gets [72]"
    ),
    (
      TestONNX.node(
        "AveragePool", ["r"], "y",
        [
          attribute("kernel_shape", [2, 2]), attribute("dilations", [2, 2]),
          attribute("count_include_pad", 1),
          .init("auto_pad", .string(Array("SAME_UPPER".utf8))),
        ]),
      "has auto_pad and dilations, which programs understand differently; export with pads instead of auto_pad"
    ),
    (
      TestONNX.node(
        "AveragePool", ["r"], "y",
        [
          attribute("kernel_shape", [4096, 4096]), attribute("pads", [4096, 4096, 0, 0]),
          attribute("count_include_pad", 1),
        ]),
      "the poolings average over windows that would come to more than 16777216 weights"
    ),
    (
      TestONNX.node("ReduceMean", ["r", "pixels"], "y", [attribute("axes", [2, 3])]), "names its axes twice"
    ),
    (
      TestONNX.node("Squeeze", ["r", "pixels"], "y"),
      "takes away other axes than those of a picture of one pixel (2 and 3), which alone is read"
    ),
    (
      TestONNX.node("Unsqueeze", ["m", "twice"], "y"),
      "adds axes to a constant of [72, 3] in a way that is not read"
    ),
    (
      TestONNX.node("ReduceMean", ["r"], "y", [attribute("axes", [1])]),
      "reduces other axes than the pixels of each channel (2 and 3), which alone are read"
    ),
    (
      TestONNX.node("ReduceMax", ["r"], "y"),
      "reduces other axes than the pixels of each channel (2 and 3), which alone are read"
    ),
    (
      TestONNX.node("Reshape", ["k", "shape"], "y"),
      "makes [4, 18] of a constant of [1, 2, 3, 3]"
    ),
    (TestONNX.node("MaxPool", ["r"], "y"), "lacks kernel_shape"),
    (
      TestONNX.node(
        "MaxPool", ["r"], "y", [attribute("kernel_shape", [2, 2]), attribute("dilations", [2, 2])]),
      "has dilations, which pooling does not have here"
    ),
    (
      TestONNX.node(
        "MaxPool", ["r"], "y",
        [
          attribute("kernel_shape", [3, 3]), attribute("strides", [6, 6]), attribute("pads", [0, 0, 2, 2]),
          attribute("ceil_mode", 1),
        ]),
      "ceil_mode adds a window that lies in the padding alone, which versions of ONNX count differently; "
        + "export with ceil_mode off"
    ),
    (
      TestONNX.node("MaxPool", ["r"], "y", [attribute("kernel_shape", [7, 7])]),
      "the kernel spans [7, 7], and what it gets is [2, 6, 6] with its padding"
    ),
    (TestONNX.node("MaxPool", ["f"], "y"), "takes pictures of [channels, height, width], and gets [72]"),
  ]

  /// What all poolings refuse.
  private static let cases =
    others
    + ["MaxPool", "AveragePool"].map { pool in
      (
        TestONNX.node(
          pool, ["r"], "y",
          [
            attribute("kernel_shape", [4, 4]), attribute("strides", [3, 3]), attribute("ceil_mode", 1),
            .init("auto_pad", .string(Array("VALID".utf8))),
          ]),
        "ceil_mode adds a window in spite of auto_pad VALID, which programs understand differently; export with "
          + "ceil_mode off"
      )
    }

  @Test(arguments: cases.indices) func theNodeToBlameIsNamed(_ index: Int) throws {
    try TestONNX.expectRefusal(of: Self.cases[index].node, Self.cases[index].problem)
  }

  /// Averages have no array in the file: they are told of in a note, and leave the other layers their names.
  @Test func averagesAreConvolutions() throws {
    let nodes = [
      TestONNX.node("Conv", ["x", "first.weight"], "c"),
      TestONNX.node("AveragePool", ["c"], "a", [.init("kernel_shape", .integers([2, 1]))]),
      TestONNX.node("GlobalAveragePool", ["a"], "g"), TestONNX.node("Flatten", ["g"], "y"),
    ]
    let result = try ImportedNetwork(
      TestONNX.model(nodes, [try TestONNX.tensor("first.weight", [3, 2, 3, 3])], shape: TestONNX.picture))
    #expect(result.network.nodes.map(\.name) == ["first", "conv1", "conv2", "flatten"])
    #expect(result.tensors[1].floats() == [Float](repeating: 0.5, count: 6))
    #expect(result.tensors[2].floats() == [Float](repeating: 1 / 12, count: 36))
    #expect(result.fates.map(\.name) == ["first.weight"])
    let becomes = "becomes a convolution of each channel on its own with weights of"
    #expect(
      result.notes == [
        "node \"a\" (AveragePool) \(becomes) 1/2, which training would change",
        "node \"g\" (GlobalAveragePool) \(becomes) 1/12, which training would change",
      ])
  }

  @Test func constantsOfAnotherShape() throws {
    func imported(_ reshape: ONNXNode) throws -> ImportedNetwork {
      try ImportedNetwork(
        TestONNX.model(
          [reshape, TestONNX.node("MatMul", ["x", "m"], "y")],
          [
            try TestONNX.tensor("w", [2, 2, 3]), try TestONNX.integers("zero", [-1, 3]),
            try TestONNX.integers("copied", [4, 0]), try TestONNX.tensor("v", [4]),
            try TestONNX.integers("last", [-1]),
          ], shape: TestONNX.row))
    }
    let reshaped = try imported(TestONNX.node("Reshape", ["w", "zero"], "m"))
    #expect(reshaped.fates[0].shape == [2, 2, 3] && reshaped.fates[0].changes == ["reshaped", "transposed"])
    #expect(reshaped.tensors[0].floats() == [0, 1.5, 3, 4.5, 0.5, 2, 3.5, 5, 1, 2.5, 4, 5.5])
    // The second extent of the constant is copied, and does not fit.
    #expect(
      throws: ONNXImportError.node(
        name: "\"m\"", operator: "Reshape", problem: "makes [4, 0] of a constant of [2, 2, 3]")
    ) { try imported(TestONNX.node("Reshape", ["w", "copied"], "m")) }
    let column = try imported(TestONNX.node("Unsqueeze", ["v", "last"], "m"))
    #expect(column.fates[0].changes == ["reshaped", "transposed"] && column.outputCount == 1)
  }

  /// A turned matrix is not reshaped, but may keep its shape.
  @Test func turnedMatricesKeepTheirShape() throws {
    func nodes(_ shape: String) -> [ONNXNode] {
      [
        TestONNX.node("Transpose", ["w"], "t"), TestONNX.node("Reshape", ["t", shape], "m"),
        TestONNX.node("MatMul", ["x", "m"], "y"),
      ]
    }
    let tensors = [
      try TestONNX.tensor("w", [3, 4]), try TestONNX.integers("same", [4, -1]),
      try TestONNX.integers("other", [4, 3, 1]),
    ]
    let result = try ImportedNetwork(TestONNX.model(nodes("same"), tensors, shape: TestONNX.row))
    #expect(result.tensors[0].floats() == (0..<12).map { Float($0) / 2 } && result.fates[0].changes == [])
    #expect(
      throws: ONNXImportError.node(
        name: "\"m\"", operator: "Reshape",
        problem: "reshapes a matrix that was transposed before, which is not read")
    ) { try ImportedNetwork(TestONNX.model(nodes("other"), tensors, shape: TestONNX.row)) }
  }

  @Test func manyNotesAreCutShort() throws {
    let pools = (0..<40).map {
      TestONNX.node(
        "AveragePool", [$0 == 0 ? "x" : "p\($0)"], "p\($0 + 1)", [.init("kernel_shape", .integers([1, 1]))])
    }
    let result = try ImportedNetwork(
      TestONNX.model(pools + [TestONNX.node("Flatten", ["p40"], "y")], [], shape: TestONNX.picture))
    #expect(result.notes.count == 33 && result.notes.last == "8 more notes are left out")
  }
}
