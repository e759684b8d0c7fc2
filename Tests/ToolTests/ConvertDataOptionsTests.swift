import CNNModelFile
import CNNTestSupport
import Testing

/// Options about data: in force wherever there are data, and refused where there are none.
@Suite struct ConvertDataOptionsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func convert(_ arguments: String...) throws {
    let result = try run("mnist-convert", arguments + ["-q"], in: folder)
    #expect(result.status == 0, "\(result.error)")
  }

  private func expect(_ status: Int32, _ message: String, _ arguments: String...) throws {
    try expectFailure(status, message, "mnist-convert", arguments, in: folder, hasHint: false)
    #expect(folder.names().isEmpty)
  }

  @Test func aNativeDataSetIsTransposedOnItsWayOut() throws {
    let data = try Samples.testSet()
    try convert(data, "--transpose", "-o", "t.npz")
    try convert("t.npz", "-o", "t.safetensors")
    let images = try #require(try ModelFile(contentsOf: data).tensor(named: "test.images")).bytes
    let turned = try #require(
      try ModelFile(contentsOf: folder.path("t.safetensors")).tensor(named: "test.images"))
    #expect(turned.bytes.count == images.count && images.count == 500 * 784)
    let places = (0..<images.count).map { ($0 / 784, $0 % 784 / 28, $0 % 28) }
    #expect(turned.bytes == places.map { images[$0 * 784 + $2 * 28 + $1] })
  }

  @Test func labelsOfANativeDataSetAreCountedFromTheFirst() throws {
    let data = try Samples.testSet()
    let labels = try #require(try ModelFile(contentsOf: data).tensor(named: "test.labels")).bytes
    let zero = try #require(labels.firstIndex(of: 0))
    try expect(
      65, "\(data): label \(zero) in test.labels is 0; labels are whole numbers from 1 on", data,
      "--first-label", "1",
      "-o", "d.npz")
  }

  @Test(arguments: [["--transpose"], ["--first-label", "1"], ["--tile", "28x28"], ["--split", "test"]])
  func weightsHaveNoData(_ option: [String]) throws {
    let pickle = "\(Samples.weights): the file holds weights, and \(option[0]) is about data"
    #expect(try run("mnist-convert", [Samples.weights, "-o", "m.npz"] + option, in: folder).status == 65)
    try expectFailure(
      65, pickle, "mnist-convert", [Samples.weights, "-o", "m.safetensors"] + option, in: folder,
      hasHint: false)
    let model = try Samples.model()
    try expectFailure(
      64,
      "\(model): this is a native model file, in which everything is settled; \(option[0]) goes with foreign files",
      "mnist-convert", [model, "-o", "m.npz"] + option, in: folder, hasHint: false)
    #expect(folder.names().isEmpty)
  }

  @Test(
    arguments: [
      ["--divisor", "256"], ["--mean", "0"], ["--rotated-kernels"], ["--architecture", "lenet"],
      ["--flatten-order", "hwc"],
    ])
  func dataHaveNoWeights(_ option: [String]) throws {
    let result = try run("mnist-convert", [Samples.dataset, "-o", "d.safetensors"] + option, in: folder)
    #expect(result.status == 65)
    #expect(result.error.hasSuffix("the input is data, and \(option[0]) is about weights\n"))
    #expect(folder.names().isEmpty)
  }

  @Test func tilesAreThoseOfSheets() throws {
    try expect(
      65, "--tile says how large the digits in a sheet are, and there is no PNG file among the data",
      try Samples.testSet(), "--tile", "28x28", "-o", "d.npz")
    try expect(
      65, "--tile says how large the digits in a sheet are, and there is no PNG file among the data",
      Samples.images, Samples.labels, "--tile", "28x28", "-o", "d.safetensors")
  }
}
