/// A training that cannot begin or go on.
public enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A split without examples.
  case noExamples(String)
  /// Examples of another shape than the network's input.
  case inputShape(String, expected: [Int], found: [Int])
  /// A label that is none of the network's classes.
  case label(String, index: Int, label: Int, classes: Int)
  /// Inputs that have an infinity or something that is no number.
  case input(String, index: Int)
  /// A batch size that is not positive.
  case batchSize(Int)
  /// A schedule or a stopping rule that goes by validation data, without such data.
  case needsValidation
  /// Every layer is frozen.
  case nothingToTrain
  /// The loss is no longer a number: in which step, and in which layer that began where it can be told.
  case diverged(step: Int, layer: String?)
  /// A training that came to its end with weights that give no finite loss on these examples.
  case worthless(String)
  /// A checkpoint that is not one of this training: what differs, here and there.
  case otherCheckpoint(what: String, here: String, there: String)
  /// A checkpoint of another network.
  case otherNetwork
  /// A checkpoint whose state cannot be read.
  case checkpoint(String)

  private static let whatToTry = "; try a smaller learning rate, a warm-up, or another initialisation"

  /// One helpful sentence.
  public var description: String {
    switch self {
    case .noExamples(let split): "there are no \(split) examples"
    case .inputShape(let split, let expected, let found):
      "the \(split) pictures are \(found), and the network takes \(expected)"
    case .label(let split, let index, let label, let classes):
      "label \(index) of the \(split) examples is \(label), and the network has \(classes) classes"
    case .input(let split, let index):
      "example \(index) of the \(split) examples has a value that is infinite or no number"
    case .batchSize(let size): "a batch of \(size) examples cannot be trained on"
    case .needsValidation:
      "this schedule or stopping rule goes by validation data, and there are none; "
        + "give a valid split or --validation with a fraction"
    case .nothingToTrain: "every layer is frozen, so there is nothing to train"
    case .diverged(let step, let layer):
      "the loss is no longer a number in step \(step)" + (layer.map { ", beginning in layer \($0)" } ?? "")
        + Self.whatToTry
    case .worthless(let split):
      "the loss on the \(split) examples is no number behind the last step" + Self.whatToTry
    case .otherCheckpoint(let what, let here, let there):
      "the checkpoint belongs to another training: its \(what) is \(there), and here it is \(here)"
    case .otherNetwork: "the checkpoint belongs to another network"
    case .checkpoint(let problem): "the checkpoint cannot be gone on from: \(problem)"
    }
  }
}
