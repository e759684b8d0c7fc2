import CNNCodecs
import CNNModelFile
import Testing

@testable import CNNEngine

/// What a training begins with: a checkpoint goes on with that alone, and distorted pictures keep their background.
@Suite struct TrainerOriginTests {
  private let network = NetworkDescription(
    inputShape: [1, 6, 6],
    nodes: [
      .init(name: "flatten", operation: .flatten, inputs: ["input"]),
      .init(
        name: "fc", operation: .linear(.init(inputFeatures: 36, outputFeatures: 2)), inputs: ["flatten"]),
    ], output: "fc")

  private func pictures(
    _ count: Int, seed: UInt64, preprocessing: Preprocessing = Preprocessing(),
    pixel: (inout SeededNumbers) -> UInt8 = { UInt8($0.integer(0...255)) }
  ) -> Examples {
    var numbers = SeededNumbers(seed: seed)
    return Examples(
      pixels: (0..<count * 36).map { _ in pixel(&numbers) }, inputShape: [1, 6, 6],
      labels: (0..<count).map { $0 % 2 }, preprocessing: preprocessing)
  }

  private func trainer(
    training: Examples? = nil, validation: Examples?, initializer: Initializer = .he,
    augmentation: Augmentation = .none
  ) throws -> Trainer {
    var options = TrainingOptions(steps: 6)
    options.batchSize = 4
    options.augmentation = augmentation
    return try Trainer(
      network, tensors: initializer.parameters(of: network, seed: 0),
      training: training ?? pictures(10, seed: 1), validation: validation, options: options,
      pool: WorkerPool(threadCount: 1))
  }

  /// A checkpoint behind the fourth step, whose state may be changed.
  private func checkpoint(of trainer: Trainer, change: (JSONValue) -> JSONValue = { $0 }) throws -> ModelFile
  {
    try trainer.run { if case .step(let report) = $0, report.step == 4 { .stop } else { .goOn } }
    return ModelFile(
      manifest: Manifest(
        kind: .checkpoint, network: network, preprocessing: trainer.origin.preprocessing,
        provenance: Provenance(tool: "t", version: "0"), training: change(trainer.checkpointState)),
      tensors: trainer.checkpointTensors)
  }

  private func expectRefusal(_ what: String, _ checkpoint: ModelFile, _ trainer: Trainer) {
    #expect {
      try trainer.resume(from: checkpoint)
    } throws: { error in
      guard case TrainingError.otherCheckpoint(what, let here, let there) = error else { return false }
      return here != there
    }
  }

  @Test func otherValidationDataAreRefused() throws {
    let valid = pictures(6, seed: 2)
    let file = try checkpoint(of: trainer(validation: valid))
    expectRefusal("validation data", file, try trainer(validation: pictures(6, seed: 3)))
    expectRefusal("validation data", file, try trainer(validation: valid.selecting([1, 0, 2, 3, 4, 5])))
    expectRefusal("number of validation examples", file, try trainer(validation: valid.first(5)))
    expectRefusal("number of validation examples", file, try trainer(validation: nil))
    let without = try checkpoint(of: trainer(validation: nil))
    expectRefusal("number of validation examples", without, try trainer(validation: valid))
    try trainer(validation: valid).resume(from: file)
    try trainer(validation: nil).resume(from: without)
  }

  @Test func otherFirstParametersAreRefused() throws {
    let file = try checkpoint(of: trainer(validation: nil))
    expectRefusal("first parameters", file, try trainer(validation: nil, initializer: .leCun))
  }

  @Test func anotherPreprocessingIsRefused() throws {
    let file = try checkpoint(of: trainer(validation: nil))
    let other = pictures(10, seed: 1, preprocessing: Preprocessing(divisor: 256))
    #expect(
      throws: TrainingError.otherCheckpoint(
        what: "preprocessing", here: "(pixel / 256 - 0) / 1, white-on-black",
        there: "(pixel / 255 - 0) / 1, white-on-black")
    ) {
      try trainer(training: other, validation: nil).resume(from: file)
    }
  }

  @Test func anOlderCheckpointIsGoneOnFrom() throws {
    func older(_ value: JSONValue) -> JSONValue {
      guard case .object(let members) = value else { return value }
      return .object(
        members.filter { !["initial_fingerprint", "valid_fingerprint"].contains($0.name) }
          .map { .init($0.name, older($0.value)) })
    }
    let valid = pictures(6, seed: 2)
    let file = try checkpoint(of: trainer(validation: valid), change: older)
    let second = try trainer(validation: valid)
    try second.resume(from: file)
    try second.run { _ in .goOn }
    let whole = try trainer(validation: valid)
    try whole.run { _ in .goOn }
    #expect(second.checkpointTensors.map(\.bytes) == whole.checkpointTensors.map(\.bytes))
    #expect(second.checkpointState == whole.checkpointState)
    // What it does say is compared.
    expectRefusal("number of validation examples", file, try trainer(validation: nil))
  }

  /// A picture of nothing but background stays what it is wherever it is moved to.
  @Test(arguments: [
    (Preprocessing(), UInt8(0), Float(0)), (Preprocessing(mean: 0.5, deviation: 0.25), 0, -2),
    (Preprocessing(polarity: .blackOnWhite), 255, 1),
    (Preprocessing(mean: 0.5, deviation: 0.25, polarity: .blackOnWhite), 255, 2),
  ]) func whatIsShiftedInIsBackground(_ preprocessing: Preprocessing, _ pixel: UInt8, _ input: Float) throws {
    let blank = pictures(10, seed: 1, preprocessing: preprocessing) { _ in pixel }
    #expect(blank.background == input)
    let still = try trainer(training: blank, validation: nil)
    try still.run { _ in .goOn }
    let moved = try trainer(
      training: blank, validation: nil, augmentation: Augmentation(shift: 3, rotation: 20, erasing: 1))
    try moved.run { _ in .goOn }
    #expect(moved.result.map(\.bytes) == still.result.map(\.bytes))
    // And a picture with ink does not stay what it is.
    let drawn = pictures(10, seed: 1, preprocessing: preprocessing)
    let results = try [Augmentation.none, Augmentation(shift: 3)].map { augmentation in
      let trainer = try trainer(training: drawn, validation: nil, augmentation: augmentation)
      try trainer.run { _ in .goOn }
      return trainer.result.map(\.bytes)
    }
    #expect(results[0] != results[1])
  }

  @Test func selectionsKeepTheBackground() {
    let examples = pictures(4, seed: 1, preprocessing: Preprocessing(polarity: .blackOnWhite))
    #expect(examples.first(2).background == 1)
    #expect(examples.keepingClasses([1]).background == 1)
    #expect(examples.selecting([3]).pixels(0) == examples.pixels(3))
    let numbers = Examples(inputs: [0, 1, 2, 3], inputShape: [1, 2, 2], labels: [0])
    #expect(numbers.background == 0)
    #expect(numbers.pixels(0) == nil)
  }
}
