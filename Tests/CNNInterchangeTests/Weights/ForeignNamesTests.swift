import CNNCodecs
import CNNModelFile
import Testing

@testable import CNNInterchange

/// Which names are understood, and what is said of them.
@Suite struct ForeignNamesTests {
  /// Arrays of zeros under names.
  private func arrays(_ entries: [(String, [Int])]) throws -> [NamedArray] {
    try entries.map { NamedArray(name: $0, array: try TestArrays.counting($1)) }
  }

  /// What the file is, a line for each array: its name and its tensor.
  private func table(
    _ entries: [(String, [Int])], keepsOrder: Bool = true, _ options: WeightImportOptions = .init()
  ) throws -> (result: WeightImport, lines: [String]) {
    let result = try WeightImport(
      ForeignWeights(named: arrays(entries), keepsOrder: keepsOrder), options: options)
    return (result, result.fates.map { "\($0.name) \($0.tensor)" })
  }

  private func error(
    _ entries: [(String, [Int])], keepsOrder: Bool = true, _ options: WeightImportOptions = .init()
  ) throws -> InterchangeError? {
    do {
      _ = try table(entries, keepsOrder: keepsOrder, options)
      return nil
    } catch let error as InterchangeError { return error }
  }

  @Test func sequentialNames() throws {
    let (result, lines) = try table([
      ("0.weight", [2, 1, 17, 17]), ("0.bias", [2]), ("4.weight", [4, 72]), ("4.bias", [4]),
      ("10.weight", [3, 4]), ("10.bias", [3]),
    ])
    #expect(result.architecture == "simple-convnet" && result.isRecognized)
    #expect(
      lines == [
        "0.weight conv1.weight", "0.bias conv1.bias", "4.weight fc1.weight", "4.bias fc1.bias",
        "10.weight fc2.weight", "10.bias fc2.bias",
      ])
    #expect(result.notes.isEmpty)
    // Sorted by bytes, as safetensors has them, 10 stands before 4; and shapes say the same as numbers.
    let sorted = try table(
      [
        ("0.bias", [2]), ("0.weight", [2, 1, 17, 17]), ("10.bias", [3]), ("10.weight", [3, 4]),
        ("4.bias", [4]), ("4.weight", [4, 72]),
      ], keepsOrder: false)
    #expect(sorted.result.tensors.map(\.name) == result.tensors.map(\.name))
    #expect(sorted.lines == lines && sorted.result.notes.isEmpty)
  }

  @Test func chainersNames() throws {
    let entries: [(String, [Int])] = [
      ("updater/model:main/predictor/l2/W", [2, 5]), ("updater/model:main/predictor/l2/b", [2]),
      ("updater/model:main/predictor/bn/gamma", [5]), ("updater/model:main/predictor/bn/beta", [5]),
      ("updater/model:main/predictor/bn/avg_mean", [5]), ("updater/model:main/predictor/bn/avg_var", [5]),
      ("updater/model:main/predictor/l1/W", [5, 784]), ("updater/model:main/predictor/l1/b", [5]),
      ("updater/iteration", []), ("updater/optimizer:main/l1/W/m", [5, 784]),
    ]
    var named = try arrays(entries)
    named.append(
      NamedArray(name: "updater/model:main/predictor/bn/N", array: try TestArrays.int64([9], [])))
    let weights = try ForeignWeights(named: named)
    #expect(weights.naming == .chainer)
    let result = try WeightImport(weights, options: .init())
    #expect(result.architecture == "mlp:5:bn")
    #expect(result.tensors.first { $0.name == "bn1.num_batches_tracked" }?.integers() == [9])
    #expect(
      result.notes == [
        "left out: updater/iteration, updater/optimizer:main/l1/W/m, which are the trainer's",
        "the file doesn't say where batch normalisation stands and what its epsilon is; taken are before each "
          + "activation, and 2e-05, which is Chainer's default",
      ])
  }

  @Test func flaxNames() throws {
    let (result, lines) = try table([
      ("params.Dense_0.kernel", [784, 5]), ("params.Dense_0.bias", [5]),
      ("batch_stats.BatchNorm_0.mean", [5]), ("batch_stats.BatchNorm_0.var", [5]),
      ("params.BatchNorm_0.bias", [5]), ("params.Dense_1.kernel", [5, 2]), ("params.Dense_1.bias", [2]),
    ])
    #expect(
      lines == [
        "params.Dense_0.kernel fc1.weight", "params.Dense_0.bias fc1.bias",
        "params.BatchNorm_0.bias bn1.bias",
        "batch_stats.BatchNorm_0.mean bn1.running_mean", "batch_stats.BatchNorm_0.var bn1.running_var",
        "params.Dense_1.kernel fc2.weight", "params.Dense_1.bias fc2.bias",
      ])
    #expect(result.tensors.first { $0.name == "bn1.weight" }?.floats() == [1, 1, 1, 1, 1])
    #expect(result.notes.first?.hasSuffix("1e-05, which is Flax's default") == true)
    #expect(result.notes.last == "layer BatchNorm_0 has no factor; bn1.weight is one")
  }

  @Test func kerasNames() throws {
    let (result, lines) = try table([
      ("sequential/conv2d/kernel:0", [17, 17, 1, 2]), ("sequential/conv2d/bias:0", [2]),
      ("sequential/dense/kernel:0", [72, 4]), ("sequential/dense/bias:0", [4]),
      ("sequential/dense_1/kernel:0", [4, 3]), ("sequential/dense_1/bias:0", [3]),
      ("seed_generator/seed_generator_state", [2]),
    ])
    #expect(result.architecture == "simple-convnet")
    #expect(lines[0] == "sequential/conv2d/kernel:0 conv1.weight")
    #expect(result.fates[0].changes == ["kernels from (h, w, i, o)"])
    #expect(result.fates[2].changes == ["transposed", "columns from (h, w, c) to (c, h, w)"])
    #expect(
      result.notes == ["left out: seed_generator/seed_generator_state, the state of a random generator"])
  }

  @Test func lettersInFrontAndPositions() throws {
    let prefixed = try table([
      ("W_conv", [2, 1, 17, 17]), ("b_conv", [2]), ("W_fc", [72, 4]), ("b_fc", [4]), ("w_out", [4, 3]),
      ("b_out", [3]),
    ])
    #expect(prefixed.result.architecture == "simple-convnet")
    #expect(prefixed.lines.last == "b_out fc2.bias")
    let positional = try ForeignWeights(
      named: arrays([("arr_1", [4]), ("arr_0", [784, 4]), ("arr_2", [4, 2]), ("arr_3", [2])]))
    #expect(
      positional.naming == .ordered && positional.arrays.map(\.name) == ["arr_0", "arr_1", "arr_2", "arr_3"])
    #expect(throws: InterchangeError.unknownNames(arrays: ["arr_0 [2]", "arr_2 [2]"])) {
      try ForeignWeights(named: arrays([("arr_0", [2]), ("arr_2", [2])]))
    }
  }

  @Test func wrappersAreTakenOffWhateverTheFile() throws {
    let (result, lines) = try table(
      [("_orig_mod.module.0.weight", [3, 784]), ("_orig_mod.module.2.weight", [2, 3])], keepsOrder: false)
    #expect(lines == ["0.weight fc1.weight", "2.weight fc2.weight"])
    #expect(result.notes.first == #"all names began with "_orig_mod.module.", which was taken off"#)
  }

  @Test func nativeNamesHoldWhateverTheirOrder() throws {
    let (result, lines) = try table([
      ("fc2.weight", [784, 784]), ("fc2.bias", [784]), ("fc1.weight", [784, 784]), ("fc1.bias", [784]),
    ])
    #expect(
      lines == ["fc1.weight fc1.weight", "fc1.bias fc1.bias", "fc2.weight fc2.weight", "fc2.bias fc2.bias"])
    #expect(result.notes.isEmpty)
  }

  @Test func aLayerWithoutBiasGetsZeros() throws {
    let (result, lines) = try table([("a.weight", [3, 784]), ("b.weight", [2, 3]), ("b.bias", [2])])
    #expect(lines == ["a.weight fc1.weight", "b.weight fc2.weight", "b.bias fc2.bias"])
    #expect(result.tensors.first { $0.name == "fc1.bias" }?.floats() == [0, 0, 0])
    #expect(result.notes == ["layer a has no bias; fc1.bias is zero"])
  }

  @Test func refusals() throws {
    #expect(
      try error([("a.weight", [3, 784]), ("norm.weight", [3]), ("norm.bias", [3]), ("b.weight", [2, 3])])
        == .unknownLayer("norm", arrays: ["norm.bias [3]", "norm.weight [3]"]))
    #expect(
      try error([("a/kernel", [784, 2]), ("a.kernel", [784, 2])])
        == .sameParameter("a/kernel", "a.kernel", layer: "a", parameter: "weight"))
    #expect(
      try error([("a.weight", [2, 784]), ("a/W", [2, 784])])
        == .unknownNames(arrays: ["a.weight [2, 784]", "a/W [2, 784]"]))
    #expect(
      try error([("a.weight", [3, 784]), ("n.running_mean", [3]), ("b.weight", [2, 3])])
        == .unknownLayer("n", arrays: ["n.running_mean [3]"]))
    #expect(try error([("a.bias", [2])]) == .unknownNames(arrays: ["a.bias [2]"]))
    #expect(try error([("weight", [2, 784])]) == .unknownNames(arrays: ["weight [2, 784]"]))
    let given = try WeightImportOptions(architecture: Architecture(name: "mlp:3"))
    #expect(
      try error([("a.weight", [3, 784]), ("b.weight", [3, 3]), ("c.weight", [2, 3])], given)
        == .layerCount(kind: "linear", expected: ["fc1", "fc2"], found: ["a", "b", "c"]))
    #expect(
      try error([("fc1.weight", [3, 784]), ("fc1.bias", [3])], given)
        == .missingArray("fc2.weight", layer: "fc2"))
    let network = NetworkDescription(
      inputShape: [4],
      nodes: [
        .init(
          name: "out", operation: .linear(.init(inputFeatures: 4, outputFeatures: 2, hasBias: false)),
          inputs: ["input"])
      ], output: "out")
    #expect(
      try error([("a.weight", [2, 4]), ("a.bias", [2])], .init(network: network))
        == .unusedArray("a.bias", shape: [2]))
    #expect(
      try error([("a.weight", [2, 5])], .init(network: network))
        == .shapeMismatch(
          array: "a.weight", found: [2, 5], layer: "out.weight", expected: [2, 4], hint: nil))
  }

  @Test func messagesSayWhatToDo() {
    #expect(
      "\(InterchangeError.unknownLayer("norm", arrays: ["norm.weight [3]"]))"
        == "the arrays norm.weight [3] of layer norm are no convolution (a weight of four dimensions), linear layer "
        + "(two) or batch normalisation (a running mean and variance); torch.onnx.export writes a file that says what "
        + "they are")
    #expect(
      "\(InterchangeError.layerCount(kind: "linear", expected: [], found: ["a", "b"]))"
        == "the network has none of the kind linear, and the file has 2 (a, b); give the network as a JSON file with "
        + "--architecture, or export it with torch.onnx.export")
    #expect(
      "\(InterchangeError.sameParameter("a/kernel", "a.kernel", layer: "a", parameter: "weight"))"
        == "a/kernel and a.kernel would both be the weight of layer a")
  }

  @Test func dictionariesInDictionariesHaveSlashes() throws {
    let pickle = TestPickles.file(
      TestPickles.dictionary([
        (
          "Dense_0",
          TestPickles.dictionary([
            ("kernel", TestPickles.floats([784, 3])), ("bias", TestPickles.floats([3])),
          ])
        ),
        ("Dense_1", TestPickles.dictionary([("kernel", TestPickles.floats([3, 2]))])),
      ]))
    guard case .weights(let weights) = try PickleContent(Pickle(parsing: pickle), name: "w.pkl") else {
      Issue.record("no weights")
      return
    }
    #expect(weights.naming == .kernels)
    #expect(weights.arrays.map(\.name) == ["Dense_0/kernel", "Dense_0/bias", "Dense_1/kernel"])
    #expect(try WeightImport(weights, options: .init()).architecture == "mlp:3")
  }
}
