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

  /// The layer's place among others of its kind as its numbers say it: the name cut into text and numbers.
  var naturalKey: NaturalKey { NaturalKey(name) }
}

/// A name that is compared as people count: `conv2` before `conv10`, `dense` before `dense_1`.
struct NaturalKey: Comparable {
  private enum Piece: Equatable {
    case text([UInt8])
    /// The digits without leading zeros.
    case number([UInt8])
  }

  private let pieces: [Piece]
  private let name: [UInt8]

  init(_ name: String) {
    self.name = Array(name.utf8)
    var pieces: [Piece] = []
    var index = 0
    while index < self.name.count {
      let isNumber = Self.isDigit(self.name[index])
      let end = self.name[index...].firstIndex { Self.isDigit($0) != isNumber } ?? self.name.count
      let run = self.name[index..<end]
      pieces.append(isNumber ? .number(Array(run.drop { $0 == UInt8(ascii: "0") })) : .text(Array(run)))
      index = end
    }
    self.pieces = pieces
  }

  /// What is left without what counts: numbers and single letters that are a part of their own. Layers with the same
  /// stem are meant to be counted: `conv_a` and `conv_b`, `dense` and `dense_1`.
  var stem: [UInt8] {
    let separators = Array("._/-".utf8)
    let letters = pieces.flatMap { piece -> [UInt8] in
      if case .text(let text) = piece { text } else { Array(".".utf8) }
    }
    let parts = letters.split { separators.contains($0) }
    return Array(parts.filter { $0.count > 1 || parts.count == 1 }.joined(separator: Array(".".utf8)))
  }

  static func < (a: NaturalKey, b: NaturalKey) -> Bool {
    for (one, other) in zip(a.pieces, b.pieces) where one != other {
      switch (one, other) {
      case (.number(let x), .number(let y)):
        return x.count != y.count ? x.count < y.count : x.lexicographicallyPrecedes(y)
      case (.text(let x), .text(let y)): return x.lexicographicallyPrecedes(y)
      case (.number, .text): return true
      case (.text, .number): return false
      }
    }
    if a.pieces.count != b.pieces.count { return a.pieces.count < b.pieces.count }
    return a.name.lexicographicallyPrecedes(b.name)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
