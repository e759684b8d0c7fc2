import CNNCodecs
import CNNEngine
import CNNInterchange
import CNNModelFile
import CNNRecognition

/// One split of a data set, ready for a recogniser.
public struct DatasetInference {
  /// The split: `test`.
  public let split: DatasetSplit
  /// The raw outputs: [N, classes].
  public let logits: [Float]
  /// The true classes as the model numbers them, or nil where the data have no labels.
  public let labels: [Int]?

  /// Runs `recognizer` over a split of a data set: the one asked for, else test, else validation, else training.
  ///
  /// - Throws: `ToolFailure` if there is no such split, or its pictures don't fit the model.
  public init(_ data: ModelFile, path: String, split wanted: DatasetSplit?, recognizer: DigitRecognizer)
    throws(ToolFailure)
  {
    let candidates = wanted.map { [$0] } ?? [.test, .valid, .train]
    guard let split = candidates.first(where: { data.tensor(named: "\($0.rawValue).images") != nil }),
      let images = data.tensor(named: "\(split.rawValue).images")
    else {
      throw ToolFailure(
        path: path, "the data has no split '\(wanted?.rawValue ?? "test")'", status: .badData)
    }
    let size = recognizer.inputSize
    guard images.shape.dropFirst() == [size.height, size.width] else {
      throw ToolFailure(
        path: path,
        "the pictures are \(NumberFormat.shape(Array(images.shape.dropFirst()))), and the model takes "
          + "\(size.height)x\(size.width)", status: .badData)
    }
    self.split = split
    logits =
      images.elementType == .uint8
      ? recognizer.logits(pixels: images.bytes) : recognizer.logits(inputs: images.floats())
    labels = data.tensor(named: "\(split.rawValue).labels")?.integers().map {
      Self.classes($0, names: data.manifest.labels, of: recognizer)
    }
  }

  /// The model's numbers for the data's labels: by name where the model knows all names that occur, else as they
  /// are. A digit set without names of its own still fits a model that calls its classes A to J.
  private static func classes(_ labels: [Int64], names: [String], of recognizer: DigitRecognizer) -> [Int] {
    let places = Dictionary(
      recognizer.labels.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let byName = labels.map { label in
      names.indices.contains(Int(label)) ? places[names[Int(label)]] : nil
    }
    if byName.allSatisfy({ $0 != nil }) { return byName.compactMap { $0 } }
    return labels.map { Int($0) }
  }
}
