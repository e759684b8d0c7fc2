import CNNCodecs
import CNNFiles
import CNNInterchange
import CNNModelFile
import CNNTestSupport
import Testing

/// npz and npy files and dictionaries, whose arrays are pictures by their names.
@Suite struct NamedPicturesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// An npz file of these arrays, and a data set or weights of it.
  private func convert(_ arrays: [(name: String, array: NumericArray)], file: String = "data.npz") throws
    -> Conversion
  {
    let sink = MemorySink()
    try NPZ.write(arrays, to: sink)
    return try convert([folder.write(file, sink.bytes)])
  }

  private func convert(_ paths: [String]) throws -> Conversion {
    try Conversion(
      paths.map { try LoadedInput(path: $0) }, options: Conversion.Options(), tool: "test", version: "0")
  }

  private func tensors(_ arrays: [(name: String, array: NumericArray)], file: String = "data.npz") throws
    -> [String: [UInt8]]
  {
    Dictionary(
      try convert(arrays, file: file).file.tensors.map { ($0.name, $0.bytes) },
      uniquingKeysWith: { a, _ in a })
  }

  private static func pictures(_ first: UInt8, count: Int = 2) throws -> NumericArray {
    try TestArrays.uint8((0..<count * 6).map { first + UInt8($0) }, [count, 2, 3])
  }

  @Test(
    arguments: [
      ["x_train", "y_train", "x_test", "y_test"], ["X_train", "Y_train", "X_test", "Y_test"],
      ["train_images", "train_labels", "test_images", "test_labels"],
      ["train_img", "train_label", "test_img", "test_label"], ["train_x", "train_y", "test_x", "test_y"],
      ["train_data", "train_labels", "test_data", "test_labels"],
    ]) func namesSayWhatArraysAre(_ names: [String]) throws
  {
    let arrays = [
      try Self.pictures(0), try TestArrays.uint8([1, 0], [2]), try Self.pictures(100),
      try TestArrays.int64([1, 1], [2]),
    ]
    // The order in the file is nobody's concern.
    #expect(
      try tensors(Array(zip(names, arrays)).reversed()) == [
        "train.images": Array(0..<12), "train.labels": [1, 0], "test.images": Array(100..<112),
        "test.labels": [1, 1],
      ])
  }

  @Test func validationIsASplitOfItsOwn() throws {
    for name in ["val", "valid", "validation"] {
      let result = try convert([
        ("\(name)_images", try Self.pictures(0)), ("\(name)_labels", try TestArrays.uint8([3, 4], [2, 1])),
      ])
      #expect(result.file.tensors.map(\.name).sorted() == ["valid.images", "valid.labels"])
    }
  }

  @Test func aSingleSplitIsSaidByTheFilesName() throws {
    for (images, labels) in [("images", "labels"), ("x", "y"), ("data", "target")] {
      let arrays = [(images, try Self.pictures(0)), (labels, try TestArrays.uint8([3, 4], [2]))]
      #expect(try tensors(arrays, file: "digits.npz")["train.images"] != nil)
      #expect(try tensors(arrays, file: "digits-test.npz")["test.images"] != nil)
    }
  }

  @Test func anArrayAloneIsPairedWithThatOfAnotherFile() throws {
    // Kuzushiji-MNIST comes so.
    for (file, array) in [
      ("kmnist-test-imgs.npz", try Self.pictures(7)),
      ("kmnist-test-labels.npz", try TestArrays.uint8([9, 8], [2])),
    ] {
      let sink = MemorySink()
      try NPZ.write([("arr_0", array)], to: sink)
      try folder.write(file, sink.bytes)
      try folder.write(file.replacing("npz", with: "npy"), NPY.encode(array))
    }
    for kind in ["npz", "npy"] {
      let paths = ["kmnist-test-labels", "kmnist-test-imgs"].map { folder.path("\($0).\(kind)") }
      let tensors = try convert(paths).file.tensors
      #expect(tensors.map(\.name) == ["test.images", "test.labels"])
      #expect(tensors.map(\.bytes) == [Array(7..<19), [9, 8]])
    }
  }

  @Test func whatHasNoPartnerIsNamed() throws {
    func error(_ arrays: [(name: String, array: NumericArray)]) -> InterchangeError? {
      do {
        _ = try convert(arrays)
        return nil
      } catch {
        return (error as? LoadFailure)?.underlying as? InterchangeError
      }
    }
    let images = try Self.pictures(0)
    let labels = try TestArrays.uint8([0, 1], [2])
    #expect(error([("x_train", images)]) == .missingLabels(images: "x_train"))
    #expect(
      error([("x_train", images), ("y_train", labels), ("y_test", labels)])
        == .missingImages(labels: "y_test"))
    #expect(
      error([("x_train", images), ("y_train", labels), ("extra", labels)])
        == .unusedArray("extra", shape: [2]))
    // Neither pictures nor weights.
    #expect(
      error([("x", images), ("weights", labels)])
        == .unknownNames(arrays: ["x [2, 2, 3]", "weights [2]"]))
  }

  @Test func picturesWithoutLabelsComeBack() throws {
    let bytes = Array(0..<UInt8(12))
    let data = try DatasetImport([
      LabelledArrays(
        split: .test, images: Self.pictures(0), imagesName: "images", labels: nil, labelsName: "")
    ])
    let file = ModelFile(
      manifest: Manifest(
        kind: .dataset, labels: data.labels, divisor: data.divisor,
        provenance: Provenance(tool: "test", version: "0", sources: [])), tensors: data.tensors)
    let export = try Export(
      file, as: .npz, options: .init(only: nil, isFolder: false), tool: "test", version: "0")
    let sink = MemorySink()
    try #require(export.files.first).write(to: sink)
    let input = try LoadedInput(path: folder.write("bare.npz", sink.bytes))
    let back = try DatasetInputs.load([input], requiresLabels: false, tool: "test", version: "0")
    #expect(back.tensors.map(\.name) == ["test.images"] && back.tensors[0].bytes == bytes)
    let failure = #expect(throws: LoadFailure.self) {
      try DatasetInputs.load([input], requiresLabels: true, tool: "test", version: "0")
    }
    #expect(failure?.underlying as? InterchangeError == .missingLabels(images: "x_test"))
  }

  @Test func weightsInAnNpzFileAreWeights() throws {
    let arrays = try TestArrays.numbered([[784, 3], [3, 2]]).map { (name: $0.name, array: $0.array) }
    guard case .weights(let weights) = try convert(arrays).report else {
      Issue.record("no weights")
      return
    }
    #expect(weights.architecture == "mlp:3:sigmoid")
  }
}
