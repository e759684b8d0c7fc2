import CNNCodecs

/// The arrays of one layer of a foreign file, told by their names.
struct ForeignLayer: Sendable {
  /// What a layer's arrays say that it is.
  enum Kind: String, Sendable, CaseIterable {
    /// A weight of four dimensions.
    case convolution
    /// A weight of two dimensions.
    case linear
    /// A running mean and a running variance.
    case batchNorm = "batch normalisation"
  }

  /// The name without what all layers have in common in front, parts divided by dots: `conv1`, `features.0`.
  let name: String
  /// The arrays by the suffix of the native parameter that they are: `weight`, `bias`, `running_mean`, ...
  let arrays: [String: NamedArray]

  /// What the layer is; nil for arrays that together are nothing that is read.
  var kind: Kind? {
    if arrays["running_mean"] != nil, arrays["running_var"] != nil {
      return arrays["weight"].map { $0.array.shape.count == 1 } ?? true ? .batchNorm : nil
    }
    guard arrays["running_mean"] == nil, arrays["running_var"] == nil, arrays["num_batches_tracked"] == nil
    else { return nil }
    switch arrays["weight"]?.array.shape.count {
    case 4: return .convolution
    case 2: return .linear
    default: return nil
    }
  }

  /// The extents that say which layers it can stand beside: the weight's as native files have it, for batch
  /// normalisation those of the mean.
  func shape(in layout: ForeignLayout) -> [Int] {
    switch kind {
    case .batchNorm:
      return arrays["running_mean"]?.array.shape ?? []
    case .convolution:
      let shape = arrays["weight"]?.array.shape ?? []
      return layout.kernels == .outputsFirst ? shape : [shape[3], shape[2], shape[0], shape[1]]
    case .linear:
      let shape = arrays["weight"]?.array.shape ?? []
      return layout.linear == .outputsFirst ? shape : shape.reversed()
    case nil:
      return []
    }
  }

  /// The name without what counts: numbers and single letters that are a part of their own. Layers with the same stem
  /// are meant to be counted: `conv_a` and `conv_b`, `dense` and `dense_1`.
  var stem: [UInt8] { Self.stem(of: name) }

  static func stem(of name: String) -> [UInt8] {
    // A number divides parts as these do.
    let separators = Array("._/-0123456789".utf8)
    let parts = name.utf8.split { separators.contains($0) }
    return Array(parts.filter { $0.count > 1 || parts.count == 1 }.joined(separator: Array(".".utf8)))
  }
}
