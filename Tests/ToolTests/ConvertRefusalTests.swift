import CNNCodecs
import CNNTestSupport
import Testing

/// Inputs that `mnist-convert` refuses: the exit status, the sentence, and that nothing is left behind.
@Suite struct ConvertRefusalTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func expect(
    _ status: Int32, _ message: String, _ arguments: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = folder.names()
    try expectFailure(
      status, message, "mnist-convert", arguments + ["-o", "out.safetensors"], in: folder,
      sourceLocation: sourceLocation)
    #expect(folder.names() == before, sourceLocation: sourceLocation)
  }

  private func write(_ images: [UInt8], _ labels: [UInt8]) throws {
    try folder.write("images", images)
    try folder.write("labels", labels)
  }

  @Test func hostilePickles() throws {
    try folder.write("evil.pkl", TinyFiles.hostilePickle)
    try folder.write("evil.pkl.gz", Gzip.compress(TinyFiles.hostilePickle))
    let call = "byte 22: the pickle calls posix.system; only NumPy arrays and plain containers are read"
    try expect(65, "evil.pkl: \(call)", "evil.pkl")
    try expect(65, "evil.pkl.gz: decompressed \(call)", "evil.pkl.gz")
  }

  @Test func thePickledCommandIsNotRun() throws {
    let command = "touch \(folder.path("ran"))"
    try folder.write("evil.pkl", "cposix\nsystem\n(S'\(command)'\ntR.")
    #expect(try run("mnist-convert", ["evil.pkl", "-o", "m.safetensors"], in: folder).status == 65)
    #expect(try run("cnn-inspect", ["evil.pkl"], in: folder).status == 65)
    #expect(try run("cnn-infer", ["--model", "evil.pkl", "evil.pkl"], in: folder).status == 65)
    #expect(folder.names() == ["evil.pkl"])
  }

  @Test func inputsThatAreNoFiles() throws {
    try folder.write("d/file", "")
    try expect(66, "missing.pkl: there is no such file", "missing.pkl")
    try expect(
      65, "d: there are no PNG files in folders named by their labels, such as 7/a.png or test/7/a.png", "d")
    try expect(66, "d/file/x: the file cannot be opened: not a directory", "d/file/x")
    try expect(65, "/dev/null: the file is empty", "/dev/null")
    try expect(65, "-: the file is empty", "-")
  }

  private static let formats =
    "pickle, npy, npz, gzip, IDX, PNG, CSV, JSON, safetensors, ONNX and the files of PyTorch and Keras are read"

  @Test func filesOfNoKnownFormat() throws {
    try folder.write("empty", "")
    try folder.write("empty.gz", Gzip.compress([]))
    try folder.write("text", "hello\n")
    try folder.write("zip", "PK\u{3}\u{4}and so on")
    try expect(65, "empty: the file is empty", "empty")
    try expect(65, "empty.gz: the file is empty", "empty.gz")
    try expect(
      65, "text: the format is not known (it begins with 68 65 6c 6c 6f 0a); \(Self.formats)", "text")
    try expect(
      65, "zip: byte 13: the zip archive is cut off: its directory, which stands at the end, is not there",
      "zip")
  }

  @Test(.timeLimit(.minutes(1))) func whatIsUnknownIsNotReadToItsEnd() throws {
    // It has none.
    try expect(
      65,
      "/dev/zero: the format is not known (it begins with 00 00 00 00 00 00 00 00); "
        + Self.formats, "/dev/zero")
  }

  @Test func filesThatAreCut() throws {
    let images = try TemporaryFolder.read(Samples.images)
    try folder.write("images.gz", Array(images.prefix(20_000)))
    try expect(
      65, "images.gz: byte 20000: the gzip data are cut off: the file ends before the compressed data do",
      "images.gz", Samples.labels)
    try folder.write("images", TinyFiles.images(2).dropLast())
    let idx = try run("mnist-convert", ["images", Samples.labels, "-o", "m.safetensors"], in: folder)
    #expect(idx.status == 65)
    #expect(idx.error.hasPrefix("mnist-convert: images: byte "))
    let pickle = try TemporaryFolder.read(Samples.weights)
    try folder.write("cut.pkl", Array(pickle.prefix(pickle.count / 2)))
    let cut = try run("mnist-convert", ["cut.pkl", "-o", "m.safetensors"], in: folder)
    #expect(cut.status == 65)
    #expect(cut.error.hasPrefix("mnist-convert: cut.pkl: byte "))
    #expect(folder.names() == ["cut.pkl", "images", "images.gz"])
  }

  @Test func dimensionsThatLie() throws {
    try folder.write("images", [0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 28])
    try expect(
      65,
      "images: byte 4: the IDX dimensions [4294967295, 4294967295, 28] multiply to more than can be counted",
      "images", Samples.labels)
  }

  @Test func countsThatDiffer() throws {
    try write(TinyFiles.images(2), TinyFiles.labels([0, 1, 2]))
    try expect(65, "images has 2 images, and labels has 3 labels", "images", "labels")
    try expect(65, "images has 2 images, and labels has 3 labels", "labels", "images")
  }

  @Test func filesWithoutTheirPartners() throws {
    try write(TinyFiles.images(1), TinyFiles.labels([0]))
    try expect(65, "there are no labels for the images in images; give the label file too", "images")
    try expect(65, "there are no images for the labels in labels; give the image file too", "labels")
  }

  @Test func splitsThatCannotBeTold() throws {
    for stem in ["a", "b"] {
      try folder.write("\(stem)-images", TinyFiles.images(1))
      try folder.write("\(stem)-labels", TinyFiles.labels([0]))
    }
    let (a, b) = (["a-images", "a-labels"], ["b-images", "b-labels"])
    try expect(
      65,
      "a-images and b-images would both be the split 'train'; convert them one at a time, with --split to name it",
      a[0], b[0], b[1], a[1])
    try folder.write("other", TinyFiles.images(1))
    try folder.write("another", TinyFiles.labels([0]))
    try expect(
      65,
      "which labels belong to which images cannot be told: images in a-images, other, labels in b-labels, another; "
        + "give files of one split at a time", "a-images", "b-labels", "other", "another")
    try expect(
      64,
      "The value 'x' is invalid for '--split <train|valid|test>'. Please provide one of 'train', 'valid' or 'test'.",
      a[0], a[1], "--split", "x")
  }

  @Test func thingsThatDontGoTogether() throws {
    try write(TinyFiles.images(1), TinyFiles.labels([0]))
    try expect(
      65, "\(Samples.weights) and images cannot be converted together; convert them one at a time",
      Samples.weights, "images", "labels")
    try expect(
      65,
      "\(Samples.weights) and \(Samples.weights) cannot be converted together; convert them one at a time",
      Samples.weights, Samples.weights)
    try expect(
      65, "\(try Samples.model()): this is a native model file already; there is nothing to convert",
      Samples.model())
    try expect(
      65,
      "\(Samples.digit("7-plain")): the picture has 28x28 pixels; a sheet has a digit in each row of 784, or --tile "
        + "28x28 says how large the digits in a grid are", Samples.digit("7-plain"))
  }

  @Test func picturesOfOddShapes() throws {
    let needed = "[N, H, W], [N, C, H, W] or [N, side * side] is needed, none of them zero but N"
    for shape in [[2, 10], [2, 1, 1, 28, 28], [2, 0, 0], [2, 1, 0, 5], [2, 0]] {
      let pixels = [UInt8](repeating: 0, count: shape.reduce(1, *))
      try write(TinyFiles.idx(shape, pixels), TinyFiles.labels([0, 1]))
      try expect(65, "the images in images have shape \(shape); \(needed)", "images", "labels")
    }
    try folder.write("images", TinyFiles.idx([1, 2, 2], [UInt8](repeating: 0, count: 16), type: 12))
    try folder.write("labels", TinyFiles.labels([0]))
    try expect(65, "images holds int32, and bytes or floating point is needed", "images", "labels")
  }

  @Test func oddLabels() throws {
    try folder.write("images", TinyFiles.images(2))
    try folder.write("labels", TinyFiles.idx([2], TinyFiles.floats([0, 1.5]), type: 13))
    try expect(65, "label 1 in labels is 1.5; labels are whole numbers from 0 on", "images", "labels")
    try folder.write("labels", TinyFiles.idx([2], [255, 0], type: 9))
    try expect(65, "label 0 in labels is -1; labels are whole numbers from 0 on", "images", "labels")
  }

  @Test func labelNames() throws {
    try write(TinyFiles.images(2), TinyFiles.labels([0, 9]))
    try expect(
      65, "\(Samples.weights): the network has 10 outputs, and --labels names 2", Samples.weights, "--labels",
      "a,b")
    try expect(
      65, "the data's labels go up to 9, and there are names for 2 classes", "images", "labels", "--labels",
      "a,b")
    for names in ["", "a,,c", "a,"] {
      try expect(64, "--labels has a name without a letter", Samples.weights, "--labels", names)
    }
    try expect(64, "--labels names 'a' twice", Samples.weights, "--labels", "a,b,a")
  }

  @Test func wrongCommandLines() throws {
    let weights = Samples.weights
    try expect(64, "Missing expected argument '<inputs> ...'")
    try expectFailure(
      64, "Missing expected argument '--output <output>'", "mnist-convert", [weights], in: folder)
    try expect(64, "Unknown option '--bogus'", weights, "--bogus")
    try expect(64, "- stands for standard input, which can be read only once", "-", "-")
    for value in ["nan", "0", "inf", "1e400"] {
      try expect(64, "--divisor must be a number above 0", weights, "--divisor", value)
    }
    try expect(64, "--divisor must be a number above 0", weights, "--divisor=-1")
    try expect(64, "--deviation must be a number above 0", weights, "--deviation", "nan")
    try expect(64, "--mean must be a number", weights, "--mean", "nan")
    try expect(64, "The value 'x' is invalid for '--mean <mean>'", weights, "--mean", "x")
  }
}
