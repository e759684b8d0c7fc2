import CNNCodecs

/// Pictures and labels that are told by the names of arrays, as in npz files and pickled dictionaries.
///
/// | who | names |
/// | --- | --- |
/// | Keras's `mnist.npz` and most code | `x_train`, `y_train`, `x_test`, `y_test`, `x_valid`; also with `X` and `Y` |
/// | MedMNIST and others | `train_images`, `train_labels`, `val_images`, `val_labels`, ... |
/// | *Deep Learning from Scratch* | `train_img`, `train_label`, `test_img`, `test_label` |
/// | a single split, which the file's name says | `images` and `labels`, `x` and `y`, `data` and `target` or `targets` |
enum NamedPictures {
  /// The words for pictures, each with those for their labels.
  private static let words: [(images: String, labels: [String])] = [
    ("x", ["y"]), ("images", ["labels"]), ("img", ["label"]), ("image", ["label"]),
    ("data", ["labels", "targets", "target"]),
  ]
  /// The words for splits. No word is a single split.
  private static let splitWords: [(split: DatasetSplit?, words: [String])] = [
    (.train, ["train", "training"]), (.valid, ["valid", "val", "validation"]), (.test, ["test"]), (nil, [""]),
  ]

  /// The splits that the names say, or nil if they are not names of pictures.
  ///
  /// - Parameter fileName: says the split of pictures that have no word for it.
  /// - Returns: splits, of which some may have no labels.
  /// - Throws: `InterchangeError` for labels without pictures, and for an array that is neither beside some that are.
  static func splits(of arrays: [NamedArray], fileName: String) throws(InterchangeError) -> [LabelledArrays]?
  {
    var left: [String: NamedArray] = [:]
    for array in arrays {
      // Names that differ only in capitals are nobody's convention.
      guard left.updateValue(array, forKey: array.name.lowercased()) == nil else { return nil }
    }
    func take(_ words: [String], of spelling: String) -> NamedArray? {
      for word in words {
        for name in spelling.isEmpty ? [word] : ["\(word)_\(spelling)", "\(spelling)_\(word)"] {
          if let array = left.removeValue(forKey: name) { return array }
        }
      }
      return nil
    }
    var splits: [LabelledArrays] = []
    for (split, spellings) in splitWords {
      for spelling in spellings {
        for (images, labels) in words {
          // Without a word for the split, only both together are pictures and labels: a lone `x` may be anything.
          guard split != nil || labels.contains(where: { left[$0] != nil }) else { continue }
          guard let pictures = take([images], of: spelling) else { continue }
          let classes = take(labels, of: spelling)
          splits.append(
            LabelledArrays(
              split: split ?? DatasetSplit(stem: fileName), images: pictures.array, imagesName: pictures.name,
              labels: classes?.array, labelsName: classes?.name ?? ""))
        }
        guard split != nil else { continue }
        if let classes = take(["y", "labels", "label", "targets", "target"], of: spelling) {
          throw .missingImages(labels: classes.name)
        }
      }
    }
    if splits.isEmpty { return nil }
    if let other = left.values.min(by: { $0.name < $1.name }) {
      throw .unusedArray(other.name, shape: other.array.shape)
    }
    return splits
  }
}
