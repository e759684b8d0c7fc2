/// How much each pixel of an input matters for a class.
public struct SaliencyMap: Sendable, Equatable {
  /// What was computed.
  public let method: Saliency.Method
  /// The class's place among the outputs.
  public let classIndex: Int
  /// The class's probability for the whole input.
  public let probability: Double
  /// The number of rows, those of the input.
  public let height: Int
  /// The number of columns, those of the input.
  public let width: Int
  /// [height, width], in the method's own measure.
  public let values: [Float]

  /// The values as parts of the greatest: from 0, which negative ones become too, to 1. All 0 where none is positive.
  public var normalized: [Float] {
    guard let greatest = values.max(), greatest > 0 else { return values.map { _ in 0 } }
    return values.map { max($0, 0) / greatest }
  }
}
