import CNNCodecs
import CNNFiles
import CNNModelFile
import CNNTestSupport
import Testing

@testable import CNNInterchange

/// What names and options say of data, and what is refused by name.
@Suite struct DataReadingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func convert(_ names: String..., options: Conversion.Options = .init()) throws -> Conversion {
    try Conversion(
      names.map { try LoadedInput(path: folder.path($0)) }, options: options, tool: "test", version: "0")
  }

  private func bytes(_ conversion: Conversion, _ tensor: String) -> [UInt8]? {
    conversion.file.tensor(named: tensor)?.bytes
  }

  // MARK: EMNIST

  private func emnist(_ name: String, _ reading: DataReading = .init()) throws -> Conversion {
    try folder.write(
      "\(name)-images-idx3-ubyte", IDX.serialize(TestArrays.uint8([1, 2, 3, 4, 5, 6], [1, 2, 3])))
    try folder.write("\(name)-labels-idx1-ubyte", IDX.serialize(TestArrays.uint8([1], [1])))
    return try convert(
      "\(name)-images-idx3-ubyte", "\(name)-labels-idx1-ubyte", options: .init(reading: reading))
  }

  @Test func filesOfEMNISTAreKnownByTheirNames() throws {
    let letters = try emnist("emnist-letters-train")
    #expect(letters.file.tensor(named: "train.images")?.shape == [1, 3, 2])
    #expect(bytes(letters, "train.images") == [1, 4, 2, 5, 3, 6])
    #expect(bytes(letters, "train.labels") == [0])
    guard case .dataset(let report) = letters.report else {
      Issue.record("no data set")
      return
    }
    #expect(report.fates.map(\.changes) == [["transposed"], ["counted from 1"]])
    let digits = try emnist("emnist-digits-test")
    #expect(bytes(digits, "test.images") == [1, 4, 2, 5, 3, 6])
    #expect(bytes(digits, "test.labels") == [1])
    for name in ["my-emnist-letters-train", "emnist-mine-train", "letters-train"] {
      let other = try emnist(name)
      #expect(bytes(other, "train.images") == [1, 2, 3, 4, 5, 6])
      #expect(bytes(other, "train.labels") == [1])
    }
  }

  @Test func aSheetIsWhatItLooksLike() throws {
    let sheet = GrayImage(width: 784, height: 1, pixels: [0, 9] + [UInt8](repeating: 0, count: 782))
    try folder.write("emnist-letters-train.png", PNG.encode(sheet))
    try folder.write("labels.csv", "1\n")
    let result = try convert("emnist-letters-train.png", "labels.csv")
    #expect(bytes(result, "train.images") == sheet.pixels)
    #expect(bytes(result, "train.labels") == [1])
  }

  @Test func optionsWinOverNames() throws {
    let plain = try emnist("emnist-letters-train", DataReading(isTransposed: false, firstLabel: 0))
    #expect(bytes(plain, "train.images") == [1, 2, 3, 4, 5, 6])
    #expect(bytes(plain, "train.labels") == [1])
    let told = try emnist("letters", DataReading(isTransposed: true, firstLabel: 1))
    #expect(bytes(told, "train.images") == [1, 4, 2, 5, 3, 6])
    #expect(bytes(told, "train.labels") == [0])
    #expect(told.file.manifest.provenance.options.map(\.name) == ["first-label", "transpose"])
    #expect(
      throws: InterchangeError.badLabel(
        folder.path("letters-labels-idx1-ubyte"), index: 0, value: "1", first: 2)
    ) { try emnist("letters", DataReading(firstLabel: 2)) }
  }

  @Test func aNativeFileIsTransposedOnlyWhenAsked() throws {
    let native = ModelFile(
      manifest: Manifest(kind: .dataset, divisor: 255, provenance: Provenance(tool: "test", version: "1")),
      tensors: [
        Tensor(name: "test.images", elementType: .uint8, shape: [1, 2, 3], bytes: [1, 2, 3, 4, 5, 6]),
        Tensor(name: "test.labels", elementType: .uint8, shape: [1], bytes: [1]),
      ])
    let path = try folder.write("emnist-letters-test.safetensors", ModelFileWriter.encode(native))
    func load(_ reading: DataReading) throws -> [UInt8]? {
      try DatasetInputs.load(
        [LoadedInput(path: path)], reading: reading, requiresLabels: true, tool: "test", version: "0"
      ).tensor(named: "test.images")?.bytes
    }
    #expect(try load(DataReading()) == [1, 2, 3, 4, 5, 6])
    #expect(try load(DataReading(isTransposed: true)) == [1, 4, 2, 5, 3, 6])
  }

  // MARK: What is not read

  @Test func anArchiveOfOtherFilesIsRefusedAsOne() throws {
    let sink = MemorySink()
    var writer = ZipWriter(sink)
    try writer.add("readme.txt", Array("hello".utf8))
    try writer.finish()
    let path = try folder.write("file.zip", sink.bytes)
    let failure = try #require(throws: LoadFailure.self) { try LoadedInput(path: path) }
    #expect(
      failure.explanation
        == "this is a zip archive, which is not read; unpack it first and give the files in it")
  }

  @Test(
    arguments: [
      (Array("PAR1".utf8), "a Parquet file"),
      ([0xFD] + Array("7zXZ\u{0}".utf8), "an xz file"),
      (Array("BZh9".utf8), "a bzip2 file"), ([0x28, 0xB5, 0x2F, 0xFD], "a zstd file"),
      (Array("7z".utf8) + [0xBC, 0xAF, 0x27, 0x1C], "a 7z archive"),
      ([0xFF, 0xD8, 0xFF, 0xE0], "a JPEG picture"), (Array("GIF89a".utf8), "a GIF picture"),
      (Array("%PDF-1.7".utf8), "a PDF file"),
      (Array("MATLAB 5.0 MAT-file".utf8), "a MATLAB file"),
      ([0xFF, 0xFE, 0x31, 0], "text in UTF-16"),
      ([UInt8](repeating: 0x61, count: 257) + Array("ustar".utf8), "a tar archive"),
    ] as [([UInt8], String)]) func otherFormatsAreCalledByName(_ bytes: [UInt8], _ name: String) throws
  {
    for content in [bytes, try Gzip.compress(bytes)] {
      let path = try folder.write("file", content)
      let failure = try #require(throws: LoadFailure.self) { try LoadedInput(path: path) }
      guard case .unreadFormat(let format)? = failure.underlying as? InterchangeError else {
        Issue.record("\(failure)")
        return
      }
      #expect(format.name == name)
      #expect(failure.explanation == "this is \(name), which is not read; \(format.advice)")
    }
  }
}
