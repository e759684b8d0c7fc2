import CNNEngine
import CNNInterchange
import CNNModelFile
import CNNTestSupport
import Testing

/// Real networks on the sample's digits: one file for any number of threads.
@Suite struct SameBitsTests {
  /// What is trained, and the change to the options that goes with it.
  struct Case: CustomTestStringConvertible {
    let architecture: String
    let augmentation: Augmentation
    let optimizer: Optimizer
    var testDescription: String { architecture }
  }

  static let cases = [
    Case(architecture: "lenet", augmentation: .none, optimizer: .momentum()),
    Case(architecture: "deep-convnet", augmentation: .digits, optimizer: .adam()),
    Case(architecture: "mlp:100:bn", augmentation: .none, optimizer: .adam()),
  ]

  @Test(arguments: cases) func threadsDoNotChangeAByteOfTheFiles(_ example: Case) throws {
    let dataset = try DatasetInputs.load(
      [LoadedInput(path: RepositoryPaths.root + "/samples/mnist_sample.pkl")], requiresLabels: true,
      tool: "test", version: "0")
    let preprocessing = Preprocessing(divisor: try #require(dataset.manifest.divisor))
    let all = try #require(Examples(dataset, split: "train", preprocessing: preprocessing))
    // 37 images fill no number of threads evenly: blocks are left that all threads share. In a debug build they are enough.
    let training = all.first(BuildKind.isRelease ? 137 : 37)
    let validation = try #require(Examples(dataset, split: "test", preprocessing: preprocessing)).first(11)
    let network = try Architecture(name: example.architecture).network(
      inputShape: training.inputShape, outputs: 10)

    var options = TrainingOptions(steps: BuildKind.isRelease ? 21 : 3)
    options.batchSize = BuildKind.isRelease ? 50 : 23
    options.augmentation = example.augmentation
    options.optimizer = example.optimizer
    options.averageDecay = 0.9
    options.seed = 11

    func files(threads: Int) throws -> (model: [UInt8], checkpoint: [UInt8]) {
      let trainer = try Trainer(
        network, tensors: Initializer.he.parameters(of: network, seed: options.seed), training: training,
        validation: validation, options: options, pool: WorkerPool(threadCount: threads))
      try trainer.run { _ in .goOn }
      func bytes(_ kind: Manifest.Kind, _ tensors: [Tensor]) throws -> [UInt8] {
        try ModelFileWriter.encode(
          ModelFile(
            manifest: Manifest(
              kind: kind, network: network, labels: dataset.manifest.labels, preprocessing: preprocessing,
              provenance: Provenance(tool: "test", version: "0"), training: trainer.checkpointState),
            tensors: tensors))
      }
      return (try bytes(.model, trainer.result), try bytes(.checkpoint, trainer.checkpointTensors))
    }

    let one = try files(threads: 1)
    for threads in [2, 3] {
      let more = try files(threads: threads)
      #expect(more.model == one.model, "\(threads) threads")
      #expect(more.checkpoint == one.checkpoint, "\(threads) threads")
    }
    options.seed = 12
    #expect(try files(threads: 1).model != one.model)
  }
}
