import CNNCodecs
import CNNInterchange

extension FuzzTarget {
  /// All tensors of a file of PyTorch, and its weights as a network's.
  static let torch = FuzzTarget("torch") { bytes in
    let file = try TorchFile(parsing: bytes)
    var total = 0
    for group in file.groups {
      for tensor in group.tensors {
        total += tensor.array.range.count
        _ = tensor.array.normalized()
      }
    }
    // Storages may have been compressed, by a factor of 1,032 at most.
    require(total <= TorchFile.sharingLimit(size: 1032 * bytes.count), "tensors claim \(total) bytes")
    _ = try WeightImport(TorchWeights(file).weights, options: WeightImportOptions())
  }
}
