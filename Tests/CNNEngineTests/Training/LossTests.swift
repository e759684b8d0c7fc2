import CNNCodecs
import CNNEngine
import Testing

@Suite struct LossTests {
  private struct Result: Equatable {
    var losses: [Double]
    var isCorrect: [Bool]
    var gradient: [Float]

    var mean: Double { losses.reduce(0, +) / Double(losses.count) }
  }

  /// Rows that no range names keep -1, false and -7.
  private func evaluate(
    _ loss: Loss, _ logits: [Float], labels: [Int], ranges: [Range<Int>]? = nil, wantsGradient: Bool = true
  ) -> Result {
    let rows = labels.count
    var result = Result(
      losses: [Double](repeating: -1, count: rows), isCorrect: [Bool](repeating: false, count: rows),
      gradient: [Float](repeating: -7, count: logits.count))
    result.losses.withUnsafeMutableBufferPointer { losses in
      result.isCorrect.withUnsafeMutableBufferPointer { isCorrect in
        result.gradient.withUnsafeMutableBufferPointer { gradient in
          logits.withUnsafeBufferPointer { logits in
            labels.withUnsafeBufferPointer { labels in
              guard let losses = losses.baseAddress, let isCorrect = isCorrect.baseAddress,
                let first = logits.baseAddress, let labels = labels.baseAddress
              else { return }
              for range in ranges ?? [0..<rows] {
                loss.evaluate(
                  logits: first, labels: labels, rows: range, classes: logits.count / rows, batchSize: rows,
                  gradient: wantsGradient ? gradient.baseAddress : nil, losses: losses, isCorrect: isCorrect)
              }
            }
          }
        }
      }
    }
    return result
  }

  @Test func lossesAndGradientsAgreeWithPyTorch() throws {
    let cases = try TrainingGoldens().root.member("losses").elements()
    #expect(cases.count == 8)
    for golden in cases {
      let text = try golden.member("text").string()
      let logits = try golden.numbers("logits").map { Float($0) }
      let labels = try golden.numbers("labels").map { Int($0) }
      let result = evaluate(try Loss(parsing: text), logits, labels: labels)
      for (found, expected) in zip(result.losses, try golden.numbers("rows")) {
        #expect(agree(found, expected, within: 1e-13), "\(text): \(found), not \(expected)")
      }
      #expect(agree(result.mean, try golden.member("mean").number(), within: 1e-13), "\(text)")
      for (found, expected) in zip(result.gradient, try golden.numbers("gradient")) {
        #expect(
          abs(Double(found) - expected) <= 1e-7 * abs(expected) + 1e-17, "\(text): \(found), not \(expected)")
      }
    }
  }

  /// Five-point differences of the batch's mean loss, which is `Double`.
  @Test func gradientsAreFiniteDifferences() {
    var numbers = SeededNumbers(seed: 3)
    let labels = [2, 0, 4]
    let logits = numbers.floats(15).map { 4 * ($0 * 1024).rounded() / 1024 }
    let step: Float = 0x1p-6
    for loss in [
      Loss.softmaxCrossEntropy(), .softmaxCrossEntropy(labelSmoothing: 0.1), .meanSquaredError,
    ] {
      let gradient = evaluate(loss, logits, labels: labels).gradient
      for index in logits.indices {
        func mean(_ change: Float) -> Double {
          var changed = logits
          changed[index] += change
          return evaluate(loss, changed, labels: labels, wantsGradient: false).mean
        }
        let difference =
          (8 * (mean(step) - mean(-step)) - (mean(2 * step) - mean(-2 * step))) / (12 * Double(step))
        #expect(abs(Double(gradient[index]) - difference) < 1e-8, "\(loss), \(index)")
      }
    }
  }

  @Test func rowsStandAlone() {
    var numbers = SeededNumbers(seed: 4)
    let logits = numbers.floats(70)
    let labels = (0..<7).map { $0 % 5 }
    for loss in [Loss.softmaxCrossEntropy(labelSmoothing: 0.2), .meanSquaredError] {
      let whole = evaluate(loss, logits, labels: labels)
      #expect(evaluate(loss, logits, labels: labels, ranges: [4..<7, 0..<1, 1..<4]) == whole)
      let part = evaluate(loss, logits, labels: labels, ranges: [2..<4])
      #expect(part.losses[2..<4] == whole.losses[2..<4] && part.gradient[20..<40] == whole.gradient[20..<40])
      #expect(part.losses[1] == -1 && part.losses[4] == -1)
      #expect(part.gradient[19] == -7 && part.gradient[40] == -7)
      let withoutGradient = evaluate(loss, logits, labels: labels, wantsGradient: false)
      #expect(withoutGradient.losses == whole.losses && withoutGradient.isCorrect == whole.isCorrect)
    }
  }

  @Test func theFirstOfTheGreatestLogitsCounts() {
    let logits: [Float] = [1, 3, 3, 3, 1, 2, 0, 0, 0, -5, -4, -.infinity]
    for loss in [Loss.softmaxCrossEntropy(), .meanSquaredError] {
      #expect(evaluate(loss, logits, labels: [1, 0, 0, 1]).isCorrect == [true, true, true, true])
      #expect(evaluate(loss, logits, labels: [2, 2, 1, 0]).isCorrect == [false, false, false, false])
    }
  }

  @Test func whatIsNoNumberSpreadsInItsRowOnly() {
    for loss in [
      Loss.softmaxCrossEntropy(), .softmaxCrossEntropy(labelSmoothing: 0.1), .meanSquaredError,
    ] {
      for place in 0..<3 {
        var logits: [Float] = [1, 2, 3, 1, 2, 3]
        logits[place] = .nan
        let result = evaluate(loss, logits, labels: [place, 2])
        #expect(result.losses[0].isNaN && result.losses[1].isFinite, "\(loss), \(place)")
        #expect(result.isCorrect == [false, true])
        #expect(result.gradient[place].isNaN)
        #expect(!result.gradient[3...].contains { !$0.isFinite })
      }
    }
    let infinite = evaluate(.softmaxCrossEntropy(), [1, .infinity, 3], labels: [1])
    #expect(infinite.losses[0].isNaN && infinite.gradient[1].isNaN)
  }

  /// A class with probability 0 costs infinitely much if it was wanted, and nothing if not.
  @Test func minusInfinityIsAnImpossibleClass() {
    let logits: [Float] = [0, -.infinity, 0]
    let other = evaluate(.softmaxCrossEntropy(), logits, labels: [0])
    #expect(agree(other.losses[0], 0.693147180559945, within: 1e-14))
    #expect(other.gradient == [-0.5, 0, 0.5])
    #expect(evaluate(.softmaxCrossEntropy(), logits, labels: [1]).losses == [.infinity])
    #expect(evaluate(.softmaxCrossEntropy(labelSmoothing: 0.1), logits, labels: [0]).losses == [.infinity])
  }

  @Test func oneClassHasNoLoss() {
    let result = evaluate(.softmaxCrossEntropy(), [5, -7], labels: [0, 0])
    #expect(result == Result(losses: [0, 0], isCorrect: [true, true], gradient: [0, 0]))
  }

  @Test func textsReadBack() throws {
    for text in ["cross-entropy", "cross-entropy:0.1", "mean-squared-error"] {
      #expect(try Loss(parsing: text).description == text)
    }
    #expect(try Loss(parsing: "cross-entropy:0.1") == .softmaxCrossEntropy(labelSmoothing: 0.1))
    let hinge = complaint { _ = try Loss(parsing: "hinge") }
    #expect(hinge?.hasSuffix("write cross-entropy, cross-entropy:SMOOTHING, mean-squared-error") == true)
    #expect(complaint { _ = try Loss(parsing: "cross-entropy:1.5") }?.contains("from 0 to 1") == true)
    #expect(complaint { _ = try Loss(parsing: "mean-squared-error:2") } != nil)
  }
}
