import CNNEngine
import Testing

@Suite struct DetailedEvaluationTests {
  @Test func countsByHand() {
    var matrix = ConfusionMatrix(classCount: 3)
    for (truth, prediction) in [(0, 0), (0, 0), (0, 1), (1, 1), (5, 2), (-1, 0)] {
      matrix.add(truth: truth, prediction: prediction)
    }
    #expect(matrix.counts == [2, 1, 0, 0, 1, 0, 0, 0, 0])
    #expect(matrix.unknownCount == 2)
    #expect(matrix.count(of: 0) == 3)
    #expect(matrix.precision(of: 0) == 1 && matrix.recall(of: 0) == 2.0 / 3)
    #expect(matrix.precision(of: 1) == 0.5 && matrix.recall(of: 1) == 1)
    #expect(matrix.f1(of: 1) == 2.0 / 3)
    #expect(matrix.precision(of: 2).isNaN && matrix.recall(of: 2).isNaN && matrix.f1(of: 2).isNaN)
  }

  @Test func calibrationByHand() {
    var calibration = Calibration(binCount: 4)
    #expect(calibration.expectedError.isNaN)
    // Two in (0.75, 1], one of them right: |1.9 - 1|; one in (0, 0.25]: |0.25 - 0|; one in (0.25, 0.5]: |0.5 - 1|.
    for (probability, isCorrect) in [(1.0, true), (0.9, false), (0.25, false), (0.5, true)] {
      calibration.add(probability: probability, isCorrect: isCorrect)
    }
    #expect(calibration.bins.map(\.count) == [1, 1, 0, 2])
    #expect(abs(calibration.expectedError - (0.9 + 0.25 + 0.5) / 4) < 1e-15)
    calibration.add(probability: 0, isCorrect: false)
    #expect(calibration.bins[0].count == 2)
    calibration.add(probability: .nan, isCorrect: false)
    #expect(calibration.expectedError.isNaN)
  }

  @Test func aCalibratedNetworkHasNoError() {
    var calibration = Calibration()
    for index in 0..<1000 { calibration.add(probability: 0.7, isCorrect: index % 10 < 7) }
    #expect(calibration.expectedError < 1e-12)
  }

  @Test func agreesWithTheSummary() {
    var detailed = DetailedEvaluation(classCount: 2)
    var summary = Evaluation()
    let rows: [([Float], Int)] = [([2, 1], 0), ([0, 3], 0), ([1, 1], 0), ([.nan, 1], 1), ([0, 1], 7)]
    for (logits, label) in rows {
      detailed.add(.logits(logits), label: label)
      summary.add(.logits(logits), classes: 2, labels: [label])
    }
    #expect(detailed.summary.correct == summary.correct && detailed.summary.total == 5)
    #expect(detailed.confusion.counts == [2, 1, 0, 1])
    #expect(detailed.confusion.unknownCount == 1)
    var averaged = DetailedEvaluation(classCount: 2)
    averaged.add(.probabilities([0.25, 0.75]), label: 1)
    #expect(averaged.summary.correct == 1)
    #expect(averaged.calibration.expectedError == 0.25)
  }
}
