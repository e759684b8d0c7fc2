import CNNCodecs

/// Pictures and labels in a file of PyTorch: a tuple of both, as torchvision's `training.pt` and `test.pt` are, or a
/// dictionary whose names say which is which.
enum TorchPictures {
  /// The splits, or nil where the file holds something else.
  ///
  /// - Parameter fileName: says the split of a tuple.
  /// - Throws: `InterchangeError` for labels without pictures, and for a tensor that is neither beside some that are.
  static func splits(of file: TorchFile, fileName: String) throws(InterchangeError) -> [LabelledArrays]? {
    guard file.groups.count == 1, file.groups[0].path.isEmpty else { return nil }
    let tensors = file.groups[0].tensors
    if tensors.count == 2, tensors[0].name == "[0]", tensors[1].name == "[1]" {
      return LabelledArrays(
        images: tensors[0].array, labels: tensors[1].array, split: DatasetSplit(stem: fileName)
      ).map { [$0] }
    }
    return try NamedPictures.splits(
      of: tensors.map { NamedArray(name: $0.name, array: $0.array) }, fileName: fileName)
  }
}
