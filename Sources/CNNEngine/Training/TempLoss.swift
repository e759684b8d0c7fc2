public enum Loss: Sendable {
  case softmaxCrossEntropy(labelSmoothing: Double)
  func compute(
    logits: UnsafePointer<Float>, rows: Int, classes: Int, labels: [Int],
    gradient: UnsafeMutablePointer<Float>
  ) -> TrainingPlan.BatchResult {
    var result = TrainingPlan.BatchResult(lossSum: 0, correct: 0)
    for r in 0..<rows {
      let row = Array(UnsafeBufferPointer(start: logits + r * classes, count: classes))
      let p = Softmax.probabilities(row)
      result.lossSum += Softmax.crossEntropy(row[...], label: labels[r])
      if Softmax.mostProbable(row) == labels[r] { result.correct += 1 }
      for c in 0..<classes {
        gradient[r * classes + c] = Float((p[c] - (c == labels[r] ? 1 : 0)) / Double(rows))
      }
    }
    return result
  }
}
