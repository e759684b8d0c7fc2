import CNNCodecs
import CNNFiles
import CNNModelFile
import Testing

@testable import CNNEngine

@Suite struct TrainerTests {
  /// Pictures of 12x12 with a bright bar whose place and direction make the class: easy, but not linear.
  private func bars(_ count: Int, seed: UInt64) -> Examples {
    var numbers = SeededNumbers(seed: seed)
    var pixels: [UInt8] = []
    var labels: [Int] = []
    for _ in 0..<count {
      let label = numbers.integer(0...3)
      let place = numbers.integer(2...9)
      for y in 0..<12 {
        for x in 0..<12 {
          let isInk = [y == place, x == place, (x + y) % 12 == place, (x - y + 12) % 12 == place][label]
          pixels.append(UInt8((isInk ? 180 : 20) + numbers.integer(0...40)))
        }
      }
      labels.append(label)
    }
    return Examples(pixels: pixels, inputShape: [1, 12, 12], labels: labels, preprocessing: Preprocessing())
  }

  private let network = NetworkDescription(
    inputShape: [1, 12, 12],
    nodes: [
      .init(
        name: "conv1",
        operation: .conv2d(.init(inputChannels: 1, outputChannels: 6, kernelSize: .init(3, 3))),
        inputs: ["input"]), .init(name: "bn1", operation: .batchNorm(.init(features: 6)), inputs: ["conv1"]),
      .init(name: "relu1", operation: .relu, inputs: ["bn1"]),
      .init(name: "pool1", operation: .maxPool2d(.init(kernelSize: .init(2, 2))), inputs: ["relu1"]),
      .init(name: "flatten", operation: .flatten, inputs: ["pool1"]),
      .init(
        name: "fc1", operation: .linear(.init(inputFeatures: 150, outputFeatures: 16)), inputs: ["flatten"]),
      .init(name: "relu2", operation: .relu, inputs: ["fc1"]),
      .init(name: "dropout1", operation: .dropout(.init(rate: 0.25)), inputs: ["relu2"]),
      .init(
        name: "fc2", operation: .linear(.init(inputFeatures: 16, outputFeatures: 4)), inputs: ["dropout1"]),
    ], output: "fc2")

  private func options(steps: Int) -> TrainingOptions {
    var options = TrainingOptions(steps: steps)
    options.batchSize = 24
    options.learningRate = 0.005
    options.seed = 5
    options.averageDecay = 0.9
    options.augmentation = Augmentation(shift: 1)
    options.schedule = Schedule(.cosine())
    options.weightDecay = 1e-4
    return options
  }

  private func trainer(
    threads: Int, steps: Int = 60, change: (inout TrainingOptions) -> Void = { _ in }
  ) throws -> Trainer {
    var options = options(steps: steps)
    change(&options)
    return try Trainer(
      network, tensors: Initializer.he.parameters(of: network, seed: options.seed),
      training: bars(200, seed: 1),
      validation: bars(100, seed: 2), options: options, pool: WorkerPool(threadCount: threads))
  }

  private func bits(_ tensors: [Tensor]) -> [[UInt8]] { tensors.map(\.bytes) }

  @Test func itLearns() throws {
    let trainer = try trainer(threads: 2, steps: 200) { $0.augmentation = .none }
    try trainer.run { _ in .goOn }
    #expect(trainer.step == 200)
    #expect(trainer.history.count == 23)
    #expect(try trainer.measure(bars(200, seed: 3)).accuracy > 0.95)
    #expect(try #require(trainer.history.last?.validAccuracy) > 0.95)
  }

  @Test func threadsDoNotChangeABit() throws {
    var first: [[UInt8]]?
    for threads in [1, 2, 3] {
      let trainer = try trainer(threads: threads)
      try trainer.run { _ in .goOn }
      let result = bits(trainer.checkpointTensors)
      #expect(result == first ?? result, "\(threads) threads")
      first = result
    }
  }

  @Test func stoppingAndGoingOnDoesNotChangeABit() throws {
    let whole = try trainer(threads: 2) { $0.patience = 3 }
    try whole.run { _ in .goOn }
    for stop in [1, 9, 25, 59] {
      let first = try trainer(threads: 1) { $0.patience = 3 }
      try first.run { event in
        if case .step(let report) = event, report.step == stop { .stop } else { .goOn }
      }
      // Through the bytes of a file, as a process that was killed would.
      let file = ModelFile(
        manifest: Manifest(
          kind: .checkpoint, network: network, labels: ["a", "b", "c", "d"], preprocessing: Preprocessing(),
          provenance: Provenance(tool: "t", version: "0"), training: first.checkpointState),
        tensors: first.checkpointTensors)
      let read = try ModelFileReader.read(from: MemorySource(ModelFileWriter.encode(file)))
      let second = try trainer(threads: 3) { $0.patience = 3 }
      try second.resume(from: read)
      try second.run { _ in .goOn }
      #expect(bits(second.checkpointTensors) == bits(whole.checkpointTensors), "stopped at step \(stop)")
      #expect(second.history == whole.history, "stopped at step \(stop)")
      #expect(bits(second.result) == bits(whole.result))
    }
  }

  @Test func aCheckpointOfAnotherTrainingIsRefused() throws {
    let first = try trainer(threads: 1)
    try first.run { _ in .stop }
    let file = ModelFile(
      manifest: Manifest(
        kind: .checkpoint, network: network, provenance: Provenance(tool: "t", version: "0"),
        training: first.checkpointState), tensors: first.checkpointTensors)
    let other = try trainer(threads: 1) { $0.seed = 6 }
    #expect(throws: TrainingError.otherCheckpoint(what: "seed", here: "6", there: "5")) {
      try other.resume(from: file)
    }
    let rate = try trainer(threads: 1) { $0.learningRate = 0.1 }
    #expect(throws: TrainingError.otherCheckpoint(what: "--lr", here: "0.1", there: "0.005")) {
      try rate.resume(from: file)
    }
  }

  @Test func frozenLayersStayAndCachingDoesNotChangeABit() throws {
    func train(cacheMemory: Int) throws -> Trainer {
      var options = options(steps: 30)
      options.augmentation = .none
      options.frozen = ["conv1", "bn1"]
      let trainer = try Trainer(
        network, tensors: Initializer.he.parameters(of: network, seed: 1), training: bars(100, seed: 1),
        validation: nil, options: options, pool: WorkerPool(threadCount: 2), cacheMemory: cacheMemory)
      try trainer.run { _ in .goOn }
      return trainer
    }
    let cached = try train(cacheMemory: 1 << 30)
    let computed = try train(cacheMemory: 0)
    #expect(cached.cache?.lastLayer == "flatten")
    #expect(cached.cache?.byteCount == 100 * 150 * 4)
    #expect(computed.cache == nil)
    #expect(bits(cached.checkpointTensors) == bits(computed.checkpointTensors))
    let before = Initializer.he.parameters(of: network, seed: 1)
    for tensor in cached.parameters.tensors {
      let isFrozen = tensor.name.hasPrefix("conv1.") || tensor.name.hasPrefix("bn1.")
      #expect((before.first { $0.name == tensor.name }?.bytes == tensor.bytes) == isFrozen, "\(tensor.name)")
    }
  }

  @Test func divergenceIsNamed() throws {
    let trainer = try trainer(threads: 2) {
      $0.learningRate = 1e30
      $0.optimizer = .sgd
      $0.schedule = Schedule(.constant)
    }
    #expect {
      try trainer.run { _ in .goOn }
    } throws: { error in
      guard case TrainingError.diverged(let step, let layer) = error else { return false }
      // Batch normalisation keeps the first convolution in bounds.
      return step == 2 && layer == "fc1"
    }
  }

  @Test func dataThatDontFitAreNamed() throws {
    #expect(throws: TrainingError.needsValidation) {
      var options = options(steps: 1)
      options.patience = 1
      _ = try Trainer(
        network, tensors: Initializer.he.parameters(of: network, seed: 1), training: bars(10, seed: 1),
        validation: nil, options: options)
    }
    #expect(throws: TrainingError.nothingToTrain) {
      try trainer(threads: 1) { $0.frozen = ["conv1", "bn1", "fc1", "fc2"] }
    }
    let wrong = Examples(
      pixels: [UInt8](repeating: 0, count: 144), inputShape: [1, 12, 12], labels: [4],
      preprocessing: Preprocessing())
    #expect(throws: TrainingError.label("training", index: 0, label: 4, classes: 4)) {
      try Trainer(
        network, tensors: Initializer.he.parameters(of: network, seed: 1), training: wrong, validation: nil,
        options: options(steps: 1))
    }
  }
}
