import CNNCodecs
import CNNInterchange
import CNNModelFile
import Testing

/// Layouts and orders that shapes say, where there is no other; what they leave open is asked for.
@Suite struct ReadingTests {
  private func list(_ shapes: [[Int]]) throws -> ForeignWeights {
    ForeignWeights(
      ordered: try shapes.enumerated().map {
        NamedArray(name: "[\($0)]", array: try TestArrays.counting($1))
      })
  }

  private func dictionary(_ weights: [[Int]], biases: [Int]) throws -> ForeignWeights {
    try ForeignWeights(
      named: zip(weights, biases).enumerated().flatMap { index, layer in
        [
          NamedArray(name: "W\(index + 1)", array: try TestArrays.counting(layer.0)),
          NamedArray(name: "b\(index + 1)", array: try TestArrays.counting([layer.1])),
        ]
      })
  }

  @Test func weightsThatCanOnlyBeOutIn() throws {
    let result = try WeightImport(
      dictionary([[3, 784], [2, 3]], biases: [3, 2]), options: WeightImportOptions())
    #expect(result.architecture == "mlp:3:sigmoid")
    #expect(result.tensors.first { $0.name == "fc2.weight" }?.floats() == [0, 1, 2, 3, 4, 5])
    #expect(
      result.notes == ["shapes say that linear weights stand out-in, not in-out as is usual for such names"])
    #expect(result.options.first { $0.name == "linear-layout" }?.value == .string("out-in"))
    // What the user says is not second-guessed.
    #expect(throws: InterchangeError.self) {
      try WeightImport(
        dictionary([[3, 784], [2, 3]], biases: [3, 2]), options: .init(linearLayout: .inputsFirst))
    }
    // PyTorch's names with (in, out) weights.
    let named = try ForeignWeights(named: [
      NamedArray(name: "a.weight", array: TestArrays.counting([784, 3])),
      NamedArray(name: "b.weight", array: TestArrays.counting([3, 2])),
    ])
    let other = try WeightImport(named, options: .init())
    #expect(other.tensors.first { $0.name == "fc2.weight" }?.floats() == [0, 2, 4, 1, 3, 5])
    #expect(
      other.notes.first
        == "shapes say that linear weights stand in-out, not out-in as is usual for such names")
  }

  @Test func squareWeightsKeepTheUsualLayout() throws {
    let result = try WeightImport(
      dictionary([[784, 3], [3, 3]], biases: [3, 3]), options: WeightImportOptions())
    #expect(result.tensors.first { $0.name == "fc2.weight" }?.floats() == [0, 3, 6, 1, 4, 7, 2, 5, 8])
    #expect(result.notes.isEmpty)
  }

  @Test func listsThatBeginWithTheLastLayer() throws {
    let lenet: [[Int]] = [[20, 1, 5, 5], [20], [50, 20, 5, 5], [50], [800, 500], [500], [500, 10], [10]]
    let reversed = stride(from: 6, through: 0, by: -2).flatMap { [lenet[$0], lenet[$0 + 1]] }
    let options = try WeightImportOptions(architecture: Architecture(name: "lenet:tanh"))
    let result = try WeightImport(list(reversed), options: options)
    #expect(result.notes == ["shapes say that the file begins with the last layer"])
    #expect(
      result.fates.map { "\($0.name) \($0.tensor)" } == [
        "[6] conv1.weight", "[7] conv1.bias", "[4] conv2.weight", "[5] conv2.bias", "[2] fc1.weight",
        "[3] fc1.bias", "[0] fc2.weight", "[1] fc2.bias",
      ])
    // Other widths than the preset's, and PyTorch's orientation beside it.
    let narrow: [[Int]] = [[3, 5], [3], [5, 64], [5], [4, 3, 5, 5], [4], [3, 1, 5, 5], [3]]
    let other = try WeightImport(list(narrow), options: options)
    #expect(other.labels.count == 3)
    #expect(
      other.notes == [
        "shapes say that the file begins with the last layer, and shapes say that linear weights stand out-in, not "
          + "in-out as is usual for such names"
      ])
  }

  @Test func twoUnusualReadingsAreRefused() throws {
    // 3 to 2 to 3 to 2, (out, in): the same from either end.
    let widths = [3, 2, 3, 2]
    let network = NetworkDescription(
      inputShape: [3],
      nodes: (1...3).map { layer in
        .init(
          name: "l\(layer)",
          operation: .linear(.init(inputFeatures: widths[layer - 1], outputFeatures: widths[layer])),
          inputs: [layer == 1 ? "input" : "l\(layer - 1)"])
      }, output: "l3")
    let weights = try list([[2, 3], [2], [3, 2], [3], [2, 3], [2]])
    let usual = "shapes say that linear weights stand out-in, not in-out as is usual for such names"
    let expected = InterchangeError.ambiguousLayout([
      usual, "shapes say that the file begins with the last layer, and \(usual)",
    ])
    #expect(throws: expected) { try WeightImport(weights, options: .init(network: network)) }
    #expect(
      "\(expected)"
        == "the arrays fit in several ways: \(usual); or shapes say that the file begins with the last layer, and "
        + "\(usual); say which with --linear-layout")
    let settled = try WeightImport(weights, options: .init(network: network, linearLayout: .outputsFirst))
    #expect(settled.fates.first?.name == "[0]" && settled.notes.isEmpty)
  }

  @Test func tensorFlowsKernelsAreAskedFor() throws {
    let weights = try dictionary([[17, 17, 1, 2], [72, 4], [4, 3]], biases: [2, 4, 3])
    #expect(throws: InterchangeError.kernelsLast) { try WeightImport(weights, options: .init()) }
    #expect(
      "\(InterchangeError.kernelsLast)"
        == "the kernels stand as in TensorFlow; say --kernel-layout hwio, and how pictures were flattened with "
        + "--flatten-order hwc (TensorFlow's default) or chw")
    let result = try WeightImport(
      weights, options: .init(kernelLayout: .sizesFirst, flattenOrder: .channelsLast))
    #expect(result.architecture == "simple-convnet")
    #expect(throws: InterchangeError.kernelsLast) {
      try WeightImport(
        list([[17, 17, 1, 30], [30], [1080, 100], [100], [100, 10], [10]]),
        options: .init(architecture: Architecture(name: "simple-convnet")))
    }
  }
}
