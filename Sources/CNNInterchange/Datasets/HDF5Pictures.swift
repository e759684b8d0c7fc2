import CNNCodecs

/// Pictures and labels at the root of an HDF5 file, told by their names as in npz files.
enum HDF5Pictures {
  /// The splits that the names say, or nil if they are not names of pictures; then no array is read.
  ///
  /// - Throws: `InterchangeError` as `NamedPictures` does, `HDF5Error` for arrays that cannot be read.
  static func splits(of file: HDF5File, fileName: String) throws -> [LabelledArrays]? {
    var datasets: [(name: String, dataset: HDF5Dataset)] = []
    for link in file.root.links {
      guard case .object(.dataset(let dataset)) = link.target, dataset.elementType != nil,
        NamedArray.isFit(link.name)
      else { continue }
      datasets.append((link.name, dataset))
    }
    guard areNamed(datasets.map(\.name), fileName: fileName) else { return nil }
    var reader = HDF5ArrayReader()
    var arrays: [NamedArray] = []
    for (name, dataset) in datasets {
      arrays.append(NamedArray(name: name, array: try reader.array(of: dataset)))
    }
    return try NamedPictures.splits(of: arrays, fileName: fileName)
  }

  /// Whether any of the names is one of pictures or labels.
  private static func areNamed(_ names: [String], fileName: String) -> Bool {
    guard let empty = NumericArray(elementType: .uint8, shape: [0], storage: [], range: 0..<0) else {
      return false
    }
    let arrays = names.map { NamedArray(name: $0, array: empty) }
    // What is missing or too much is said of the arrays themselves.
    do { return try NamedPictures.splits(of: arrays, fileName: fileName) != nil } catch { return true }
  }
}
