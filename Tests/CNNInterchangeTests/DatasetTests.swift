import CNNCodecs
import CNNInterchange
import CNNModelFile
import Testing

@Suite struct DatasetTests {
  private func split(
    _ split: DatasetSplit = .train, images: NumericArray, labels: NumericArray? = nil, divisor: Double = 255
  ) -> LabelledArrays {
    LabelledArrays(
      split: split, images: images, imagesName: split.rawValue, labels: labels, labelsName: "labels",
      divisor: divisor)
  }

  @Test func bytesStayBytes() throws {
    let data = try DatasetImport([
      split(
        images: TestArrays.uint8([1, 2, 3, 4, 5, 6, 7, 8], [2, 4]), labels: TestArrays.uint8([3, 0], [2]))
    ])
    #expect(data.divisor == 255)
    #expect(data.tensors.map(\.name) == ["train.images", "train.labels"])
    #expect(data.tensors[0].shape == [2, 2, 2])
    #expect(data.tensors[0].bytes == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(data.tensors[1].bytes == [3, 0])
    #expect(data.labels == ["0", "1", "2", "3"])
  }

  @Test(arguments: [255.0, 256.0]) func everyDividedByteIsFoundAgain(divisor: Double) throws {
    let values = (0..<256).map { Float($0) / Float(divisor) }
    let single = try DatasetImport([split(images: TestArrays.float32(values, [1, 256]))])
    #expect(single.divisor == divisor)
    #expect(single.tensors[0].elementType == .uint8)
    #expect(single.tensors[0].bytes == (0..<256).map { UInt8($0) })
    let double = try DatasetImport([
      split(images: TestArrays.float64((0..<256).map { Double($0) / divisor }, [1, 256]))
    ])
    #expect(double.tensors[0].bytes == (0..<256).map { UInt8($0) })
  }

  @Test func oneValueBesideTheGridKeepsAllAsTheyAre() throws {
    var values = (0..<256).map { Float($0) / 255 }
    for odd in [values[17].nextUp, -0.001, 1.01, .nan, .infinity] {
      values[17] = odd
      let data = try DatasetImport([split(images: TestArrays.float32(values, [1, 256]))])
      #expect(data.divisor == 1)
      #expect(data.tensors[0].elementType == .float32)
      #expect(data.tensors[0].floats().map(\.bitPattern) == values.map(\.bitPattern))
    }
  }

  @Test func roundingIsSaidAndOverflowRefused() throws {
    func changes(_ images: NumericArray) throws -> [String] {
      try DatasetImport([split(images: images)]).fates[0].changes
    }
    #expect(
      try changes(TestArrays.float64([0.5, 1.5, -2, 0], [1, 4]))
        == ["no bytes: kept as preprocessed", "float64 to float32"])
    // Halfway between 1 and the next float32.
    let half = 1 + 0x1p-24
    #expect(
      try changes(TestArrays.float64([half, 1.5, -2, 0], [1, 4])) == [
        "no bytes: kept as preprocessed",
        "float64 to float32, rounded by at most \(0x1p-24 / half) of the value",
      ])
    #expect(
      try changes(TestArrays.float32([.nan, 1.5, -2, 0], [1, 4]))
        == ["no bytes: kept as preprocessed", "holds NaN or infinity"])
    #expect(throws: InterchangeError.overflow(array: "test")) {
      try DatasetImport([
        split(images: TestArrays.float64([0.5, 1.5, -2, 0], [1, 4])),
        split(.test, images: TestArrays.float64([0, 0, 0, 1e39], [1, 4])),
      ])
    }
  }

  @Test func oneDivisorHoldsForAllSplits() throws {
    let by255 = try TestArrays.float32([0.2, 1, 0, 0], [1, 4])
    let by256 = try TestArrays.float32([0.5, 0.25, 0, 0], [1, 4])
    let mixed = try DatasetImport([split(images: by255), split(.test, images: by256)])
    #expect(mixed.divisor == 1)
    let bytes = try TestArrays.uint8([1, 2, 3, 4], [1, 4])
    let agreeing = try DatasetImport([split(images: bytes), split(.test, images: by255)])
    #expect(agreeing.divisor == 255)
    #expect(throws: InterchangeError.differingScales("train", "test")) {
      try DatasetImport([split(images: bytes), split(.test, images: by256)])
    }
    #expect(throws: InterchangeError.differingScales("train", "test")) {
      try DatasetImport([split(images: bytes, divisor: 256), split(.test, images: bytes)])
    }
  }

  @Test func labelsBeyondAByteAreWide() throws {
    let images = try TestArrays.uint8([0, 0, 0, 0], [2, 1, 2])
    let data = try DatasetImport([split(images: images, labels: TestArrays.int64([256, 0], [2]))])
    #expect(data.tensors[1].elementType == .int64)
    #expect(data.tensors[1].integers() == [256, 0])
  }

  @Test func oneHotRowsBecomeClassNumbers() throws {
    let images = try TestArrays.uint8([UInt8](repeating: 0, count: 8), [2, 4])
    let data = try DatasetImport([
      split(images: images, labels: TestArrays.float64([0, 0, 1, 1, 0, 0], [2, 3]))
    ])
    #expect(data.tensors[1].bytes == [2, 0])
    #expect(
      throws: InterchangeError.badLabel("labels", index: 1, value: "a row that is not one-hot", first: 0)
    ) {
      try DatasetImport([split(images: images, labels: TestArrays.float64([0, 0, 1, 1, 1, 0], [2, 3]))])
    }
  }

  @Test func labelsThatAreNoClassesAreRefused() throws {
    let images = try TestArrays.uint8([0, 0, 0, 0], [2, 1, 2])
    #expect(throws: InterchangeError.badLabel("labels", index: 1, value: "-1", first: 0)) {
      try DatasetImport([split(images: images, labels: TestArrays.int64([0, -1], [2]))])
    }
    #expect(
      throws: InterchangeError.countMismatch(images: "train", imageCount: 2, labels: "labels", labelCount: 3)
    ) {
      try DatasetImport([split(images: images, labels: TestArrays.uint8([0, 1, 1], [3]))])
    }
    #expect(throws: InterchangeError.unnamedLabel(greatest: 2, names: 2)) {
      try DatasetImport([split(images: images, labels: TestArrays.uint8([0, 2], [2]))], labels: ["a", "b"])
    }
  }

  @Test func shapesThatAreNoPicturesAreRefused() throws {
    #expect(throws: InterchangeError.imageShape("train", [2, 5])) {
      try DatasetImport([split(images: TestArrays.uint8([UInt8](repeating: 0, count: 10), [2, 5]))])
    }
    #expect(throws: InterchangeError.duplicateSplit("train", first: "train", second: "train")) {
      let one = split(images: try TestArrays.uint8([0], [1, 1]))
      _ = try DatasetImport([one, one])
    }
    let single = try DatasetImport([split(images: TestArrays.uint8([7], [1, 1, 1, 1]))])
    #expect(single.tensors[0].shape == [1, 1, 1])
  }

  @Test func channelsStandFirst() throws {
    func shape(_ images: [Int]) throws -> [Int] {
      let bytes = [UInt8](repeating: 0, count: images.reduce(1, *))
      return try DatasetImport([split(images: TestArrays.uint8(bytes, images))]).tensors[0].shape
    }
    #expect(try shape([2, 3, 8, 6]) == [2, 3, 8, 6])
    #expect(try shape([2, 1, 8, 6]) == [2, 8, 6])
    #expect(
      try shape([2, 8, 6, 1]) == [2, 8, 6], "one channel may stand last: the numbers' order is the same")
    #expect(try shape([2, 16, 5, 5]) == [2, 16, 5, 5])
    #expect(throws: InterchangeError.imageShape("train", [2, 8, 6, 3])) { try shape([2, 8, 6, 3]) }
    #expect(
      "\(InterchangeError.imageShape("x", [2, 8, 6, 3]))".hasSuffix(
        "; channels stand before rows: numpy.moveaxis(images, 3, 1)"))
    #expect(!"\(InterchangeError.imageShape("x", [2, 8, 6]))".contains("moveaxis"))
  }

  // MARK: Pairing

  @Test func arraysOfEqualCountsArePairedByTheirNames() throws {
    let files = try ["y_test.npy", "x_train.npy", "y_train.npy", "x_test.npy"].map {
      try file($0, $0.hasPrefix("x") ? [3, 2, 2] : [3])
    }
    let pairs = try IDXPairing.pair(files, requiresLabels: true)
    #expect(pairs.map(\.imagesName) == ["x_train.npy", "x_test.npy"])
    #expect(pairs.map(\.labelsName) == ["y_train.npy", "y_test.npy"])
    #expect(pairs.map(\.split) == [.train, .test])
  }

  private func file(_ name: String, _ shape: [Int]) throws -> IDXPairing.File {
    IDXPairing.File(
      name: name, array: try TestArrays.uint8([UInt8](repeating: 0, count: shape.reduce(1, *)), shape))
  }

  @Test func stemsAreWhatIsLeftOfTheName() {
    #expect(IDXPairing.stem(of: "data/t10k-images-idx3-ubyte.gz") == "t10k")
    #expect(IDXPairing.stem(of: "t10k-labels.idx1-ubyte") == "t10k")
    #expect(IDXPairing.stem(of: "emnist-letters-train-images-idx3-ubyte.gz") == "emnist-letters-train")
    #expect(IDXPairing.stem(of: "images.idx") == "")
    #expect(
      ["X_train.npy", "y_train.npy", "train-imgs.npz"].map { IDXPairing.stem(of: $0) } == [
        "train", "train", "train",
      ])
  }

  @Test(arguments: [
    ("train", DatasetSplit.train), ("t10k", .test), ("test", .test), ("my-test-set", .test),
    ("valid", .valid),
    ("x_val", .valid), ("validation", .valid), ("latest", .train), ("letters", .train), ("value", .train),
  ]) func splitsFollowFromStems(stem: String, split: DatasetSplit) {
    #expect(DatasetSplit(stem: stem) == split)
  }

  @Test func filesPairByStemInAnyOrder() throws {
    let files = [
      try file("t10k-labels-idx1-ubyte", [2]), try file("train-images-idx3-ubyte", [3, 2, 2]),
      try file("t10k-images-idx3-ubyte", [2, 2, 2]), try file("train-labels-idx1-ubyte", [3]),
    ]
    for shuffled in [files, files.reversed(), [files[2], files[0], files[3], files[1]]] {
      let pairs = try IDXPairing.pair(shuffled, requiresLabels: true)
      #expect(Set(pairs.map(\.split)) == [.train, .test])
      #expect(pairs.allSatisfy { $0.images.shape[0] == $0.labels?.shape[0] })
    }
  }

  @Test func otherNamesPairByCount() throws {
    let pairs = try IDXPairing.pair(
      [file("a", [2, 2, 2]), file("b", [3, 2, 2]), file("y", [3]), file("x", [2])], requiresLabels: true)
    #expect(pairs.map { $0.images.shape[0] } == [2, 3])
    #expect(pairs.map { $0.labels?.shape[0] } == [2, 3])
    #expect {
      try IDXPairing.pair(
        [file("a", [2, 2, 2]), file("b", [2, 2, 2]), file("y", [2]), file("x", [2])], requiresLabels: true)
    } throws: { error in
      if case InterchangeError.ambiguousPairing = error { true } else { false }
    }
  }

  @Test func namesThatSayDifferentSplitsAreNoPair() throws {
    let swapped = [try file("train-images", [2, 2, 2]), try file("t10k-labels", [2])]
    #expect(throws: InterchangeError.ambiguousPairing(images: ["train-images"], labels: ["t10k-labels"])) {
      try IDXPairing.pair(swapped, requiresLabels: true)
    }
    #expect(try IDXPairing.pair(swapped, split: .valid, requiresLabels: true).count == 1)
    #expect(throws: InterchangeError.ambiguousPairing(images: ["train-a"], labels: ["test-b"])) {
      try IDXPairing.pair(
        [file("train-a", [2, 2, 2]), file("test-b", [2]), file("c", [3, 2, 2]), file("d", [3])],
        requiresLabels: true)
    }
    let unsaid = [try file("t10k-pictures", [2, 2, 2]), try file("truth", [2])]
    #expect(try IDXPairing.pair(unsaid, requiresLabels: true).map(\.split) == [.test])
  }

  @Test func partnersThatDontFitAreNamed() throws {
    #expect(
      throws: InterchangeError.countMismatch(
        images: "a-images", imageCount: 2, labels: "a-labels", labelCount: 3)
    ) { try IDXPairing.pair([file("a-images", [2, 2, 2]), file("a-labels", [3])], requiresLabels: true) }
    #expect(throws: InterchangeError.missingLabels(images: "a-images")) {
      try IDXPairing.pair([file("a-images", [2, 2, 2])], requiresLabels: true)
    }
    #expect(throws: InterchangeError.missingImages(labels: "a-labels")) {
      try IDXPairing.pair([file("a-labels", [2])], requiresLabels: true)
    }
    let unlabelled = try IDXPairing.pair([file("a-images", [2, 2, 2])], requiresLabels: false)
    #expect(unlabelled.count == 1 && unlabelled[0].labels == nil)
  }

  @Test(arguments: [
    (ElementType.uint8, [0, Int.max]), (.uint8, [0, 1 << 31, 2]), (.float16, [0, 1 << 30, 1 << 31]),
    (.uint8, [0, 1 << 60, 1]), (.uint8, [0, 4, 1 << 30, 1 << 30]),
  ])
  func picturesBeyondAnyPictureAreRefusedThoughThereAreNone(type: ElementType, shape: [Int]) throws {
    // No element, so that no file is too short for them.
    let images = try #require(NumericArray(elementType: type, shape: shape, storage: [], range: 0..<0))
    #expect(throws: InterchangeError.imageShape("train", shape)) {
      try DatasetImport([split(images: images)])
    }
  }
}
