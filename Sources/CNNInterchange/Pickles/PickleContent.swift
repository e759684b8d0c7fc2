import CNNCodecs

/// What a pickle is for: pictures with labels, or weights.
enum PickleContent {
  case dataset([LabelledArrays])
  case weights(ForeignWeights)

  /// Finds out by the shape of the value alone: a dict with names such as `train_img`, or a tuple of (images, labels)
  /// pairs, is a data set; a dict, a list or a stream of arrays is weights.
  ///
  /// - Parameters:
  ///   - name: the file's name, for the split of a single pair.
  /// - Throws: `InterchangeError` for a value that is neither.
  init(_ pickle: Pickle, name: String) throws(InterchangeError) {
    if pickle.roots.count == 1, let root = pickle.roots.first {
      if let splits = try Self.dictionary(root, in: pickle, name: name) {
        self = .dataset(splits)
        return
      }
      if let splits = Self.pairs(root, in: pickle, name: name) {
        self = .dataset(splits)
        return
      }
      if let entries = pickle.entries(of: root) {
        var arrays: [NamedArray] = []
        try Self.collect(entries, in: pickle, prefix: "", into: &arrays)
        guard !arrays.isEmpty else { throw InterchangeError.notUsable("an empty dictionary") }
        // Python 2, which kept no order in dicts, wrote no protocol above 2.
        self = .weights(
          try ForeignWeights(named: arrays, keepsOrder: pickle.protocols.allSatisfy { $0 > 2 }))
        return
      }
    }
    var arrays: [NamedArray] = []
    for (index, root) in pickle.roots.enumerated() {
      let path = pickle.roots.count == 1 ? "" : "[\(index)]"
      try Self.collect(root, in: pickle, path: path, into: &arrays)
    }
    self = .weights(ForeignWeights(ordered: arrays))
  }

  // MARK: Data sets

  /// A dict whose keys say which pictures and labels its arrays are, such as that of *Deep Learning from Scratch*.
  private static func dictionary(
    _ root: Pickle.ID, in pickle: Pickle, name: String
  ) throws(InterchangeError) -> [LabelledArrays]? {
    guard let entries = pickle.entries(of: root) else { return nil }
    var arrays: [NamedArray] = []
    for (key, value) in entries {
      guard let key = pickle.text(of: key), NamedArray.isFit(key), let array = pickle.array(of: value) else {
        return nil
      }
      arrays.append(NamedArray(name: key, array: array))
    }
    return try NamedPictures.splits(of: arrays, fileName: name)
  }

  /// A tuple or list of (images, labels) pairs, or one such pair.
  private static func pairs(_ root: Pickle.ID, in pickle: Pickle, name: String) -> [LabelledArrays]? {
    if let split = pair(root, in: pickle, DatasetSplit(stem: name), place: "") { return [split] }
    guard let elements = sequence(root, in: pickle) else { return nil }
    guard
      let order = elements.count == 1
        ? [DatasetSplit(stem: name)] : DatasetSplit.order(count: elements.count)
    else { return nil }
    var splits: [LabelledArrays] = []
    for (index, (element, split)) in zip(elements, order).enumerated() {
      guard let split = pair(element, in: pickle, split, place: "[\(index)]") else { return nil }
      splits.append(split)
    }
    return splits
  }

  private static func pair(_ id: Pickle.ID, in pickle: Pickle, _ split: DatasetSplit, place: String)
    -> LabelledArrays?
  {
    guard let elements = sequence(id, in: pickle), elements.count == 2,
      let images = pickle.array(of: elements[0]), let labels = pickle.array(of: elements[1])
    else { return nil }
    return LabelledArrays(images: images, labels: labels, split: split, place: place)
  }

  /// The members of a tuple or list.
  private static func sequence(_ id: Pickle.ID, in pickle: Pickle) -> [Pickle.ID]? {
    guard [.tuple, .list].contains(pickle.kind(of: id)) else { return nil }
    return pickle.elements(of: id).map { Array($0) }
  }

  // MARK: Weights

  /// The arrays of a dict, those of dicts in it with slashes in their names (`Dense_0/kernel`), as deep as networks are
  /// written: eight levels.
  private static func collect(
    _ entries: PickleEntries, in pickle: Pickle, prefix: String, into arrays: inout [NamedArray],
    depth: Int = 0
  ) throws(InterchangeError) {
    for (key, value) in entries {
      guard let text = pickle.text(of: key) else {
        throw .notUsable("a pickled dictionary with \(pickle.typeName(of: key)) among its keys")
      }
      let name = prefix + text
      guard NamedArray.isFit(name) else {
        throw .notUsable("a pickled dictionary with the key \(name.quotedForMessage)")
      }
      if let array = pickle.array(of: value) {
        guard arrays.count < 65_536 else {
          throw .notUsable("a pickled dictionary of more than 65536 arrays")
        }
        arrays.append(NamedArray(name: name, array: array))
      } else if let inner = pickle.entries(of: value), depth < 8, !inner.isEmpty {
        try collect(inner, in: pickle, prefix: "\(name)/", into: &arrays, depth: depth + 1)
      } else {
        throw .notUsable("a pickled dictionary whose '\(name)' is \(pickle.typeName(of: value))")
      }
    }
  }

  /// The arrays of lists and tuples in order, those of nested ones in their place, as deep as networks are written:
  /// four levels.
  private static func collect(
    _ id: Pickle.ID, in pickle: Pickle, path: String, into arrays: inout [NamedArray], depth: Int = 0
  ) throws(InterchangeError) {
    if let array = pickle.array(of: id) {
      arrays.append(NamedArray(name: path.isEmpty ? "[0]" : path, array: array))
      return
    }
    guard depth < 4, arrays.count < 65_536, let elements = sequence(id, in: pickle), !elements.isEmpty else {
      throw .notUsable("a pickle of \(pickle.typeName(of: id))")
    }
    for (index, element) in elements.enumerated() {
      try collect(element, in: pickle, path: "\(path)[\(index)]", into: &arrays, depth: depth + 1)
    }
  }
}
