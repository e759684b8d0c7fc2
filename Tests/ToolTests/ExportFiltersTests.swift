import CNNCodecs
import CNNTestSupport
import Testing

/// `cnn-export-filters`.
@Suite struct ExportFiltersTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func export(_ arguments: String...) throws -> ToolRunner.Result {
    try run("cnn-export-filters", [Samples.model()] + arguments, in: folder)
  }

  private func expect(
    _ status: Int32, _ message: String, _ arguments: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try expectFailure(
      status, message, "cnn-export-filters", arguments, in: folder, sourceLocation: sourceLocation)
  }

  @Test func thirtyFiltersEightInARow() throws {
    let result = try export("-o", "filters.png")
    #expect(result.status == 0)
    #expect(result.output == "")
    #expect(result.error == "cnn-export-filters: filters.png: 490x250 pixels\n")
    let sheet = try PNG.decodeGray(folder.read("filters.png"))
    #expect(sheet.width == 490 && sheet.height == 250)
    // White around, and in the two places that are left in the last row.
    #expect((0..<490).allSatisfy { sheet[$0, 0] == 255 && sheet[$0, 9] == 255 && sheet[$0, 249] == 255 })
    #expect((370..<490).allSatisfy { sheet[$0, 215] == 255 })
    // Every weight is a block of one grey; the darkest of a filter is black, the brightest white.
    let blocks = (0..<25).map { sheet[10 + $0 % 5 * 10, 10 + $0 / 5 * 10] }
    #expect(blocks.min() == 0 && blocks.max() == 255)
    for y in 10..<60 {
      for x in 10..<60 { #expect(sheet[x, y] == blocks[(y / 10 - 1) * 5 + x / 10 - 1]) }
    }
  }

  @Test func theSameModelGivesTheSameBytes() throws {
    #expect(try export("-o", "a.png", "-q").error == "")
    #expect(try export("-o", "b.PNG", "--layer", "conv1", "-q").status == 0)
    #expect(try folder.read("a.png") == folder.read("b.PNG"))
    let piped = try export("-o", "-", "-q")
    #expect(piped.status == 0)
    #expect(try piped.outputBytes == folder.read("a.png"))
    #expect(try export("-o", "/dev/null", "-q").status == 0)
  }

  @Test func theModelMayComeFromStandardInput() throws {
    let result = try run(
      "cnn-export-filters", ["-", "-o", "f.png", "-q"], in: folder,
      input: TemporaryFolder.read(Samples.model()))
    #expect(result.status == 0)
    #expect(folder.names() == ["f.png"])
  }

  @Test func anExistingFileIsNotOverwritten() throws {
    try folder.write("f.png", "old")
    try expect(
      73, "f.png: the file exists already; use --force to replace it", Samples.model(), "-o", "f.png")
    #expect(try folder.read("f.png") == Array("old".utf8))
    #expect(try export("-o", "f.png", "--force").status == 0)
    #expect(try PNG.header(folder.read("f.png")).width == 490)
    #expect(folder.names() == ["f.png"])
  }

  @Test func layersThatHaveNoFilters() throws {
    let model = try Samples.model()
    try expect(
      65, "\(model): there is no layer 'conv9' with weights; the layers that have are conv1, fc1, fc2", model,
      "-o", "f.png", "--layer", "conv9")
    try expect(
      65,
      "\(model): the layer 'relu1' has no weights that can be drawn; the layers that have are conv1, fc1, fc2",
      model, "-o", "f.png", "--layer", "relu1")
    #expect(!folder.exists("f.png"))
  }

  @Test func aNetworkWithoutConvolutionsBeginsWithItsFirstLinearLayer() throws {
    try folder.write("plain.safetensors", TinyFiles.linearWeights(inputs: 12))
    try folder.write("graph.json", TinyFiles.linearGraph(shape: [1, 4, 3]))
    let command = ["plain.safetensors", "-o", "m.safetensors", "--architecture", "graph.json", "-q"]
    #expect(try run("mnist-convert", command, in: folder).status == 0)
    let result = try run("cnn-export-filters", ["m.safetensors", "-o", "f.png"], in: folder)
    #expect(result.status == 0)
    // A tile of three columns and four rows for each of the two units.
    let header = try PNG.header(folder.read("f.png"))
    #expect(header.width == 10 + 2 * 40 && header.height == 10 + 50)
  }

  @Test func modelsThatAreNone() throws {
    try folder.write("empty", "")
    try expect(66, "missing: there is no such file", "missing", "-o", "f.png")
    try expect(
      65, "\(try Samples.testSet()): this is a dataset file; a model is needed", Samples.testSet(), "-o",
      "f.png")
    try expect(
      65, "empty: byte 0: this is not a safetensors file: it has 0 bytes, and the shortest has 10", "empty",
      "-o",
      "f.png")
    #expect(folder.names() == ["empty"])
  }

  @Test func wrongOutputs() throws {
    let model = try Samples.model()
    try expect(64, "'f.jpg' does not end in .png, the only format that can be written", model, "-o", "f.jpg")
    try expect(64, "'f' does not end in .png, the only format that can be written", model, "-o", "f")
    try expect(64, "Missing expected argument '--output <output>'; or name a folder with --all", model)
    try expect(64, "--all needs the name of a folder", model, "--all", "-")
    try expect(73, "none/f.png: the folder to write into does not exist", model, "-o", "none/f.png")
    #expect(folder.names().isEmpty)
  }
}
