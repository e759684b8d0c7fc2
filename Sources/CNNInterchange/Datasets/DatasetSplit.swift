import CNNCodecs

/// The part of a data set that pictures belong to.
public enum DatasetSplit: String, Sendable, CaseIterable {
  /// What a network learns from.
  case train
  /// What settings are chosen by.
  case valid
  /// What the result is measured on.
  case test

  /// The split that a file's name says: a part of the name that begins with `t10k` or `test` is the test split,
  /// `val` or one that begins with `valid` the validation split, anything else training.
  public init(stem: String) {
    let words = stem.lowercased().split { !$0.isLetter && !$0.isNumber }
    if words.contains(where: { $0.hasPrefix("t10k") || $0.hasPrefix("test") }) {
      self = .test
    } else if words.contains(where: { $0 == "val" || $0.hasPrefix("valid") }) {
      self = .valid
    } else {
      self = .train
    }
  }
}

/// Pictures with their labels, as a foreign file holds them.
public struct LabelledArrays: Sendable {
  /// The file, or the file and the place in it, for messages.
  public let name: String
  /// Which split they are.
  public let split: DatasetSplit
  /// [N, ...]: the pictures.
  public let images: NumericArray
  /// [N], or [N, classes] one-hot; nil where there are none.
  public let labels: NumericArray?
  /// What pixels are divided by where they are bytes.
  public let divisor: Double

  /// Creates a split.
  public init(
    name: String, split: DatasetSplit, images: NumericArray, labels: NumericArray?, divisor: Double = 255
  ) {
    self.name = name
    self.split = split
    self.images = images
    self.labels = labels
    self.divisor = divisor
  }
}
