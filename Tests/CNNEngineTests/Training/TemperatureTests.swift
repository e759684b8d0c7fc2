import CNNEngine
import CNNInterchange
import CNNModelFile
import CNNTestSupport
import Testing

@Suite struct TemperatureTests {
  /// Logits that are `factor` times too far apart: labels are drawn from the softmax of the logits before.
  private func examples(overconfidentBy factor: Double) -> (logits: [Float], labels: [Int]) {
    var numbers = SeededNumbers(seed: 4)
    var logits: [Float] = []
    var labels: [Int] = []
    for _ in 0..<4000 {
      let honest = numbers.floats(3).map { $0 * 4 }
      let probabilities = Softmax.probabilities(honest)
      var left = Double(numbers.integer(0...999_999)) / 1e6
      let label = probabilities.firstIndex { share in
        left -= share
        return left < 0
      }
      labels.append(label ?? 2)
      logits += honest.map { $0 * Float(factor) }
    }
    return (logits, labels)
  }

  @Test(arguments: [0.5, 1, 3]) func findsHowFarLogitsAreTooFarApart(factor: Double) {
    let (logits, labels) = examples(overconfidentBy: factor)
    let temperature = Temperature.fitted(logits: logits, classes: 3, labels: labels)
    // 4,000 draws determine it to a few per cent.
    #expect(abs(temperature / factor - 1) < 0.06, "\(temperature)")

    func loss(_ temperature: Double) -> Double {
      var evaluation = Evaluation()
      evaluation.add(logits: logits.map { $0 / Float(temperature) }, classes: 3, labels: labels)
      return evaluation.loss
    }
    #expect(loss(temperature) <= loss(temperature * 1.01))
    #expect(loss(temperature) <= loss(temperature / 1.01))
  }

  @Test func withoutMistakesItStaysAsItIs() {
    #expect(Temperature.fitted(logits: [3, 1, 0, 2], classes: 2, labels: [0, 1]) == 1)
    #expect(Temperature.fitted(logits: [], classes: 2, labels: []) == 1)
  }

  @Test func onlyMistakesGiveTheLargest() {
    let temperature = Temperature.fitted(logits: [3, 1, 0, 2], classes: 2, labels: [1, 0])
    #expect(abs(temperature - Temperature.range.upperBound) < 1e-6)
  }

  @Test func theLastLinearLayerIsDivided() throws {
    let network = try Architecture(name: "mlp:6:dropout=0.5").network(inputShape: [1, 3, 3], outputs: 4)
    let tensors = Initializer.he.parameters(of: network, seed: 3)
    let divided = try #require(Temperature.dividing(tensors, of: network, by: 4))
    var numbers = SeededNumbers(seed: 5)
    let input = numbers.floats(9)
    func logits(_ tensors: [Tensor]) throws -> [Float] {
      try InferenceSession(Network(network, tensors: tensors), pool: WorkerPool(threadCount: 1)).logits(
        for: FloatInputs(input, inputCount: 9))
    }
    // A power of two divides without rounding.
    #expect(try logits(divided) == logits(tensors).map { $0 / 4 })
  }

  @Test func aNetworkThatEndsInAnotherLayerIsRefused() {
    let network = NetworkDescription(
      inputShape: [4],
      nodes: [.init(name: "activation", operation: .relu, inputs: ["input"])], output: "activation")
    #expect(Temperature.dividing([], of: network, by: 2) == nil)
  }
}
