import CNNCodecs
import CNNEngine
import CNNInterchange
import CNNRecognition

/// An evaluation under way: what has been counted, and where mistakes are written.
public struct EvaluationRun {
  /// What has been counted so far.
  public private(set) var evaluation: DetailedEvaluation
  private let mistakes: MistakeFolder?

  /// An evaluation of nothing yet.
  public init(classCount: Int, mistakes: MistakeFolder?) {
    evaluation = DetailedEvaluation(classCount: classCount)
    self.mistakes = mistakes
  }

  /// Counts a picture in; nil, or why it could not be.
  ///
  /// - Throws: what writing a mistake throws.
  public mutating func add(_ reading: PictureInference.Reading) throws -> ToolFailure? {
    switch reading.result {
    case .failure(let failure): return failure
    case .success(let picture):
      guard let prediction = picture.digits.first?.prediction else { return nil }
      guard let label = reading.label else {
        return ToolFailure(
          path: reading.name,
          "the picture has no label: it is in no folder named by a label of the model", status: .badData)
      }
      evaluation.add(prediction.scores, label: label)
      if let bytes = reading.mistakenBytes {
        try mistakes?.write(
          png: bytes, truth: label, prediction: prediction.index, probability: prediction.probability,
          index: reading.index, name: reading.name)
      }
      return nil
    }
  }

  /// Counts the pictures of a data set in.
  ///
  /// - Parameter labels: the true classes.
  /// - Throws: what writing a mistake throws.
  public mutating func add(_ data: DatasetInference, labels: [Int], ensemble: RecognizerEnsemble) throws {
    let classes = ensemble.classCount
    guard classes > 0 else { return }
    for (index, label) in labels.enumerated() {
      let scores = data.scores[index * classes..<(index + 1) * classes]
      evaluation.add(scores, label: label)
      guard let mistakes else { continue }
      let prediction = Prediction(scores, labels: ensemble.labels)
      guard prediction.index != label, let picture = data.picture(index) else { continue }
      try mistakes.write(
        picture, truth: label, prediction: prediction.index, probability: prediction.probability,
        split: data.split.rawValue, index: index)
    }
  }
}
