import CNNCodecs
import CNNTestSupport
import Testing

/// `cnn-export-filters`: which layers, in what way, and all of them.
@Suite struct ExportLayersTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @discardableResult
  private func export(_ arguments: String...) throws -> ToolRunner.Result {
    try run("cnn-export-filters", arguments, in: folder)
  }

  private func size(_ name: String) throws -> [Int] { try pictureSize(name, in: folder) }

  @Test func theBuiltInModelNeedsNoName() throws {
    let result = try export("-o", "f.png")
    #expect(result.status == 0)
    #expect(result.error == "cnn-export-filters: f.png: 330x170 pixels\n")
    #expect(try size("f.png") == [10 + 8 * 40, 10 + 4 * 40])
  }

  @Test func everyLayerWithWeightsIntoAFolder() throws {
    let result = try export(Samples.model(), "--all", "layers")
    #expect(result.status == 0)
    #expect(
      result.error == """
        cnn-export-filters: layers/conv1.png: 490x250 pixels
        cnn-export-filters: layers/fc1.png: 3910x2610 pixels
        cnn-export-filters: layers/fc2.png: 220x120 pixels

        """)
    #expect(try shell("ls layers", in: folder).output == "conv1.png\nfc1.png\nfc2.png\n")
    try export(Samples.model(), "-o", "one.png", "-q")
    #expect(try folder.read("layers/conv1.png") == folder.read("one.png"))
    try expectFailure(
      73, "layers: the folder is not empty; use --force to write into it", "cnn-export-filters",
      [Samples.model(), "--all", "layers"], in: folder)
    let again = try export("--all", "layers", "--force", "-q", "--view", "strongest", "--channels", "2")
    #expect(again.status == 0 && again.error == "")
    // The built-in model's layers have come to them and replaced those of the same name.
    #expect(try size("layers/conv1.png") == [330, 170] && size("layers/conv6.png") == [90, 10 + 64 * 40])
  }

  @Test func namesOfLayersDoNoHarmInTheFolder() throws {
    try folder.write(
      "plain.safetensors",
      TinyFiles.plain([
        ("a:b.weight", [2, 4], [0, 1, 2, 3, 4, 5, 6, 7]), ("A:B.weight", [2, 2], [0, 1, 2, 3]),
      ]))
    try folder.write(
      "graph.json",
      """
      {"input": {"dtype": "F32", "shape": [4]},
       "graph": {"output": "A:B", "nodes": [
         {"name": "a:b", "op": "linear", "inputs": ["input"],
          "attributes": {"bias": false, "in_features": 4, "out_features": 2}},
         {"name": "A:B", "op": "linear", "inputs": ["a:b"],
          "attributes": {"bias": false, "in_features": 2, "out_features": 2}}]}}
      """)
    let command = ["plain.safetensors", "-o", "m.safetensors", "--architecture", "graph.json", "-q"]
    let converted = try run("mnist-convert", command, in: folder)
    #expect(converted.status == 0, "\(converted.error)")
    #expect(try export("m.safetensors", "--all", "d", "-q").status == 0)
    #expect(try shell("ls d", in: folder).output == "A_B-2.png\na_b.png\n")
  }

  @Test func labelsAndBars() throws {
    for (options, colorType) in [
      (["--labels"], PNGHeader.ColorType.gray), (["--labels", "--scaling", "layer"], .gray),
      (["--colors", "diverging"], .palette), (["--columns", "4", "--scale", "3"], .gray),
    ] {
      let result = try run("cnn-export-filters", ["-o", "f.png", "--force", "-q"] + options, in: folder)
      #expect(result.status == 0 && result.error == "")
      let header = try PNG.header(folder.read("f.png"))
      if colorType == .gray { #expect(header.colorType == .gray) } else { #expect(header.colorType != .gray) }
    }
    #expect(try size("f.png") == [10 + 4 * 19, 10 + 8 * 19])
  }

  @Test func twoModelsBesideEachOther() throws {
    let model = try Samples.model()
    let result = try export(model, "--compare", model, "-o", "f.png")
    #expect(result.error == "cnn-export-filters: f.png: 1010x270 pixels\n")
    let picture = try PNG.decodeGray(folder.read("f.png"))
    #expect((0..<490).allSatisfy { picture[10 + $0, 100] == picture[510 + $0, 100] })
    try expectFailure(
      65,
      "\(model): the layer conv1 has weights of 30x1x5x5 in one model and of 32x1x3x3 in the other; only equal "
        + "shapes can be compared", "cnn-export-filters",
      [
        model, "--compare", RepositoryPaths.root + "/Sources/CBuiltInModel/digits.safetensors", "-o", "g.png",
      ],
      in: folder)
    try expectFailure(
      66, "missing: there is no such file", "cnn-export-filters", ["--compare", "missing", "-o", "g.png"],
      in: folder)
  }

  @Test func thePicturesThatExciteAFilter() throws {
    let arguments = ["--view", "maximize", "--steps", "4", "--units", "1-3", "-q"]
    #expect(try run("cnn-export-filters", ["-o", "a.png"] + arguments, in: folder).status == 0)
    #expect(try size("a.png") == [8 + 3 * 40, 48])
    #expect(
      try run("cnn-export-filters", ["-o", "b.png", "--threads", "3"] + arguments, in: folder).status == 0)
    #expect(try folder.read("a.png") == folder.read("b.png"))
    #expect(
      try run("cnn-export-filters", ["-o", "c.png", "--seed", "1"] + arguments, in: folder).status == 0)
    #expect(try size("c.png") == size("a.png"))
    try expectFailure(
      65, "built-in model: the layer conv1 has no unit 32; its units are 0 to 31", "cnn-export-filters",
      ["-o", "d.png", "--view", "maximize", "--units", "30-32"], in: folder)
  }

  @Test func unitsThatAreNotThere() throws {
    for (units, missing) in [
      ("0-1000000000", "1000000000"), ("0-9223372036854775806", "9223372036854775806"), ("40", "40"),
    ] {
      for view in [["--view", "maximize"], ["--top-activating", Samples.images]] {
        try expectFailure(
          65, "built-in model: the layer conv1 has no unit \(missing); its units are 0 to 31",
          "cnn-export-filters", ["-o", "u.png", "--units", units] + view, in: folder)
      }
    }
  }

  @Test func aSecondModelWithoutTheLayerIsRefusedBeforeTheSearch() throws {
    // So many steps would take hours.
    let model = try Samples.model()
    try expectFailure(
      65, "\(model): there is no layer 'conv6'; the layers are conv1, relu1, pool1, flatten, fc1, relu2, fc2",
      "cnn-export-filters",
      ["-o", "f.png", "--layer", "conv6", "--view", "maximize", "--steps", "100000", "--compare", model],
      in: folder)
    try expectFailure(
      65,
      "\(model): the layer conv1 gives 30x24x24 and in built-in model 32x28x28; only equal shapes can be compared",
      "cnn-export-filters",
      ["-o", "f.png", "--view", "maximize", "--steps", "100000", "--compare", model], in: folder)
  }

  @Test func twoModelsThatAreTooLargeTogether() throws {
    let model = try Samples.model()
    // Two sheets of eight by four tiles: at 246 they have 19890x4990 pixels together, at 247 19970x5010.
    for (scale, size) in [(300, "147.0"), (247, "100.1")] {
      try expectFailure(
        65,
        "\(model): layer conv1: the sheet would have \(size) megapixels, more than 100; --scale 246 is the greatest "
          + "that fits", "cnn-export-filters",
        [model, "--compare", model, "-o", "g.png", "--scale", "\(scale)"], in: folder)
    }
    #expect(try export(model, "--compare", model, "-o", "f.png", "--scale", "246", "-q").status == 0)
    #expect(try size("f.png") == [19_890, 4_990])
    // The same before a search that would take hours.
    let search = try export(
      model, "--compare", model, "-o", "g.png", "--scale", "300", "--view", "maximize", "--steps", "100000")
    #expect(search.status == 65 && search.error.hasSuffix(" is the greatest that fits\n"))
    #expect(!folder.exists("g.png"))
  }

  @Test func noFolderWithoutAPicture() throws {
    try folder.write("broken", "no model")
    for model in ["missing", "broken"] {
      #expect(try export(model, "--all", "d").status != 0)
    }
    #expect(!folder.exists("d"))
    // What cannot be written into is said first.
    try expectFailure(
      73, "none/d: the folder to write into does not exist", "cnn-export-filters",
      ["missing", "--all", "none/d"], in: folder)
    try expectFailure(
      73, "broken: the file cannot be created: not a directory", "cnn-export-filters",
      ["missing", "--all", "broken"], in: folder)
    try folder.write("full/a", "here")
    try expectFailure(
      73, "full: the folder is not empty; use --force to write into it", "cnn-export-filters",
      ["missing", "--all", "full"], in: folder)
    #expect(try export(Samples.model(), "--all", "new/", "-q").status == 0)
    #expect(folder.exists("new/fc2.png"))
  }

  @Test func weightsThatAreNoNumbers() throws {
    var weights = [Float](repeating: 1, count: 24)
    weights[13] = .infinity
    try folder.write(
      "plain.safetensors", TinyFiles.plain([("fc1.weight", [2, 12], weights), ("fc1.bias", [2], [0, 0])]))
    try folder.write("graph.json", TinyFiles.linearGraph(shape: [1, 4, 3]))
    let command = ["plain.safetensors", "-o", "m.safetensors", "--architecture", "graph.json", "-q"]
    #expect(try run("mnist-convert", command, in: folder).status == 0)
    try expectFailure(
      65, "m.safetensors: the weights of filter 1 in layer fc1 are not all finite numbers",
      "cnn-export-filters",
      ["m.safetensors", "-o", "f.png"], in: folder)
  }

  @Test func sheetsThatAreTooLarge() throws {
    try expectFailure(
      65,
      "built-in model: layer conv6: the sheet would have 3784.0 megapixels, more than 100; --scale 48 is the "
        + "greatest that fits", "cnn-export-filters", ["-o", "f.png", "--layer", "conv6", "--scale", "317"],
      in: folder)
    #expect(try export("-o", "f.png", "--layer", "conv6", "--scale", "10", "-q").status == 0)
    try expectFailure(
      65,
      "built-in model: layer conv1: the sheet would have 28822.9 megapixels, more than 100; --scale 585 is the "
        + "greatest that fits", "cnn-export-filters", ["-o", "g.png", "--scale", "10000"], in: folder)
    // Where no scale fits, the advice is for what is drawn.
    let many = try export(
      Samples.model(), "-o", "t.png", "--layer", "flatten", "--count", "200", "--top-activating",
      Samples.images)
    #expect(many.status == 65)
    #expect(
      many.error.hasSuffix(
        "; not even --scale 1 fits: draw fewer pictures with --count, or fewer filters with --units\n"))
  }

  @Test func adviceWhereNoScaleFitsIsForWhatIsDrawn() throws {
    // A layer of 900 filters of 1,000 channels: zeros, so that it is quickly made.
    let header =
      #"{"c.weight":{"dtype":"F32","shape":[900,1000,1,1],"data_offsets":[0,3600000]}}"#
    try folder.write(
      "plain.safetensors",
      withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, Array.init) + Array(header.utf8)
        + [UInt8](repeating: 0, count: 3_600_000))
    try folder.write(
      "graph.json",
      """
      {"input": {"dtype": "F32", "shape": [1000, 1, 1]},
       "graph": {"output": "flatten", "nodes": [
         {"name": "c", "op": "conv2d", "inputs": ["input"],
          "attributes": {"bias": false, "in_channels": 1000, "out_channels": 900, "kernel_size": [1, 1],
                         "stride": [1, 1], "padding": [0, 0, 0, 0], "dilation": [1, 1], "groups": 1}},
         {"name": "flatten", "op": "flatten", "inputs": ["c"], "attributes": {}}]}}
      """)
    let command = ["plain.safetensors", "-o", "m.safetensors", "--architecture", "graph.json", "-q"]
    #expect(try run("mnist-convert", command, in: folder).status == 0)
    for (options, advice) in [
      ([], "--view strongest"), (["--view", "strongest", "--channels", "950"], "--channels"),
      (["--compare", "m.safetensors"], "--view strongest, or without --compare"),
    ] {
      let result = try run("cnn-export-filters", ["m.safetensors", "-o", "f.png"] + options, in: folder)
      #expect(result.status == 65)
      #expect(
        result.error.hasSuffix(
          "; not even --scale 1 fits: draw another layer, or fewer channels of each filter with \(advice)\n"),
        "\(result.error)")
    }
  }

  @Test func aReaderThatGoesAway() throws {
    let result = try shell(
      #"{ cnn-export-filters -o - -q --layer conv6 --scale 30 --colors diverging; echo "status $?" >&2; } | head -c 9 | wc -c"#,
      in: folder)
    #expect(result.output.contains("9"))
    #expect(result.error == "status 0\n")
  }
}
