import CNNCodecs

extension FuzzTarget {
  /// An array of NumPy; written again, it is the same.
  static let npy = FuzzTarget("npy") { bytes in
    let array = try NPY.parse(bytes)
    require(array.range.upperBound <= bytes.count, "an array reaches beyond its file")
    let again = try NPY.parse(NPY.encode(array))
    require(areSame(array, again), "npy writes another array")
    _ = array.doubles()
    _ = array.floats()
    _ = array.integers()
    _ = array.normalized()
  }

  /// All arrays of an npz file.
  static let npz = FuzzTarget("npz") { bytes in
    let file = try NPZ(parsing: bytes)
    var left = 1 << 24
    for index in file.names.indices {
      let array = try file.array(at: index, limit: left)
      left -= array.range.count
      _ = array.rowMajorLittleEndianBytes()
    }
  }
}
