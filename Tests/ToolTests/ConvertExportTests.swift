import CNNCodecs
import CNNModelFile
import CNNTestSupport
import Testing

/// `mnist-convert` into the formats of other programs, and with `--dtype`.
@Suite struct ConvertExportTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func convert(_ arguments: String...) throws -> ToolRunner.Result {
    try run("mnist-convert", arguments, in: folder)
  }

  private func expectUsage(
    _ message: String, _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try expectFailure(64, message, "mnist-convert", arguments, in: folder, sourceLocation: sourceLocation)
  }

  private func expectBadData(
    _ message: String, _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try expectFailure(65, message, "mnist-convert", arguments, in: folder, sourceLocation: sourceLocation)
  }

  // MARK: Names of outputs

  @Test func endingsThatContradictTheFormatAreRefused() throws {
    let (model, data) = (try Samples.model(), try Samples.testSet())
    for (file, format, ending) in [
      (data, "csv", "d.csv.gz"), (data, "npz", "d.onnx"), (model, "onnx", "m.npz"), (data, "idx", "d.npz"),
    ] {
      let found = ending.split(separator: ".").dropFirst().joined(separator: ".")
      try expectUsage(
        "'\(ending)' ends in .\(found), and --to asks for \(format); give one of the two", file, "--to",
        format,
        "-o", ending)
    }
    try expectUsage(
      "'x.safetensors' is a native file's name; name a folder for --to idx", data, "--to", "idx", "-o",
      "x.safetensors")
    try expectUsage(
      "'m.pkl': pkl files are pickles, which are never written, since whoever reads one runs what is in it; npz holds "
        + "the same arrays", model, "-o", "m.pkl")
    #expect(folder.names().isEmpty)
    #expect(try convert(data, "-o", "tables.csv/").status == 0)
    #expect(folder.exists("tables.csv/test.csv"))
  }

  @Test func classesThatAreCalledByNumbersKeepThem() throws {
    // Folders 5 and 7: a seven is a 7 in every format, not the second class.
    for (name, label) in [("5-sixteen-bit", "5"), ("7-plain", "7")] {
      try folder.write(
        "in/\(label)/\(name).png",
        PNG.encode(GrayImage(width: 28, height: 28, pixels: [UInt8](repeating: 9, count: 784))))
    }
    let result = try convert("in", "--to", "csv", "-o", "out.csv")
    #expect(result.status == 0)
    #expect(result.error.contains("note: labels are the numbers that the classes are called by\n"))
    #expect(!result.error.contains("the names of the classes"))
    let rows = lines(String(decoding: try folder.read("out.csv"), as: UTF8.self)).dropFirst()
    #expect(rows.map { $0.prefix(2) } == ["5,", "7,"])
  }

  // MARK: One file

  @Test func aModelBecomesNPZ() throws {
    let result = try convert(Samples.model(), "-o", "m.npz")
    #expect(result.status == 0 && result.output == "")
    #expect(
      result.error
        == "left out, as npz has no place for it: the graph, the names of the classes, the preprocessing, "
        + "the provenance\n")
    let npz = try NPZ(parsing: folder.read("m.npz"))
    let model = try ModelFile(contentsOf: Samples.model())
    for tensor in model.tensors {
      #expect(try npz.array(named: tensor.name)?.rowMajorLittleEndianBytes() == tensor.bytes)
    }
    // In one step from the foreign file, and on standard output: the same bytes.
    let oneStep = try convert(Samples.weights, "-o", "one.NPZ")
    #expect(oneStep.status == 0)
    #expect(oneStep.error.hasPrefix("array "))
    #expect(oneStep.error.hasSuffix(result.error))
    #expect(try folder.read("one.NPZ") == folder.read("m.npz"))
    let piped = try convert(Samples.model(), "--to", "npz", "-o", "-", "-q")
    #expect(piped.status == 0 && piped.error == "")
    #expect(try piped.outputBytes == folder.read("m.npz"))
  }

  @Test func aModelBecomesONNX() throws {
    let result = try convert(Samples.model(), "-o", "m.onnx", "--json")
    #expect(result.status == 0 && result.error == "")
    #expect(result.output == #"{"format":"onnx","files":1,"left_out":["provenance"],"notes":[]}"# + "\n")
    let model = try ONNXModel(parsing: folder.read("m.onnx"))
    #expect(model.producerName == "mnist-convert" && model.graph.initializers.count == 6)
  }

  @Test func aDataSetBecomesNPZ() throws {
    #expect(try convert(Samples.images, Samples.labels, "-o", "d.npz", "-q").error == "")
    let npz = try NPZ(parsing: folder.read("d.npz"))
    #expect(npz.names == ["x_test", "y_test"])
    let images = try #require(try npz.array(named: "x_test"))
    #expect(images.shape == [500, 28, 28])
    let source = try IDX.parse(Gzip.decompress(TemporaryFolder.read(Samples.images), limit: .max))
    #expect(images.rowMajorLittleEndianBytes() == source.rowMajorLittleEndianBytes())
  }

  @Test func aDataSetBecomesCSV() throws {
    let result = try convert(Samples.testSet(), "-o", "d.csv")
    #expect(result.status == 0)
    #expect(result.error == "left out, as CSV has no place for it: the provenance\n")
    let table = lines(String(decoding: try folder.read("d.csv"), as: UTF8.self))
    #expect(table.count == 501)
    #expect(table[0].hasPrefix("label,pixel0,pixel1,") && table[0].hasSuffix(",pixel783"))
    let source = try ModelFile(contentsOf: Samples.testSet())
    let label = try #require(source.tensor(named: "test.labels")).bytes[499]
    let pixels = try #require(source.tensor(named: "test.images")).bytes.suffix(784)
    #expect(table[500] == ([label] + pixels).map(String.init).joined(separator: ","))
    #expect(try convert(Samples.testSet(), "-o", "d.csv.gz", "-q").status == 0)
    #expect(try Gzip.decompress(folder.read("d.csv.gz"), limit: .max) == folder.read("d.csv"))
  }

  @Test func severalSplitsNeedAFolder() throws {
    try expectBadData(
      "\(Samples.dataset): a CSV file holds one split, and the data set has train, test; choose one with --only, or "
        + "name a folder (with a slash behind it) for a file of each", Samples.dataset, "-o", "d.csv")
    #expect(try convert(Samples.dataset, "-o", "d.csv", "--only", "train", "-q").status == 0)
    let result = try convert(Samples.dataset, "--to", "csv", "-o", "tables/")
    #expect(result.status == 0)
    #expect(
      result.error.hasSuffix(
        "files: train.csv, test.csv\nleft out, as CSV has no place for it: the provenance\n"))
    #expect(try folder.read("tables/train.csv") == folder.read("d.csv"))
    try expectBadData(
      "\(Samples.testSet()): the data set has no split 'train'; it has test", Samples.testSet(), "-o",
      "t.npz",
      "--only", "train")
  }

  // MARK: Folders

  @Test func idxThereAndBack() throws {
    let result = try convert(Samples.testSet(), "--to", "idx.gz", "-o", "idx")
    #expect(result.status == 0)
    #expect(
      result.error
        == "files: t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz\n"
        + "left out, as IDX has no place for it: the provenance\n")
    let back = try shell("mnist-convert idx/* -q -o back.safetensors", in: folder)
    #expect(back.status == 0 && back.error == "")
    #expect(
      try ModelFile(contentsOf: folder.path("back.safetensors")).tensors
        == ModelFile(contentsOf: Samples.testSet()).tensors)
    // Into a folder that holds something, nothing goes without being asked for.
    try expectFailure(
      73, "idx: the folder is not empty; use --force to write into it", "mnist-convert",
      [Samples.testSet(), "--to", "idx", "-o", "idx"], in: folder)
    #expect(try convert(Samples.testSet(), "--to", "idx.gz", "-o", "idx/", "--force", "-q").status == 0)
  }

  @Test func pngThereAndBack() throws {
    let result = try convert(Samples.dataset, "--to", "png", "-o", "png", "--only", "test", "--json")
    #expect(result.status == 0 && result.error == "")
    #expect(lines(result.output).last == #"{"format":"png","files":50,"left_out":["provenance"],"notes":[]}"#)
    #expect(try convert(Samples.dataset, "-o", "d.safetensors", "-q").status == 0)
    let source = try ModelFile(contentsOf: folder.path("d.safetensors"))
    let images = try #require(source.tensor(named: "test.images"))
    let labels = try #require(source.tensor(named: "test.labels"))
    for index in 0..<50 {
      let number = "000" + (index < 10 ? "0\(index)" : "\(index)")
      let picture = try PNG.decodeGray(folder.read("png/test/\(labels.bytes[index])/\(number).png"))
      #expect(picture.width == 28 && picture.pixels == Array(images.bytes[index * 784..<(index + 1) * 784]))
    }
    let evaluate = ["--evaluate", "--model", try Samples.model()]
    let ofPictures = try run("cnn-infer", evaluate + ["--normalize", "none", "png/test"], in: folder)
    #expect(ofPictures.status == 0 && ofPictures.output.contains("/50)\n"))
    #expect(try ofPictures.output == run("cnn-infer", evaluate + ["d.safetensors"], in: folder).output)
  }

  @Test func foldersThatCannotBeMade() throws {
    try folder.write("file", "")
    let data = try Samples.testSet()
    for (place, message) in [
      ("none/idx", "none/idx: the folder to write into does not exist"),
      ("file", "file: the file cannot be created: not a directory"),
    ] {
      try expectFailure(73, message, "mnist-convert", [data, "--to", "idx", "-o", place], in: folder)
    }
    try expectFailure(
      66, "missing: there is no such file", "mnist-convert", ["missing", "--to", "idx", "-o", "new"],
      in: folder)
    #expect(folder.names() == ["file"])
  }

  // MARK: --dtype

  @Test func halfPrecisionModels() throws {
    let result = try convert(Samples.model(), "-o", "half.safetensors", "--dtype", "f16")
    #expect(result.status == 0 && result.output == "")
    #expect(
      result.error
        == "float16: numbers changed by at most 0.0002400, and by at most 0.03755 of themselves\n")
    let half = try ModelFile(contentsOf: folder.path("half.safetensors"))
    #expect(half.tensors.allSatisfy { $0.elementType == .float16 })
    let provenance = half.manifest.provenance
    #expect(provenance.sources.map(\.name) == ["model.safetensors"])
    #expect(provenance.options.map(\.name) == ["dtype"])
    #expect(provenance.options.map(\.value) == [.string("f16")])
    #expect(try run("cnn-inspect", ["--verify", "half.safetensors"], in: folder).status == 0)
    let digit = try run("cnn-infer", ["--model", "half.safetensors", Samples.digit("7-plain")], in: folder)
    #expect(digit.output.hasSuffix("\t7\t1.0000\n"))

    let json = try lines(
      convert(Samples.weights, "-o", "brain.safetensors", "--dtype", "bf16", "--json").output)
    #expect(
      json.last
        == #"{"format":"safetensors","dtype":"bfloat16","largest_rounding_error":0.0019299983978271484,"#
        + #""largest_relative_rounding_error":0.0038897494646057975,"rounded_to_zero":0}"#)
    #expect(try convert("half.safetensors", "-o", "half.npz", "-q").status == 0)
    #expect(try NPZ(parsing: folder.read("half.npz")).array(named: "fc2.bias")?.elementType == .float16)
    #expect(try convert(Samples.weights, "-o", "two.npz", "-q", "--dtype", "f16").status == 0)
    #expect(try folder.read("two.npz") == folder.read("half.npz"))
  }

  @Test func dtypeThatChangesNothing() throws {
    try expectBadData(
      "\(Samples.model()): this is a native model file already, and its numbers are float32; there is nothing to "
        + "convert", Samples.model(), "-o", "m.safetensors", "--dtype", "f32")
    try expectBadData(
      "\(Samples.testSet()): the data set has no floating-point numbers that --dtype could change",
      Samples.testSet(), "-o", "d.safetensors", "--dtype", "f16")
    let result = try convert(Samples.weights, "-o", "m.safetensors", "--dtype", "f32")
    #expect(result.error.hasSuffix("\nfloat32: no number changed\n"))
    #expect(try folder.read("m.safetensors") == TemporaryFolder.read(Samples.model()))
  }

  // MARK: What does not go together

  @Test func wrongCommandLines() throws {
    let (model, data) = try (Samples.model(), Samples.testSet())
    try expectUsage(
      "--to tflite: written are safetensors, npz, onnx, csv, csv.gz, idx, idx.gz, png", model, "-o",
      "m.tflite",
      "--to", "tflite")
    for format in ["pickle", "pkl", "pt", "pth", "joblib"] {
      try expectUsage(
        "--to \(format): pickles are never written, since whoever reads one runs what is in it; npz holds the same "
          + "arrays", model, "-o", "m.npz", "--to", format)
    }
    try expectUsage(
      "'m.safetensors' is a native file's name; end it in .npz for --to npz", model, "-o", "m.safetensors",
      "--to", "npz")
    for format in ["png", "idx", "idx.gz"] {
      try expectUsage(
        "--to \(format) writes several files; name a folder with -o", data, "-o", "-", "--to", format)
    }
    try expectUsage(
      "--dtype bf16: NumPy has no bfloat16; f16 and f32 go with npz, bf16 with safetensors", model, "-o",
      "m.npz", "--dtype", "bf16")
    try expectUsage(
      "--dtype goes with safetensors and npz; ONNX files hold float32", model, "-o", "m.onnx", "--dtype",
      "f16")
    try expectUsage(
      "--dtype goes with safetensors and npz; CSV files hold pixels as they are", data, "-o", "d.csv",
      "--dtype", "f32")
    try expectUsage(
      "--only goes with exports; native files hold all splits", data, "-o", "d.safetensors", "--only", "test")
    try expectUsage(
      "--json and -o - would both write to standard output", model, "-o", "-", "--to", "npz", "--json")
    #expect(folder.names().isEmpty)
  }

  @Test func contentThatDoesNotFitTheFormat() throws {
    let (model, data) = try (Samples.model(), Samples.testSet())
    try expectBadData(
      "\(model): a model holds no pictures, and CSV nothing else; npz and onnx hold models", model, "-o",
      "m.csv")
    try expectBadData("\(data): a dataset holds no network that ONNX could express", data, "-o", "d.onnx")
    try expectBadData(
      "\(model): a model has no splits; --only goes with data sets", model, "-o", "m.npz", "--only", "test")
    try expectFailure(
      64,
      "\(model): this is a native model file, in which everything is settled; --labels goes with foreign files",
      "mnist-convert", [model, "-o", "m.npz", "--labels", "a,b"], in: folder, hasHint: false)
    #expect(folder.names().isEmpty)
  }

  @Test func aDataSetCanGetOtherNamesOnItsWayOut() throws {
    let names = "a,b,c,d,e,f,g,h,i,j"
    let arguments = [
      try Samples.testSet(), "--to", "png", "-o", "png", "--labels", names, "--split", "valid", "-q",
    ]
    #expect(try run("mnist-convert", arguments, in: folder).status == 0)
    #expect(
      try shell("ls png png/valid", in: folder).output
        == "png:\nvalid\n\npng/valid:\na\nb\nc\nd\ne\nf\ng\nh\ni\nj\n")
  }
}
