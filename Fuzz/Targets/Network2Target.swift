import CNNInterchange

extension FuzzTarget {
  /// The weights of a network of linear layers in JSON.
  static let network2 = FuzzTarget("network2") { bytes in
    _ = try Network2(parsing: bytes)
  }
}
