import CNNCodecs
import CNNModelFile
import CNNTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The same data in every form that people have are the same data in every tool that takes data.
@Suite struct DataInputTests {
  private let folder: TemporaryFolder
  private let images: NumericArray
  private let labels: [UInt8]

  init() throws {
    folder = try TemporaryFolder()
    images = try IDX.parse(Gzip.decompress(TemporaryFolder.read(Samples.images)))
    labels = try IDX.parse(Gzip.decompress(TemporaryFolder.read(Samples.labels))).rowMajorLittleEndianBytes()
  }

  private var pixels: ArraySlice<UInt8> { images.storage[images.range] }

  private func digit(_ index: Int) -> ArraySlice<UInt8> {
    let start = pixels.startIndex + index * 784
    return pixels[start..<start + 784]
  }

  /// The sample digits as `name`, in the form that Kaggle has them.
  private func writeTable(_ name: String) throws {
    var text = "label," + (0..<784).map { "pixel\($0)" }.joined(separator: ",") + "\r\n"
    for (index, label) in labels.enumerated() {
      text += "\(label)," + digit(index).map(String.init).joined(separator: ",") + "\r\n"
    }
    try folder.write(name, text)
  }

  private func writeSheet(_ name: String) throws {
    try folder.write(name, PNG.encode(GrayImage(width: 784, height: labels.count, pixels: Array(pixels))))
    try folder.write("labels.txt", labels.map { "\($0)\n" }.joined())
  }

  /// 28x28 digits, 25 in each row.
  private func writeGrid(_ name: String) throws {
    let rows = labels.count / 25 * 28
    var grid = GrayImage(width: 700, height: rows, pixels: [UInt8](repeating: 0, count: 700 * rows))
    for index in labels.indices {
      for (place, pixel) in digit(index).enumerated() {
        grid[index % 25 * 28 + place % 28, index / 25 * 28 + place / 28] = pixel
      }
    }
    try folder.write(name, PNG.encode(grid))
    try folder.write("labels.txt", labels.map { "\($0)\n" }.joined())
  }

  private func convert(_ arguments: String...) throws -> ModelFile {
    let result = try run("mnist-convert", arguments + ["-o", "out.safetensors", "--force"], in: folder)
    #expect(result.status == 0, "\(result.error)")
    return try ModelFile(contentsOf: folder.path("out.safetensors"))
  }

  @Test func convertMakesTheSameOfAllForms() throws {
    let expected = try convert(Samples.images, Samples.labels).tensors
    #expect(expected.map(\.name) == ["test.images", "test.labels"])
    try writeTable("mnist_test.csv")
    #expect(try convert("mnist_test.csv").tensors == expected)
    try writeSheet("sheet.png")
    #expect(try convert("labels.txt", "sheet.png", "--split", "test").tensors == expected)
    try writeGrid("grid.png")
    #expect(try convert("grid.png", "labels.txt", "--tile", "28x28", "--split", "test").tensors == expected)
    // Transposed, with labels from one on, as EMNIST's.
    var table = ""
    for (index, label) in labels.enumerated() {
      let digit = Array(digit(index))
      table +=
        "\(label + 1)," + (0..<784).map { "\(digit[$0 % 28 * 28 + $0 / 28])" }.joined(separator: ",") + "\n"
    }
    try folder.write("emnist-letters-test.csv", table)
    #expect(try convert("emnist-letters-test.csv").tensors == expected)
    try folder.write("renamed.csv", table)
    #expect(
      try convert("renamed.csv", "--transpose", "--first-label", "1", "--split", "test").tensors == expected)
  }

  @Test func theSummarySaysWhatANameWasTakenFor() throws {
    try folder.write(
      "emnist-letters-train.csv", (1...2).map { "\($0),0,1,2,3\n" }.joined())
    let result = try run(
      "mnist-convert", ["emnist-letters-train.csv", "--labels", "A,B", "-o", "e.safetensors"], in: folder)
    #expect(
      result.error == """
        array   shape  type   tensor        shape  type   change
        pixels  2x4    uint8  train.images  2x2x2  uint8  transposed
        label   2      uint8  train.labels  2      uint8  counted from 1
        pixels are bytes; the network's input is pixel / 255

        """)
    let manifest = try ModelFile(contentsOf: folder.path("e.safetensors")).manifest
    #expect(manifest.labels == ["A", "B"])
  }

  @Test func aFolderOfPicturesIsADataSet() throws {
    for (index, label) in labels.enumerated().prefix(100) {
      let picture = GrayImage(width: 28, height: 28, pixels: Array(digit(index)))
      try folder.write("digits/test/\(label)/\(index).png", PNG.encode(picture))
    }
    let set = try convert("digits")
    let order = (0..<100).sorted { (labels[$0], $0) < (labels[$1], $1) }
    #expect(set.tensor(named: "test.labels")?.bytes == order.map { labels[$0] })
    #expect(set.tensor(named: "test.images")?.bytes == order.flatMap { Array(digit($0)) })
    let model = try Samples.model()
    let converted = try run("cnn-infer", ["--model", model, "--evaluate", "out.safetensors"], in: folder)
    // These digits need no bringing into form, so that pictures and data say the same.
    for name in ["digits", "digits/test"] {
      let pictures = try run("cnn-infer", ["--model", model, "--evaluate", name], in: folder)
      #expect(lines(pictures.output).first == lines(converted.output).first)
    }
    let absent = try run(
      "cnn-infer", ["--model", model, "--evaluate", "digits", "--split", "valid"], in: folder)
    #expect(absent.status == 65)
  }

  @Test func inferEvaluatesAllForms() throws {
    let model = try Samples.model()
    func evaluate(_ arguments: String...) throws -> String {
      let result = try run("cnn-infer", ["--model", model, "--evaluate"] + arguments, in: folder)
      #expect(result.status == 0, "\(result.error)")
      return result.output
    }
    let expected = try evaluate(Samples.images, Samples.labels)
    try writeTable("kaggle.csv")
    #expect(try evaluate("kaggle.csv") == expected)
    try writeSheet("sheet.png")
    #expect(try evaluate("sheet.png", "labels.txt") == expected)
    try writeGrid("grid.png")
    #expect(try evaluate("labels.txt", "grid.png", "--tile", "28x28") == expected)
  }

  @Test func inferReadsATableWithoutLabels() throws {
    try folder.write("test.csv", digit(0).map(String.init).joined(separator: ",") + "\n")
    let result = try run("cnn-infer", ["--model", try Samples.model(), "test.csv"], in: folder)
    #expect(result.output.hasPrefix("test[0]\t\(labels[0])\t"))
    let piped = try run(
      "cnn-infer", ["--model", try Samples.model(), "-"], in: folder, input: folder.read("test.csv"))
    #expect(piped.output.hasPrefix("train[0]\t\(labels[0])\t"))
  }

  @Test func trainLearnsTheSameFromAllForms() throws {
    func train(_ arguments: String...) throws -> [Tensor] {
      let result = try run(
        "cnn-train",
        arguments + [
          "-o", "m.safetensors", "--force", "--quiet", "--architecture", "mlp:8", "--steps", "2",
          "--limit-train", "128",
        ], in: folder)
      #expect(result.status == 0, "\(result.error)")
      return try ModelFile(contentsOf: folder.path("m.safetensors")).tensors
    }
    try writeTable("train.csv")
    try writeGrid("grid.png")
    let expected = try train("train.csv")
    #expect(try train("grid.png", "labels.txt", "--tile", "28x28") == expected)
    let manifest = try ModelFile(contentsOf: folder.path("m.safetensors")).manifest
    #expect(manifest.provenance.options.first { $0.name == "tile" }?.value == .string("28x28"))
    #expect(try train("train.csv", "--transpose") != expected)
  }

  @Test func network2WeightsGiveTheLogitsThatTheyShould() throws {
    func weight(_ layer: Int, _ row: Int, _ column: Int) -> Double {
      let number = (layer * 7 + row * 31 + column * 17) % 23 - 11
      return Double(number) / 64
    }
    let sizes = [784, 4, 10]
    func rows(_ layer: Int, _ columns: Int, _ value: (Int, Int) -> Double) -> String {
      let rows = (0..<sizes[layer + 1]).map { row in
        "[" + (0..<columns).map { "\(value(row, $0))" }.joined(separator: ", ") + "]"
      }
      return "[" + rows.joined(separator: ", ") + "]"
    }
    let weights = (0..<2).map { layer in rows(layer, sizes[layer]) { weight(layer, $0, $1) } }
    let biases = (0..<2).map { layer in rows(layer, 1) { row, _ in weight(layer, row, 999) } }
    func list(_ items: [String]) -> String { "[" + items.joined(separator: ", ") + "]" }
    let network = #"{"sizes": [784, 4, 10], "weights": \#(list(weights)), "biases": \#(list(biases))}"#
    try folder.write("net.json", network)
    let converted = try run("mnist-convert", ["net.json", "-o", "net.safetensors"], in: folder)
    #expect(converted.error.contains("architecture: mlp:4:sigmoid, recognised from names and shapes\n"))
    try folder.write("one.csv", digit(0).map(String.init).joined(separator: ",") + "\n")
    let result = try run(
      "cnn-infer", ["--model", "net.safetensors", "--logits", "--json", "one.csv"], in: folder)
    let line = try #require(lines(result.output).first)
    let logits = try json(line).member("logits").elements().map { try $0.number() }
    let input = digit(0).map { Double($0) / 256 }
    func sum(_ layer: Int, _ row: Int, _ inputs: [Double]) -> Double {
      var sum = weight(layer, row, 999)
      for (column, value) in inputs.enumerated() { sum += weight(layer, row, column) * value }
      return sum
    }
    let hidden = (0..<4).map { row in 1 / (1 + exp(-sum(0, row, input))) }
    let expected = (0..<10).map { row in sum(1, row, hidden) }
    #expect(logits.count == 10)
    for (found, expected) in zip(logits, expected) { #expect(abs(found - expected) < 1e-5) }
  }

  @Test func refusalsSayWhatToDo() throws {
    try folder.write("digits.parquet", Array("PAR1".utf8) + [0x15, 0x04, 0, 0])
    let advice =
      "digits.parquet: this is a Parquet file, which is not read; write its pictures to a folder with one folder for "
      + "each label, or its rows to CSV, for example with pandas.read_parquet(...).to_csv(...)"
    try expectFailure(65, advice, "mnist-convert", ["digits.parquet", "-o", "o.safetensors"], in: folder)
    try expectFailure(65, advice, "cnn-train", ["digits.parquet", "-o", "o.safetensors"], in: folder)
    try expectFailure(
      65, advice, "cnn-infer", ["--model", Samples.model(), "--evaluate", "digits.parquet"], in: folder)
    try folder.write("a.csv", "7,1,2,3,4\n2,5,6,7\n")
    let short = "a.csv: byte 16: line 2 has 4 fields, and the first row has 5"
    try expectFailure(65, short, "mnist-convert", ["a.csv", "-o", "o.safetensors"], in: folder)
    try expectFailure(65, short, "cnn-train", ["a.csv", "-o", "o.safetensors"], in: folder)
    try expectFailure(
      65, short, "cnn-infer", ["--model", Samples.model(), "--evaluate", "a.csv"], in: folder)
    try expectFailure(
      64, "--tile takes a width and a height, as in 28x28", "mnist-convert",
      ["a.csv", "--tile", "28", "-o", "o.safetensors"], in: folder)
    try expectFailure(
      64, "--first-label must be 0 or more", "cnn-train",
      ["a.csv", "--first-label=-1", "-o", "o.safetensors"], in: folder)
  }
}
