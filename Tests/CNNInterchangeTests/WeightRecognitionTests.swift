import CNNCodecs
import CNNInterchange
import CNNModelFile
import Testing

/// Which network weights belong to, and what their shapes say of it.
@Suite struct WeightRecognitionTests {
  private func recognized(_ weightShapes: [[Int]]) throws -> WeightImport {
    try WeightImport(
      ForeignWeights(named: TestArrays.numbered(weightShapes).reversed()), options: WeightImportOptions())
  }

  @Test func theBooksNetworksAreRecognised() throws {
    #expect(try recognized([[784, 50], [50, 100], [100, 10]]).architecture == "mlp:50,100:sigmoid")
    #expect(try recognized([[30, 1, 5, 5], [4320, 100], [100, 10]]).architecture == "simple-convnet")
    let deep = try recognized([
      [16, 1, 3, 3], [16, 16, 3, 3], [32, 16, 3, 3], [32, 32, 3, 3], [64, 32, 3, 3], [64, 64, 3, 3],
      [1024, 50], [50, 10],
    ])
    #expect(deep.architecture == "deep-convnet")
    #expect(deep.isRecognized)
    #expect(deep.network.output == "dropout2", "the book's deep network is scaled at test time")
    #expect(
      try recognized([[20, 1, 5, 5], [50, 20, 5, 5], [800, 500], [500, 10]]).architecture == "lenet")
    #expect(
      try recognized([[10, 1, 7, 7], [20, 10, 3, 3], [720, 100], [100, 10]]).architecture == "double-convnet")
  }

  @Test func otherWidthsOfAKnownNetworkAreRecognisedToo() throws {
    let small = try recognized([[6, 1, 7, 7], [6 * 121, 20], [20, 5]])
    #expect(small.architecture == "simple-convnet")
    #expect(small.tensors.first { $0.name == "conv1.weight" }?.shape == [6, 1, 7, 7])
    #expect(small.labels == ["0", "1", "2", "3", "4"])
  }

  @Test func aNamedFamilyTakesItsWidthsFromTheFile() throws {
    let weights = try ForeignWeights(named: TestArrays.numbered([[6, 1, 7, 7], [6 * 121, 20], [20, 5]]))
    let tanh = try WeightImport(
      weights, options: WeightImportOptions(architecture: Architecture(name: "simple-convnet:tanh")))
    #expect(tanh.architecture == "simple-convnet:tanh")
    #expect(tanh.network.nodes.contains { $0.operation == .tanh })
    #expect(tanh.tensors.first { $0.name == "fc1.weight" }?.shape == [20, 726])
    #expect(throws: InterchangeError.self) {
      try WeightImport(weights, options: WeightImportOptions(architecture: Architecture(name: "lenet")))
    }
  }

  @Test func whatFitsNothingIsNotGuessed() throws {
    for shapes in [
      // A second kernel larger than what the first leaves, and a first linear layer for the product of the extents.
      [
        [2, 1, 28, 28], [2, 2, 28, 28], [2, 2, 3, 3], [2, 2, 3, 3], [2, 2, 3, 3], [2, 2, 3, 3], [8, 5],
        [5, 3],
      ],
      [[30, 1, 5, 5], [4321, 100], [100, 10]], [[784, 50], [51, 10]], [[30, 1, 5, 5], [4320, 10]],
      [[100, 10]],
    ] {
      #expect {
        try recognized(shapes)
      } throws: { error in
        if case InterchangeError.unrecognizedArchitecture = error { true } else { false }
      }
    }
    #expect {
      try WeightImport(
        ForeignWeights(ordered: TestArrays.numbered([[784, 50], [50, 10]])), options: WeightImportOptions())
    } throws: { error in
      if case InterchangeError.architectureNeeded = error { true } else { false }
    }
    #expect(throws: InterchangeError.unknownNames(arrays: ["weights [4]"])) {
      try ForeignWeights(named: [NamedArray(name: "weights", array: TestArrays.counting([4]))])
    }
  }

  @Test func theLastWeightSaysHowManyClassesThereAre() throws {
    func imported(_ layout: LinearLayout, bias: (Int) -> [Int]) throws -> WeightImport {
      func weight(_ outputs: Int, _ inputs: Int) throws -> NumericArray {
        try TestArrays.counting(layout == .outputsFirst ? [outputs, inputs] : [inputs, outputs])
      }
      let arrays = [
        NamedArray(name: "[0]", array: try weight(4, 784)),
        NamedArray(name: "[1]", array: try TestArrays.counting(bias(4))),
        NamedArray(name: "[2]", array: try weight(3, 4)),
        NamedArray(name: "[3]", array: try TestArrays.counting(bias(3))),
      ]
      return try WeightImport(
        ForeignWeights(ordered: arrays),
        options: WeightImportOptions(architecture: Architecture(name: "mlp:4"), linearLayout: layout))
    }
    for layout in LinearLayout.allCases {
      for bias in [{ [$0] }, { [$0, 1] }, { [1, $0] }] as [(Int) -> [Int]] {
        let result = try imported(layout, bias: bias)
        #expect(result.labels == ["0", "1", "2"])
        #expect(result.tensors.first { $0.name == "fc2.bias" }?.shape == [3])
      }
    }
  }

  @Test func dropoutIsScaledWhereTheUserSays() throws {
    func imported(_ scaling: Operation.Dropout.Scaling?) throws -> WeightImport {
      try WeightImport(
        ForeignWeights(named: TestArrays.numbered([[784, 5], [5, 3]])),
        options: WeightImportOptions(
          architecture: Architecture(name: "mlp:5:dropout=0.25"), dropoutScaling: scaling))
    }
    for (scaling, expected) in [(nil, .training), (.training, .training), (.inference, .inference)]
      as [(Operation.Dropout.Scaling?, Operation.Dropout.Scaling)]
    {
      let result = try imported(scaling)
      let dropouts = result.network.nodes.filter { $0.name.hasPrefix("dropout") }.map(\.operation)
      #expect(dropouts == [.dropout(.init(rate: 0.25, scaling: expected))])
      #expect(
        result.options.first { $0.name == "dropout-scaling" }?.value == .string(expected.rawValue),
        "the provenance says what is in the graph")
    }
  }
}
