import CNNCodecs
import CNNFiles
import CNNInterchange
import CNNModelFile
import CNNTestSupport
import Testing

/// Models in the formats of other programs, and with other types of numbers.
@Suite struct ModelExportTests {
  private func export(_ file: ModelFile, _ format: ExportFormat, only: DatasetSplit? = nil) throws -> Export {
    try Export(file, as: format, options: .init(only: only), tool: "test", version: "0")
  }

  private func bytes(_ export: Export) throws -> [UInt8] {
    let sink = MemorySink()
    for file in export.files { try file.write(to: sink) }
    return sink.bytes
  }

  /// The same model as it is with training under way.
  private func checkpoint() throws -> ModelFile {
    var file = try SampleModel.make()
    file.manifest.kind = .checkpoint
    file.manifest.training = .object([
      .init("epoch", .number(1)), .init("seed", .number(1)), .init("step", .number(1)),
    ])
    let bias = try #require(file.tensor(named: "fc2.bias"))
    file.tensors.append(Tensor(name: "ema.fc2.bias", shape: bias.shape, values: bias.floats()))
    return file
  }

  @Test func npzHoldsTheTensorsUnderTheirNames() throws {
    let model = try SampleModel.make()
    let export = try export(model, .npz)
    #expect(export.lost == [.graph, .labels, .preprocess, .provenance])
    #expect(!export.isFolder && export.notes.isEmpty)
    let npz = try NPZ(parsing: bytes(export))
    #expect(
      npz.names == [
        "conv1.weight", "conv1.bias", "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias",
      ])
    for tensor in model.tensors {
      let array = try #require(try npz.array(named: tensor.name))
      #expect(array.elementType == .float32 && array.shape == tensor.shape)
      #expect(array.rowMajorLittleEndianBytes() == tensor.bytes)
    }
    var shuffled = model
    shuffled.tensors.reverse()
    #expect(try bytes(self.export(shuffled, .npz)) == bytes(export))
  }

  @Test func onnxGivesTheModelBack() throws {
    let model = try SampleModel.make()
    let export = try export(model, .onnx)
    #expect(export.lost == [.provenance])
    let back = try ImportedNetwork(ONNXModel(parsing: bytes(export)))
    #expect(back.network == model.manifest.network)
    #expect(back.labels == model.manifest.labels && back.preprocessing == model.manifest.preprocessing)
    for tensor in model.tensors { #expect(back.tensors.contains(tensor)) }
  }

  @Test func checkpointsSayWhatTheyAre() throws {
    let npz = try export(checkpoint(), .npz)
    #expect(npz.lost == [.graph, .labels, .preprocess, .training, .provenance])
    #expect(
      npz.notes == ["the weights are called as in the model; the others are of the state of the training"])
    #expect(try NPZ(parsing: bytes(npz)).names.suffix(2) == ["fc2.bias", "ema.fc2.bias"])
    #expect(
      try export(checkpoint(), .onnx).notes == [
        "the state of the training is left out; only the weights are there"
      ])
  }

  @Test func modelsAreNoPictures() throws {
    let model = try SampleModel.make()
    for format in [ExportFormat.csv, .compressedCSV, .idx, .compressedIDX, .png] {
      #expect(throws: ExportError.noPictures(.model, format: format)) { try self.export(model, format) }
    }
    #expect(throws: ExportError.splitOfModel(.model)) { try self.export(model, .npz, only: .test) }
    #expect(throws: ExportError.onnx(.noNetwork(.dataset))) {
      try self.export(DatasetExportTests.dataset(), .onnx)
    }
  }

  // MARK: Rounding

  @Test(arguments: [(ElementType.float16, 0x1p-11), (.bfloat16, 0x1p-8)])
  func weightsAreRounded(_ type: ElementType, _ precision: Double) throws {
    let model = try SampleModel.make()
    let rounded = try RoundedFile(model, to: type)
    #expect(rounded.isChanged && rounded.elementType == type)
    for (before, after) in zip(model.tensors, rounded.file.tensors) {
      #expect(after.name == before.name && after.shape == before.shape && after.elementType == type)
      for (a, b) in zip(before.floats(), after.floats()) where abs(a) > 0x1p-14 {
        #expect(abs(Double(a) - Double(b)) <= precision * abs(Double(a)))
      }
    }
    #expect(rounded.error.largest > 0 && rounded.error.largest <= precision)
    // A file of it is a good one, and gives the numbers back.
    let sink = MemorySink()
    try ModelFileWriter.write(rounded.file, to: sink)
    guard case .modelFile(let read) = try ModelFileReader.readAny(from: MemorySource(sink.bytes)) else {
      Issue.record("no native file was written")
      return
    }
    for tensor in rounded.file.tensors { #expect(read.tensor(named: tensor.name) == tensor) }
    // What is rounded already fits.
    #expect(try !RoundedFile(read, to: type).isChanged)
    let widened = try RoundedFile(read, to: .float32)
    #expect(widened.isChanged && widened.error == RoundingError())
    #expect(widened.file.tensors.map { $0.floats() } == read.tensors.map { $0.floats() })
  }

  @Test func bfloat16GoesIntoNPZAndONNXAsFloat32() throws {
    let rounded = try RoundedFile(SampleModel.make(), to: .bfloat16).file
    let npz = try export(rounded, .npz)
    #expect(npz.notes == ["bfloat16, which NumPy does not have, became float32; that is exact"])
    let bias = try NPZ(parsing: bytes(npz)).array(named: "fc2.bias")
    #expect(bias?.elementType == .float32)
    #expect(bias?.floats().values == rounded.tensor(named: "fc2.bias")?.floats())
    let half = try RoundedFile(SampleModel.make(), to: .float16).file
    #expect(try NPZ(parsing: bytes(export(half, .npz))).array(named: "fc2.bias")?.elementType == .float16)
  }

  @Test func whatCannotBeRounded() throws {
    var model = try SampleModel.make()
    let index = try #require(model.tensors.firstIndex { $0.name == "fc2.bias" })
    model.tensors[index] = Tensor(
      name: "fc2.bias", shape: [10], values: [0, 1, -70_000, 0, 0, 0, 0, 0, 0, 0])
    #expect(throws: ExportError.overflow(tensor: "fc2.bias", value: -70_000, .float16)) {
      try RoundedFile(model, to: .float16)
    }
    #expect(throws: Never.self) { try RoundedFile(model, to: .bfloat16) }
    #expect(throws: ExportError.nothingToRound(.dataset)) {
      try RoundedFile(DatasetExportTests.dataset(), to: .float16)
    }
    #expect(throws: ExportError.roundedCheckpoint) { try RoundedFile(self.checkpoint(), to: .float16) }
  }
}
