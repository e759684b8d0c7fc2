import CNNCodecs
import CNNEngine
import Testing

@Suite struct WeightAverageTests {
  private func update(
    _ average: WeightAverage, _ values: inout [Float], _ weights: [Float], ranges: [Range<Int>], step: Int
  ) {
    values.withUnsafeMutableBufferPointer { values in
      weights.withUnsafeBufferPointer { weights in
        guard let values = values.baseAddress, let weights = weights.baseAddress else { return }
        for range in ranges { average.update(values, weights: weights, range: range, step: step) }
      }
    }
  }

  @Test func theDecayRisesToItsValue() throws {
    let average = try #require(WeightAverage(decay: 0.9))
    #expect(average.decay(atStep: 1) == 2.0 / 11)
    #expect(average.decay(atStep: 10) == 11.0 / 20)
    #expect(average.decay(atStep: 79) < 0.9)
    #expect(average.decay(atStep: 81) == 0.9)
    #expect(WeightAverage(decay: 1) == nil && WeightAverage(decay: -0.1) == nil)
    #expect(WeightAverage(decay: .nan) == nil)
  }

  @Test func theAverageIsWhatTheFormulaSays() throws {
    let average = try #require(WeightAverage(decay: 0.5))
    var numbers = SeededNumbers(seed: 8)
    var found = numbers.floats(41)
    var expected = found.map(Double.init)
    var inParts = found
    for step in 1...20 {
      let weights = numbers.floats(41)
      update(average, &found, weights, ranges: [0..<41], step: step)
      update(average, &inParts, weights, ranges: [30..<41, 0..<7, 7..<30], step: step)
      let kept = min(0.5, Double(1 + step) / Double(10 + step))
      for index in expected.indices {
        expected[index] = kept * expected[index] + (1 - kept) * Double(weights[index])
      }
    }
    #expect(found == inParts)
    for (found, expected) in zip(found, expected) { #expect(abs(Double(found) - expected) < 1e-6) }
  }

  @Test func theFirstWeightsAreForgotten() throws {
    let average = try #require(WeightAverage(decay: 0.999))
    var value: [Float] = [1]
    for step in 1...10 { update(average, &value, [0], ranges: [0..<1], step: step) }
    #expect(value[0] > 0 && value[0] < 1e-4)
  }
}

@Suite struct EarlyStoppingTests {
  @Test func patienceEndsAfterThatManyEpochs() {
    var stopping = EarlyStopping(patience: 2)
    #expect(!stopping.shouldStop)
    var improved: [Bool] = []
    var stopped: [Bool] = []
    for (index, loss) in [1, 0.5, 0.5, 0.4, .nan, 0.41].enumerated() {
      improved.append(stopping.observe(validationLoss: loss, epoch: index + 1))
      stopped.append(stopping.shouldStop)
    }
    #expect(improved == [true, true, false, true, false, false])
    #expect(stopped == [false, false, false, false, false, true])
    #expect(stopping.best == 0.4 && stopping.bestEpoch == 4 && stopping.badEpochs == 2)
  }

  @Test func withoutPatienceItNeverStops() {
    var stopping = EarlyStopping(patience: nil)
    for epoch in 1...50 { stopping.observe(validationLoss: 1, epoch: epoch) }
    #expect(!stopping.shouldStop && stopping.bestEpoch == 1 && stopping.badEpochs == 49)
  }

  @Test func lossesThatAreInfiniteAreNoBetter() {
    var stopping = EarlyStopping(patience: 3)
    for (index, loss) in [Double.infinity, -.infinity, .nan].enumerated() {
      let improved = stopping.observe(validationLoss: loss, epoch: index + 1)
      #expect(!improved)
    }
    #expect(stopping.shouldStop && stopping.bestEpoch == 0)
  }

  @Test func theStateIsJSON() throws {
    var stopping = EarlyStopping(patience: 5)
    #expect(
      JSONWriter.text(of: stopping.json) == #"{"best":null,"best_epoch":0,"num_bad_epochs":0}"#)
    #expect(try EarlyStopping(patience: 5, state: JSONNode(stopping.json)) == stopping)
    stopping.observe(validationLoss: 0.1, epoch: 1)
    stopping.observe(validationLoss: 0.2, epoch: 2)
    #expect(JSONWriter.text(of: stopping.json) == #"{"best":0.1,"best_epoch":1,"num_bad_epochs":1}"#)
    #expect(try EarlyStopping(patience: 5, state: JSONNode(stopping.json)) == stopping)

    let odd = JSONValue.object([
      .init("best", .number(1)), .init("best_epoch", .number(-1)), .init("num_bad_epochs", .number(0)),
    ])
    let found = complaint { _ = try EarlyStopping(patience: 1, state: JSONNode(odd, path: "early_stopping")) }
    #expect(found?.hasPrefix("early_stopping.best_epoch should be from 0") == true)
    #expect(
      complaint { _ = try EarlyStopping(patience: 1, state: JSONNode(.null)) } != nil)
  }
}
