import CNNCodecs
import CNNEngine
import CNNModelFile
import Testing

@testable import CNNInsight

@Suite struct TopActivatingTests {
  @Test func itFindsWhatLookingAtEveryExampleFinds() throws {
    let network = try smallNetwork()
    var numbers = LookingNumbers(seed: 9)
    let count = 150
    var inputs = numbers.floats(count * network.inputCount)
    // Some examples twice: the earlier must come first.
    let repeated = Array(inputs[..<(40 * network.inputCount)])
    inputs.replaceSubrange(100 * network.inputCount..<140 * network.inputCount, with: repeated)
    let examples = FloatInputs(inputs, inputCount: network.inputCount)
    for layer in ["conv1", "relu1", "tanh2", "flatten", "fc"] {
      var all: [[(value: Float, example: Int, place: Int)]] = []
      for example in 0..<count {
        let own = Array(inputs[example * network.inputCount..<(example + 1) * network.inputCount])
        let maps = try FeatureMaps.maps(in: network, for: own, layers: [layer])[0]
        if all.isEmpty { all = Array(repeating: [], count: maps.unitCount) }
        for unit in 0..<maps.unitCount {
          let map = Array(maps.map(unit))
          let greatest = try #require(map.max())
          all[unit].append((greatest, example, try #require(map.firstIndex(of: greatest))))
        }
      }
      let found = try TopActivating.find(
        in: network, layer: layer, examples: examples, count: 5, pool: WorkerPool(threadCount: 2))
      #expect(found.layer == layer)
      #expect(found.units.count == all.count)
      let field = try ReceptiveField(of: layer, in: network)
      for (unit, hits) in found.units.enumerated() {
        let expected = all[unit].sorted { ($1.value, $0.example) < ($0.value, $1.example) }.prefix(5)
        #expect(hits.map(\.example) == expected.map(\.example), "\(layer), unit \(unit)")
        let shape = try #require(network.shapes[layer])
        for (hit, expected) in zip(hits, expected) {
          #expect(abs(hit.activation - expected.value) <= 1e-5 * max(1, abs(expected.value)))
          if shape.count == 3 {
            #expect(
              hit.position == .init(row: expected.place / shape[2], column: expected.place % shape[2]))
          } else {
            #expect(hit.position == nil)
          }
          #expect(hit.field == field.rectangle(unit: unit, at: hit.position))
        }
      }
      for threads in [1, 3] {
        #expect(
          try TopActivating.find(
            in: network, layer: layer, examples: examples, count: 5, pool: WorkerPool(threadCount: threads))
            == found)
      }
    }
  }

  @Test func fewExamplesAreAllFound() throws {
    let network = try smallNetwork()
    var numbers = LookingNumbers(seed: 10)
    let examples = FloatInputs(numbers.floats(2 * network.inputCount), inputCount: network.inputCount)
    let found = try TopActivating.find(in: network, examples: examples, count: 9)
    #expect(found.layer == "conv1")
    #expect(
      found.units.allSatisfy { Set($0.map(\.example)) == [0, 1] && $0[0].activation >= $0[1].activation })
  }

  @Test func whatCannotBeSearchedIsRefused() throws {
    let network = try smallNetwork()
    #expect(throws: InsightError.noExamples) {
      try TopActivating.find(in: network, examples: FloatInputs([], inputCount: 120))
    }
    #expect(throws: InsightError.exampleSize(expected: [1, 12, 10], found: 119)) {
      try TopActivating.find(
        in: network, examples: FloatInputs([Float](repeating: 0, count: 238), inputCount: 119))
    }
    var inputs = [Float](repeating: 0, count: 360)
    inputs[130] = .nan
    #expect(throws: InsightError.valuesNotFinite(layer: "conv1", example: 1)) {
      try TopActivating.find(in: network, examples: FloatInputs(inputs, inputCount: 120))
    }
  }
}
