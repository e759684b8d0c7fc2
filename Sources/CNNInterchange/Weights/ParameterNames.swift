import CNNCodecs

/// How frameworks call the arrays of a layer: the last part of the name says which it is, what stands in front of it
/// is the layer.
///
/// `docs/importing.md` has the rules as tables.
struct ParameterNames {
  /// The native suffix of each last part.
  let suffixes: [String: String]
  /// Parts that stand in front of everything and say only what sort of array follows.
  var collections: Set<String> = []
  /// What stands in place of a layer's name in front of arrays that are no parameters; they are left out and said.
  var states: Set<String> = []

  /// PyTorch's `state_dict`.
  static let torch = ParameterNames(suffixes: [
    "weight": "weight", "bias": "bias", "running_mean": "running_mean", "running_var": "running_var",
    "num_batches_tracked": "num_batches_tracked",
  ])

  /// Chainer's `save_npz`.
  static let chainer = ParameterNames(suffixes: [
    "W": "weight", "b": "bias", "gamma": "weight", "beta": "bias", "avg_mean": "running_mean",
    "avg_var": "running_var", "N": "num_batches_tracked",
  ])

  /// Flax and Keras.
  static let kernels = ParameterNames(
    suffixes: [
      "kernel": "weight", "bias": "bias", "scale": "weight", "mean": "running_mean", "var": "running_var",
      "gamma": "weight", "beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var",
    ], collections: ["params", "batch_stats"], states: ["seed_generator_state"])

  /// The part before the layer's name in `W_conv1`, `b_conv1`.
  static let prefixes: [String: String] = ["W": "weight", "w": "weight", "b": "bias"]

  /// The last part and the parts before it, without `:0`, which TensorFlow sets behind variables.
  static func parts(of name: String) -> (layer: [Substring], last: String) {
    var name = Substring(name)
    if name.hasSuffix(":0") { name = name.dropLast(2) }
    var parts = name.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "." }
    let last = parts.popLast().map(String.init) ?? ""
    return (parts, last)
  }

  /// The layers of `arrays` in the order of their first array, and what was left out; nil if a name follows other
  /// rules.
  ///
  /// - Throws: `InterchangeError` if two arrays of a layer are the same parameter.
  func layers(of arrays: [NamedArray]) throws(InterchangeError) -> (
    layers: [ForeignLayer], left: [NamedArray]
  )? {
    var keyed: [(layer: [Substring], suffix: String, array: NamedArray)] = []
    var left: [NamedArray] = []
    for array in arrays {
      var (layer, last) = Self.parts(of: array.name)
      if states.contains(last) {
        left.append(array)
        continue
      }
      guard let suffix = suffixes[last] else { return nil }
      while let first = layer.first, collections.contains(String(first)) { layer.removeFirst() }
      guard !layer.isEmpty else { return nil }
      keyed.append((layer, suffix, array))
    }
    guard keyed.contains(where: { $0.suffix == "weight" }) else { return nil }
    return (try Self.grouped(keyed), left)
  }

  /// The layers of `W_conv1`, `b_conv1`, ...; nil if a name is another.
  ///
  /// - Throws: `InterchangeError` if two arrays of a layer are the same parameter.
  static func prefixedLayers(of arrays: [NamedArray]) throws(InterchangeError) -> [ForeignLayer]? {
    var keyed: [(layer: [Substring], suffix: String, array: NamedArray)] = []
    for array in arrays {
      let parts = array.name.split(separator: "_", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[1].isEmpty, let suffix = prefixes[String(parts[0])] else { return nil }
      keyed.append(([parts[1]], suffix, array))
    }
    return try grouped(keyed)
  }

  /// The layers of arrays without names of their own, which Keras numbers in each layer: weight and bias, or what batch
  /// normalisation has, by how many there are and how many extents they have.
  ///
  /// - Parameter layers: the parts of each layer's name, and its arrays in order.
  static func layers(
    byPlace layers: [(name: [Substring], arrays: [NamedArray])]
  ) throws(InterchangeError) -> [ForeignLayer] {
    try grouped(
      layers.flatMap { layer in
        let isBatchNorm = layer.arrays.map(\.array.shape.count) == [1, 1, 1, 1]
        let suffixes =
          isBatchNorm ? ["weight", "bias", "running_mean", "running_var"] : ["weight", "bias"]
        return layer.arrays.enumerated().map { place, array in
          // Arrays beyond these make the layer one of no known kind.
          (layer.name, place < suffixes.count ? suffixes[place] : "\(place)", array)
        }
      })
  }

  private static func grouped(
    _ keyed: [(layer: [Substring], suffix: String, array: NamedArray)]
  ) throws(InterchangeError) -> [ForeignLayer] {
    // What all layers have in front says nothing, as long as a name is left.
    var common = keyed.first.map { Array($0.layer.dropLast()) } ?? []
    for key in keyed {
      let most = min(common.count, key.layer.count - 1)
      common = Array(zip(common, key.layer.prefix(most)).prefix { $0 == $1 }.map(\.0))
    }
    var names: [String] = []
    var groups: [String: [String: NamedArray]] = [:]
    for key in keyed {
      let name = key.layer.dropFirst(common.count).joined(separator: ".")
      if groups[name] == nil { names.append(name) }
      if let other = groups[name, default: [:]].updateValue(key.array, forKey: key.suffix) {
        throw .sameParameter(other.name, key.array.name, layer: name, parameter: key.suffix)
      }
    }
    return names.map { ForeignLayer(name: $0, arrays: groups[$0] ?? [:]) }
  }
}
