import CNNCodecs
import CNNTestSupport
import Testing

/// What `cnn-inspect` says of the files of other frameworks.
@Suite struct InspectFormatsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static func fixture(_ name: String) -> String {
    RepositoryPaths.root + "/Tests/CNNCodecsTests/Fixtures/" + name
  }

  /// The lines of the description behind the first, which has the path.
  private func description(_ fixture: String) throws -> [String] {
    let result = try run("cnn-inspect", [Self.fixture(fixture)], in: folder)
    #expect(result.status == 0, "\(result.error)")
    return Array(lines(result.output).dropFirst())
  }

  @Test func anONNXFileSaysWhoWroteItAndWhatItDoes() throws {
    let lines = try description("onnx/dynamo-chain.onnx")
    #expect(lines.first?.hasPrefix("producer: pytorch 2.") == true)
    #expect(
      lines.contains("operators: 2 Conv, Tanh, 2 MaxPool, Relu, Reshape, 2 Gemm, Sigmoid, LogSoftmax"))
    #expect(lines.contains("conv1.weight  float32  3x1x3x3"))
  }

  @Test func aCheckpointOfPyTorchSaysItsEpoch() throws {
    let lines = try description("torch/checkpoint-zip.pt")
    #expect(lines.prefix(3) == ["container: zip", "epoch: 12", "best: 0.5"])
    #expect(lines.contains("state_dict.conv1.weight             float32  2x1x3x3"))
  }

  @Test func aFileOfKerasSaysItsVersion() throws {
    let lines = try description("hdf5/keras3.h5")
    #expect(lines.contains { $0.hasPrefix("keras_version: 3.") })
    // A configuration is long.
    #expect(lines.allSatisfy { $0.utf8.count < 230 })
  }

  @Test func jsonHasTheSame() throws {
    let result = try run("cnn-inspect", ["--json", Self.fixture("torch/checkpoint-zip.pt")], in: folder)
    let object = try json(lines(result.output)[0])
    #expect(try object.member("format").string() == "pytorch")
    #expect(try object.member("verified").bool())
    #expect(try object.member("properties").member("epoch").string() == "12")
    #expect(try object.member("arrays").elements().count == 29)
  }

  @Test func whatAnArchiveHoldsIsVerified() throws {
    for (name, status) in [("torch/checkpoint-zip.pt", 0), ("torch/checkpoint-legacy.pt", 65)]
      as [(String, Int32)]
    {
      let result = try run("cnn-inspect", ["--verify", "--quiet", Self.fixture(name)], in: folder)
      #expect(result.status == status, "\(name) \(result.error)")
    }
  }

  @Test func arraysThatAreCutOffAreFound() throws {
    let bytes = try TemporaryFolder.read(Self.fixture("hdf5/keras3.h5"))
    try folder.write("cut.h5", Array(bytes.dropLast(4_000)))
    let result = try run("cnn-inspect", ["cut.h5"], in: folder)
    #expect(result.status == 65)
    #expect(result.output.isEmpty)
  }
}
