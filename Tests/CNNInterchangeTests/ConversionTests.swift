import CNNCodecs
import CNNModelFile
import CNNTestSupport
import Testing

@testable import CNNInterchange

/// Whole files in, a native file out.
@Suite struct ConversionTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func convert(
    _ files: [(name: String, bytes: [UInt8])], _ options: Conversion.Options = .init()
  ) throws -> Conversion {
    let inputs = try files.map { try LoadedInput(path: folder.write($0.name, $0.bytes)) }
    return try Conversion(inputs, options: options, tool: "test", version: "0")
  }

  /// The message without the folder.
  private func message(
    _ files: [(name: String, bytes: [UInt8])], _ options: Conversion.Options = .init()
  ) -> String {
    do {
      _ = try convert(files, options)
      return "no error"
    } catch {
      let text = String(describing: error)
      return text.split(separator: folder.root + "/", omittingEmptySubsequences: false).joined()
    }
  }

  private func idx(_ shape: [Int], _ value: (Int) -> UInt8 = { _ in 0 }) throws -> [UInt8] {
    try IDX.serialize(TestArrays.uint8((0..<shape.reduce(1, *)).map(value), shape))
  }

  private func native(_ labels: [String], split: String = "train", divisor: Double = 255) throws -> [UInt8] {
    let file = ModelFile(
      manifest: Manifest(
        kind: .dataset, labels: labels, divisor: divisor, provenance: Provenance(tool: "t", version: "0")),
      tensors: [
        Tensor(name: "\(split).images", elementType: .uint8, shape: [2, 1, 2], bytes: [1, 2, 3, 4]),
        Tensor(name: "\(split).labels", elementType: .uint8, shape: [2], bytes: [0, 1]),
      ])
    let path = folder.path("native.tmp")
    try file.write(to: path, replacing: true)
    return try TemporaryFolder.read(path)
  }

  // MARK: What a pickle is

  @Test func pairsOfWeightsAndColumnsOfBiasesAreNoDataSet() throws {
    // (out, in) weights with (out, 1) biases: two pairs of equal first extents.
    let pickle = TestPickles.file(
      TestPickles.list([
        TestPickles.tuple([TestPickles.floats([3, 784]), TestPickles.floats([3, 1])]),
        TestPickles.tuple([TestPickles.floats([2, 3]), TestPickles.floats([2, 1])]),
      ]))
    var options = Conversion.Options()
    options.weights.architecture = try Architecture(name: "mlp:3:sigmoid")
    options.weights.linearLayout = .outputsFirst
    let file = try convert([("w.pkl", pickle)], options).file
    #expect(file.manifest.labels == ["0", "1"])
    #expect(file.tensor(named: "fc1.bias")?.floats() == [0, 1, 2])
    #expect(file.tensor(named: "fc2.weight")?.floats() == [0, 1, 2, 3, 4, 5])
  }

  @Test func labelsInAColumnAreLabels() throws {
    let pickle = TestPickles.file(
      TestPickles.tuple([TestPickles.bytes([3, 4]), TestPickles.bytes([3, 1]) { UInt8(2 - $0) }]))
    let file = try convert([("test.pkl", pickle)]).file
    #expect(file.tensor(named: "test.labels")?.bytes == [2, 1, 0])
    #expect(file.tensor(named: "test.images")?.shape == [3, 2, 2])
  }

  @Test func python2KeysAndNestedListsAreRead() throws {
    let dictionary = TestPickles.file(
      TestPickles.dictionary([
        ("b1", TestPickles.floats([2])), ("W1", TestPickles.floats([784, 2])),
      ]))
    let named = try convert([("w.pkl", dictionary)])
    #expect(named.file.tensor(named: "fc1.bias")?.floats() == [0, 1])

    let nested = TestPickles.file(
      TestPickles.list([
        TestPickles.list([TestPickles.floats([784, 3]), TestPickles.floats([3])]),
        TestPickles.list([TestPickles.list([TestPickles.floats([3, 2])]), TestPickles.floats([2])]),
      ]))
    var options = Conversion.Options()
    options.weights.architecture = try Architecture(name: "mlp:3")
    guard case .weights(let report) = try convert([("w.pkl", nested)], options).report else {
      Issue.record("weights were taken for data")
      return
    }
    #expect(report.fates.map(\.name) == ["[0][0]", "[0][1]", "[1][0][0]", "[1][1]"])
  }

  @Test func namesThatFollowNoRuleSayWhichDo() throws {
    let pickle = TestPickles.file(TestPickles.dictionary([("weights", TestPickles.floats([2, 2]))]))
    var options = Conversion.Options()
    options.weights.architecture = try Architecture(name: "lenet")
    #expect(
      message([("w.pkl", pickle)], options)
        == "w.pkl: the names of the arrays weights [2, 2] follow no known rule; read are W1, b1, W2, ..., "
        + "W_NAME and b_NAME, NAME.weight (PyTorch), NAME/W (Chainer), NAME/kernel (Keras, JAX), and lists of arrays in "
        + "the order of the layers")
    let odd = TestPickles.file(TestPickles.dictionary([(#"W1\x1b[2J"#, TestPickles.floats([2, 2]))]))
    #expect(
      message([("w.pkl", odd)])
        == "w.pkl: this is a pickled dictionary with the key \"W1\\u{1b}[2J\", "
        + "which holds neither weights nor labelled pictures")
  }

  // MARK: Splits

  @Test func theUsersSplitHoldsWhateverTheFilesSay() throws {
    let options = Conversion.Options(split: .valid)
    let book = TestPickles.file(
      TestPickles.dictionary([
        ("test_img", TestPickles.bytes([2, 4])), ("test_label", TestPickles.bytes([2])),
      ]))
    #expect(
      try convert([("d.pkl", book)], options).file.tensors.map(\.name) == ["valid.images", "valid.labels"])
    let files = try [("test-images", idx([2, 1, 2])), ("train-labels", idx([2]))]
    #expect(try convert(files, options).file.tensors.map(\.name) == ["valid.images", "valid.labels"])
    let native = try [("d.safetensors", native(["a", "b"]))]
    let renamed = try convert(native, options).file
    #expect(renamed.tensors.map(\.name) == ["valid.images", "valid.labels"])
    #expect(renamed.manifest.provenance.options.map(\.name) == ["split"])

    let pairs = TestPickles.file(
      TestPickles.tuple([
        TestPickles.tuple([TestPickles.bytes([2, 4]), TestPickles.bytes([2])]),
        TestPickles.tuple([TestPickles.bytes([1, 4]), TestPickles.bytes([1])]),
      ]))
    #expect(
      try convert([("d.pkl", pairs)]).file.tensors.map(\.name) == [
        "train.images", "train.labels", "test.images", "test.labels",
      ])
    #expect(
      message([("d.pkl", pairs)], options)
        == "d.pkl: [0][0] and [1][0] would both be the split 'valid'; convert them one at a time, "
        + "with --split to name it")
  }

  @Test func noPicturesAreADataSetToo() throws {
    let files = try [("train-images", idx([0, 28, 28])), ("train-labels", idx([0]))]
    let file = try convert(files).file
    #expect(file.tensor(named: "train.images")?.shape == [0, 28, 28])
    #expect(file.manifest.labels.isEmpty)
    #expect(
      try message([("train-images", idx([2, 0, 28])), ("train-labels", idx([2]))])
        == "the images in train-images have shape [2, 0, 28]; [N, H, W], [N, C, H, W] or [N, side * side] is needed, "
        + "none of them zero but N")
  }

  // MARK: Names

  @Test func theNamesOfClassesAreKept() throws {
    let letters = try native(["A", "J"])
    #expect(try convert([("a.safetensors", letters)]).file.manifest.labels == ["A", "J"])
    let mixed = try convert([
      ("a.safetensors", letters), ("t10k-images", idx([3, 1, 2])),
      ("t10k-labels", idx([3]) { UInt8($0 % 2) }),
    ]).file
    #expect(mixed.manifest.labels == ["A", "J"])
    #expect(mixed.tensor(named: "test.labels")?.bytes == [0, 1, 0])
    let renamed = try convert([("a.safetensors", letters)], .init(labels: ["x", "y"])).file
    #expect(renamed.manifest.labels == ["x", "y"])

    let others = try native(["a", "j"], split: "test")
    #expect(
      message([("a.safetensors", letters), ("b.safetensors", others)])
        == "a.safetensors and b.safetensors name their classes differently; convert them one at a time, "
        + "or give --labels")
    #expect(
      try convert([("a.safetensors", letters), ("b.safetensors", others)], .init(labels: ["a", "b"])).file
        .tensors
        .count == 4)
    #expect(
      try message([
        ("a.safetensors", letters), ("t10k-images", idx([3, 1, 2])), ("t10k-labels", idx([3]) { UInt8($0) }),
      ]) == "the data's labels go up to 2, and there are names for 2 classes")
  }

  @Test func messagesNameTheFile() throws {
    let bad = TestPickles.file(
      TestPickles.tuple([
        TestPickles.bytes([2, 4]), TestPickles.array("i1", [2], [0, 255]),
      ]))
    #expect(message([("d.pkl", bad)]) == "d.pkl: label 1 in [1] is -1; labels are whole numbers from 0 on")
    let good = TestPickles.file(TestPickles.tuple([TestPickles.bytes([2, 4]), TestPickles.bytes([2])]))
    #expect(
      message([("train.pkl", good), ("test.pkl", bad)])
        == "label 1 in test.pkl [1] is -1; labels are whole numbers from 0 on")
    #expect(
      message([("train.pkl", good), ("more.pkl", good)])
        == "train.pkl [0] and more.pkl [0] would both be the split 'train'; convert them one at a time, "
        + "with --split to name it")
    let weights = TestPickles.file(TestPickles.list([TestPickles.floats([4])]))
    #expect(
      message([("train.pkl", good), ("w.pkl", weights)])
        == "w.pkl and train.pkl cannot be converted together; convert them one at a time")
  }

  @Test func graphsThatGiveNoRowOfClassesAreRefused() throws {
    let weights = TestPickles.file(TestPickles.list([TestPickles.floats([1, 1, 1, 1])]))
    var options = Conversion.Options()
    options.weights.network = NetworkDescription(
      inputShape: [1, 1 << 14, 1 << 13],
      nodes: [
        .init(
          name: "conv",
          operation: .conv2d(
            .init(inputChannels: 1, outputChannels: 1, kernelSize: .init(1, 1), hasBias: false)),
          inputs: ["input"])
      ], output: "conv")
    #expect(
      message([("w.pkl", weights)], options)
        == "w.pkl: the network gives [1, 16384, 8192]; one row of at most 65536 values, one for each class, is needed"
    )
    options.weights.network?.nodes.append(.init(name: "flatten", operation: .flatten, inputs: ["conv"]))
    options.weights.network?.output = "flatten"
    #expect(
      message([("w.pkl", weights)], options)
        == "w.pkl: the network gives [134217728]; one row of at most 65536 values, one for each class, is needed"
    )
  }
}
