import CNNCodecs
import CNNFiles

/// Finds which label file belongs to which image file: IDX files, tables, and sheets of pictures.
public enum IDXPairing {
  /// A file that holds one array: pictures (rank 2 and up) or labels (rank 1).
  public struct File: Sendable {
    /// The file's name, for its stem and for messages.
    public let name: String
    /// What it holds.
    public let array: NumericArray
    /// What was done to the array already, in a few words.
    public let notes: [String]

    /// Creates a file.
    public init(name: String, array: NumericArray, notes: [String] = []) {
      self.name = name
      self.array = array
      self.notes = notes
    }

    var count: Int { array.shape.first ?? 0 }
    var isLabels: Bool { array.shape.count == 1 }
  }

  /// What is left of a file's name without what says that it holds images or labels:
  /// `t10k-images-idx3-ubyte.gz` and `t10k-labels.idx1-ubyte` both have the stem `t10k`, `x_test.npy` and `y_test.npy`
  /// `test`.
  public static func stem(of path: String) -> String {
    let base = InputFile.baseName(of: path)
    let noise: Set<String> = [
      "gz", "images", "image", "labels", "label", "ubyte", "idx", "bin", "data", "csv", "tsv", "txt", "png",
      "sheet", "npy", "npz", "x", "y", "img", "imgs",
    ]
    let words = base.lowercased().split { "-_. ".contains($0) }.map(String.init)
    let kept = words.filter { word in
      !noise.contains(word) && !(word.hasPrefix("idx") && word.dropFirst(3).allSatisfy(\.isNumber))
    }
    return kept.joined(separator: "-")
  }

  /// Pairs images with labels: first by equal stems, then what is left by count where that is unambiguous and their
  /// names don't say different splits (`train-images` and `t10k-labels`).
  ///
  /// - Parameters:
  ///   - files: in any order.
  ///   - split: the split that all of them belong to, whatever their names say.
  ///   - requiresLabels: whether images without labels are an error.
  /// - Throws: `InterchangeError` for counts that differ, for files without a partner, and where more than one
  ///   pairing is possible.
  public static func pair(_ files: [File], split: DatasetSplit? = nil, requiresLabels: Bool)
    throws(InterchangeError) -> [LabelledArrays]
  {
    var images = files.filter { !$0.isLabels }
    var labels = files.filter(\.isLabels)
    var pairs: [(images: File, labels: File?)] = []

    // By stem. A stem with several files on either side is left to the counts.
    for image in images {
      let stem = stem(of: image.name)
      guard images.count(where: { Self.stem(of: $0.name) == stem }) == 1 else { continue }
      let partners = labels.filter { Self.stem(of: $0.name) == stem }
      guard partners.count == 1, let partner = partners.first else { continue }
      guard image.count == partner.count else {
        throw .countMismatch(
          images: image.name, imageCount: image.count, labels: partner.name, labelCount: partner.count)
      }
      pairs.append((image, partner))
    }
    images.removeAll { image in pairs.contains { $0.images.name == image.name } }
    labels.removeAll { label in pairs.contains { $0.labels?.name == label.name } }

    // By count.
    if let image = images.first, images.count == 1, let label = labels.first, labels.count == 1 {
      guard image.count == label.count else {
        throw .countMismatch(
          images: image.name, imageCount: image.count, labels: label.name, labelCount: label.count)
      }
      guard split != nil || !contradict(image, label) else {
        throw .ambiguousPairing(images: [image.name], labels: [label.name])
      }
      pairs.append((image, label))
      images = []
      labels = []
    }
    for image in images where !labels.isEmpty {
      let partners = labels.filter { $0.count == image.count && (split != nil || !contradict(image, $0)) }
      guard partners.count == 1, let partner = partners.first,
        images.count(where: { $0.count == image.count }) == 1
      else {
        if partners.isEmpty { continue }
        throw .ambiguousPairing(images: images.map(\.name), labels: labels.map(\.name))
      }
      pairs.append((image, partner))
      labels.removeAll { $0.name == partner.name }
    }
    images.removeAll { image in pairs.contains { $0.images.name == image.name } }

    if let label = labels.first {
      if let image = images.first {
        guard image.count != label.count else {
          throw .ambiguousPairing(images: images.map(\.name), labels: labels.map(\.name))
        }
        throw .countMismatch(
          images: image.name, imageCount: image.count, labels: label.name, labelCount: label.count)
      }
      throw .missingImages(labels: label.name)
    }
    if let image = images.first, requiresLabels { throw .missingLabels(images: image.name) }
    pairs += images.map { ($0, nil) }

    return pairs.map { pair in
      var arrays = LabelledArrays(
        split: split ?? DatasetSplit(stem: stem(of: pair.images.name)), images: pair.images.array,
        imagesName: pair.images.name, labels: pair.labels?.array, labelsName: pair.labels?.name ?? "")
      arrays.notes = pair.images.notes
      arrays.labelNotes = pair.labels?.notes ?? []
      return arrays
    }
  }

  /// Whether the names say different splits outright.
  private static func contradict(_ images: File, _ labels: File) -> Bool {
    guard let one = DatasetSplit.stated(by: stem(of: images.name)),
      let other = DatasetSplit.stated(by: stem(of: labels.name))
    else { return false }
    return one != other
  }
}
