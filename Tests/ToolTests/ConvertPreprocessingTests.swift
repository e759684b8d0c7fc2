import CNNCodecs
import CNNModelFile
import CNNTestSupport
import Testing

/// Options about the network's input, over what files say of it themselves.
@Suite struct ConvertPreprocessingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func preprocessing(_ input: String, _ options: String...) throws -> Preprocessing? {
    let result = try run(
      "mnist-convert", [input, "-o", "m.safetensors", "--force", "-q"] + options, in: folder)
    #expect(result.status == 0, "\(result.error)")
    return try ModelFile(contentsOf: folder.path("m.safetensors")).manifest.preprocessing
  }

  @Test func theKindOfFileImpliesADivisor() throws {
    let row = (0..<784).map { "\($0 % 5)" }.joined(separator: ",")
    try folder.write(
      "network.json",
      #"{"sizes":[784,2],"weights":[[[\#(row)],[\#(row)]]],"biases":[[[0],[1]]],"cost":"CrossEntropyCost"}"#)
    #expect(try preprocessing("network.json") == Preprocessing(divisor: 256))
    #expect(try preprocessing("network.json", "--mean", "0.5") == Preprocessing(divisor: 256, mean: 0.5))
    #expect(try preprocessing("network.json", "--mean", "-0.5") == Preprocessing(divisor: 256, mean: -0.5))
    #expect(
      try preprocessing("network.json", "--divisor", "1", "--deviation", "2")
        == Preprocessing(divisor: 1, deviation: 2))
    #expect(
      try preprocessing(Samples.weights, "--deviation", "0.5") == Preprocessing(divisor: 255, deviation: 0.5))
  }

  @Test func aModelOfKerasSaysItsOwn() throws {
    let fixtures = RepositoryPaths.root + "/Tests/CNNInterchangeTests/Fixtures/keras/"
    try folder.write("rescaled.h5", Gzip.decompress(TemporaryFolder.read(fixtures + "rescaled.h5.gz")))
    let own = try #require(try preprocessing("rescaled.h5"))
    #expect(own.divisor == 127.5 && own.mean != 0 && own.deviation != 1)
    var expected = own
    // Zero that is given is given.
    expected.mean = 0
    #expect(try preprocessing("rescaled.h5", "--mean", "0") == expected)
    expected = own
    expected.deviation = 1
    #expect(try preprocessing("rescaled.h5", "--deviation", "1") == expected)
    expected = own
    expected.divisor = 255
    #expect(try preprocessing("rescaled.h5", "--divisor", "255") == expected)
  }

  @Test func aModelInONNXBringsItsOwn() throws {
    let own = Preprocessing(divisor: 100, mean: 0.25, deviation: 4)
    #expect(
      try preprocessing(Samples.weights, "--divisor", "100", "--mean", "0.25", "--deviation", "4") == own)
    #expect(try run("mnist-convert", ["m.safetensors", "-o", "m.onnx", "-q"], in: folder).status == 0)
    #expect(try preprocessing("m.onnx") == own)
    var expected = own
    expected.mean = 0
    #expect(try preprocessing("m.onnx", "--mean", "0") == expected)
  }
}
