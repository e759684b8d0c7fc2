import CNNCodecs

/// Finds the arrays of layers in a file's weights, and keeps account of how many numbers are taken.
struct KerasStore {
  /// What the least file may give: averages over windows are weights that no file has.
  private static let leastBudget = 1 << 22

  private let form: KerasFile.Form
  /// The group that the layers are in.
  private let base: HDF5Group
  private var index = KerasGroupIndex()
  private var reader = HDF5ArrayReader(limit: KerasFile.decodingLimit)
  private var budget: Int
  private let limit: Int

  init(_ file: KerasFile) throws(HDF5Error) {
    form = file.form
    base =
      file.form == .named ? file.weights["model_weights"]?.group ?? file.weights.root : file.weights.root
    // Each array is there once, however many names it has.
    var count = 0
    for entry in try file.weights.datasets() {
      let elements = entry.dataset.shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
      count = count.addingReportingOverflow(max(elements, 0)).partialValue
    }
    limit = max(Self.leastBudget, min(max(count, 0), 1 << 40) * 4)
    budget = limit
  }

  /// Accounts for so many more weights.
  ///
  /// - Throws: `KerasImportError` when there are more than a file of this size would have.
  mutating func charge(_ count: Int) throws(KerasImportError) {
    guard count <= budget else { throw .tooManyWeights(limit: limit) }
    budget -= count
  }

  /// The arrays of a layer in the order of `roles`, each of which has one or more names in Keras: `kernel`.
  ///
  /// - Throws: `KerasImportError` that names the layer if there are more, fewer or others; `HDF5Error` for one that
  ///   cannot be read.
  mutating func arrays(of layer: KerasLayer, _ roles: [[String]]) throws -> [NamedArray] {
    let found = form == .variables ? try variables(of: layer) : try named(of: layer)
    guard found.count == roles.count else {
      let needed = roles.isEmpty ? "none" : roles.map { $0[0] }.joined(separator: ", ")
      throw layer.error(
        "the file has \(found.count) array\(found.count == 1 ? "" : "s") for it, and \(roles.count) (\(needed)) "
          + "\(roles.count == 1 ? "is" : "are") needed")
    }
    var result: [NamedArray] = []
    for (index, names) in roles.enumerated() {
      // Without names, or with names of the user's own, the order says which is which.
      let match = found.first { names.contains($0.role) } ?? found[index]
      guard match.role.isEmpty || names.contains(match.role) || !isKnown(match.role, in: roles) else {
        throw layer.error("the file has no array for its \(names[0])")
      }
      let array = try reader.array(of: match.dataset, opaqueAs: .bfloat16)
      try charge(array.elementCount)
      result.append(NamedArray(name: "\(layer.name)/\(names[0])", array: array))
    }
    return result
  }

  private func isKnown(_ role: String, in roles: [[String]]) -> Bool {
    roles.contains { $0.contains(role) }
  }

  private typealias Found = (role: String, dataset: HDF5Dataset)

  /// The arrays `0`, `1`, ... in the group `vars`.
  private mutating func variables(of layer: KerasLayer) throws -> [Found] {
    var group = base
    for name in layer.path {
      // The last versions before Keras 3 called the list of a model's layers otherwise.
      let next =
        index.object(name, in: group)?.group
        ?? (name == "layers" ? index.object("_layer_checkpoint_dependencies", in: group)?.group : nil)
      guard let next else { return [] }
      group = next
    }
    guard let variables = index.object("vars", in: group)?.group else { return [] }
    var found: [Found] = []
    while let dataset = index.object(String(found.count), in: variables)?.dataset {
      found.append(("", dataset))
    }
    return found
  }

  /// The arrays that the attribute `weight_names` lists.
  private mutating func named(of layer: KerasLayer) throws -> [Found] {
    guard let group = index.object(layer.group, in: base)?.group else { return [] }
    var found: [Found] = []
    for name in try index.names("weight_names", of: group) {
      let parts = name.parts
      guard let last = parts.last else { continue }
      // All layers of a model within have their arrays in the model's group.
      if layer.isNested, parts.dropLast().last?.isExactly(layer.name) != true { continue }
      guard let dataset = index.object(at: parts, from: group)?.dataset else {
        throw layer.error(
          "its weight_names list \(name.whole.quotedForMessage), and the file has no such array")
      }
      found.append((String(last.prefix { $0 != ":" }), dataset))
    }
    return found
  }
}
