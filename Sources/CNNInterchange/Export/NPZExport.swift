import CNNCodecs
import CNNModelFile

/// Native files as npz files, for NumPy.
enum NPZExport {
  /// All tensors of a model or a checkpoint under their names, those of the network in the order of its layers, then
  /// the others in the order of their names. Elements keep their type; bfloat16, which NumPy does not have, becomes
  /// float32, exactly.
  static func model(_ file: ModelFile) -> Export.Product {
    var notes: [String] = []
    var rest = Dictionary(file.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var tensors = (file.manifest.network?.parameters ?? []).compactMap { rest.removeValue(forKey: $0.name) }
    tensors += rest.values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    if file.manifest.kind == .checkpoint {
      notes.append("the weights are called as in the model; the others are of the state of the training")
    }
    return product(
      tensors.map { ($0.name, $0.array) }, isCompressed: false,
      lost: [.graph, .labels, .preprocess], notes: notes)
  }

  /// Pictures and labels under the names of Keras's `mnist.npz`: `x_train`, `y_train`, `x_test`, `y_test`; also
  /// `x_valid`, `y_valid`.
  static func dataset(_ splits: [LabelledArrays]) -> Export.Product {
    var arrays: [(name: String, array: NumericArray)] = []
    for split in splits {
      arrays.append(("x_\(split.split.rawValue)", split.images))
      if let labels = split.labels { arrays.append(("y_\(split.split.rawValue)", labels)) }
    }
    // Pictures halve and more; so Keras's file is compressed too. Weights hardly shrink.
    return product(arrays, isCompressed: true)
  }

  private static func product(
    _ arrays: [(name: String, array: NumericArray)], isCompressed: Bool, lost: Set<LostContent> = [],
    notes: [String] = []
  ) -> Export.Product {
    let writable = arrays.map { ($0.name, $0.array.widenedBFloat16()) }
    var notes = notes
    if arrays.contains(where: { $0.array.elementType == .bfloat16 }) {
      notes.append("bfloat16, which NumPy does not have, became float32; that is exact")
    }
    let file = ExportedFile { sink in
      try NPZ.write(writable.map { ($0.0, $0.1) }, to: sink, isCompressed: isCompressed)
    }
    return Export.Product(files: [file], lost: lost, notes: notes)
  }
}

extension NumericArray {
  /// bfloat16 as float32, which holds the same numbers; anything else as it is.
  func widenedBFloat16() -> NumericArray {
    elementType == .bfloat16 ? rounded(to: .float32).array : self
  }
}
