import CNNEngine
import CNNRecognition
import Testing

/// Predictions of a network whose outputs are no numbers.
@Suite struct DoubtTests {
  @Test func whatIsNoNumberIsDoubted() {
    let prediction = Prediction(.logits([.nan, 1]), labels: ["0", "1"])
    #expect(prediction.label(confidence: 0) == "?")
    #expect(prediction.margin == 0)
    let certain = Prediction(.logits([20, -20]), labels: ["0", "1"])
    #expect(certain.label(confidence: 0.99) == "0" && certain.label(confidence: 0) == "0")
  }
}
