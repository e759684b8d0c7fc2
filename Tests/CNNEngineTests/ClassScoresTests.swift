import CNNEngine
import Testing

/// The scores of one network and of several together, and evaluations of both.
@Suite struct ClassScoresTests {
  /// Logits whose softmax is 1/4, 3/4.
  private let oneToThree: [Float] = [0, 1.0986123]
  /// Logits whose softmax is 9/10, 1/10.
  private let nineToOne: [Float] = [2.1972246, 0]

  private func values(_ scores: ClassScores) throws -> [Double] {
    guard case .probabilities(let values) = scores else {
      Issue.record("these are logits")
      return []
    }
    return values
  }

  @Test func severalNetworksProbabilitiesAreAveraged() throws {
    let scores = ClassScores(averaging: [oneToThree + nineToOne, nineToOne + nineToOne], classes: 2)
    #expect(scores.count == 4)
    // The mean of the logits would have said 0.634 for the first.
    for (found, expected) in zip(try values(scores), [0.575, 0.425, 0.9, 0.1]) {
      #expect(abs(found - expected) < 1e-7)
    }
  }

  @Test func aMeanIsTheSumInTheNetworksOrder() throws {
    let members: [[Float]] = [[0.3, 1, -2], [5, 0.25, 0.125], [-1, 0.7, 3], [2, 2.5, 1e-3], [0, 0, 0.1]]
    let probabilities = members.map { Softmax.probabilities($0) }
    let expected = (0..<3).map { place in probabilities.reduce(0) { $0 + $1[place] } / 5 }
    #expect(try values(ClassScores(averaging: members, classes: 3)) == expected)
  }

  @Test func oneNetworkKeepsItsLogits() {
    #expect(ClassScores(averaging: [[1, 2, .nan]], classes: 3)[0..<2] == .logits([1, 2]))
  }

  @Test func noInputs() throws {
    #expect(try values(ClassScores(averaging: [[], []], classes: 3)).isEmpty)
    #expect(try values(ClassScores(averaging: [[], []], classes: 0)).isEmpty)
  }

  @Test func whatIsNoNumberInOneNetworkIsNoneInTheMean() throws {
    let found = try values(ClassScores(averaging: [[.nan, 1, 0, 0], [0, 0, 0, 0]], classes: 2))
    #expect(found[0].isNaN && found[1].isNaN)
    #expect(found[2...] == [0.5, 0.5], "other inputs are not touched")
  }

  @Test func theLossIsThatOfTheMeanProbability() {
    var evaluation = Evaluation()
    evaluation.add(.probabilities([0.575, 0.425, 0.9, 0.1]), classes: 2, labels: [1, 0])
    #expect(evaluation.total == 2)
    #expect(evaluation.correct == 1)
    // -ln 0.425 and -ln 0.9.
    #expect(abs(evaluation.loss - (0.855666110057720 + 0.105360515657826) / 2) < 1e-12)
    evaluation.add(.probabilities([1, 0]), classes: 2, labels: [0])
    #expect(evaluation.loss.isFinite)
    evaluation.add(.probabilities([1, 0]), classes: 2, labels: [1])
    #expect(evaluation.loss == .infinity, "what it excluded came true")
    #expect(evaluation.correct == 2)
  }

  @Test func logitsAreEvaluatedAsEver() {
    let logits: [Float] = [2, 0, 0, 2, 900, -900]
    var plain = Evaluation()
    plain.add(logits: logits, classes: 2, labels: [0, 0, 1])
    var scored = Evaluation()
    scored.add(.logits(logits), classes: 2, labels: [0, 0, 1])
    #expect(scored == plain)
    #expect(scored.loss.isFinite, "probabilities would have been rounded to 0")
  }

  @Test func amongEqualProbabilitiesTheFirstIsTheMostProbable() {
    #expect(Softmax.mostProbable([0.25, 0.375, 0.375] as [Double]) == 1)
    #expect(Softmax.mostProbable([.nan, 0.5] as [Double]) == 1)
    #expect(Softmax.mostProbable([.nan, .nan] as [Double]) == 0)
  }
}
