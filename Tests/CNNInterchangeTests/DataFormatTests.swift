import CNNCodecs
import CNNModelFile
import CNNTestSupport
import Testing

@testable import CNNInterchange

/// Data in the files that people have: tables, folders and sheets of pictures, EMNIST.
@Suite struct DataFormatTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func convert(_ names: String..., options: Conversion.Options = .init()) throws -> Conversion {
    try Conversion(
      names.map { try LoadedInput(path: folder.path($0)) }, options: options, tool: "test", version: "0")
  }

  private func refusal(_ names: String..., options: Conversion.Options = .init()) -> InterchangeError? {
    do {
      _ = try Conversion(
        names.map { try LoadedInput(path: folder.path($0)) }, options: options, tool: "test", version: "0")
      return nil
    } catch let failure as LoadFailure {
      return failure.underlying as? InterchangeError
    } catch {
      return error as? InterchangeError
    }
  }

  private func bytes(_ conversion: Conversion, _ tensor: String) -> [UInt8]? {
    conversion.file.tensor(named: tensor)?.bytes
  }

  /// What was done to each array on its way.
  private func changes(_ conversion: Conversion) -> [[String]]? {
    guard case .dataset(let report) = conversion.report else { return nil }
    return report.fates.map(\.changes)
  }

  // MARK: Tables

  @Test(arguments: [
    "7,1,2,3,4\n2,5,6,7,8\n", "label,a,b,c,d\n7,1,2,3,4\n2,5,6,7,8\n",
    "a,b,c,d,Class\n1,2,3,4,7\n5,6,7,8,2\n",
    ",label,a,b,c,d\n0,7,1,2,3,4\n1,2,5,6,7,8\n", "# label,a,b,c,d\n7.0,1.0,2,3,4\n2,5,6,7,8\n",
  ]) func labelsAndPixelsInOneTable(_ text: String) throws {
    try folder.write("digits-test.csv", text)
    let result = try convert("digits-test.csv")
    #expect(bytes(result, "test.images") == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(result.file.tensor(named: "test.images")?.shape == [2, 2, 2])
    #expect(bytes(result, "test.labels") == [7, 2])
    #expect(result.file.manifest.divisor == 255)
  }

  @Test func aOneHotRowBehindThePixels() throws {
    try folder.write("train.csv", "1,2,3,4,0,0,1\n5,6,7,8,0,1,0\n")
    let result = try convert("train.csv")
    #expect(bytes(result, "train.images") == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(bytes(result, "train.labels") == [2, 1])
    let blank = String(repeating: "0,", count: 784)
    // Also 29x29 pixels and a row of five, but 28x28 come first.
    try folder.write("letters.csv", blank + "1" + String(repeating: ",0", count: 61) + "\n")
    #expect(try convert("letters.csv").file.tensor(named: "train.images")?.shape == [1, 28, 28])
  }

  @Test func pixelsAndLabelsInTwoTables() throws {
    try folder.write("train-images.csv", "1,2,3,4\n5,6,7,8\n")
    try folder.write("train-labels.csv", "label\n1\n0\n")
    let result = try convert("train-labels.csv", "train-images.csv")
    #expect(bytes(result, "train.images") == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(bytes(result, "train.labels") == [1, 0])
    #expect(refusal("train-images.csv") == .missingLabels(images: folder.path("train-images.csv")))
  }

  @Test func tablesOfSeveralSplitsMakeOneDataSet() throws {
    try folder.write("mnist_train.csv", "1,1,2,3,4\n")
    try folder.write("mnist_test.csv.gz", Gzip.compress(Array("0,5,6,7,8\n".utf8)))
    let result = try convert("mnist_train.csv", "mnist_test.csv.gz")
    #expect(
      result.file.tensors.map(\.name).sorted() == [
        "test.images", "test.labels", "train.images", "train.labels",
      ])
  }

  @Test func fractionsBecomeTheBytesThatTheyWere() throws {
    let rows = [[0, 17, 128, 255], [1, 2, 3, 254]].map {
      $0.map { "\(Float($0) / 255)" }.joined(separator: ",")
    }
    try folder.write("a.csv", "3,\(rows[0])\n0,\(rows[1])\n")
    let result = try convert("a.csv")
    #expect(bytes(result, "train.images") == [0, 17, 128, 255, 1, 2, 3, 254])
    #expect(result.file.manifest.divisor == 255)
  }

  @Test func zeroAndOneAreBlackAndWhite() throws {
    try folder.write("a.csv", "3,0,1,1,0\n0,1,0,0,0\n")
    let together = try convert("a.csv")
    #expect(bytes(together, "train.images") == [0, 255, 255, 0, 255, 0, 0, 0])
    #expect(changes(together) == [["0 and 1 to 0 and 255"], []])
    try folder.write("images.csv", "0,1,1,0\n1,0,0,0\n")
    try folder.write("labels.csv", "3\n0\n")
    let apart = try convert("images.csv", "labels.csv")
    #expect(bytes(apart, "train.images") == [0, 255, 255, 0, 255, 0, 0, 0])
    #expect(changes(apart) == [["0 and 1 to 0 and 255"], []])
  }

  @Test func otherNumbersStayAsTheyAre() throws {
    try folder.write("a.csv", "3,0,1.5,-1,0\n0,1,0,0,0\n")
    let result = try convert("a.csv")
    #expect(result.file.tensor(named: "train.images")?.floats() == [0, 1.5, -1, 0, 1, 0, 0, 0])
    #expect(result.file.manifest.divisor == 1)
  }

  @Test func tablesThatMakeNoPictures() throws {
    try folder.write("six.csv", "1,2,3,4,5,6\n")
    #expect(refusal("six.csv") == .csvColumns(6))
    try folder.write("high.csv", "1,2,3,4,5\n1,2,256,4,5\n")
    #expect(refusal("high.csv") == .csvPixels(line: 2, field: 3))
    let last = (0..<10).map { "0,\($0),0,9,\($0)\n" }.joined()
    try folder.write("last.csv", last)
    #expect(refusal("last.csv") == .csvLabelColumn)
    try folder.write("short.csv", "0,7,0,9,3\n0,2,0,9,4\n")
    #expect(
      try changes(convert("short.csv")) == [[], ["from the first column, which is the same in all rows"]])
    try folder.write("threes.csv", (0..<10).map { "3,\($0),0,9,0\n" }.joined())
    #expect(
      try changes(convert("threes.csv")) == [[], ["from the first column, which is the same in all rows"]])
    try folder.write("stated.csv", "label,a,b,c,d\n0,7,0,9,3\n0,2,0,9,4\n")
    #expect(try changes(convert("stated.csv")) == [[], []])
    try folder.write("named.csv", "a,b,c,d,label\n" + last)
    #expect(try bytes(convert("named.csv"), "train.labels") == Array(0..<10))
    try folder.write("hot.csv", "1,2,3,4,0,1,0\n1,2,3,4,1,1,0\n")
    #expect(refusal("hot.csv") == .badLabel("label", index: 1, value: "a row that is not one-hot", first: 0))
  }

  @Test func damagedTablesSayWhere() throws {
    try folder.write("a.csv.gz", Gzip.compress(Array("7,1,2,3,4\n2,5,x,7,8\n".utf8)))
    let failure = try #require(throws: LoadFailure.self) { try LoadedInput(path: folder.path("a.csv.gz")) }
    #expect(failure.explanation == "decompressed byte 14: line 2, field 3 is \"x\"; a number is needed")
  }

  // MARK: Folders

  private func png(_ pixels: [UInt8], width: Int = 2) throws -> [UInt8] {
    try PNG.encode(GrayImage(width: width, height: pixels.count / width, pixels: pixels))
  }

  @Test func coloursBecomeGreyWhichIsSaid() throws {
    let red = try PNG.encode(Picture.rgb(RGBImage(width: 2, height: 1, pixels: [255, 0, 0, 9, 9, 9])))
    try folder.write("train/0/1.png", red)
    try folder.write("test/0/1.png", png([76, 9]))
    let result = try convert("train", "test")
    #expect(bytes(result, "train.images") == [76, 9] && bytes(result, "test.images") == [76, 9])
    #expect(changes(result)?[0] == ["RGB to grey"] && changes(result)?[2] == [])
  }

  @Test func foldersNamedByTheirLabels() throws {
    for (name, value) in [("9/a", 1), ("10/b", 2), ("10/a10", 3), ("10/a9", 4), ("10/deep/er", 5)] {
      try folder.write("set/\(name).png", png([UInt8(value), 0, 0, 0]))
    }
    try folder.write("set/10/notes.txt", "no picture")
    try folder.write("set/empty/.png", "hidden")
    let result = try convert("set")
    #expect(result.file.manifest.labels == ["9", "10"])
    #expect(bytes(result, "train.labels") == [0, 1, 1, 1, 1])
    // Natural order of names in each folder; what lies deeper comes where its folder stands.
    #expect(bytes(result, "train.images")?.filter { $0 != 0 } == [1, 4, 3, 2, 5])
    #expect(result.file.manifest.provenance.sources.map(\.name) == ["set"])
  }

  @Test func foldersOfSplits() throws {
    for name in ["train/A/1", "train/B/1", "test/B/1", "valid/A/7"] {
      try folder.write("set/\(name).png", png([UInt8(name.utf8.count), 0, 0, 0]))
    }
    let result = try convert("set")
    #expect(result.file.manifest.labels == ["A", "B"])
    #expect(bytes(result, "train.labels") == [0, 1])
    #expect(bytes(result, "test.labels") == [1])
    #expect(bytes(result, "valid.labels") == [0])
    try folder.write("set/C/1.png", png([0, 0, 0, 0]))
    #expect(refusal("set") == .mixedFolders(split: "test", other: "C"))
  }

  @Test func foldersTakeTheOrderOfGivenLabels() throws {
    for name in ["a", "b", "c"] { try folder.write("set/\(name)/1.png", png([0, 0, 0, 0])) }
    let ordered = try convert("set", options: .init(labels: ["c", "x", "b", "a"]))
    #expect(bytes(ordered, "train.labels") == [3, 2, 0])
    #expect(ordered.file.manifest.labels == ["c", "x", "b", "a"])
    let renamed = try convert("set", options: .init(labels: ["one", "two", "three"]))
    #expect(bytes(renamed, "train.labels") == [0, 1, 2])
    #expect(renamed.file.manifest.labels == ["one", "two", "three"])
    #expect(changes(renamed) == [[], ["renamed a to one, b to two, c to three"]])
    #expect(
      refusal("set", options: .init(labels: ["a", "b"]))
        == .unknownLabelName(folder: folder.path("set"), name: "c", names: ["a", "b"]))
  }

  @Test func foldersAreRenamedInNaturalOrder() throws {
    for (name, value) in [("10", 1), ("9", 2)] {
      try folder.write("set/\(name)/1.png", png([UInt8(value), 0, 0, 0]))
    }
    let renamed = try convert("set", options: .init(labels: ["nine", "ten"]))
    #expect(bytes(renamed, "train.labels") == [0, 1])
    #expect(bytes(renamed, "train.images")?.filter { $0 != 0 } == [2, 1])
  }

  @Test func aNameInCommonIsNoRenaming() throws {
    for name in ["dog", "kat"] { try folder.write("set/\(name)/1.png", png([0, 0, 0, 0])) }
    #expect(
      refusal("set", options: .init(labels: ["cat", "dog"]))
        == .unknownLabelName(folder: folder.path("set"), name: "kat", names: ["cat", "dog"]))
  }

  @Test func namesOfOtherDataRenameNoFolder() throws {
    try folder.write("numbers.csv", "0,1,2,3,4\n2,1,2,3,4\n1,1,2,3,4\n")
    try convert("numbers.csv", options: .init(split: .test)).file.write(
      to: folder.path("d.safetensors"), replacing: false)
    for name in ["zero", "one", "two"] { try folder.write("names/\(name)/1.png", png([0, 0, 0, 0])) }
    #expect(
      refusal("d.safetensors", "names")
        == .unknownLabelName(folder: folder.path("names"), name: "one", names: ["0", "1", "2"]))
    for name in ["2", "0"] { try folder.write("places/\(name)/1.png", png([0, 0, 0, 0])) }
    #expect(try bytes(convert("d.safetensors", "places"), "train.labels") == [0, 2])
  }

  @Test func namesThatAreNumbersAgreeWithTheLabelsOfOtherFiles() throws {
    try folder.write("train/3/1.png", png([1, 2, 3, 4]))
    try folder.write("train/5/1.png", png([5, 6, 7, 8]))
    try folder.write("test.csv", "5,1,2,3,4\n")
    let result = try convert("train", "test.csv")
    #expect(bytes(result, "train.labels") == [3, 5])
    #expect(bytes(result, "test.labels") == [5])
    #expect(result.file.manifest.labels == ["0", "1", "2", "3", "4", "5"])
  }

  @Test func foldersThatMakeNoDataSet() throws {
    try folder.write("none/1.png", png([0, 0, 0, 0]))
    #expect(refusal("none") == .noLabelledPictures)
    try folder.write("sizes/1/a.png", png([0, 0, 0, 0]))
    try folder.write("sizes/1/b.png", png([0, 0, 0, 0, 0, 0]))
    #expect(
      refusal("sizes")
        == .pictureSize(found: [2, 3], expected: [2, 2], first: folder.path("sizes/1/a.png")))
    try folder.write("damaged/1/a.png", "no picture")
    let failure = try #require(throws: LoadFailure.self) { try convert("damaged") }
    #expect(failure.path == folder.path("damaged/1/a.png"))
    #expect(failure.underlying as? PNGError == .notPNG(offset: 0))
  }

  // MARK: Sheets

  @Test func aSheetWithADigitInEachRow() throws {
    let pixels = [3, 50, 200].flatMap { (value: UInt8) in [UInt8](repeating: value, count: 783) + [value + 1]
    }
    try folder.write("sheet.png", png(pixels, width: 784))
    try folder.write("labels.txt", "3\n1\n4\n")
    let result = try convert("sheet.png", "labels.txt")
    #expect(result.file.tensor(named: "train.images")?.shape == [3, 28, 28])
    #expect(bytes(result, "train.images") == pixels)
    #expect(bytes(result, "train.labels") == [3, 1, 4])
    #expect(refusal("sheet.png") == .missingLabels(images: folder.path("sheet.png")))
    try folder.write("few.txt", "3\n1\n")
    #expect(
      refusal("sheet.png", "few.txt")
        == .countMismatch(
          images: folder.path("sheet.png"), imageCount: 3, labels: folder.path("few.txt"), labelCount: 2))
  }

  @Test func aGridIsReadRowByRow() throws {
    // Two rows of three tiles, 2 wide and 3 high, each of its number.
    let rows: [[UInt8]] = [[0, 0, 1, 1, 2, 2], [3, 3, 4, 4, 5, 5]]
    let pixels = rows.flatMap { $0 + $0 + $0 }
    try folder.write("grid.png", png(pixels, width: 6))
    try folder.write("labels", IDX.serialize(TestArrays.uint8([5, 4, 3, 2, 1, 0], [6])))
    let tile = DataReading(tile: TileSize("2x3"))
    let result = try convert("grid.png", "labels", options: .init(reading: tile))
    #expect(result.file.tensor(named: "train.images")?.shape == [6, 3, 2])
    #expect(
      bytes(result, "train.images") == (0..<6).flatMap { (tile: UInt8) in [UInt8](repeating: tile, count: 6) }
    )
    #expect(refusal("grid.png", "labels") == .notASheet(width: 6, height: 6, tile: nil))
    let odd = DataReading(tile: TileSize("4x3"))
    #expect(
      refusal("grid.png", "labels", options: .init(reading: odd))
        == .notASheet(width: 6, height: 6, tile: TileSize("4x3")))
  }

  @Test(arguments: ["28", "28x", "x28", "0x28", "28x-1", "28x28x28", "99999x1", "1e1x2"]) func noTile(
    _ text: String
  ) {
    #expect(TileSize(text) == nil)
  }
}
