import CNNCodecs
import CNNInterchange
import CNNModelFile
import CNNTestSupport
import Testing

/// Data sets that `torch.save` wrote, by `Tests/python/make_torch_goldens.py`.
@Suite struct TorchPicturesTests {
  private func conversion(_ name: String) throws -> Conversion {
    let input = try LoadedInput(path: RepositoryPaths.root + "/Tests/CNNCodecsTests/Fixtures/torch/" + name)
    return try Conversion([input], options: Conversion.Options(), tool: "test", version: "0")
  }

  private func notes(_ conversion: Conversion) -> [[String]] {
    guard case .dataset(let report) = conversion.report else { return [] }
    return report.fates.map(\.changes)
  }

  /// As torchvision's `training.pt`.
  @Test(arguments: ["pictures-zip.pt", "pictures-legacy.pt"])
  func aTupleOfPicturesAndLabels(_ name: String) throws {
    let file = try conversion(name).file
    #expect(file.tensors.map(\.name) == ["train.images", "train.labels"])
    #expect(file.tensors.map(\.shape) == [[4, 28, 28], [4]])
    let pixels: [UInt8] = (0..<3136).map { UInt8($0 % 251) }
    #expect(file.tensors[0].bytes == pixels)
    #expect(file.tensors[1].bytes == [3, 1, 4, 1])
  }

  @Test func aTupleOfTuplesIsTrainingAndTestData() throws {
    let file = try conversion("splits-zip.pt").file
    #expect(
      Set(file.tensors.map(\.name)) == ["train.images", "train.labels", "test.images", "test.labels"])
    #expect(file.tensor(named: "train.labels")?.bytes == [3, 1, 4, 1])
    #expect(file.tensor(named: "test.labels")?.bytes == [1, 4, 1, 3])
    // One-hot rows beside pictures of [N, C, H, W].
    #expect(file.tensor(named: "test.images")?.shape == [4, 28, 28])
  }

  @Test func dictionariesSayWhichIsWhich() throws {
    let named = try conversion("named-pictures-zip.pt")
    #expect(named.file.tensors.map(\.name) == ["train.images", "train.labels"])
    #expect(notes(named) == [["left out: extra, epoch (3)"], []])
    let nested = try conversion("nested-pictures-zip.pt").file
    #expect(
      Set(nested.tensors.map(\.name)) == ["train.images", "train.labels", "test.images", "test.labels"])
  }

  @Test func whatIsWrongWithLabelsIsSaid() throws {
    let failure = #expect(throws: (any Error).self) { try conversion("unlabelled-pictures-zip.pt") }
    #expect(
      "\(try #require(failure))".hasSuffix("[0] has 4 images, and [1] has 3 labels"), "\(failure as Any)")
  }
}
