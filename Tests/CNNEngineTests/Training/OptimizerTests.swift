import CNNCodecs
import CNNEngine
import Testing

@Suite struct OptimizerTests {
  /// A parameter with its optimiser's memory.
  private struct Trained: Equatable {
    var weights: [Float]
    var first: [Float]
    var second: [Float]

    init(_ weights: [Float]) {
      self.weights = weights
      first = [Float](repeating: 0, count: weights.count)
      second = first
    }

    mutating func step(
      _ optimizer: Optimizer, _ gradient: [Float], ranges: [Range<Int>]? = nil, rate: Double, decay: Double,
      step: Int
    ) {
      let count = weights.count
      weights.withUnsafeMutableBufferPointer { weights in
        first.withUnsafeMutableBufferPointer { first in
          second.withUnsafeMutableBufferPointer { second in
            gradient.withUnsafeBufferPointer { gradient in
              guard let weights = weights.baseAddress, let gradient = gradient.baseAddress else { return }
              let slots = OptimizerSlots(
                optimizer.slots.isEmpty ? nil : first.baseAddress,
                optimizer.slots.count < 2 ? nil : second.baseAddress)
              for range in ranges ?? [0..<count] {
                optimizer.update(
                  weights, gradient: gradient, slots: slots, range: range, learningRate: rate,
                  weightDecay: decay, step: step)
              }
            }
          }
        }
      }
    }
  }

  private static let names = [
    "sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "adam", "adamw",
  ]

  /// Float32 against PyTorch's float64: a few roundings, relative to the greatest that the element has been.
  @Test func tenStepsAgreeWithPyTorch() throws {
    let goldens = try TrainingGoldens().root
    let start = try goldens.numbers("weights").map { Float($0) }
    let gradients = try goldens.rows("gradients").map { $0.map { Float($0) } }
    let cases = try goldens.member("optimizers").elements()
    #expect(cases.count == 26)
    var seen: Set<String> = []
    for golden in cases {
      let optimizer = try Optimizer(parsing: golden.member("text").string())
      seen.insert(optimizer.name)
      let rate = try golden.member("learning_rate").number()
      let decay = try golden.member("weight_decay").number()
      let expected = try golden.rows("expected")
      var trained = Trained(start)
      var scales = start.map { Double(abs($0)) }
      for (index, gradient) in gradients.enumerated() {
        trained.step(optimizer, gradient, rate: rate, decay: decay, step: index + 1)
        for (element, found) in trained.weights.enumerated() {
          let wanted = expected[index][element]
          scales[element] = max(scales[element], abs(wanted))
          #expect(
            abs(Double(found) - wanted) <= 1e-6 * scales[element],
            "\(optimizer), decay \(decay), step \(index + 1), element \(element): \(found), not \(wanted)")
        }
      }
      let slots = try golden.member("slots").members()
      #expect(Set(slots.map(\.name)) == Set(optimizer.slots))
      for (name, node) in slots {
        let values = name == optimizer.slots[0] ? trained.first : trained.second
        for (found, wanted) in zip(values, try node.elements().map { try $0.number() }) {
          #expect(
            abs(Double(found) - wanted) <= 2e-6 * abs(wanted) + 1e-15,
            "\(optimizer), \(name): \(found), not \(wanted)")
        }
      }
    }
    #expect(seen == Set(Self.names))
  }

  @Test func bitsDoNotDependOnRanges() throws {
    var numbers = SeededNumbers(seed: 5)
    let count = 203
    let start = numbers.floats(count)
    for name in Self.names {
      let optimizer = try Optimizer(parsing: name)
      var whole = Trained(start)
      var parts = Trained(start)
      for step in 1...3 {
        let gradient = numbers.floats(count)
        whole.step(optimizer, gradient, rate: 0.01, decay: 0.1, step: step)
        parts.step(
          optimizer, gradient, ranges: [64..<count, 0..<1, 1..<33, 33..<33, 33..<64], rate: 0.01, decay: 0.1,
          step: step)
      }
      #expect(whole == parts, "\(name)")
      #expect(whole.weights != start)
    }
  }

  @Test func onlyTheRangeChanges() throws {
    for name in Self.names {
      var trained = Trained([1, 2, 3, 4])
      trained.step(
        try Optimizer(parsing: name), [1, 1, 1, 1], ranges: [1..<3], rate: 0.1, decay: 0.1, step: 1)
      #expect(trained.weights[0] == 1 && trained.weights[3] == 4, "\(name)")
      #expect(trained.weights[1] < 2 && trained.weights[2] < 3, "\(name)")
      #expect(trained.first[0] == 0 && trained.first[3] == 0, "\(name)")
    }
  }

  /// The corrections for the start at 0 end as 1.
  @Test func lateStepsOfAdamAreFinite() {
    var trained = Trained([1])
    trained.step(.adam(), [0.5], rate: 0.1, decay: 0, step: 1_000_000_000)
    // m = 0.05, v = 0.00025: 1 - 0.1 * 0.05 / sqrt(0.00025).
    #expect(abs(Double(trained.weights[0]) - (1 - 0.1 * 0.05 / 0.00025.squareRoot())) < 1e-6)
  }

  @Test func aGradientThatIsNoNumberSpoilsItsWeightOnly() throws {
    for name in Self.names {
      var trained = Trained([1, 2])
      trained.step(try Optimizer(parsing: name), [.nan, 1], rate: 0.1, decay: 0, step: 1)
      #expect(trained.weights[0].isNaN && trained.weights[1].isFinite, "\(name)")
    }
  }

  @Test func textsReadBack() throws {
    for text in Self.names + ["momentum:0.95", "nesterov:0", "adagrad:1e-07", "rmsprop:0.9", "adam:0.9:0.99"]
    {
      #expect(try Optimizer(parsing: text).description == text)
    }
    #expect(try Optimizer(parsing: "adam:0.9:0.999:1e-8") == .adam())
    #expect(try Optimizer(parsing: "adam:0.9:0.999:1e-8").description == "adam")
    #expect(
      try Optimizer(parsing: "adamw:0.8:0.95:0.001") == .adamw(beta1: 0.8, beta2: 0.95, epsilon: 0.001))
    #expect(try Optimizer(parsing: "rmsprop:0.9").slots == ["square_avg"])
  }

  @Test func defaultsArePyTorchs() {
    #expect(Optimizer.adadelta().defaultLearningRate == 1)
    #expect(Optimizer.adagrad().defaultLearningRate == 0.01)
    #expect(Optimizer.adam().defaultLearningRate == 0.001)
    #expect(Optimizer.adamw().defaultWeightDecay == 0.01)
    #expect(Optimizer.adam().defaultWeightDecay == 0)
  }

  @Test func complaintsSayWhatIsUnderstood() {
    func complaint(_ text: String) -> String? {
      CNNEngineTests.complaint { _ = try Optimizer(parsing: text) }
    }
    #expect(complaint("lion")?.contains("there is no optimizer \"lion\"; write sgd, momentum") == true)
    #expect(
      complaint("momentum:1")?.contains("MOMENTUM should be a number from 0 to below 1, and is \"1\"") == true
    )
    #expect(complaint("adam:0.9:nan")?.contains("BETA2 should be a number") == true)
    #expect(complaint("adagrad:0")?.contains("EPSILON should be a number from 1e-30 to 1") == true)
    #expect(complaint("sgd:0.9")?.contains("\"0.9\" is one argument too many for sgd") == true)
    #expect(complaint("")?.contains("there is no optimizer \"\"") == true)
    #expect(complaint("momentum:")?.contains("MOMENTUM should be") == true)
    #expect(complaint("Adam") != nil)
  }

  @Test func checkpointsAreRecognized() throws {
    let adam = Optimizer.adam(beta1: 0.5)
    #expect(JSONWriter.text(of: adam.json) == #"{"name":"adam","slots":["exp_avg","exp_avg_sq"]}"#)
    try adam.check(JSONNode(adam.json))
    #expect(throws: JSONContentError.self) { try Optimizer.adamw().check(JSONNode(adam.json)) }
    #expect(throws: JSONContentError.self) { try adam.check(JSONNode(.object([]))) }
    let swapped = JSONValue.object([
      .init("name", .string("adam")), .init("slots", .array([.string("exp_avg")])),
    ])
    #expect(throws: JSONContentError.self) { try adam.check(JSONNode(swapped)) }
  }
}
