import CNNCodecs

/// The weights of a file of PyTorch, and what was not taken of it.
public struct TorchWeights: Sendable {
  /// The tensors of the file's `state_dict`.
  public private(set) var weights: ForeignWeights
  /// What was done to the names and what was left out, as sentences without a full stop; empty where the file is a
  /// plain `state_dict`.
  public var notes: [String] { weights.notes }

  /// Takes the tensors of `file.stateDictionary`, and the prefixes of wrappers off their names where all have them; of a
  /// file of nothing but lists and tuples all tensors in their order.
  ///
  /// - Throws: `InterchangeError` if no group of tensors is the `state_dict`, or if its names follow no known rule.
  public init(_ file: TorchFile) throws(InterchangeError) {
    let places = file.groups.flatMap { group in [group.path] + group.tensors.map(\.name) }
    // The root has no name, and neither has a tensor that is the root.
    if places.contains(where: { !$0.isEmpty }), places.allSatisfy({ $0.isEmpty || $0.hasPrefix("[") }) {
      let arrays = file.groups.flatMap { group in
        group.tensors.map { NamedArray(name: group.path + $0.name, array: $0.array) }
      }
      weights = ForeignWeights(arrays, naming: .parameters)
      return
    }
    guard let group = file.stateDictionary else {
      let paths = ForeignWeights.list(file.groups.map(\.path))
      throw .notUsable(
        "a file of PyTorch with several groups of tensors and no state_dict among them (\(paths))")
    }
    if group.tensors.count == 1, group.tensors[0].name.isEmpty {
      throw .notUsable(
        "a single tensor of shape \(group.tensors[0].array.shape) without a name")
    }
    weights = try ForeignWeights(named: group.tensors.map { NamedArray(name: $0.name, array: $0.array) })
    let others = file.groups.filter { !$0.path.isExactly(group.path) }
    let left = Self.counts(others) + file.values.map { "\($0.path) (\($0.text))" }
    if !left.isEmpty { weights.notes.append("left out: \(ForeignWeights.list(left))") }
  }

  /// How many tensors there are under each entry of the root: an optimizer has a group for each parameter.
  private static func counts(_ groups: [TorchFile.Group]) -> [String] {
    var counts: [(entry: String, count: Int)] = []
    for group in groups {
      let entry = group.path.prefix { $0 != "." && $0 != "[" }
      let name = entry.isEmpty ? "the root" : String(entry)
      if let last = counts.last, last.entry.isExactly(name) {
        counts[counts.count - 1].count += group.tensors.count
      } else {
        counts.append((name, group.tensors.count))
      }
    }
    return counts.map { "\($0.count) \($0.count == 1 ? "tensor" : "tensors") in \($0.entry)" }
  }
}
