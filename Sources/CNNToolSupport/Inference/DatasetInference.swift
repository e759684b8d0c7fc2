import CNNCodecs
import CNNEngine
import CNNInterchange
import CNNModelFile
import CNNRecognition

/// One split of a data set, with what the models say of it.
public struct DatasetInference {
  /// The split: `test`.
  public let split: DatasetSplit
  /// The scores: [N, classes].
  public let scores: ClassScores
  /// The true classes as the models number them, or nil where the data have no labels.
  public let labels: [Int]?
  private let pictures: DatasetPictures

  /// Runs `ensemble` over a split of a data set: the one asked for, else test, else validation, else training.
  ///
  /// - Throws: `ToolFailure` if there is no such split, or its pictures don't fit the models.
  public init(_ data: ModelFile, path: String, split wanted: DatasetSplit?, ensemble: RecognizerEnsemble)
    throws(ToolFailure)
  {
    let size = ensemble.inputSize
    pictures = try DatasetPictures(
      data, path: path, splits: wanted.map { [$0] } ?? [.test, .valid, .train], height: size.height,
      width: size.width)
    split = pictures.split
    scores =
      switch pictures.values {
      case .inputs(let inputs): ensemble.scores(inputs: inputs)
      case .bytes(let bytes): ensemble.scores(pixels: bytes)
      }
    labels = data.tensor(named: "\(split.rawValue).labels")?.integers().map {
      Self.classes($0, names: data.manifest.labels, of: ensemble)
    }
  }

  /// A picture of the data, as `DatasetPictures` draws it.
  func picture(_ index: Int) -> GrayImage? { pictures.picture(index) }

  /// The model's numbers for the data's labels: by name where the model knows all names that occur, else as they
  /// are. A digit set without names of its own still fits a model that calls its classes A to J.
  private static func classes(_ labels: [Int64], names: [String], of ensemble: RecognizerEnsemble) -> [Int] {
    let places = Dictionary(
      ensemble.labels.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let byName = labels.map { label in
      names.indices.contains(Int(label)) ? places[names[Int(label)]] : nil
    }
    if byName.allSatisfy({ $0 != nil }) { return byName.compactMap { $0 } }
    return labels.map { Int($0) }
  }
}
