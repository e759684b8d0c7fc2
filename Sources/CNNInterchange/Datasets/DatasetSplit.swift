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
    self = Self.stated(by: stem) ?? .train
  }

  /// The split that a name says outright, training too; nil if it says none.
  package static func stated(by stem: String) -> DatasetSplit? {
    let words = stem.lowercased().split { !$0.isLetter && !$0.isNumber }
    if words.contains(where: { $0.hasPrefix("t10k") || $0.hasPrefix("test") }) {
      return .test
    } else if words.contains(where: { $0 == "val" || $0.hasPrefix("valid") }) {
      return .valid
    }
    return words.contains { $0.hasPrefix("train") } ? .train : nil
  }

  /// What several splits without names are, in their order: training and test data, with validation data between them
  /// if there are three. Nil for other numbers.
  static func order(count: Int) -> [DatasetSplit]? {
    switch count {
    case 2: [.train, .test]
    case 3: [.train, .valid, .test]
    default: nil
    }
  }
}

/// Pictures with their labels, as a foreign file holds them.
public struct LabelledArrays: Sendable {
  /// Where the pictures stand: a file, or a place in one.
  public let imagesName: String
  /// Where the labels stand.
  public let labelsName: String
  /// Which split they are.
  public let split: DatasetSplit
  /// [N, ...]: the pictures.
  public let images: NumericArray
  /// [N], or [N, classes] one-hot; nil where there are none.
  public let labels: NumericArray?
  /// What pixels are divided by where they are bytes.
  public let divisor: Double
  /// Whether rows and columns of the pictures are to be exchanged.
  public var isTransposed = false
  /// The label that is the first class: what is subtracted from class numbers. One-hot rows have none.
  public var firstLabel = 0
  /// What was done to the pixels already, in a few words.
  public var notes: [String] = []
  /// What was done to the labels already, or how they were found, in a few words.
  var labelNotes: [String] = []

  /// Creates a split.
  public init(
    split: DatasetSplit, images: NumericArray, imagesName: String, labels: NumericArray?, labelsName: String,
    divisor: Double = 255
  ) {
    self.imagesName = imagesName
    self.labelsName = labelsName
    self.split = split
    self.images = images
    self.labels = labels
    self.divisor = divisor
  }

  /// The split of a tuple or list whose two members are pictures and their labels, or nil for any other two.
  ///
  /// They are of the same length, and the second holds class numbers, in a row or a column, or rows of zeros and ones,
  /// fewer than pixels. A column of floating-point numbers is none of these: it is the bias that stands behind a weight.
  ///
  /// - Parameter place: where the tuple stands in the file.
  init?(images: NumericArray, labels: NumericArray, split: DatasetSplit, place: String = "") {
    guard images.shape.count >= 2, images.shape[0] == labels.shape.first else { return nil }
    let isRow = labels.shape.count == 1 || labels.shape.dropFirst() == [1]
    let isClasses = isRow && !labels.elementType.isFloatingPoint
    let isOneHot =
      labels.shape.count == 2 && !isRow && images.elementCount > labels.elementCount && Self.isBinary(labels)
    guard isClasses || isOneHot else { return nil }
    self.init(
      split: split, images: images, imagesName: place + "[0]", labels: labels, labelsName: place + "[1]")
  }

  /// Whether the first rows of a table have zeros and ones alone, as one-hot rows do and weights don't.
  private static func isBinary(_ table: NumericArray) -> Bool {
    var beginning = table
    if table.memoryOrder == .rowMajor, table.shape[0] > 64 {
      let shape = [64, table.shape[1]]
      let start = table.range.lowerBound
      beginning =
        NumericArray(
          elementType: table.elementType, shape: shape, byteOrder: table.byteOrder, storage: table.storage,
          range: start..<start + 64 * table.shape[1] * table.elementType.byteCount) ?? table
    }
    let values = beginning.floats().values
    return values.allSatisfy { $0 == 0 || $0 == 1 } && values.contains(1)
  }

  /// The same as another split, its arrays' names behind `prefix`.
  init(_ other: LabelledArrays, split: DatasetSplit, prefix: String) {
    self.init(
      split: split, images: other.images, imagesName: prefix + other.imagesName, labels: other.labels,
      labelsName: prefix + other.labelsName, divisor: other.divisor)
    isTransposed = other.isTransposed
    firstLabel = other.firstLabel
    notes = other.notes
    labelNotes = other.labelNotes
  }

  /// The same with more to say of the labels.
  func adding(labelNotes: [String]) -> LabelledArrays {
    var split = self
    split.labelNotes += labelNotes
    return split
  }
}
