import CNNCodecs
import CNNFiles
import CNNModelFile
import CNNTestSupport
import Testing

@testable import CNNInterchange

/// Data sets in the formats of other programs, and back.
@Suite struct DatasetExportTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  // MARK: Data

  /// A data set of two splits; pixels and labels are made up, but no split is like another.
  static func dataset(
    _ shape: [Int] = [3, 3], labels: [String] = ["0", "1", "2"], splits: [String] = ["train", "test"],
    divisor: Double = 255
  ) -> ModelFile {
    var tensors: [Tensor] = []
    for (index, split) in splits.enumerated() {
      let count = 5 + index
      let size = shape.reduce(1, *)
      tensors.append(
        Tensor(
          name: "\(split).images", elementType: .uint8, shape: [count] + shape,
          bytes: (0..<count * size).map { UInt8(truncatingIfNeeded: $0 * 37 + index * 11) }))
      tensors.append(
        Tensor(
          name: "\(split).labels", elementType: .uint8, shape: [count],
          bytes: (0..<count).map { UInt8((2 * $0 + 2) % 3) }))
    }
    return file(tensors, labels: labels, divisor: divisor)
  }

  static func file(_ tensors: [Tensor], labels: [String] = [], divisor: Double = 255) -> ModelFile {
    ModelFile(
      manifest: Manifest(
        kind: .dataset, labels: labels, divisor: divisor, provenance: Provenance(tool: "t", version: "0")),
      tensors: tensors)
  }

  private func export(
    _ file: ModelFile, _ format: ExportFormat, only: DatasetSplit? = nil, isFolder: Bool = false
  ) throws -> Export {
    try Export(
      file, as: format, options: .init(only: only, isFolder: isFolder), tool: "test", version: "0")
  }

  private func bytes(_ file: ExportedFile) throws -> [UInt8] {
    let sink = MemorySink()
    try file.write(to: sink)
    let again = MemorySink()
    try file.write(to: again)
    #expect(sink.bytes == again.bytes)
    return sink.bytes
  }

  /// What the files of a folder are read as.
  private func readBack(_ export: Export) throws -> ModelFile {
    let inputs = try export.files.map { try LoadedInput(path: folder.write($0.name, bytes($0))) }
    return try Conversion(inputs, options: .init(), tool: "test", version: "0").file
  }

  // MARK: IDX

  @Test(arguments: [ExportFormat.idx, .compressedIDX]) func idxThereAndBack(_ format: ExportFormat) throws {
    let source = Self.dataset(splits: ["train", "valid", "test"])
    let export = try export(source, format)
    let ending = format == .idx ? "" : ".gz"
    #expect(
      export.files.map(\.name)
        == ["train", "valid", "t10k"].flatMap {
          ["\($0)-images-idx3-ubyte\(ending)", "\($0)-labels-idx1-ubyte\(ending)"]
        })
    #expect(export.isFolder && export.lost == [.provenance] && export.notes.isEmpty)
    let back = try readBack(export)
    #expect(Set(back.tensors.map(\.name)) == Set(source.tensors.map(\.name)))
    for tensor in source.tensors { #expect(back.tensor(named: tensor.name) == tensor) }
    #expect(back.manifest.labels == source.manifest.labels)
    #expect(back.manifest.divisor == 255)
  }

  @Test func idxOfOtherNumbersThereAndBack() throws {
    let pixels = Tensor(name: "train.images", shape: [2, 1, 2, 2], values: [0, -1.5, 1e-7, 3, 4, 5, 6, 0.1])
    let labels = Tensor(
      name: "train.labels", elementType: .int64, shape: [2],
      bytes: [Int64(3), 70_000].flatMap { withUnsafeBytes(of: $0.littleEndian, Array.init) })
    let export = try export(Self.file([pixels, labels], divisor: 1), .idx)
    #expect(export.files.map(\.name) == ["train-images-idx3", "train-labels-idx1"])
    let back = try readBack(export)
    #expect(back.tensor(named: "train.images")?.floats() == pixels.floats())
    #expect(back.tensor(named: "train.labels") == labels)

    let large = Tensor(
      name: "train.labels", elementType: .int64, shape: [2],
      bytes: [Int64(3), 1 << 31].flatMap { withUnsafeBytes(of: $0.littleEndian, Array.init) })
    #expect(throws: ExportError.labelTooLarge(1 << 31)) {
      try self.export(Self.file([pixels, large], divisor: 1), .idx)
    }
  }

  // MARK: npz

  @Test func npzHasTheNamesOfKeras() throws {
    let source = Self.dataset(splits: ["train", "valid", "test"])
    let export = try export(source, .npz)
    #expect(!export.isFolder && export.files.count == 1 && export.lost == [.provenance])
    let npz = try NPZ(parsing: bytes(export.files[0]))
    #expect(npz.names == ["x_train", "y_train", "x_valid", "y_valid", "x_test", "y_test"])
    for (letter, part) in [("x", "images"), ("y", "labels")] {
      for split in ["train", "valid", "test"] {
        let array = try #require(try npz.array(named: "\(letter)_\(split)"))
        let tensor = try #require(source.tensor(named: "\(split).\(part)"))
        #expect(array.elementType == .uint8 && array.shape == tensor.shape)
        #expect(array.rowMajorLittleEndianBytes() == tensor.bytes)
      }
    }
  }

  @Test func oneSplitAlone() throws {
    let source = Self.dataset()
    #expect(
      try NPZ(parsing: bytes(export(source, .npz, only: .test).files[0])).names == ["x_test", "y_test"])
    #expect(throws: ExportError.noSplit(.valid, found: [.train, .test])) {
      try self.export(source, .npz, only: .valid)
    }
  }

  // MARK: CSV

  @Test func csvIsLabelFirst() throws {
    let source = Self.dataset([2, 2])
    #expect(throws: ExportError.severalSplits([.train, .test])) { try self.export(source, .csv) }
    let export = try export(source, .csv, only: .train)
    #expect(export.files.map(\.name) == [""] && export.lost == [.provenance])
    let text = try String(decoding: bytes(export.files[0]), as: UTF8.self)
    #expect(
      text == """
        label,pixel0,pixel1,pixel2,pixel3
        2,0,37,74,111
        1,148,185,222,3
        0,40,77,114,151
        2,188,225,6,43
        1,80,117,154,191

        """)
    let both = try self.export(source, .csv, isFolder: true)
    #expect(both.isFolder && both.files.map(\.name) == ["train.csv", "test.csv"])
    #expect(try bytes(both.files[0]) == Array(text.utf8))
    let compressed = try self.export(source, .compressedCSV, only: .train)
    #expect(try Gzip.decompress(bytes(compressed.files[0])) == Array(text.utf8))
  }

  @Test func csvOfFloatsGivesTheSameFloats() throws {
    let values: [Float] = [0.1, -3.4028235e38, .leastNonzeroMagnitude, 1.0 / 3, 16_777_216, 0]
    let pixels = Tensor(name: "test.images", shape: [1, 2, 3], values: values)
    let export = try export(Self.file([pixels], divisor: 1), .csv)
    #expect(export.lost == [.provenance, .shape])
    let lines = try String(decoding: bytes(export.files[0]), as: UTF8.self).split(separator: "\n")
    #expect(lines[0] == "pixel0,pixel1,pixel2,pixel3,pixel4,pixel5")
    #expect(lines[1].split(separator: ",").map { Float($0) } == values)
  }

  // MARK: PNG

  @Test func pngFoldersAreCalledByLabels() throws {
    let source = Self.dataset(labels: ["zero", "ä", "2"])
    let export = try export(source, .png, only: .train)
    let names = ["2/00000", "ä/00001", "zero/00002", "2/00003", "ä/00004"]
    #expect(export.files.map(\.name) == names.map { "train/\($0).png" })
    #expect(export.isFolder && export.lost == [.provenance] && export.notes.isEmpty)
    var pixels: [UInt8] = []
    for file in export.files { pixels += try PNG.decodeGray(bytes(file)).pixels }
    #expect(pixels == source.tensor(named: "train.images")?.bytes)
  }

  @Test func pngOfColours() throws {
    let source = Self.dataset([3, 2, 2], splits: ["train"])
    let image = try PNG.decodeRGB(bytes(export(source, .png).files[1]))
    let planes = try #require(source.tensor(named: "train.images")).bytes[12..<24]
    var expected: [UInt8] = []
    for pixel in 12..<16 { expected += [planes[pixel], planes[pixel + 4], planes[pixel + 8]] }
    #expect(image.pixels == expected)
    #expect(throws: ExportError.channelCount(2)) { try self.export(Self.dataset([2, 2, 2]), .png) }
  }

  /// Labels come from strangers' files, and lead nowhere.
  @Test(arguments: [
    ["..", "1", "2"], [".", "1", "2"], ["", "1", "2"], ["a/b", "1", "2"], ["/etc", "1", "2"],
    ["a\u{0}", "1", "2"], ["a\n", "1", "2"], ["A", "a", "2"], [".hidden", "1", "2"], ["C:", "1", "2"],
    ["e\u{301}", "é", "2"], [String(repeating: "n", count: 201), "1", "2"],
  ])
  func labelsThatCannotBeFolders(_ labels: [String]) throws {
    let export = try export(Self.dataset(labels: labels), .png, only: .train)
    #expect(export.files[2].name == "train/0/00002.png")
    #expect(export.lost == [.labels, .provenance])
    #expect(
      export.notes == [
        "folders are called by the numbers of the classes, whose names cannot be those of folders"
      ])
  }

  @Test func picturesWithoutLabels() throws {
    let images = Tensor(name: "test.images", elementType: .uint8, shape: [1, 1, 2], bytes: [1, 2])
    let source = Self.file([images])
    let png = try export(source, .png)
    #expect(png.files.map(\.name) == ["test/00000.png"])
    #expect(png.notes == ["the pictures of test have no labels, and are in one folder"])
    #expect(try export(source, .idx).files.map(\.name) == ["t10k-images-idx3-ubyte"])
    #expect(try NPZ(parsing: bytes(export(source, .npz).files[0])).names == ["x_test"])
    #expect(try bytes(export(source, .csv).files[0]) == Array("pixel0,pixel1\n1,2\n".utf8))
  }

  @Test func noPicturesAtAll() throws {
    let images = Tensor(name: "train.images", elementType: .uint8, shape: [0, 2, 2], bytes: [])
    let labels = Tensor(name: "train.labels", elementType: .uint8, shape: [0], bytes: [])
    let source = Self.file([images, labels])
    #expect(try export(source, .png).files.isEmpty)
    #expect(try bytes(export(source, .csv).files[0]) == Array("label,pixel0,pixel1,pixel2,pixel3\n".utf8))
    #expect(try readBack(export(source, .idx)).tensor(named: "train.images") == images)
  }

  // MARK: What is lost

  @Test func namesAndDivisorsAreSaidToBeLost() throws {
    let letters = Self.dataset(labels: ["a", "b", "c"], divisor: 256)
    for format in [ExportFormat.npz, .csv, .idx] {
      #expect(try export(letters, format, isFolder: true).lost == [.labels, .divisor, .provenance])
    }
    #expect(try export(letters, .png).lost == [.divisor, .provenance])
    // A class that no picture has is called by nothing.
    let more = Self.dataset(labels: ["0", "1", "2", "3"])
    #expect(try export(more, .npz).lost == [.labels, .provenance])
  }

  @Test func floatsAreNoPNG() throws {
    let pixels = Tensor(name: "train.images", shape: [1, 1, 2], values: [0.5, 2])
    let source = Self.file([pixels], divisor: 1)
    #expect(throws: ExportError.pixelType(.float32, format: .png)) { try self.export(source, .png) }
    let rounded = try RoundedFile(source, to: .bfloat16).file
    let idx = try IDX.parse(bytes(export(rounded, .idx).files[0]))
    #expect(idx.elementType == .float32 && idx.floats().values == [0.5, 2])
    let npz = try export(rounded, .npz)
    #expect(npz.notes == ["bfloat16, which NumPy does not have, became float32; that is exact"])
    #expect(try NPZ(parsing: bytes(npz.files[0])).array(named: "x_train")?.floats().values == [0.5, 2])
  }
}
