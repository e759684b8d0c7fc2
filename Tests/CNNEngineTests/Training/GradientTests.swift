import CNNCodecs
import CNNModelFile
import CNNTestSupport
import Testing

@testable import CNNEngine

/// A whole step of training against PyTorch. `Tests/python/make_training_goldens.py` made the numbers.
@Suite struct GradientTests {
  private let networks: [JSONNode]

  init() throws {
    let path = RepositoryPaths.root + "/Tests/CNNEngineTests/Fixtures/training.json"
    networks = try JSONNode(JSONReader.read(TemporaryFolder.read(path))).member("networks").elements()
  }

  @Test func logitsLossAndEveryGradientAgree() throws {
    #expect(networks.count == 4)
    for golden in networks {
      let name = try golden.member("name").string()
      let labels = try golden.member("labels").elements().map { Int(try $0.number()) }
      for kernels in KernelSet.available {
        for threads in [1, 3] {
          let (plan, store) = try makePlan(
            golden, batch: labels.count + 3, threads: threads, kernels: kernels)
          let source = ArrayBatch(try golden.floats("input"), inputCount: plan.inputCount)
          let result = plan.computeGradients(
            of: source, count: labels.count, labels: labels, loss: .softmaxCrossEntropy(labelSmoothing: 0),
            seed: 0, step: 0)
          let context = "\(name), \(kernels.name), \(threads) threads"
          let loss = try golden.member("loss").number()
          #expect(abs(result.lossSum / Double(labels.count) - loss) < 1e-5 * max(1, loss), "\(context)")
          try expectClose(plan.lastLogits(count: labels.count), golden.floats("logits"), context)
          let gradients = try golden.member("gradients").members()
          for (parameter, values) in gradients {
            let entry = try #require(store.entries.first { $0.name == parameter })
            // Relative to the layer's greatest gradient: that of a bias before a batch norm is zero but for rounding.
            let layer = try gradients.filter { $0.name.hasPrefix("\(entry.node).") }
              .flatMap { try $0.node.floats("values") }
            try expectClose(
              entry.gradientValues, values.floats("values"), "\(context), \(parameter)",
              scale: layer.map(abs).max())
          }
          for (parameter, values) in try golden.member("statistics").members() {
            let entry = try #require(store.entries.first { $0.name == parameter })
            try expectClose(entry.values, values.floats("values"), "\(context), \(parameter)")
          }
        }
      }
    }
  }

  @Test func gradientsHaveTheSameBitsForAnyNumberOfThreads() throws {
    for golden in networks {
      let labels = try golden.member("labels").elements().map { Int(try $0.number()) }
      var first: [[UInt32]]?
      for threads in [1, 2, 3, 5] {
        let (plan, store) = try makePlan(golden, batch: labels.count, threads: threads, kernels: .best)
        _ = plan.computeGradients(
          of: ArrayBatch(try golden.floats("input"), inputCount: plan.inputCount), count: labels.count,
          labels: labels, loss: .softmaxCrossEntropy(labelSmoothing: 0), seed: 0, step: 0)
        let bits = store.entries.map { $0.gradientValues.map(\.bitPattern) }
        #expect(bits == first ?? bits, "\(threads) threads")
        first = bits
      }
    }
  }

  @Test func vectorsOfEightAndOfSixteenGiveTheSameGradients() throws {
    let sets = KernelSet.available.filter { $0.name != "portable" }
    guard sets.count > 1 else { return }
    for golden in networks {
      let labels = try golden.member("labels").elements().map { Int(try $0.number()) }
      let bits = try sets.map { kernels in
        let (plan, store) = try makePlan(golden, batch: labels.count, threads: 2, kernels: kernels)
        _ = plan.computeGradients(
          of: ArrayBatch(try golden.floats("input"), inputCount: plan.inputCount), count: labels.count,
          labels: labels, loss: .softmaxCrossEntropy(labelSmoothing: 0), seed: 0, step: 0)
        return store.entries.map { $0.gradientValues.map(\.bitPattern) }
      }
      let name = try golden.member("name").string()
      #expect(bits[0] == bits[1], "\(name)")
    }
  }

  @Test func frozenLayersKeepTheirParametersAndStatistics() throws {
    let golden = networks[2]
    let labels = try golden.member("labels").elements().map { Int(try $0.number()) }
    let frozen: Set<String> = ["conv1", "bn1"]
    let (plan, store) = try makePlan(golden, batch: labels.count, threads: 2, kernels: .best, frozen: frozen)
    let before = store.entries.map(\.values)
    _ = plan.computeGradients(
      of: ArrayBatch(try golden.floats("input"), inputCount: plan.inputCount), count: labels.count,
      labels: labels, loss: .softmaxCrossEntropy(labelSmoothing: 0), seed: 0, step: 0)
    for (entry, old) in zip(store.entries, before) {
      if frozen.contains(entry.node) {
        #expect(entry.values == old, "\(entry.name)")
        #expect(!entry.isTrained)
        #expect(entry.gradientValues.allSatisfy { $0 == 0 })
      } else if entry.isTrained {
        #expect(entry.gradientValues.contains { $0 != 0 }, "\(entry.name)")
      }
    }
  }

  private func makePlan(
    _ golden: JSONNode, batch: Int, threads: Int, kernels: KernelSet, frozen: Set<String> = []
  ) throws -> (TrainingPlan, ParameterStore) {
    let (description, tensors) = try golden.network()
    let store = try ParameterStore(description, tensors: tensors, frozen: frozen)
    let plan = try TrainingPlan(
      description, parameters: store, frozen: frozen, maximumBatch: batch,
      pool: WorkerPool(threadCount: threads), kernels: kernels)
    return (plan, store)
  }

  /// Within 2e-5 of the greatest: float32 sums over up to a few thousand products.
  private func expectClose(
    _ found: [Float], _ expected: [Float], _ context: String, scale: Float? = nil
  ) throws {
    let scale = scale ?? expected.map(abs).max() ?? 1
    let largest = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
    #expect(found.count == expected.count && largest < 2e-5 * scale, "\(context)")
  }
}

/// Inputs of a batch in memory.
struct ArrayBatch: BatchSource {
  private let values: [Float]
  private let inputCount: Int

  init(_ values: [Float], inputCount: Int) {
    self.values = values
    self.inputCount = inputCount
  }

  func write(_ places: Range<Int>, worker: Int, to destination: UnsafeMutablePointer<Float>) {
    for index in 0..<places.count * inputCount {
      destination[index] = values[places.lowerBound * inputCount + index]
    }
  }
}
