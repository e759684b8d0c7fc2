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
  private let images: Tensor
  /// The pictures, where they are no bytes.
  private let floats: [Float]?

  /// Runs `ensemble` over a split of a data set: the one asked for, else test, else validation, else training.
  ///
  /// - Throws: `ToolFailure` if there is no such split, or its pictures don't fit the models.
  public init(_ data: ModelFile, path: String, split wanted: DatasetSplit?, ensemble: RecognizerEnsemble)
    throws(ToolFailure)
  {
    let candidates = wanted.map { [$0] } ?? [.test, .valid, .train]
    guard let split = candidates.first(where: { data.tensor(named: "\($0.rawValue).images") != nil }),
      let images = data.tensor(named: "\(split.rawValue).images")
    else {
      throw ToolFailure(
        path: path, "the data has no split '\(wanted?.rawValue ?? "test")'", status: .badData)
    }
    let size = ensemble.inputSize
    guard images.shape.dropFirst() == [size.height, size.width] else {
      throw ToolFailure(
        path: path,
        "the pictures are \(NumberFormat.shape(Array(images.shape.dropFirst()))), and the model takes "
          + "\(size.height)x\(size.width)", status: .badData)
    }
    self.split = split
    self.images = images
    floats = images.elementType == .uint8 ? nil : images.floats()
    scores = floats.map { ensemble.scores(inputs: $0) } ?? ensemble.scores(pixels: images.bytes)
    labels = data.tensor(named: "\(split.rawValue).labels")?.integers().map {
      Self.classes($0, names: data.manifest.labels, of: ensemble)
    }
  }

  /// A picture of the data; numbers that are no bytes are spread from the least, black, to the greatest, white.
  func picture(_ index: Int) -> GrayImage? {
    guard images.shape.count == 3, (0..<images.shape[0]).contains(index) else { return nil }
    let (height, width) = (images.shape[1], images.shape[2])
    let range = index * height * width..<(index + 1) * height * width
    guard !range.isEmpty else { return nil }
    guard let values = floats?[range] else {
      return GrayImage(width: width, height: height, pixels: Array(images.bytes[range]))
    }
    guard let least = values.min(), let greatest = values.max() else { return nil }
    return GrayImage(
      width: width, height: height,
      pixels: values.map { value in
        let share = (value - least) / (greatest - least) * 255
        return UInt8(exactly: share.rounded()) ?? 0
      })
  }

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
