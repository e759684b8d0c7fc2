import CNNCodecs
import CNNModelFile
import CNNTestSupport
import Testing

/// Every row of the README's table of formats: each tool that it names reads or writes such a file.
@Suite struct FormatTableTests {
  private struct Row: Sendable, CustomTestStringConvertible {
    let format: String
    let holds: String
    let readers: String
    let writers: String
    let specification: String
    var testDescription: String { format }
  }

  /// What a test needs of a format.
  private struct Example {
    enum Use {
      case model, weights, data, picture, archive, log
    }
    /// How the tools take it.
    let use: Use
    /// The files that stand for the format, together one input.
    let inputs: [String]
    /// Options that go with them.
    var options: [String] = []
    /// How many labelled pictures data hold.
    var count = 0
    /// The labels that the sample model reads in pictures.
    var labels: [String] = []
  }

  private static let tools = ["mnist-convert", "cnn-train", "cnn-infer", "cnn-inspect", "cnn-export-filters"]

  private static let rows: [Row] = {
    guard let bytes = try? TemporaryFolder.read(RepositoryPaths.root + "/README.md") else { return [] }
    let text = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    let table = text.drop { !$0.hasPrefix("| format | holds |") }.prefix { $0.hasPrefix("|") }
    return table.dropFirst(2).map { line in
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map {
        String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
      return Row(
        format: cells[0], holds: cells.count > 1 ? cells[1] : "", readers: cells.count > 2 ? cells[2] : "",
        writers: cells.count > 3 ? cells[3] : "",
        specification: cells.last ?? "")
    }
  }()

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func thereIsATable() {
    #expect(Self.rows.count == 18)
  }

  @Test(arguments: rows) private func everyToolThatIsNamedTakesTheFormat(_ row: Row) throws {
    let examples = try #require(try examples(of: row.format), "no example for the row '\(row.format)'")
    for example in examples {
      for tool in Self.tools where takes(tool, example, row) { try read(example, by: tool) }
    }
    #expect(row.readers != "-" || examples.isEmpty)
  }

  /// Whether the row says that the tool reads the example; where a format holds data too, weights go to the two tools
  /// that read weights.
  private func takes(_ tool: String, _ example: Example, _ row: Row) -> Bool {
    let readers =
      row.readers == "wherever they are read"
      ? "`mnist-convert`, `cnn-train`, `cnn-infer`, `cnn-inspect`" : row.readers
    if example.use == .weights, row.holds.isEmpty || row.holds == "weights, data",
      !["mnist-convert", "cnn-inspect"].contains(tool)
    {
      return false
    }
    return readers == "all" || readers.contains("`\(tool)`")
  }

  @Test(arguments: rows) private func everyToolThatIsNamedWritesTheFormat(_ row: Row) throws {
    let commands = try commands(writing: row.format)
    for tool in Self.tools {
      #expect(row.writers.contains("`\(tool)`") == commands.contains { $0.hasPrefix(tool) }, "\(tool)")
    }
    for command in commands {
      let result = try shell(command, in: folder)
      #expect(result.status == 0, "\(command): \(result.error)")
    }
  }

  @Test(arguments: rows) private func theSpecificationIsThere(_ row: Row) {
    guard let path = row.specification.split(separator: "(").last?.dropLast() else { return }
    guard row.specification.hasPrefix("[") else {
      #expect(row.specification == "section 4 there")
      return
    }
    #expect((try? TemporaryFolder.read(RepositoryPaths.root + "/" + path))?.isEmpty == false, "\(path)")
  }

  // MARK: Reading

  /// Runs a tool on files of a format, as it takes what they hold.
  private func read(_ example: Example, by tool: String) throws {
    var arguments = example.inputs + example.options
    switch (tool, example.use) {
    case ("mnist-convert", .model):
      arguments += ["--to", "npz", "-o", "out.npz", "--force"]
    case ("mnist-convert", _):
      arguments += ["-o", "out.safetensors", "--force"]
    case ("cnn-train", .log):
      arguments += ["--plot", "out.svg", "--force"]
    case ("cnn-train", .model):
      arguments = [
        Samples.dataset, "--from", example.inputs[0], "--steps", "1", "-o", "out.safetensors", "--force",
      ]
    case ("cnn-train", _):
      // What is one split to try is the one to learn from.
      arguments = arguments.map { $0 == "test" ? "train" : $0 }
      arguments += ["--architecture", "mlp:4", "--steps", "1", "-o", "out.safetensors", "--force"]
    case ("cnn-infer", .model):
      arguments = ["--model", example.inputs[0], Samples.digit("7-plain")]
    case ("cnn-infer", .data):
      arguments += ["--evaluate"]
    case ("cnn-export-filters", .picture):
      arguments = ["--saliency", example.inputs[0], "-o", "out.png", "--force"]
    case ("cnn-export-filters", _):
      arguments += ["-o", "out.png", "--force"]
    case ("cnn-inspect", _):
      for input in example.inputs { try expectSuccess(tool, [input]) }
      return
    default: break
    }
    let output = try expectSuccess(tool, arguments)
    switch (tool, example.use) {
    case ("mnist-convert", .data):
      let file = try ModelFile(contentsOf: folder.path("out.safetensors"))
      let labels = file.tensors.filter { $0.name.hasSuffix(".labels") }
      #expect(labels.reduce(0) { $0 + $1.shape[0] } == example.count, "\(example.inputs)")
    case ("mnist-convert", .weights):
      #expect(try ModelFile(contentsOf: folder.path("out.safetensors")).manifest.kind == .model)
    case ("cnn-infer", .picture), ("cnn-infer", .archive):
      #expect(
        lines(output).map { $0.split(separator: "\t").dropFirst().first.map(String.init) } == example.labels)
    default: break
    }
  }

  @discardableResult
  private func expectSuccess(_ tool: String, _ arguments: [String]) throws -> String {
    let result = try run(tool, arguments, in: folder)
    #expect(result.status == 0, "\(tool) \(arguments.joined(separator: " ")): \(result.error)")
    return result.output
  }

  /// Files of a format; nil for one that this test doesn't know, none for one that is only written.
  private func examples(of format: String) throws -> [Example]? {
    let fixtures = RepositoryPaths.root + "/Tests/CNNInterchangeTests/Fixtures"
    func weights(_ names: String...) -> [Example] {
      names.map { Example(use: .weights, inputs: ["\(fixtures)/\($0)"]) }
    }
    /// The sample digits in another format, by an export.
    func data(_ format: String, _ names: String...) throws -> [Example] {
      try expectSuccess("mnist-convert", [Samples.testSet(), "--to", format, "-o", names[0], "--force"])
      return [Example(use: .data, inputs: names, options: ["--split", "test"], count: 500)]
    }
    /// A file packed.
    func packed(_ path: String) throws -> String {
      let name = "\(path.split(separator: "/").last ?? "file").gz"
      try folder.write(name, Gzip.compress(TemporaryFolder.read(path)))
      return name
    }
    switch format {
    case "native (`.safetensors`)":
      return [Example(use: .model, inputs: [try Samples.model()])]
    case "plain safetensors, with the names of PyTorch, Keras or Flax":
      return weights(
        "weights/torch-deep.safetensors", "weights/keras-paths.safetensors", "weights/flax-lenet.safetensors")
    case "PyTorch (`.pt`, `.pth`), zip and legacy":
      let torch = RepositoryPaths.root + "/Tests/CNNCodecsTests/Fixtures/torch"
      return try weights("weights/torch-sequential.pt", "weights/torch-legacy.pt")
        + ["zip", "legacy"].map { container in
          let name = "test-\(container).pt"
          try folder.write(name, TemporaryFolder.read("\(torch)/pictures-\(container).pt"))
          return Example(use: .data, inputs: [name], options: ["--split", "test"], count: 4)
        }
    case "Keras (`.keras`, `.h5`, `.weights.h5`)":
      return try ["keras", "h5", "weights.h5"].map { form in
        try folder.write(
          "lenet.\(form)", Gzip.decompress(TemporaryFolder.read("\(fixtures)/keras/lenet.\(form).gz")))
        return Example(use: .weights, inputs: ["lenet.\(form)"])
      }
    case "ONNX":
      try expectSuccess("mnist-convert", [Samples.model(), "-o", "model.onnx", "--force"])
      return [Example(use: .weights, inputs: ["model.onnx"])]
    case "npy and npz (NumPy, Chainer, Keras's `mnist.npz`)":
      let digits = try IDX.parse(Gzip.decompress(TemporaryFolder.read(Samples.images)))
      let labels = try IDX.parse(Gzip.decompress(TemporaryFolder.read(Samples.labels)))
      try folder.write("test-images.npy", NPY.encode(digits))
      try folder.write("test-labels.npy", NPY.encode(labels))
      return try data("npz", "mnist.npz")
        + [
          Example(
            use: .data, inputs: ["test-images.npy", "test-labels.npy"], options: ["--split", "test"],
            count: 500)
        ]
        + weights("weights/chainer-classifier.npz", "weights/numpy1-book.npz", "weights/numpy2-prefixed.npz")
    case "pickle, protocols 0 to 5, NumPy 1 and 2, Python 2 and 3":
      let lists = weights("weights/numpy1-pairs.pkl", "weights/python2-theano-stream.pkl").map {
        Example(use: .weights, inputs: $0.inputs, options: ["--architecture", "lenet"])
      }
      return [Example(use: .data, inputs: [Samples.dataset], count: 200)] + lists
        + weights(
          "weights/numpy1-book.pkl", "weights/numpy2-book.pkl", "weights/python2-book-0.pkl",
          "weights/python2-book-1.pkl", "weights/python2-book-2.pkl")
    case "JSON of network2.py":
      let weights = (0..<2).map {
        "[\((0..<784).map { "\($0 % 5)" }.joined(separator: ","))]\($0 == 0 ? "," : "")"
      }
      try folder.write(
        "network.json",
        #"{"sizes":[784,2],"weights":[[\#(weights.joined())]],"biases":[[[0],[1]]],"cost":"CrossEntropyCost"}"#
      )
      return [Example(use: .weights, inputs: ["network.json"])]
    case "IDX, all six types; EMNIST's too":
      return try data("idx", "idx").map { _ in
        Example(
          use: .data, inputs: lines(try shell("ls idx/*", in: folder).output), options: ["--split", "test"],
          count: 500)
      }
    case "CSV, label first or one-hot last":
      let tables = try data("csv", "mnist_test.csv")
      let oneHot = (0..<20).map { row in
        (0..<784).map { "\(($0 + row) % 256)" } + (0..<10).map { $0 == row % 10 ? "1" : "0" }
      }
      try folder.write("semeion-test.csv", oneHot.map { $0.joined(separator: ",") + "\n" }.joined())
      return tables + [
        Example(use: .data, inputs: ["semeion-test.csv"], options: ["--split", "test"], count: 20)
      ]
    case "folders of PNG files, named by labels":
      return try data("png", "digits")
    case "sheets of digits in PNG, with a file of labels":
      let digits = try IDX.parse(Gzip.decompress(TemporaryFolder.read(Samples.images)))
      try folder.write(
        "sheet.png",
        PNG.encode(
          GrayImage(width: 784, height: 500, pixels: digits.rowMajorLittleEndianBytes())))
      let labels = try IDX.parse(Gzip.decompress(TemporaryFolder.read(Samples.labels)))
      try folder.write("labels.csv", labels.rowMajorLittleEndianBytes().map { "\($0)\n" }.joined())
      return [
        Example(use: .data, inputs: ["sheet.png", "labels.csv"], options: ["--split", "test"], count: 500)
      ]
    case "gzip around any of these files":
      return try [
        Example(
          use: .data, inputs: [Samples.images, Samples.labels], options: ["--split", "test"], count: 500),
        Example(use: .data, inputs: [packed(Samples.dataset)], count: 200),
      ]
        + ["weights/torch-sequential.pt", "weights/keras-paths.safetensors", "weights/numpy1-book.npz"].map {
          Example(use: .weights, inputs: [try packed("\(fixtures)/\($0)")])
        }
    case "PNG, all colour types and depths":
      return Samples.reading.map {
        Example(use: .picture, inputs: ["\(Samples.digits)/\($0.name)"], labels: [$0.label])
      }
    case "tar archives of PNG files (ustar, pax, GNU)":
      // A path of more than a hundred bytes is where the kinds differ.
      let long = "\(String(repeating: "a", count: 60))/\(String(repeating: "b", count: 60))"
      for name in ["3-rgb.png", "7-plain.png"] {
        try folder.write("\(long)/\(name)", TemporaryFolder.read("\(Samples.digits)/\(name)"))
      }
      return try ["v7", "ustar", "pax", "gnu"].map { kind in
        let name = "\(kind).tar"
        // The first kind of all has no place for such a path.
        let source =
          kind == "v7"
          ? "-C '\(Samples.digits)' 3-rgb.png 7-plain.png" : "'\(long)/3-rgb.png' '\(long)/7-plain.png'"
        let made = try shell("tar --format=\(kind) -cf \(name) \(source)", in: folder)
        #expect(made.status == 0, "\(made.error)")
        return Example(use: .archive, inputs: [name], labels: ["3", "7"])
      }
    case "training log, JSON lines":
      try log()
      return [Example(use: .log, inputs: ["log.jsonl"])]
    case "charts, SVG", "training report, HTML with its numbers as JSON":
      return []
    default: return nil
    }
  }

  /// A training that writes its log.
  private func log() throws {
    let options =
      "--architecture mlp:4 --steps 2 --log-every 1 --log log.jsonl -o trained.safetensors --force -q"
    try expectSuccess("cnn-train", [Samples.dataset] + options.split(separator: " ").map(String.init))
  }
}
