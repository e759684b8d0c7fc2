import CNNModelFile
import CNNTestSupport
import Testing

/// `mnist-convert --architecture`.
@Suite struct ConvertArchitectureTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("plain.safetensors", TinyFiles.linearWeights(inputs: 12))
    try folder.write(
      "mlp.safetensors",
      TinyFiles.plain([
        ("fc1.weight", [2, 784], [Float](repeating: 0.5, count: 1568)), ("fc1.bias", [2], [0, 0]),
        ("fc2.weight", [3, 2], [1, 2, 3, 4, 5, 6]), ("fc2.bias", [3], [0, 0, 0]),
      ]))
  }

  private func convert(_ input: String, _ architecture: String) throws -> ToolRunner.Result {
    try run(
      "mnist-convert", [input, "-o", "m.safetensors", "--force", "--architecture", architecture], in: folder)
  }

  private func expect(
    _ status: Int32, _ message: String, _ input: String, _ architecture: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try expectFailure(
      status, message, "mnist-convert", [input, "-o", "m.safetensors", "--architecture", architecture],
      in: folder, sourceLocation: sourceLocation)
    #expect(!folder.exists("m.safetensors"))
  }

  @Test(arguments: ["mlp:2", "mlp:2:tanh", "mlp:2:sigmoid:dropout=0.2"])
  func aPresetsName(_ name: String) throws {
    let result = try convert("mlp.safetensors", name)
    #expect(result.status == 0)
    #expect(lines(result.error).contains("architecture: \(name)"))
    let network = try #require(try ModelFile(contentsOf: folder.path("m.safetensors")).manifest.network)
    #expect(network.nodes.map(\.operation.name).contains("tanh") == name.contains("tanh"))
  }

  @Test func aGraphInAFile() throws {
    try folder.write("graph.json", TinyFiles.linearGraph(shape: [1, 4, 3]))
    for path in ["graph.json", "./graph.json", folder.path("graph.json")] {
      #expect(try convert("plain.safetensors", path).status == 0)
    }
    let network = try #require(try ModelFile(contentsOf: folder.path("m.safetensors")).manifest.network)
    #expect(network.inputShape == [1, 4, 3])
    #expect(network.nodes.map(\.name) == ["flatten", "fc1"])
  }

  @Test func namesThatAreNone() throws {
    let presets =
      "lenet, simple-convnet, double-convnet, deep-convnet, mlp:WIDTHS, or a JSON file with a graph"
    for name in ["resnet", "LENET", ""] {
      try expect(
        64, "--architecture: there is no architecture '\(name)'; there are \(presets)", Samples.weights, name)
    }
    try expect(
      64,
      "--architecture: 'mlp' lacks the widths of its hidden layers; write for example mlp:100,50, or mlp:none",
      Samples.weights, "mlp")
    for width in ["0", "-5", "x", "99999999999999999999", "65537"] {
      try expect(
        64,
        "--architecture: '\(width)' in 'mlp:\(width)' is not a width; widths are whole numbers from 1 to 65536, as "
          + "in mlp:100,50, or none", Samples.weights, "mlp:\(width)")
    }
    try expect(
      64,
      "--architecture: 'bn' in 'lenet:bn' is not understood; after a colon come relu, sigmoid or tanh, and for mlp "
        + "also bn and dropout=RATE", Samples.weights, "lenet:bn")
  }

  @Test func architecturesThatDontFit() throws {
    try expect(
      65, "\(Samples.weights): lenet takes 8 arrays, and the file has 6", Samples.weights, "lenet")
    try expect(
      65, "\(Samples.weights): mlp:100 takes 4 arrays, and the file has 6", Samples.weights, "mlp:100")
    try expect(
      65, "mlp.safetensors: fc1.weight has shape [2, 784], and fc1.weight takes [5, 784]", "mlp.safetensors",
      "mlp:5")
    try expect(
      65, "plain.safetensors: the array fc2.weight for layer fc2 is missing", "plain.safetensors", "mlp:5")
    // Shapes that cannot be are refused before anything is allocated.
    let result = try convert(Samples.weights, "mlp:65536,65536,65536")
    #expect(result.status == 65)
    #expect(result.error.contains("fc2: a parameter of shape [65536, 65536] has more than "))
  }

  @Test func weightsThatNoPresetFits() throws {
    try expectFailure(
      65,
      "plain.safetensors: no known architecture fits the arrays fc1.weight [2, 12], fc1.bias [2]; name one with "
        + "--architecture, describe the network in a JSON file, or convert a file with its graph (torch.onnx.export, "
        + "Keras's model.save)",
      "mnist-convert", ["plain.safetensors", "-o", "m.safetensors"], in: folder)
  }

  @Test func graphsThatAreNone() throws {
    try folder.write("cut.json", "{")
    try folder.write("half.json", #"{"input": {"dtype": "F32", "shape": [1, 4, 3]}}"#)
    try folder.write(
      "unknown.json", TinyFiles.linearGraph(shape: [1, 4, 3]).replacing("flatten", with: "fold"))
    try folder.write("huge.json", TinyFiles.linearGraph(shape: [1, 30000, 30000]))
    try expect(66, "missing.json: there is no such file", "plain.safetensors", "missing.json")
    try expect(66, "/: this is a folder; a file is needed", "plain.safetensors", "/")
    for (file, evidence) in [
      ("cut.json", "byte 1: the JSON ends early"), ("half.json", "graph is missing"),
      ("unknown.json", "the operation is \"fold\", which this version does not know"),
      ("huge.json", "the network's input has more than 268435456 values"),
    ] {
      let result = try convert("plain.safetensors", file)
      #expect(result.status == 65)
      #expect(result.error.hasPrefix("mnist-convert: \(file): "))
      #expect(result.error.contains(evidence))
    }
    #expect(!folder.exists("m.safetensors"))
  }
}
