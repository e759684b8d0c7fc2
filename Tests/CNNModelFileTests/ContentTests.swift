import CNNCodecs
import CNNFiles
import CNNModelFile
import Testing

/// What fits together and what does not, asked of the writer; the reader asks the same.
@Suite struct ContentTests {
  private func refusal(_ file: ModelFile) -> ModelFileError? {
    do {
      _ = try ModelFileWriter.encode(file)
      return nil
    } catch {
      return error
    }
  }

  private func zeros(_ name: String, _ type: ElementType, _ shape: [Int]) -> Tensor {
    let count = NumericArray.byteCount(elementType: type, shape: shape) ?? 0
    return Tensor(name: name, elementType: type, shape: shape, bytes: [UInt8](repeating: 0, count: count))
  }

  // MARK: Models

  @Test func aModelHasExactlyItsParameters() {
    var file = TinyModel.file
    file.tensors.removeLast()
    #expect(refusal(file) == .content(.missingTensor("fc.weight")))
    file.tensors = [TinyModel.weight, TinyModel.bias, zeros("extra.weight", .float32, [1])]
    #expect(refusal(file) == .content(.unexpectedTensor("extra.weight")))
    file.tensors = [TinyModel.bias, TinyModel.bias]
    #expect(refusal(file) == .content(.duplicateTensor("fc.bias")))
    file.tensors = [TinyModel.bias, zeros("fc.weight", .float32, [4])]
    #expect(refusal(file) == .content(.shape(tensor: "fc.weight", expected: [2, 2], found: [4])))
    file.tensors = [TinyModel.bias, zeros("fc.weight", .int32, [2, 2])]
    #expect(
      refusal(file)
        == .content(.elementType(tensor: "fc.weight", expected: "of a floating-point type", found: .int32)))
    for type in [ElementType.float16, .bfloat16, .float64] {
      file.tensors = [TinyModel.bias, zeros("fc.weight", type, [2, 2])]
      #expect(refusal(file) == nil)
    }
  }

  @Test func aModelNeedsItsManifest() {
    var file = TinyModel.file
    file.manifest.network = nil
    #expect(refusal(file) == .content(.missingMember("graph", kind: .model)))
    file = TinyModel.file
    file.manifest.preprocessing = nil
    #expect(refusal(file) == .content(.missingMember("preprocess", kind: .model)))
    file = TinyModel.file
    file.manifest.requires = ["op.softmax"]
    #expect(refusal(file) == .content(.unknownFeature("op.softmax")))
    file = TinyModel.file
    file.manifest.preprocessing?.mean = .nan
    #expect(
      refusal(file)
        == .content(.member(JSONContentError(path: "preprocess.mean", problem: "should be a finite number"))))
    file = TinyModel.file
    file.manifest.training = .object([.init("loss", .number(.infinity))])
    #expect(refusal(file) == .unwritable(.numberNotFinite))
    file.manifest.training = .string(String(repeating: "x", count: 1 << 24))
    guard case .headerTooLong(_, 1 << 24) = refusal(file) else {
      Issue.record("a header beyond 16 MiB was written")
      return
    }
  }

  @Test func aCounterIsAnInteger() throws {
    var file = TinyModel.file
    file.manifest.network?.nodes.append(
      .init(name: "bn", operation: .batchNorm(.init(features: 2)), inputs: ["fc"]))
    file.manifest.network?.output = "bn"
    file.tensors += ["weight", "bias", "running_mean", "running_var"].map { zeros("bn.\($0)", .float32, [2]) }
    #expect(refusal(file) == .content(.missingTensor("bn.num_batches_tracked")))
    #expect(
      refusal(
        ModelFile(
          manifest: file.manifest, tensors: file.tensors + [zeros("bn.num_batches_tracked", .float32, [])]))
        == .content(.elementType(tensor: "bn.num_batches_tracked", expected: "int64", found: .float32)))
    file.tensors.append(zeros("bn.num_batches_tracked", .int64, []))
    let read = try ModelFileReader.read(from: MemorySource(ModelFileWriter.encode(file)))
    #expect(read.tensors.first?.name == "bn.num_batches_tracked")
    #expect(read.manifest == file.manifest)
  }

  // MARK: Checkpoints

  private var checkpoint: ModelFile {
    var file = TinyModel.file
    file.manifest.kind = .checkpoint
    file.manifest.training = .object([
      .init("epoch", .integer(1)), .init("history", .array([])), .init("seed", .integer(7)),
      .init("step", .integer(12)),
    ])
    return file
  }

  @Test func aCheckpointHoldsTheTrainingToo() throws {
    var file = checkpoint
    for name in ["fc.bias", "fc.weight"] {
      guard let tensor = file.tensor(named: name) else { continue }
      for prefix in ["optimizer.exp_avg.", "optimizer.exp_avg_sq.", "ema.", "best."] {
        file.tensors.append(
          Tensor(name: prefix + name, elementType: .float32, shape: tensor.shape, bytes: tensor.bytes))
      }
    }
    file.tensors.sort { $0.name < $1.name }
    #expect(try ModelFileReader.read(from: MemorySource(ModelFileWriter.encode(file))) == file)
  }

  @Test func aCheckpointsTensorsBelongToAParameter() {
    func refusal(with tensors: Tensor...) -> ModelFileError? {
      var file = checkpoint
      file.tensors += tensors
      return self.refusal(file)
    }
    #expect(refusal(with: zeros("optimizer.sum.fc.bias", .float32, [2])) == nil)
    #expect(
      refusal(with: zeros("optimizer.sum.fc.bias", .float32, [3]))
        == .content(.shape(tensor: "optimizer.sum.fc.bias", expected: [2], found: [3])))
    #expect(
      refusal(with: zeros("optimizer.sum.fc.bias", .int64, [2]))
        == .content(
          .elementType(tensor: "optimizer.sum.fc.bias", expected: "of a floating-point type", found: .int64)))
    for name in [
      "optimizer.sum.fc.gamma", "optimizer.Sum.fc.bias", "optimizer..fc.bias", "optimizer.fc.bias",
      "ema.fc", "fc.x", "average.fc.bias", "ema.ema.fc.bias",
    ] {
      #expect(refusal(with: zeros(name, .float32, [2])) == .content(.unexpectedTensor(name)))
    }
    #expect(refusal(with: zeros("ema.fc.bias", .float32, [2])) == .content(.missingTensor("ema.fc.weight")))
    #expect(
      refusal(with: zeros("best.fc.bias", .float16, [2]))
        == .content(.elementType(tensor: "best.fc.bias", expected: "float32", found: .float16)))
    #expect(
      self.refusal(
        ModelFile(
          manifest: TinyModel.manifest,
          tensors: TinyModel.file.tensors + [
            zeros("ema.fc.bias", .float32, [2])
          ])) == .content(.unexpectedTensor("ema.fc.bias")))
  }

  @Test func aCheckpointNeedsItsState() {
    var file = checkpoint
    file.manifest.training = .object([.init("epoch", .integer(1)), .init("seed", .integer(1))])
    #expect(
      refusal(file) == .content(.member(JSONContentError(path: "training.step", problem: "is missing"))))
    file.manifest.training = nil
    #expect(refusal(file) == .content(.missingMember("training", kind: .checkpoint)))
  }

  // MARK: Data sets

  private func dataset(
    _ tensors: [Tensor], labels: [String] = [], divisor: Double? = 255
  ) -> ModelFile {
    ModelFile(
      manifest: Manifest(
        kind: .dataset, labels: labels, divisor: divisor,
        provenance: Provenance(tool: "mnist-convert", version: "0.1.0")),
      tensors: tensors)
  }

  private func labels(_ name: String, _ values: [UInt8]) -> Tensor {
    Tensor(name: name, elementType: .uint8, shape: [values.count], bytes: values)
  }

  private func wideLabels(_ name: String, _ values: [Int64]) -> Tensor {
    Tensor(
      name: name, elementType: .int64, shape: [values.count],
      bytes: values.flatMap { withUnsafeBytes(of: $0.littleEndian, Array.init) })
  }

  @Test func aDataSetIsReadAsItWasWritten() throws {
    let file = dataset(
      [
        wideLabels("test.labels", [0, 300]), zeros("test.images", .uint8, [2, 3, 3]),
        zeros("train.images", .uint8, [4, 3, 3]), labels("train.labels", [0, 1, 2, 255]),
        zeros("valid.images", .uint8, [0, 3, 3]), labels("valid.labels", []),
      ], divisor: 256)
    #expect(try ModelFileReader.read(from: TricklingSource(ModelFileWriter.encode(file))) == file)
    #expect(refusal(dataset([zeros("test.images", .float32, [1, 3, 8, 8])], divisor: 1)) == nil)
  }

  @Test func aDataSetsTensorsFitTogether() {
    let images = zeros("train.images", .uint8, [2, 3, 3])
    let good = labels("train.labels", [0, 1])
    #expect(refusal(dataset([])) == .content(.noImages))
    #expect(refusal(dataset([good])) == .content(.missingTensor("train.images")))
    #expect(
      refusal(dataset([images, labels("train.labels", [1])]))
        == .content(.splitCount(split: "train", images: 2, labels: 1)))
    #expect(
      refusal(dataset([images, zeros("train.extra", .uint8, [1])]))
        == .content(.unexpectedTensor("train.extra")))
    #expect(
      refusal(dataset([images, zeros("other.images", .uint8, [1, 3, 3])]))
        == .content(.unexpectedTensor("other.images")))
    #expect(
      refusal(dataset([zeros("train.images", .uint8, [9])]))
        == .content(
          .rank(
            tensor: "train.images",
            expected: "[pictures, height, width] or [pictures, channels, height, width]",
            found: [9])))
    #expect(
      refusal(dataset([zeros("train.images", .uint8, [2, 0, 3])]))
        == .content(
          .rank(
            tensor: "train.images",
            expected: "[pictures, height, width] or [pictures, channels, height, width]",
            found: [2, 0, 3])))
    #expect(
      refusal(dataset([zeros("train.images", .int16, [2, 3, 3])]))
        == .content(
          .elementType(tensor: "train.images", expected: "uint8 or of a floating-point type", found: .int16)))
    #expect(
      refusal(dataset([images, zeros("train.labels", .uint8, [2, 1])]))
        == .content(.rank(tensor: "train.labels", expected: "one extent", found: [2, 1])))
    #expect(
      refusal(dataset([images, zeros("train.labels", .int32, [2])]))
        == .content(.elementType(tensor: "train.labels", expected: "uint8 or int64", found: .int32)))
    #expect(
      refusal(dataset([images, zeros("test.images", .uint8, [1, 4, 3])]))
        == .content(.shape(tensor: "test.images", expected: [1, 3, 3], found: [1, 4, 3])))
    #expect(
      refusal(dataset([zeros("train.images", .float32, [2, 3, 3])]))
        == .content(
          .member(
            JSONContentError(
              path: "divisor", problem: "should be 1 for floating-point pictures, and is 255.0"))))
    #expect(refusal(dataset([images], divisor: nil)) == .content(.missingMember("divisor", kind: .dataset)))
    #expect(
      refusal(dataset([images], divisor: 0))
        == .content(
          .member(JSONContentError(path: "divisor", problem: "should be greater than 0, and is 0.0"))))
  }

  @Test func labelsAreInRange() throws {
    let images = zeros("train.images", .uint8, [2, 3, 3])
    let names = ["a", "b"]
    #expect(refusal(dataset([images, labels("train.labels", [0, 1])], labels: names)) == nil)
    let tooGreat = dataset([images, labels("train.labels", [0, 2])], labels: names)
    #expect(
      refusal(tooGreat) == .content(.label(tensor: "train.labels", index: 1, value: 2, count: 2)))
    #expect(
      refusal(dataset([images, wideLabels("train.labels", [0, 2])], labels: names))
        == .content(.label(tensor: "train.labels", index: 1, value: 2, count: 2)))
    #expect(
      refusal(dataset([images, wideLabels("train.labels", [-1, 0])]))
        == .content(.label(tensor: "train.labels", index: 0, value: -1, count: nil)))
    // The reader looks too.
    let crc32 = [0, 2].map { String(CRC32.checksum(of: [$0]), radix: 16) }
    let builder = FileBuilder(
      manifest:
        #"{"divisor":255,"kind":"dataset","labels":["a","b"],"provenance":{"options":{},"sources":[],"#
        + #""tool":"t","version":"0"},"requires":[],"tensors":{"train.images":"\#(crc32[0])","#
        + #""train.labels":"\#(crc32[1])"}}"#,
      tensors: #","train.images":{"data_offsets":[0,1],"dtype":"U8","shape":[1,1,1]}"#
        + #","train.labels":{"data_offsets":[1,2],"dtype":"U8","shape":[1]}"#,
      data: [0, 2])
    #expect(
      CNNModelFileTests.refusal(of: builder.bytes)
        == .content(.label(tensor: "train.labels", index: 0, value: 2, count: 2)))
  }

  @Test func anExtentThatTheHeaderCannotHoldExactlyIsRefused() {
    let shape = [0, 1 << 53 + 1, 1]
    let file = ModelFile(
      manifest: Manifest(
        kind: .dataset, divisor: 255, provenance: Provenance(tool: "test", version: "1")),
      tensors: [zeros("train.images", .uint8, shape)])
    #expect(
      refusal(file)
        == .content(.rank(tensor: "train.images", expected: "extents of at most 2^53", found: shape)))
  }
}
