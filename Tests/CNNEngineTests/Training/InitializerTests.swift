import CNNCodecs
import CNNEngine
import CNNModelFile
import Testing

@Suite struct InitializerTests {
  private let network = NetworkDescription(
    inputShape: [2, 12, 12],
    nodes: [
      .init(
        name: "conv1",
        operation: .conv2d(
          .init(inputChannels: 2, outputChannels: 8, kernelSize: .init(3, 5), groups: 2)),
        inputs: ["input"]),
      .init(name: "bn1", operation: .batchNorm(.init(features: 8)), inputs: ["conv1"]),
      .init(name: "flatten", operation: .flatten, inputs: ["bn1"]),
      .init(
        name: "fc1", operation: .linear(.init(inputFeatures: 640, outputFeatures: 20)), inputs: ["flatten"]),
    ], output: "fc1")

  @Test func everyParameterHasItsFirstValues() throws {
    let tensors = Initializer.he.parameters(of: network, seed: 1)
    #expect(tensors.map(\.name) == network.parameters.map(\.name))
    #expect(tensors.map(\.shape) == network.parameters.map(\.parameter.shape))
    let byName = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0) })
    func values(_ name: String) throws -> [Float] { try #require(byName[name]).floats() }
    #expect(try values("conv1.bias") == [Float](repeating: 0, count: 8))
    #expect(try values("fc1.bias") == [Float](repeating: 0, count: 20))
    #expect(try values("bn1.weight") == [Float](repeating: 1, count: 8))
    #expect(try values("bn1.bias") == [Float](repeating: 0, count: 8))
    #expect(try values("bn1.running_mean") == [Float](repeating: 0, count: 8))
    #expect(try values("bn1.running_var") == [Float](repeating: 1, count: 8))
    let seen = try #require(byName["bn1.num_batches_tracked"])
    #expect(seen.elementType == .int64 && seen.shape == [] && seen.integers() == [0])
    // The engine takes them as they are.
    _ = try Network(network, tensors: tensors)
  }

  @Test func fansAreCountedAsPyTorchDoes() {
    #expect(Initializer.fans(ofShape: [20, 640]) == (640, 20))
    #expect(Initializer.fans(ofShape: [50, 20, 5, 5]) == (500, 1250))
    #expect(Initializer.fans(ofShape: [8, 1, 3, 5]) == (15, 120))
    #expect(Initializer.he.deviation(forShape: [50, 20, 5, 5]) == (2.0 / 500).squareRoot())
    #expect(Initializer.xavier.deviation(forShape: [50, 20, 5, 5]) == (2.0 / 1750).squareRoot())
    #expect(Initializer.leCun.deviation(forShape: [20, 640]) == (1.0 / 640).squareRoot())
    #expect(Initializer.normal(deviation: 0.03).deviation(forShape: [20, 640]) == 0.03)
  }

  @Test func weightsHaveTheirMoments() {
    for initializer in [Initializer.normal(), .xavier, .he, .leCun] {
      let shape = [20, 640]
      let weights = initializer.tensor(
        named: "fc1.weight", Parameter("weight", shape: shape), index: 7, seed: 2
      )
      .floats().map { Double($0) / initializer.deviation(forShape: shape) }
      let count = Double(weights.count)
      func moment(_ power: Int) -> Double {
        weights.reduce(0) { sum, value in sum + (0..<power).reduce(1.0) { product, _ in product * value } }
          / count
      }
      // Five standard errors of a standard normal distribution's moments.
      #expect(abs(moment(1)) < 5 * (1 / count).squareRoot())
      #expect(abs(moment(2) - 1) < 5 * (2 / count).squareRoot())
      #expect(abs(moment(3)) < 5 * (15 / count).squareRoot())
      #expect(abs(moment(4) - 3) < 5 * (96 / count).squareRoot())
    }
  }

  @Test func aSeedGivesTheSameBits() {
    let tensors = Initializer.he.parameters(of: network, seed: 3)
    #expect(Initializer.he.parameters(of: network, seed: 3) == tensors)
    let others = Initializer.he.parameters(of: network, seed: 4)
    #expect(others[0] != tensors[0] && others[7] != tensors[7])
    // A model that is trained again by a later version must begin alike.
    #expect(
      tensors[0].floats().prefix(3).map(\.bitPattern) == [1_041_231_283, 1_051_247_123, 1_056_665_323])

    // One parameter alone, and with another layer of another width before it.
    let (name, parameter) = network.parameters[7]
    #expect(name == "fc1.weight")
    #expect(Initializer.he.tensor(named: name, parameter, index: 7, seed: 3) == tensors[7])
    var wider = network
    wider.nodes[0].operation = .conv2d(
      .init(inputChannels: 2, outputChannels: 8, kernelSize: .init(3, 5), groups: 1))
    #expect(Initializer.he.parameters(of: wider, seed: 3)[7] == tensors[7])
    // Equal shapes in different places differ.
    #expect(Initializer.he.tensor(named: name, parameter, index: 8, seed: 3) != tensors[7])
  }

  @Test func textsReadBack() throws {
    for text in ["normal:0.01", "normal:0.04", "xavier", "he", "lecun"] {
      #expect(try Initializer(parsing: text).description == text)
    }
    #expect(try Initializer(parsing: "normal") == .normal(deviation: 0.01))
    #expect(
      complaint { _ = try Initializer(parsing: "glorot") }?.hasSuffix(
        "write normal[:DEVIATION], xavier, he, lecun")
        == true)
    #expect(complaint { _ = try Initializer(parsing: "normal:-1") }?.contains("DEVIATION should be") == true)
    #expect(complaint { _ = try Initializer(parsing: "he:2") }?.contains("too many") == true)
  }
}
