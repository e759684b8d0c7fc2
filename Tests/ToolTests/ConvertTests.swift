import CNNCodecs
import CNNModelFile
import CNNTestSupport
import Testing

/// What `mnist-convert` makes of its inputs.
@Suite struct ConvertTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func convert(_ arguments: String..., input: [UInt8]? = nil) throws -> ToolRunner.Result {
    try run("mnist-convert", arguments, in: folder, input: input)
  }

  private func model(_ name: String) throws -> ModelFile { try ModelFile(contentsOf: folder.path(name)) }

  @Test func weightsBecomeAModelAndATableSaysHow() throws {
    let result = try convert(Samples.weights, "-o", "m.safetensors")
    #expect(result.status == 0)
    #expect(result.output == "")
    #expect(
      result.error == """
        array  shape     type     tensor        shape     type     change
        W1     30x1x5x5  float32  conv1.weight  30x1x5x5  float32
        b1     30        float32  conv1.bias    30        float32
        W2     4320x20   float32  fc1.weight    20x4320   float32  transposed
        b2     20        float32  fc1.bias      20        float32
        W3     20x10     float32  fc2.weight    10x20     float32  transposed
        b3     10        float32  fc2.bias      10        float32
        architecture: simple-convnet, recognised from names and shapes
        flatten-order: chw
        linear-layout: in-out
        rotated-kernels: no
        note: names and shapes don't say activations, pooling, padding and strides; they are taken to be simple-convnet's

        """)
    let model = try model("m.safetensors")
    #expect(model.manifest.kind == .model)
    #expect(model.manifest.labels == (0..<10).map(String.init))
    #expect(
      model.tensors.map(\.name).sorted() == [
        "conv1.bias", "conv1.weight", "fc1.bias", "fc1.weight",
        "fc2.bias", "fc2.weight",
      ])
  }

  @Test func otherPeoplesNamesStandBesideOurs() throws {
    let path = RepositoryPaths.root + "/Tests/CNNInterchangeTests/Fixtures/weights/torch-checkpoint.pt"
    let result = try convert(path, "-o", "m.safetensors")
    #expect(result.status == 0)
    #expect(
      result.error == """
        array                 shape      type     tensor        shape      type     change
        layers.conv_a.weight  2x1x17x17  float32  conv1.weight  2x1x17x17  float32
        head.0.weight         4x72       float32  fc1.weight    4x72       float32
        head.0.bias           4          float32  fc1.bias      4          float32
        head.1.weight         3x4        float32  fc2.weight    3x4        float32
        head.1.bias           3          float32  fc2.bias      3          float32
        architecture: simple-convnet, recognised from names and shapes
        flatten-order: chw
        linear-layout: out-in
        rotated-kernels: no
        note: all names began with "module.", which was taken off
        note: left out: 5 tensors in optimizer, epoch (3)
        note: layer layers.conv_a has no bias; conv1.bias is zero
        note: names and shapes don't say activations, pooling, padding and strides; they are taken to be simple-convnet's

        """)
  }

  @Test func aPairOfIDXFilesBecomesADataSetInAnyOrder() throws {
    try folder.write("t10k-images-idx3-ubyte", TinyFiles.images(3))
    try folder.write("t10k-labels-idx1-ubyte", TinyFiles.labels([1, 0, 2]))
    let result = try convert("t10k-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "-o", "a.safetensors")
    #expect(result.status == 0)
    #expect(result.output == "")
    #expect(
      result.error == """
        array                   shape    type   tensor       shape    type   change
        t10k-images-idx3-ubyte  3x28x28  uint8  test.images  3x28x28  uint8
        t10k-labels-idx1-ubyte  3        uint8  test.labels  3        uint8
        pixels are bytes; the network's input is pixel / 255

        """)
    _ = try convert("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", "-o", "b.safetensors")
    let a = try model("a.safetensors")
    #expect(a.tensors == (try model("b.safetensors")).tensors)
    #expect(a.manifest.kind == .dataset)
    #expect(a.manifest.divisor == 255)
    #expect(a.manifest.labels == ["0", "1", "2"])
    #expect(a.tensor(named: "test.labels")?.bytes == [1, 0, 2])
  }

  @Test func gzippedSamplesAreTheTestSplit() throws {
    let set = try ModelFile(contentsOf: Samples.testSet())
    #expect(set.tensors.map(\.name) == ["test.images", "test.labels"])
    #expect(set.tensor(named: "test.images")?.shape == [500, 28, 28])
    #expect(set.tensor(named: "test.images")?.elementType == .uint8)
    #expect(
      set.manifest.provenance.sources.map(\.name).sorted() == [
        "t10k-sample-images-idx3-ubyte.gz", "t10k-sample-labels-idx1-ubyte.gz",
      ])
  }

  @Test func theBooksDataSetPickleBecomesItsSplits() throws {
    #expect(try convert(Samples.dataset, "-o", "d.safetensors", "-q").status == 0)
    let set = try model("d.safetensors")
    #expect(set.tensor(named: "train.images")?.shape == [150, 28, 28])
    #expect(set.tensor(named: "train.labels")?.shape == [150])
    #expect(set.tensor(named: "test.images")?.shape == [50, 28, 28])
    #expect(set.manifest.divisor == 255)
  }

  @Test func twoPairsBecomeTwoSplits() throws {
    for (stem, count) in [("train", 3), ("t10k", 2)] {
      try folder.write("\(stem)-images-idx3-ubyte", TinyFiles.images(count))
      try folder.write("\(stem)-labels-idx1-ubyte", TinyFiles.labels([UInt8](repeating: 4, count: count)))
    }
    let result = try shell("mnist-convert *-ubyte -o all.safetensors -q", in: folder)
    #expect(result.status == 0)
    let set = try model("all.safetensors")
    #expect(set.tensor(named: "train.images")?.shape == [3, 28, 28])
    #expect(set.tensor(named: "test.images")?.shape == [2, 28, 28])
    // As many names as the greatest label needs.
    #expect(set.manifest.labels == ["0", "1", "2", "3", "4"])
  }

  @Test(arguments: [
    ("digits-images", "train"), ("t10k-images", "test"), ("test_images", "test"), ("valid-images", "valid"),
    ("my.val.images", "valid"), ("latest-images", "train"),
  ])
  func theNameSaysTheSplit(_ name: String, _ split: String) throws {
    try folder.write(name, TinyFiles.images(1))
    try folder.write("labels", TinyFiles.labels([0]))
    #expect(try convert(name, "labels", "-o", "d.safetensors", "-q").status == 0)
    #expect(try model("d.safetensors").tensors.map(\.name).contains("\(split).images"))
  }

  @Test func splitOverridesTheName() throws {
    #expect(
      try convert(Samples.images, Samples.labels, "-o", "d.safetensors", "--split", "valid", "-q").status == 0
    )
    #expect(try model("d.safetensors").tensors.map(\.name) == ["valid.images", "valid.labels"])
  }

  @Test func plainSafetensorsWithPyTorchsNamesIsImported() throws {
    try folder.write("plain.safetensors", TinyFiles.linearWeights(inputs: 12))
    try folder.write("graph.json", TinyFiles.linearGraph(shape: [1, 4, 3]))
    let result = try convert("plain.safetensors", "-o", "m.safetensors", "--architecture", "graph.json")
    #expect(result.status == 0)
    #expect(
      result.error == """
        array       shape  type     tensor      shape  type     change
        fc1.weight  2x12   float32  fc1.weight  2x12   float32
        fc1.bias    2      float32  fc1.bias    2      float32
        flatten-order: chw
        linear-layout: out-in
        rotated-kernels: no

        """)
    let weight = try #require(try model("m.safetensors").tensor(named: "fc1.weight"))
    #expect(weight.shape == [2, 12])
    #expect(weight.floats() == [Float](repeating: 1, count: 12) + [Float](repeating: -1, count: 12))
  }

  @Test func rotatedKernelsAreTurned() throws {
    #expect(
      try convert(Samples.weights, "-o", "m.safetensors", "--rotated-kernels").error.contains(
        "W1     30x1x5x5  float32  conv1.weight  30x1x5x5  float32  kernels rotated\n"))
    let rotated = try #require(try model("m.safetensors").tensor(named: "conv1.weight")).floats()
    let straight = try #require(try ModelFile(contentsOf: Samples.model()).tensor(named: "conv1.weight"))
      .floats()
    #expect(Array(rotated[..<25]) == straight[..<25].reversed())
    #expect(Array(rotated[25..<50]) == straight[25..<50].reversed())
  }

  @Test func labelsNameTheClasses() throws {
    let names = "zero,one,two,three,four,five,six,seven,eight,nine"
    #expect(try convert(Samples.weights, "-o", "m.safetensors", "--labels", names, "-q").status == 0)
    let result = try run("cnn-infer", ["--model", "m.safetensors", Samples.digit("7-plain")], in: folder)
    #expect(result.output == "\(Samples.digit("7-plain"))\tseven\t1.0000\n")
  }

  @Test func standardInputIsReadAndStandardOutputWritten() throws {
    let bytes = try TemporaryFolder.read(Samples.weights)
    let result = try convert("-", "-o", "-", input: bytes)
    #expect(result.status == 0)
    #expect(result.error.hasPrefix("array  shape"))
    try folder.write("m.safetensors", result.outputBytes)
    #expect(try model("m.safetensors").tensors == ModelFile(contentsOf: Samples.model()).tensors)
  }

  @Test func jsonIsALineForEachArrayAndOneForTheWhole() throws {
    let result = try convert(Samples.weights, "-o", "m.safetensors", "--json")
    #expect(result.status == 0)
    #expect(result.error == "")
    let objects = try lines(result.output).map(json)
    try #require(objects.count == 7)
    #expect(try objects[2].member("array").string() == "W2")
    #expect(try objects[2].member("shape").integers() == [4320, 20])
    #expect(try objects[2].member("type").string() == "float32")
    #expect(try objects[2].member("tensor").string() == "fc1.weight")
    #expect(try objects[2].member("tensor_shape").integers() == [20, 4320])
    #expect(try objects[2].member("changes").strings() == ["transposed"])
    #expect(try objects[6].member("kind").string() == "model")
    #expect(try objects[6].member("architecture").string() == "simple-convnet")
    #expect(try objects[6].member("recognized").bool())
    #expect(try objects[6].member("labels").strings().count == 10)
  }

  @Test func quietIsSilent() throws {
    let result = try convert(Samples.weights, "-o", "m.safetensors", "--quiet")
    #expect(result.status == 0)
    #expect(result.output == "" && result.error == "")
  }

  @Test func theSameInputGivesTheSameBytes() throws {
    for name in ["a", "b"] {
      #expect(try convert(Samples.images, Samples.labels, "-o", "\(name).safetensors", "-q").status == 0)
    }
    #expect(try folder.read("a.safetensors") == folder.read("b.safetensors"))
    #expect(try folder.read("a.safetensors") == TemporaryFolder.read(Samples.testSet()))
  }
}
