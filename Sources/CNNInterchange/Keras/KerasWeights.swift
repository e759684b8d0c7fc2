import CNNCodecs
import CNNFiles
import CNNModelFile

/// The weights of a model of Keras without its configuration: `.weights.h5` files of Keras 3, and what
/// `save_weights('weights.h5')` of older versions wrote.
enum KerasWeights {
  /// Groups that hold no weights: the optimiser's state, counters of metrics, and seeds.
  private static let others = ["optimizer", "metrics", "compile_metrics", "seed_generator"]

  /// The arrays, layer after layer; nil for a file that is none of Keras's.
  ///
  /// - Throws: `KerasImportError` for a damaged file, `InterchangeError` for one without arrays.
  static func weights(in file: HDF5File) throws -> ForeignWeights? {
    do {
      let base = file["model_weights"]?.group ?? file.root
      var index = KerasGroupIndex()
      let names = try index.names("layer_names", of: base).map(\.whole)
      if !names.isEmpty { return try named(names, in: base) }
      return try variables(in: file)
    } catch let error as HDF5Error {
      throw KerasImportError.hdf5(error)
    }
  }

  /// Layers and arrays in the order in which attributes list them.
  private static func named(_ layers: [String], in base: HDF5Group) throws -> ForeignWeights {
    var datasets: [(name: String, dataset: HDF5Dataset)] = []
    var index = KerasGroupIndex()
    var met: Set<String> = []
    for layer in layers where layer.utf8.count <= 255 {
      guard met.insert(layer).inserted else { throw KerasImportError.duplicateLayer(layer) }
      guard let group = index.object(layer, in: base)?.group else { continue }
      for entry in try index.names("weight_names", of: group) {
        let name = entry.whole
        guard NamedArray.isFit(name), let dataset = index.object(at: entry.parts, from: group)?.dataset
        else {
          throw KerasImportError.layer(
            name: layer.quotedForMessage, className: "?",
            problem:
              "its weight_names list \(name.quotedForMessage), and the file has no such array")
        }
        datasets.append((name, dataset))
      }
    }
    let arrays = try arrays(of: datasets)
    guard let (layers, _) = try ParameterNames.kernels.layers(of: arrays) else {
      throw InterchangeError.unknownNames(arrays: arrays.map(\.summary))
    }
    return ForeignWeights(layers, of: arrays, naming: .keras, keepsOrder: true)
  }

  /// The arrays `.../vars/0`, `.../vars/1`, ... of each layer.
  private static func variables(in file: HDF5File) throws -> ForeignWeights? {
    var layers: [(path: String, arrays: [(number: Int, dataset: HDF5Dataset)])] = []
    for entry in try file.datasets() {
      let parts = entry.path.split(separator: "/")
      guard parts.count >= 3, parts[parts.count - 2] == "vars", let number = Int(parts[parts.count - 1]),
        !parts.contains(where: { others.contains(String($0)) })
      else { continue }
      let path = parts.dropLast(2).joined(separator: "/")
      if layers.last?.path.isExactly(path) != true { layers.append((path, [])) }
      layers[layers.count - 1].arrays.append((number, entry.dataset))
    }
    guard !layers.isEmpty else { return nil }
    let paths = layers.map(\.path)
    // Where the file does not keep the order of its names, they are sorted, and conv2d_10 comes before conv2d_2.
    let isSorted = zip(paths, paths.dropFirst()).allSatisfy { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    if isSorted, paths.allSatisfy({ $0.utf8.count <= 255 }) {
      layers = NaturalOrder.order(of: paths).map { layers[$0] }
    }
    let datasets = layers.map { layer in
      layer.arrays.sorted { $0.number < $1.number }.map {
        (name: "\(layer.path)/vars/\($0.number)", $0.dataset)
      }
    }
    var arrays = try arrays(of: datasets.flatMap { $0 })[...]
    let found = zip(layers, datasets).map { layer, datasets in
      defer { arrays = arrays.dropFirst(datasets.count) }
      return (path: layer.path, arrays: Array(arrays.prefix(datasets.count)))
    }
    return try weights(of: found, keepsOrder: !isSorted)
  }

  /// Weights of layers whose arrays have numbers for names.
  ///
  /// - Parameter keepsOrder: whether the layers are in the order in which they were made.
  static func weights(
    of layers: [(path: String, arrays: [NamedArray])], keepsOrder: Bool
  ) throws(InterchangeError) -> ForeignWeights {
    ForeignWeights(
      try ParameterNames.layers(byPlace: layers.map { ($0.path.split(separator: "/"), $0.arrays) }),
      of: layers.flatMap(\.arrays), naming: .keras, keepsOrder: keepsOrder)
  }

  private static func arrays(of datasets: [(name: String, dataset: HDF5Dataset)]) throws -> [NamedArray] {
    var reader = HDF5ArrayReader(limit: KerasFile.decodingLimit)
    var names: Set<String> = []
    var arrays: [NamedArray] = []
    for (name, dataset) in datasets {
      guard NamedArray.isFit(name) else {
        throw InterchangeError.notUsable("a file with an array called \(name.quotedForMessage)")
      }
      guard names.insert(name).inserted else {
        throw InterchangeError.notUsable("a file with two arrays called \(name.quotedForMessage)")
      }
      let array = try reader.array(of: dataset, opaqueAs: .bfloat16)
      arrays.append(NamedArray(name: name, array: array))
    }
    guard !arrays.isEmpty else { throw InterchangeError.notUsable("a file of Keras without weights") }
    return arrays
  }
}
