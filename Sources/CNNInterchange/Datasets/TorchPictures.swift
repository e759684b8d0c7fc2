import CNNCodecs

/// Pictures and labels in a file of PyTorch: a tuple of both, as torchvision's `training.pt` and `test.pt` are, a tuple
/// of such tuples, or a dictionary whose names say which is which, or whose dictionaries do.
enum TorchPictures {
  /// The splits, or nil where the file holds something else. What is left out is a note of the first.
  ///
  /// - Parameter fileName: says the split of a single tuple.
  /// - Throws: `InterchangeError` for labels without pictures, and for a tensor that is neither beside some that are.
  static func splits(of file: TorchFile, fileName: String) throws(InterchangeError) -> [LabelledArrays]? {
    guard let first = file.groups.first else { return nil }
    let root = file.groups.first { $0.path.isEmpty }
    var splits: [LabelledArrays]?
    if let root {
      if let split = pair(root, DatasetSplit(stem: fileName)) {
        splits = [split]
      } else {
        splits = try NamedPictures.splits(of: arrays([root]), fileName: fileName)
      }
    } else if first.path.hasPrefix("[") {
      splits = pairs(file.groups)
    } else {
      splits = try NamedPictures.splits(of: arrays(file.groups), fileName: fileName)
    }
    let others = root.map { _ in file.groups.filter { !$0.path.isEmpty }.map(\.path) } ?? []
    let left = others + file.values.map { "\($0.path) (\($0.text))" }
    if !left.isEmpty { splits?[0].notes.append("left out: \(ForeignWeights.list(left))") }
    return splits
  }

  /// The tensors of groups, each under its name behind the group's: `train_x` of a dictionary in a dictionary.
  private static func arrays(_ groups: [TorchFile.Group]) -> [NamedArray] {
    groups.flatMap { group in
      group.tensors.map {
        NamedArray(name: group.path.isEmpty ? $0.name : "\(group.path)_\($0.name)", array: $0.array)
      }
    }
  }

  /// The tuples of a tuple, each a split.
  private static func pairs(_ groups: [TorchFile.Group]) -> [LabelledArrays]? {
    guard let order = DatasetSplit.order(count: groups.count) else { return nil }
    let splits = zip(groups, order).compactMap { pair($0, $1) }
    return splits.count == groups.count ? splits : nil
  }

  /// The tuple that a group is.
  private static func pair(_ group: TorchFile.Group, _ split: DatasetSplit) -> LabelledArrays? {
    let tensors = group.tensors
    guard tensors.count == 2, tensors[0].name == "[0]", tensors[1].name == "[1]" else { return nil }
    let (images, labels) = (tensors[0].array, tensors[1].array)
    if let pair = LabelledArrays(images: images, labels: labels, split: split, place: group.path) {
      return pair
    }
    // No weights are bytes: what is wrong with such labels is to be said.
    guard images.elementType == .uint8, images.shape.count >= 3 else { return nil }
    return LabelledArrays(
      split: split, images: images, imagesName: "\(group.path)[0]", labels: labels,
      labelsName: "\(group.path)[1]")
  }
}
