import CNNCodecs
import CNNInterchange
import CNNModelFile
import Testing

/// Networks that are no chains of known layers: each is refused by the node that is to blame.
@Suite struct ONNXRefusalTests {
  private static let chains = "only chains of layers are read, without residual or parallel branches"
  private static let preprocessing =
    "prepares the network's input; export the network without its preprocessing, and state that separately"

  /// One node that reads a picture of [2, 6, 6] (or, from `f` on, a row of 72) and constants, and what is said of it.
  private static let cases: [(node: ONNXNode, problem: String)] = [
    (TestONNX.node("Div", ["x", "one"], "y"), preprocessing),
    (TestONNX.node("Mul", ["x", "one"], "y"), preprocessing),
    (TestONNX.node("Add", ["x", "one"], "y"), preprocessing),
    (TestONNX.node("Add", ["r", "r"], "y"), "adds two values that are computed; " + chains),
    (TestONNX.node("Add", ["r", "x"], "y"), "adds two values that are computed; " + chains),
    (
      TestONNX.node("Add", ["r", "one"], "y"),
      "adds a constant behind a layer that has no room for one; behind MatMul and Conv without a bias it is read"
    ),
    (
      TestONNX.node("Mul", ["r", "two"], "y"),
      "only multiplication by one number from 0 to 1, as of a dropout, is read"
    ),
    (
      TestONNX.node("Concat", ["r", "r"], "y"),
      "joins or scales values; only chains of layers are read, without residual or parallel branches"
    ),
    (
      TestONNX.node("LeakyRelu", ["r"], "y"),
      "this activation is not among the layers here; Relu, Sigmoid and Tanh are"
    ),
    (
      TestONNX.node("Transpose", ["r"], "y", [attribute("perm", [0, 2, 3, 1])]),
      "moves the axes of what a layer gives; export the network with channels first (NCHW)"
    ),
    (
      TestONNX.node("Pad", ["r"], "y"),
      "pads on its own; give the padding to the convolution or the pooling behind it"
    ),
    (
      TestONNX.node("QLinearConv", ["r"], "y"),
      "quantised networks are not read; export the network before it is quantised"
    ),
    (
      TestONNX.node("Loop", ["r"], "y"), "control flow is not read; export the network by tracing it"
    ),
    (
      TestONNX.node("Mystery", ["r"], "y"),
      "this operator is not read; formats/onnx.md lists those that are: Conv, MaxPool, AveragePool, both also global, "
        + "Gemm, MatMul with Add, BatchNormalization, Relu, Sigmoid, Tanh, Dropout, Flatten, Reshape, and Softmax at the "
        + "end among them"
    ),
    (TestONNX.node("Relu", ["nothing"], "y"), "reads \"nothing\", which no node before it gives"),
    (TestONNX.node("Relu", ["one"], "y"), "does not read what a layer gives"),
    (TestONNX.node("Relu", [], "y"), "does not read what a layer gives"),
    (
      TestONNX.node("Relu", ["r"], "y", [attribute("slope", 1)]), "the attribute \"slope\" is not known here"
    ),
    (TestONNX.node("Conv", ["r"], "y"), "has no weight"),
    (
      TestONNX.node("Conv", ["r", "r"], "y"),
      "its weight is computed; only weights that the file holds are read"
    ),
    (
      TestONNX.node("Conv", ["r", "one"], "y"),
      "its weight has the shape [1]; two-dimensional convolutions with weights of [O, I, height, width] are read"
    ),
    (
      TestONNX.node("Conv", ["r", "k"], "y", [attribute("group", 0)]), "group is 0"
    ),
    (
      TestONNX.node("Conv", ["r", "k"], "y", [attribute("group", 2)]),
      "groups is 2; it should be a divisor of in_channels (4) and out_channels (1)"
    ),
    (
      TestONNX.node("Conv", ["r", "deep"], "y"), "takes 3 channels, and gets [2, 6, 6]"
    ),
    (
      TestONNX.node("Conv", ["r", "k"], "y", [attribute("pads", [-1, 0, 0, 0])]),
      "pads is [-1, 0, 0, 0]; 4 numbers from 0 to 2147483647 are needed, as of pictures"
    ),
    (
      TestONNX.node("Conv", ["r", "k"], "y", [attribute("strides", [0, 1])]),
      "strides is [0, 1]; 2 numbers from 1 to 2147483647 are needed, as of pictures"
    ),
    (
      TestONNX.node("Conv", ["r", "k"], "y", [attribute("kernel_shape", [5, 5])]),
      "kernel_shape is [5, 5], and the weights are of [3, 3]"
    ),
    (
      TestONNX.node("Conv", ["r", "k"], "y", [.init("auto_pad", .string(Array("SAME".utf8)))]),
      "auto_pad is \"SAME\"; it should be NOTSET, VALID, SAME_UPPER or SAME_LOWER"
    ),
    (
      TestONNX.node("Conv", ["r", "k", "two"], "y"), "its bias has the shape [2], and should have [1]"
    ),
    (
      TestONNX.node("Gemm", ["f", "m"], "y", [attribute("transA", 1)]),
      "transA turns pictures into columns, which no layer here does"
    ),
    (
      TestONNX.node("Gemm", ["r", "m"], "y"),
      "takes 72 values in a row (a flatten layer makes them), and gets [2, 6, 6]"
    ),
    (TestONNX.node("Gemm", ["f", "k"], "y"), "its weight has the shape [1, 2, 3, 3]; a matrix is needed"),
    (
      TestONNX.node("Gemm", ["f", "m", "column"], "y"),
      "adds [3, 1], and 3 values, one for each output, are needed"
    ),
    (
      TestONNX.node(
        "BatchNormalization", ["r", "two", "two", "two", "two"], "y", [attribute("training_mode", 1)]),
      "is in training mode; export the network for inference (model.eval())"
    ),
    (
      TestONNX.node("BatchNormalization", ["r", "one", "two", "two", "two"], "y"),
      "its weight has the shape [1], and should have [2]"
    ),
    (
      TestONNX.node("Dropout", ["r", "one"], "y"),
      "the ratio is 1.0; it should be at least 0 and less than 1"
    ),
    (
      TestONNX.node("Flatten", ["r"], "y", [attribute("axis", 2)]),
      "axis is 2; only 1, a row for each picture, is read"
    ),
    (
      TestONNX.node("Reshape", ["r", "shape"], "y"),
      "makes [4, 18] of [N] + [2, 6, 6]; only a row for each picture is read, as of Flatten"
    ),
    (TestONNX.node("Reshape", ["r", "r"], "y"), "its shape is not known"),
    (
      TestONNX.node("Softmax", ["r"], "y"),
      "should turn one row of values for each picture into probabilities"
    ),
  ]

  @Test(arguments: cases.indices) func theNodeToBlameIsNamed(_ index: Int) throws {
    try TestONNX.expectRefusal(of: Self.cases[index].node, Self.cases[index].problem)
  }

  @Test func branchesAreRefused() throws {
    let nodes = [
      TestONNX.node("Relu", ["x"], "a"), TestONNX.node("Tanh", ["x"], "b"),
      TestONNX.node("Sum", ["a", "b"], "y"),
    ]
    #expect(
      throws: ONNXImportError.node(
        name: "\"b\"", operator: "Tanh",
        problem: "reads \"x\", which another node reads too; only chains of layers are read")
    ) { try ImportedNetwork(TestONNX.model(nodes, [], shape: TestONNX.row)) }
  }

  /// The sum is needed for its shape alone, and what is flattened is what was there before.
  @Test func aValueBeforeItsBiasIsAnother() throws {
    let nodes = [
      TestONNX.node("MatMul", ["x", "w"], "m"), TestONNX.node("Add", ["m", "b"], "a"),
      TestONNX.node("Shape", ["a"], "s"), TestONNX.node("Reshape", ["m", "s"], "y"),
    ]
    let tensors = [try TestONNX.tensor("w", [4, 3]), try TestONNX.tensor("b", [3])]
    #expect(
      throws: ONNXImportError.node(
        name: "\"y\"", operator: "Reshape",
        problem: "reads \"m\", which another node reads too; only chains of layers are read")
    ) { try ImportedNetwork(TestONNX.model(nodes, tensors, shape: TestONNX.row)) }
  }

  @Test func namelessNodesAndForeignOperators() throws {
    let foreign = ONNXNode(
      name: "", operatorType: "Odd Name", domain: "com.microsoft", inputs: ["x"], outputs: ["y"])
    #expect(
      throws: ONNXImportError.node(
        name: "0", operator: "\"Odd Name\"",
        problem: "the operator belongs to \"com.microsoft\"; only ONNX's own operators are read")
    ) { try ImportedNetwork(TestONNX.model([foreign], [], shape: TestONNX.row)) }
  }

  @Test func furtherOutputsAndWhatStandsBehindSoftmax() throws {
    let dropout = ONNXNode(
      name: "d", operatorType: "Dropout", inputs: ["x"], outputs: ["a", "y"])
    #expect(
      throws: ONNXImportError.node(
        name: "\"d\"", operator: "Dropout",
        problem: "its further output \"y\" is used, which is not supported")
    ) { try ImportedNetwork(TestONNX.model([dropout], [], shape: TestONNX.row)) }
    let nodes = [TestONNX.node("Softmax", ["x"], "s"), TestONNX.node("Relu", ["s"], "y")]
    #expect(
      throws: ONNXImportError.node(
        name: "\"y\"", operator: "Relu",
        problem: "stands behind Softmax, which is read only as the end of a network")
    ) { try ImportedNetwork(TestONNX.model(nodes, [], shape: TestONNX.row)) }
  }

  @Test func inputsOutputsAndVersions() throws {
    let nodes = [TestONNX.node("Relu", ["x"], "y")]
    func error(_ change: (inout ONNXModel) -> Void) -> ONNXImportError? {
      var model = TestONNX.model(nodes, [], shape: TestONNX.row)
      change(&model)
      return #expect(throws: ONNXImportError.self) { try ImportedNetwork(model) }
    }
    #expect(error { $0.operatorSets = [.init(version: 6)] } == .operatorSet(6))
    #expect(error { $0.operatorSets = [.init(domain: "a", version: 17)] } == .operatorSet(nil))
    #expect(error { $0.graph.inputs = [] } == .ends(what: "input", names: []))
    #expect(error { $0.graph.outputs += $0.graph.outputs } == .ends(what: "output", names: ["y", "y"]))
    #expect(error { $0.graph.inputs[0].elementType = 7 } == .inputType("x", found: "int64"))
    #expect(error { $0.graph.inputs[0].elementType = nil } == .inputType("x", found: "no tensor"))
    #expect(error { $0.graph.inputs[0].shape = nil } == .inputShape("x", found: "that is not told"))
    #expect(
      error { $0.graph.inputs[0].shape = [.fixed(1), .free("H")] } == .inputShape("x", found: "[1, \"H\"]"))
    #expect(error { $0.graph.inputs[0].shape = [.fixed(0), .fixed(4)] } == .inputShape("x", found: "[0, 4]"))
    #expect(error { $0.graph.nodes += $0.graph.nodes } == .duplicateValue("y"))
    #expect(error { $0.graph.outputs[0].name = "z" } == .unknownOutput("z"))
    #expect(error { $0.graph.outputs[0].name = "x" } == .graph(.noNodes))
    #expect(error { $0.graph.inputs[0].shape = TestONNX.picture } == .outputShape([2, 6, 6]))
  }

  @Test func weightsThatAreNone() throws {
    func error(_ weight: NumericArray) -> ONNXImportError? {
      let model = TestONNX.model(
        [TestONNX.node("Gemm", ["x", "w"], "y")], [ONNXTensor(name: "w", array: weight)], shape: TestONNX.row)
      return #expect(throws: ONNXImportError.self) { try ImportedNetwork(model) }
    }
    #expect(
      error(try TestArrays.int64([1, 2, 3, 4], [4, 1])) == .elementType(array: "\"w\"", found: "int64"))
    #expect(error(try TestArrays.float64([1e300, 2, 3, 4], [4, 1])) == .overflow(array: "\"w\""))
  }

  @Test func weightsSharedOverAndOverDoNotFillTheMemory() throws {
    let side = 512
    var nodes = (0..<40).map { TestONNX.node("Gemm", [$0 == 0 ? "x" : "v\($0 - 1)", "w"], "v\($0)") }
    nodes.append(TestONNX.node("Identity", ["v39"], "y"))
    let model = TestONNX.model(
      nodes, [try TestONNX.tensor("w", [side, side])], shape: [.free("N"), .fixed(Int64(side))])
    #expect(throws: ONNXImportError.tooManyWeights(limit: 4 * side * side + 65_536)) {
      try ImportedNetwork(model)
    }
  }

  @Test func shapesDoNotGrow() throws {
    var nodes = [TestONNX.node("Shape", ["x"], "s0")]
    for index in 0..<60 {
      nodes.append(TestONNX.node("Concat", ["s\(index)", "s\(index)"], "s\(index + 1)"))
    }
    nodes.append(TestONNX.node("Reshape", ["x", "s60"], "y"))
    #expect(
      throws: ONNXImportError.node(
        name: "\"s4\"", operator: "Concat",
        problem: "joins values; only chains of layers and small shapes are read")
    ) { try ImportedNetwork(TestONNX.model(nodes, [], shape: TestONNX.row)) }
  }
}
