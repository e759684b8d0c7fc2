import CNNCodecs
import CNNTestSupport
import Testing

/// What `cnn-inspect` says of every kind of file.
@Suite struct InspectTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func inspect(_ arguments: String..., input: [UInt8]? = nil) throws -> ToolRunner.Result {
    try run("cnn-inspect", arguments, in: folder, input: input)
  }

  private func object(_ path: String) throws -> JSONNode {
    let result = try inspect("--json", path)
    #expect(result.status == 0)
    #expect(result.error == "")
    let lines = lines(result.output)
    try #require(lines.count == 1)
    return try json(lines[0])
  }

  @Test func aModelsLayersTensorsAndOrigin() throws {
    try folder.write("m.safetensors", TemporaryFolder.read(Samples.model()))
    let result = try inspect("m.safetensors")
    #expect(result.status == 0)
    #expect(result.error == "")
    #expect(
      result.output == """
        m.safetensors: a native model file, 351.9 kB, CRC-32 98bc8434
        whole: all checksums agree

        layer    operation      output    parameters  multiply-adds
        input                   1x28x28
        conv1    conv2d 30@5x5  30x24x24         780        432,000
        relu1    relu           30x24x24
        pool1    max pool 2     30x12x12
        flatten  flatten        4320
        fc1      linear 20      20            86,420         86,400
        relu2    relu           20
        fc2      linear 10      10               210            200
        total                                 87,410        518,600

        tensor        type     shape     CRC-32
        conv1.bias    float32  30        6a9eb1f4
        conv1.weight  float32  30x1x5x5  ccb3f2da
        fc1.bias      float32  20        f4b3bae1
        fc1.weight    float32  20x4320   8e85606c
        fc2.bias      float32  10        55ae2f3e
        fc2.weight    float32  10x20     78ea06bb

        labels: 0 1 2 3 4 5 6 7 8 9
        input: pixel / 255, white-on-black, normalization mnist
        made by: mnist-convert 0.1.0
        from: simple_convnet_params.pkl, 350002 bytes, CRC-32 006d7f70
        option: architecture = "simple-convnet"
        option: flatten-order = "chw"
        option: linear-layout = "in-out"
        option: rotated-kernels = false

        """)
  }

  @Test func aModelAsJSON() throws {
    let model = try object(Samples.model())
    #expect(try model.member("format").string() == "cnn")
    #expect(try model.member("kind").string() == "model")
    #expect(try model.member("verified").bool())
    #expect(try model.member("size").integer() == TemporaryFolder.read(Samples.model()).count)
    #expect(try model.member("parameters").integer() == 87_410)
    #expect(try model.member("multiply_adds").integer() == 518_600)
    #expect(try model.member("labels").strings() == (0..<10).map(String.init))
    let layer = try model.member("layers").elements()[0]
    #expect(try layer.member("name").string() == "conv1")
    #expect(try layer.member("op").string() == "conv2d")
    #expect(try layer.member("output_shape").integers() == [30, 24, 24])
    let tensors = try model.member("tensors").elements()
    #expect(try tensors.map { try $0.member("crc32").string() }.first == "6a9eb1f4")
    #expect(try model.member("preprocess").member("divisor").number() == 255)
    #expect(
      try model.member("provenance").member("sources").elements()[0].member("name").string()
        == "simple_convnet_params.pkl")
  }

  @Test func aDataSet() throws {
    let result = try inspect(Samples.testSet())
    #expect(result.status == 0)
    #expect(lines(result.output)[1] == "whole: all checksums agree")
    #expect(lines(result.output)[4].hasPrefix("test.images  uint8  500x28x28  "))
    #expect(lines(result.output).contains("input: pixel / 255"))
    let set = try object(Samples.testSet())
    #expect(try set.member("kind").string() == "dataset")
    #expect(try set.member("divisor").number() == 255)
  }

  @Test func aPickleListsItsArrays() throws {
    try folder.write("p.pkl", TemporaryFolder.read(Samples.weights))
    let table = """
      array  type     shape
      W1     float32  30x1x5x5
      b1     float32  30
      W2     float32  4320x20
      b2     float32  20
      W3     float32  20x10
      b3     float32  10

      """
    let first = "p.pkl: a pickle, 350.0 kB, CRC-32 006d7f70\n"
    #expect(try inspect("p.pkl").output == first + "protocol 4, a dict\n" + table)

    let packed = try Gzip.compress(folder.read("p.pkl"))
    try folder.write("p.pkl.gz", packed)
    let output = try inspect("p.pkl.gz").output
    #expect(output.hasPrefix("p.pkl.gz: gzip, and in it a pickle, "))
    #expect(output.hasSuffix("\nprotocol 4, a dict\n" + table))
    let pickle = try object("p.pkl.gz")
    #expect(try pickle.member("format").string() == "pickle")
    #expect(try pickle.member("compressed").bool())
    #expect(try pickle.member("size").integer() == packed.count)
    #expect(try pickle.member("arrays").elements()[2].member("shape").integers() == [4320, 20])
  }

  @Test func anIDXFile() throws {
    try folder.write("labels", TinyFiles.labels([1, 2, 3]))
    let result = try inspect("labels")
    #expect(lines(result.output)[0].hasPrefix("labels: an IDX file, 11 bytes, CRC-32 "))
    #expect(lines(result.output)[1] == "uint8 3")
    let images = try object(Samples.images)
    #expect(try images.member("format").string() == "idx")
    #expect(try images.member("arrays").elements()[0].member("shape").integers() == [500, 28, 28])
  }

  @Test func aPicture() throws {
    let result = try inspect(Samples.digit("6-interlaced"))
    #expect(lines(result.output)[1] == "112x112 pixels, 8-bit grey, interlaced")
    let picture = try object(Samples.digit("7-rgba"))
    #expect(try picture.member("format").string() == "png")
    #expect(try picture.member("width").integer() == 140)
    #expect(try picture.member("bit_depth").integer() == 8)
  }

  @Test func aPlainSafetensorsFile() throws {
    try folder.write("plain.safetensors", TinyFiles.linearWeights(inputs: 12))
    let result = try inspect("plain.safetensors")
    #expect(result.status == 0)
    #expect(
      lines(result.output).dropFirst() == [
        "array       type     shape", "fc1.weight  float32  2x12", "fc1.bias    float32  2",
      ])
    #expect(try object("plain.safetensors").member("verified").bool() == false)
  }

  @Test func standardInput() throws {
    let result = try inspect("-", input: TemporaryFolder.read(Samples.model()))
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("-: a native model file, 351.9 kB, CRC-32 98bc8434\n"))
  }
}
