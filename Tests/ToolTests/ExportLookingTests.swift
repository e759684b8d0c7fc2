import CNNCodecs
import CNNTestSupport
import Testing

/// `cnn-export-filters` with pictures: feature maps, saliency, top examples.
@Suite struct ExportLookingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @discardableResult
  private func export(_ arguments: String...) throws -> ToolRunner.Result {
    try run("cnn-export-filters", arguments, in: folder)
  }

  private func size(_ name: String) throws -> [Int] { try pictureSize(name, in: folder) }

  @Test func mapsOfTheFirstConvolution() throws {
    let digit = Samples.digit("7-plain")
    let result = try export(Samples.model(), "-o", "f.png", "--feature-maps", digit)
    #expect(result.status == 0)
    #expect(result.error == "cnn-export-filters: f.png: 1048x528 pixels\n")
    // The same bytes again, from another picture of the same digit, and with any number of threads.
    try export(
      Samples.model(), "-o", "g.png", "--feature-maps", digit, "--layer", "relu1", "--threads", "3", "-q")
    #expect(try folder.read("f.png") == folder.read("g.png"))
    #expect(
      try export(Samples.model(), "-o", "h.png", "--feature-maps", digit, "--layer", "fc2", "-q").status == 0)
    #expect(try size("h.png") == [8 + 10 * 34, 42])
  }

  @Test func mapsOfEveryLayer() throws {
    let result = try export(
      Samples.model(), "--all", "maps", "-q", "--feature-maps", Samples.digit("3-rgb"), "--labels")
    #expect(result.status == 0 && result.error == "" && result.output == "")
    #expect(
      try shell("ls maps", in: folder).output
        == "conv1.png\nfc1.png\nfc2.png\nflatten.png\npool1.png\nrelu1.png\nrelu2.png\n")
  }

  @Test func theWholeOfSaliency() throws {
    let digit = Samples.digit("7-plain")
    let result = try export(Samples.model(), "-o", "f.png", "--saliency", digit)
    #expect(result.status == 0)
    #expect(result.error == "cnn-export-filters: f.png: 946x244 pixels; class 7, probability 1.0000\n")
    #expect(try PNG.header(folder.read("f.png")).colorType != .gray)
    for method in ["gradient", "grad-cam", "occlusion"] {
      let result = try export(
        Samples.model(), "-o", "\(method).png", "--saliency", digit, "--method", method, "--class", "1", "-q")
      #expect(result.status == 0 && result.error == "")
      #expect(try size("\(method).png") == [244, 244])
    }
    try export(Samples.model(), "-o", "g.png", "--saliency", digit, "-q", "--threads", "2")
    #expect(try folder.read("f.png") == folder.read("g.png"))
  }

  @Test func aNetworkWithoutMapsHasNoGradCAM() throws {
    try folder.write("plain.safetensors", TinyFiles.linearWeights(inputs: 12))
    try folder.write("graph.json", TinyFiles.linearGraph(shape: [1, 4, 3]))
    let command = ["plain.safetensors", "-o", "m.safetensors", "--architecture", "graph.json", "-q"]
    #expect(try run("mnist-convert", command, in: folder).status == 0)
    let digit = Samples.digit("7-plain")
    let result = try export(
      "m.safetensors", "-o", "f.png", "--saliency", digit, "--scale", "2", "--normalize", "none")
    #expect(result.status == 0)
    // Three columns and four rows: the picture, gradient and occlusion.
    #expect(try size("f.png") == [10 + 3 * 16, 10 + 18])
    let refused = try export("m.safetensors", "-o", "g.png", "--saliency", digit, "--method", "grad-cam")
    #expect(
      refused.status == 65 && refused.error.contains("m.safetensors: the network has no layer with maps"))
  }

  @Test func examplesOfDataAndOfPictures() throws {
    let data = try export(
      Samples.model(), "-o", "f.png", "--count", "2", "--units", "0-1", "--top-activating", Samples.images)
    #expect(data.status == 0)
    #expect(data.error == "cnn-export-filters: f.png: 252x252 pixels; 500 pictures of the split 'test'\n")
    // A data set that names its splits begins with the training digits.
    let set = try export(
      "-o", "s.png", "--units", "3", "--layer", "fc2", "--top-activating", Samples.dataset)
    #expect(set.status == 0)
    #expect(set.error.hasSuffix("pictures of the split 'train'\n"), "\(set.error)")
    try folder.write("digits/bad.png", "no picture")
    let digits = try shell("cp \(Samples.digits)/*.png digits", in: folder)
    #expect(digits.status == 0)
    let pictures = try export(
      "-o", "p.png", "--count", "3", "--units", "9", "--layer", "fc2", "--top-activating", "digits")
    #expect(pictures.status == 1)
    #expect(pictures.error.hasPrefix("cnn-export-filters: digits/bad.png: "))
    #expect(pictures.error.hasSuffix("cnn-export-filters: p.png: 374x130 pixels; 12 pictures\n"))
    // Of these, the nine excites the nine most.
    try export(
      "-o", "q.png", "--count", "3", "--units", "9", "--layer", "fc2", "-q", "--top-activating",
      Samples.digit("9-large"))
    let (first, nine) = (try PNG.decodeGray(folder.read("p.png")), try PNG.decodeGray(folder.read("q.png")))
    #expect((9..<121).allSatisfy { x in (9..<121).allSatisfy { first[x, $0] == nine[x, $0] } })
  }

  @Test func picturesAndDataThatDoNotFit() throws {
    let model = try Samples.model()
    try folder.write("note.txt", "no picture")
    let result = try export(model, "-o", "f.png", "--saliency", "note.txt")
    #expect(result.status == 65 && result.error.hasPrefix("cnn-export-filters: note.txt: "))
    try expectFailure(
      65, "\(model): there is no class 'x'; the classes are 0, 1, 2, 3, 4, 5, 6, 7, 8, 9",
      "cnn-export-filters",
      [model, "-o", "f.png", "--saliency", Samples.digit("7-plain"), "--class", "x"], in: folder)
    try expectFailure(
      65,
      "\(model): there is no layer 'x'; the layers are conv1, relu1, pool1, flatten, fc1, relu2, fc2",
      "cnn-export-filters",
      [model, "-o", "f.png", "--feature-maps", Samples.digit("7-plain"), "--layer", "x"],
      in: folder)
    try folder.write("small", TinyFiles.idx([2, 5, 5], [UInt8](repeating: 0, count: 50)))
    try expectFailure(
      65, "small: the pictures are 5x5, and the model takes 28x28", "cnn-export-filters",
      [model, "-o", "f.png", "--top-activating", "small"], in: folder)
    try expectFailure(
      66, "missing: there is no such file", "cnn-export-filters",
      [model, "-o", "f.png", "--top-activating", "missing"],
      in: folder)
    #expect(!folder.exists("f.png"))
  }

  @Test func networksThatTakeColours() throws {
    try folder.write(
      "plain.safetensors",
      TinyFiles.plain([("fc1.weight", [2, 12], (0..<24).map(Float.init)), ("fc1.bias", [2], [0, 0.5])]))
    try folder.write("graph.json", TinyFiles.linearGraph(shape: [3, 2, 2]))
    let command = ["plain.safetensors", "-o", "m.safetensors", "--architecture", "graph.json", "-q"]
    #expect(try run("mnist-convert", command, in: folder).status == 0)
    let pixels: [UInt8] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9]
    try folder.write("2x2.png", PNG.encode(RGBImage(width: 2, height: 2, pixels: pixels)))
    #expect(try export("m.safetensors", "-o", "f.png", "-q").status == 0)
    #expect(try PNG.header(folder.read("f.png")).colorType != .gray)
    #expect(
      try export("m.safetensors", "-o", "s.png", "-q", "--saliency", "2x2.png", "--scale", "1").status == 0)
    // The picture itself stands first, in its colours.
    let drawn = try PNG.decodeRGB(folder.read("s.png"))
    #expect(
      Array(drawn.pixels[3 * (10 * drawn.width + 10)..<3 * (10 * drawn.width + 12)]) == Array(pixels[..<6]))
    try expectFailure(
      65,
      "\(Samples.digit("7-plain")): the picture is 28 pixels wide and 28 high, and the model takes pictures 2 wide and "
        + "2 high", "cnn-export-filters",
      ["m.safetensors", "-o", "g.png", "--feature-maps", Samples.digit("7-plain")],
      in: folder)
  }

  @Test(arguments: [
    ("--feature-maps a.png --saliency a.png", "--feature-maps and --saliency exclude each other"),
    ("--view weights --saliency a.png", "--view is for the weights of layers, so it has no --saliency"),
    (
      "--compare b --feature-maps a.png",
      "--compare is for the weights of layers, so it has no --feature-maps"
    ),
    ("--method gradient", "--method needs --saliency"), ("--class 7", "--class needs --saliency"),
    ("--count 3", "--count needs --top-activating"), ("--split test", "--split needs --top-activating"),
    (
      "--deskew",
      "--deskew says how a picture is made ready, so it needs --feature-maps, --saliency or --top-activating"
    ),
    ("--channels 3", "--channels says how many are the strongest, so it needs --view strongest"),
    ("--steps 3", "--steps is of the search for pictures, so it needs --view maximize"),
    ("--units 3", "--units needs --view maximize or --top-activating"),
    (
      "--view maximize --colors gray",
      "--colors is for weights and feature maps; --view maximize draws pictures as they are"
    ),
    (
      "--saliency a.png --scaling layer",
      "--scaling is for weights and feature maps; --saliency draws pictures as they are"
    ),
    (
      "--top-activating a --columns 3",
      "--top-activating has a row for each filter, of --count pictures, and no --columns"
    ),
    (
      "--saliency a.png --method gradient --layer conv1",
      "with --saliency, --layer is the layer of --method grad-cam"
    ),
    ("--all d", "--output is a file and --all a folder; one of them is enough"),
    ("- --saliency -", "- stands for standard input, which can be read only once"),
    ("--scale 0", "--scale must be from 1 to 10000"),
  ])
  func optionsThatDoNotGoTogether(_ options: String, _ message: String) throws {
    try expectFailure(
      64, message, "cnn-export-filters", ["-o", "f.png"] + options.split(separator: " ").map(String.init),
      in: folder)
  }

  @Test func allThatIsDrawnOfEveryLayer() throws {
    try expectFailure(
      64, "--all and --layer exclude each other", "cnn-export-filters", ["--all", "d", "--layer", "conv1"],
      in: folder)
    try expectFailure(
      64, "--all draws the weights or the feature maps of every layer, so it has no --saliency",
      "cnn-export-filters",
      ["--all", "d", "--saliency", "a.png"], in: folder)
    #expect(folder.names().isEmpty)
  }
}
