import CNNCodecs
import CNNInterchange
import CNNModelFile
import Testing

/// What becomes of graphs. Whether the numbers are right is tested where networks run.
@Suite struct ONNXImportTests {
  private func operations(_ model: ONNXModel) throws -> [(name: String, operation: Operation)] {
    try ImportedNetwork(model).network.nodes.map { ($0.name, $0.operation) }
  }

  @Test func convolutionWithAllItsAttributes() throws {
    let model = try TestONNX.picture(
      [
        TestONNX.node(
          "Conv", ["x", "conv1.weight"], "c",
          [
            .init("pads", .integers([1, 0, 2, 3])), .init("strides", .integers([1, 2])),
            .init("dilations", .integers([2, 1])), .init("group", .integer(2)),
            .init("kernel_shape", .integers([3, 2])), .init("auto_pad", .string(Array("NOTSET".utf8))),
          ]), TestONNX.node("Flatten", ["c"], "h"),
      ], [try TestONNX.tensor("conv1.weight", [4, 1, 3, 2])], row: 80)
    let result = try ImportedNetwork(model)
    #expect(
      result.network.nodes[0].operation
        == .conv2d(
          .init(
            inputChannels: 2, outputChannels: 4, kernelSize: .init(3, 2), stride: .init(1, 2),
            padding: .init(top: 1, left: 0, bottom: 2, right: 3), dilation: .init(2, 1), groups: 2,
            hasBias: false)
        ))
    // One array is called as no state_dict would have it, so all layers are numbered.
    #expect(result.network.nodes.map(\.name) == ["conv1", "flatten", "fc1"])
    #expect(result.tensors.map(\.name) == ["conv1.weight", "fc1.weight", "fc1.bias"])
    #expect(result.fates.map(\.name) == ["conv1.weight", "w", "b"])
    #expect(result.tensors[0].floats() == (0..<24).map { Float($0) / 2 })
    #expect(result.notes.isEmpty && result.labels == nil && result.preprocessing == nil)
  }

  @Test func automaticPaddingIsThatOfTheShape() throws {
    func padding(_ mode: String, stride: Int64, row: Int) throws -> Operation.Padding? {
      let nodes = [
        TestONNX.node(
          "MaxPool", ["x"], "p",
          [
            .init("auto_pad", .string(Array(mode.utf8))), .init("kernel_shape", .integers([4, 3])),
            .init("strides", .integers([stride, stride])), .init("ceil_mode", .integer(1)),
          ]), TestONNX.node("Flatten", ["p"], "h"),
      ]
      let operation = try operations(TestONNX.picture(nodes, row: row)).first?.operation
      guard case .maxPool2d(let pooling) = operation else { return nil }
      #expect(!pooling.ceilMode)
      return pooling.padding
    }
    #expect(try padding("SAME_UPPER", stride: 1, row: 72) == .init(top: 1, left: 1, bottom: 2, right: 1))
    #expect(try padding("SAME_LOWER", stride: 1, row: 72) == .init(top: 2, left: 1, bottom: 1, right: 1))
    #expect(try padding("SAME_UPPER", stride: 2, row: 18) == .init(top: 1, left: 0, bottom: 1, right: 1))
    #expect(try padding("VALID", stride: 1, row: 24) == .init(all: 0))
  }

  @Test func strideOfPoolingIsOneUnlessGiven() throws {
    let model = try TestONNX.picture(
      [
        TestONNX.node("MaxPool", ["x"], "p", [.init("kernel_shape", .integers([2, 2]))]),
        TestONNX.node("Flatten", ["p"], "h"),
      ], row: 50)
    #expect(
      try operations(model)[0].operation
        == .maxPool2d(.init(kernelSize: .init(2, 2), stride: .init(1, 1))))
  }

  @Test func matricesOfEitherOrientation() throws {
    for (type, attributes, shape) in [
      ("Gemm", [.init("transB", .integer(1))], [3, 4]), ("Gemm", [], [4, 3]), ("MatMul", [], [4, 3]),
    ] as [(String, [ONNXAttribute], [Int])] {
      let weight = try TestONNX.tensor("w", shape)
      let result = try ImportedNetwork(
        TestONNX.model([TestONNX.node(type, ["x", "w"], "y", attributes)], [weight], shape: TestONNX.row))
      let expected: [Float] = (0..<12).map { index in
        let place = shape == [3, 4] ? index : index % 4 * 3 + index / 4
        return Float(place) / 2
      }
      #expect(result.tensors.map(\.shape) == [[3, 4]])
      #expect(result.tensors[0].floats() == expected, "\(type)")
      #expect(result.fates[0].changes == (shape == [3, 4] ? [] : ["transposed"]))
    }
  }

  @Test func transposedConstants() throws {
    let nodes = [
      TestONNX.node("Identity", ["w"], "i"),
      TestONNX.node("Transpose", ["i"], "t", [.init("perm", .integers([1, 0]))]),
      TestONNX.node("MatMul", ["x", "t"], "y"),
    ]
    let result = try ImportedNetwork(
      TestONNX.model(nodes, [try TestONNX.tensor("w", [3, 4])], shape: TestONNX.row))
    #expect(result.tensors[0].floats() == (0..<12).map { Float($0) / 2 })
  }

  @Test func scaledAndRepeatedBiases() throws {
    for (shape, expected) in [([3], [1, 2, 3]), ([1, 3], [1, 2, 3]), ([1], [1, 1, 1]), ([], [1, 1, 1])]
      as [([Int], [Float])]
    {
      let bias = try TestONNX.tensor("b", shape, first: 0.5)
      let node = TestONNX.node(
        "Gemm", ["x", "w", "b"], "y", [.init("alpha", .float(4)), .init("beta", .float(2))])
      let result = try ImportedNetwork(
        TestONNX.model([node], [try TestONNX.tensor("w", [4, 3]), bias], shape: TestONNX.row))
      #expect(result.tensors[1].floats() == expected, "\(shape)")
      #expect(result.tensors[0].floats()[1] == 6)
      #expect(result.fates[1].changes.contains("times beta 2.0"))
    }
  }

  @Test func addedConstantsAreBiases() throws {
    let model = try TestONNX.picture(
      [
        TestONNX.node("Conv", ["x", "a.weight"], "c"), TestONNX.node("Add", ["c", "v"], "d"),
        TestONNX.node("Relu", ["d"], "r"), TestONNX.node("Flatten", ["r"], "h"),
      ], [try TestONNX.tensor("a.weight", [1, 2, 3, 3]), try TestONNX.tensor("v", [1, 1, 1], first: 9)],
      row: 16)
    let result = try ImportedNetwork(model)
    #expect(result.tensors[1].name == "conv1.bias" && result.tensors[1].floats() == [9])
  }

  @Test func layersAreCalledAsInTheStateDictionary() throws {
    let names = try ImportedNetwork(
      TestONNX.model(
        [
          TestONNX.node("Gemm", ["x", "features.0.weight"], "a"), TestONNX.node("Relu", ["a"], "b"),
          TestONNX.node("Gemm", ["b", "relu1.weight"], "c"), TestONNX.node("Relu", ["c"], "d"),
          TestONNX.node("Gemm", ["d", "2.weight"], "y"),
        ],
        [
          try TestONNX.tensor("features.0.weight", [4, 4]), try TestONNX.tensor("relu1.weight", [4, 4]),
          try TestONNX.tensor("2.weight", [4, 4]),
        ], shape: TestONNX.row)
    ).network.nodes.map(\.name)
    #expect(names == ["features_0", "relu2", "relu1", "relu3", "2"])
  }

  @Test func sharedWeightsAreNumbered() throws {
    let result = try ImportedNetwork(
      TestONNX.model(
        [TestONNX.node("Gemm", ["x", "fc.weight"], "a"), TestONNX.node("Gemm", ["a", "fc.weight"], "y")],
        [try TestONNX.tensor("fc.weight", [4, 4])], shape: TestONNX.row))
    #expect(result.tensors.map(\.name) == ["fc1.weight", "fc2.weight"])
    #expect(result.tensors[0].bytes == result.tensors[1].bytes)
  }

  @Test func batchNormAndDropoutKeepTheirNumbers() throws {
    let vectors = try ["bn1.weight", "bn1.bias", "m", "v"].map { try TestONNX.tensor($0, [4], first: 1) }
    let nodes = [
      TestONNX.node(
        "BatchNormalization", ["x", "bn1.weight", "bn1.bias", "m", "v"], "b",
        [.init("epsilon", .float(1e-3)), .init("momentum", .float(0.8)), .init("training_mode", .integer(0))]),
      TestONNX.node("Dropout", ["b", "ratio"], "d"), TestONNX.node("Mul", ["d", "scale"], "m2"),
      TestONNX.node("Gemm", ["m2", "fc1.weight"], "y"),
    ]
    let tensors = [
      ONNXTensor(name: "ratio", array: try TestArrays.float32([0.3], [])),
      ONNXTensor(name: "scale", array: try TestArrays.float32([0.7], [])),
      try TestONNX.tensor("fc1.weight", [4, 3]),
    ]
    let result = try ImportedNetwork(TestONNX.model(nodes, vectors + tensors, shape: TestONNX.row))
    #expect(
      result.network.nodes.map(\.operation) == [
        .batchNorm(.init(features: 4, epsilon: 1e-3, momentum: 0.2)), .dropout(.init(rate: 0.3)),
        .dropout(.init(rate: 0.3, scaling: .inference)),
        .linear(.init(inputFeatures: 4, outputFeatures: 3, hasBias: false)),
      ])
    #expect(result.network.nodes.map(\.name) == ["bn1", "dropout1", "dropout2", "fc1"])
    #expect(result.tensors.map(\.name).contains("bn1.num_batches_tracked"))
    #expect(result.notes == ["multiplication by 0.7 is read as a dropout of 0.3 that scales at inference"])
  }

  @Test(arguments: ["Softmax", "LogSoftmax"]) func probabilitiesAtTheEndAreLeftOut(_ type: String) throws {
    let nodes = [
      TestONNX.node("Gemm", ["x", "w"], "g"),
      TestONNX.node(type, ["g"], "s", [.init("axis", .integer(-1))]), TestONNX.node("Identity", ["s"], "y"),
    ]
    let result = try ImportedNetwork(
      TestONNX.model(nodes, [try TestONNX.tensor("w", [4, 3])], shape: TestONNX.row))
    #expect(result.network.nodes.count == 1)
    #expect(result.notes == ["\(type) at the end is left out: the network's output is its logits"])
  }

  @Test(arguments: [[0, -1], [-1, 72], [0, 72], [1, -1], [1, 72]] as [[Int64]])
  func reshapesToARow(_ target: [Int64]) throws {
    let model = try TestONNX.picture(
      [TestONNX.node("Reshape", ["x", "s"], "h")], [try TestONNX.integers("s", target)], row: 72)
    #expect(try operations(model).map(\.name) == ["flatten", "fc1"])
  }

  @Test func reshapesByComputedShapes() throws {
    let one = try TestONNX.integers("one", [-1])
    let zero = ONNXTensor(name: "zero", array: try TestArrays.int64([0], []))
    let nodes = [
      TestONNX.node("Shape", ["x"], "s"), TestONNX.node("Gather", ["s", "zero"], "g"),
      TestONNX.node("Unsqueeze", ["g", "axes"], "u"),
      TestONNX.node("Concat", ["u", "one"], "c", [.init("axis", .integer(0))]),
      TestONNX.node("Reshape", ["x", "c"], "h"),
    ]
    let model = try TestONNX.picture(nodes, [one, zero, try TestONNX.integers("axes", [0])], row: 72)
    #expect(try operations(model).map(\.name) == ["flatten", "fc1"])
  }

  @Test func aRowThatBecomesAPictureFirst() throws {
    let nodes = [
      TestONNX.node("Reshape", ["x", "s"], "r"),
      TestONNX.node("Conv", ["r", "c.weight"], "c"), TestONNX.node("Flatten", ["c"], "y"),
    ]
    let result = try ImportedNetwork(
      TestONNX.model(
        nodes, [try TestONNX.integers("s", [-1, 1, 2, 2]), try TestONNX.tensor("c.weight", [3, 1, 2, 2])],
        shape: TestONNX.row))
    #expect(result.network.inputShape == [1, 2, 2])
    #expect(result.notes == ["the input of [4] is taken as [1, 2, 2], as the network does first"])
  }

  @Test func whatTheOutputDoesNotNeedIsNotLookedAt() throws {
    let nodes = [
      TestONNX.node("Loop", ["x"], "unused"), TestONNX.node("Gemm", ["x", "w"], "y"),
      TestONNX.node("ArgMax", ["y"], "class"),
    ]
    let model = TestONNX.model(nodes, [try TestONNX.tensor("w", [4, 3])], shape: TestONNX.row)
    #expect(try operations(model).map(\.name) == ["fc1"])
  }

  @Test func labelsAndPreprocessing() throws {
    func model(_ metadata: [ONNXModel.Property]) throws -> ONNXModel {
      TestONNX.model(
        [TestONNX.node("Gemm", ["x", "w"], "y")], [try TestONNX.tensor("w", [4, 3])], shape: TestONNX.row,
        metadata: metadata)
    }
    let text =
      #"{"deviation":0.5,"divisor":256,"mean":0.1,"normalization":"none","polarity":"black-on-white"}"#
    let result = try ImportedNetwork(
      try model([
        .init(key: "cnn.labels", value: #"["a","b","c"]"#), .init(key: "cnn.preprocess", value: text),
      ]))
    #expect(result.labels == ["a", "b", "c"])
    #expect(
      result.preprocessing
        == Preprocessing(
          divisor: 256, mean: 0.1, deviation: 0.5, polarity: .blackOnWhite, normalization: .none))
    for (key, value, problem) in [
      ("cnn.labels", #"["a"]"#, "cannot be understood: the JSON has 1 names, and the network has 3 outputs"),
      ("cnn.labels", "[1,2,3]", "cannot be understood: [0] should be a string, and is a number"),
      (
        "cnn.preprocess", text.replacing("256", with: "0"),
        "cannot be understood: divisor should be greater than 0, and is 0.0"
      ),
      ("cnn.preprocess", "{}", "cannot be understood: divisor is missing"),
    ] {
      #expect(throws: ONNXImportError.metadata(key: key, problem: problem)) {
        try ImportedNetwork(try model([.init(key: key, value: value)]))
      }
    }
    #expect(throws: ONNXImportError.self) {
      try ImportedNetwork(try model([.init(key: "cnn.labels", value: "[")]))
    }
  }
}
