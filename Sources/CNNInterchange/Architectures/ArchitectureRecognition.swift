import CNNCodecs
import CNNModelFile

extension Architecture {
  /// What names and shapes say.
  struct Recognition {
    let architecture: Architecture
    /// The number of classes.
    let outputs: Int
    /// The weights with their layers in the order in which they follow one another.
    let weights: ForeignWeights
    /// What is to be said of that order.
    let notes: [String]
  }

  /// The architecture that the names and shapes of `weights` say, if exactly one preset's layers fit all of them.
  ///
  /// Channels, kernel sizes and widths are read off the shapes; strides, paddings and poolings are the preset's,
  /// and the size of the first linear layer tells whether they are right for a 28x28 picture. Shapes cannot tell
  /// the activation: ReLU is assumed, but sigmoid for networks of `W1`, `b1`, ... that are linear throughout
  /// (chapter 3 of *Deep Learning from Scratch*).
  ///
  /// - Parameter takesLists: whether lists are looked at too, which say less than is enough.
  /// - Returns: nil if no preset fits, or more than one.
  /// - Throws: `InterchangeError` for a layer that is of no known kind, and for layers in no certain order.
  static func recognized(
    from weights: ForeignWeights, layout: ForeignLayout, takesLists: Bool = false
  ) throws(InterchangeError) -> Recognition? {
    var weights = weights
    var notes: [String] = []
    let (convolutions, linears, normalized): ([[Int]], [[Int]], [[Int]])
    if weights.layers.isEmpty {
      guard takesLists || !weights.naming.isOrderAlone,
        let shapes = shapesByPlace(of: weights, layout: layout)
      else { return nil }
      convolutions = Array(shapes.prefix { $0.count == 4 })
      linears = Array(shapes.dropFirst(convolutions.count))
      normalized = []
    } else {
      if let unknown = weights.layers.first(where: { $0.kind == nil }) { throw .unknownLayer(unknown) }
      if weights.order == .file,
        !weights.isChained(.convolution, layout: layout) || !weights.isChained(.linear, layout: layout)
      {
        weights = weights.byNames
        notes.append(ForeignWeights.disorderNote)
      }
      var layers: [ForeignLayer] = []
      var shapes: [ForeignLayer.Kind: [[Int]]] = [:]
      for kind in ForeignLayer.Kind.allCases {
        var ofKind = weights.layers.filter { $0.kind == kind }
        if kind != .batchNorm {
          let chained = try weights.chained(ofKind, layout: layout)
          ofKind = chained.layers
          notes += chained.notes
        }
        layers += ofKind
        shapes[kind] = ofKind.map { $0.shape(in: layout) }
      }
      weights.layers = layers
      (convolutions, linears, normalized) = (
        shapes[.convolution] ?? [], shapes[.linear] ?? [], shapes[.batchNorm] ?? []
      )
    }
    guard
      let (architecture, outputs) = fitting(
        convolutions: convolutions, linears: linears, normalized: normalized, naming: weights.naming)
    else { return nil }
    return Recognition(architecture: architecture, outputs: outputs, weights: weights, notes: notes)
  }

  /// The one preset that has layers of these shapes.
  private static func fitting(
    convolutions: [[Int]], linears: [[Int]], normalized: [[Int]], naming: ForeignWeights.Naming
  ) -> (Architecture, Int)? {
    guard !linears.isEmpty, linears.allSatisfy({ $0.count == 2 }) else { return nil }
    let outputs = linears[linears.count - 1][0]
    let hidden = linears.dropLast().map { $0[0] }
    let families: [Family]
    switch (convolutions.count, linears.count) {
    case (0, _): families = [.mlp]
    case (1, 2): families = [.simpleConvnet]
    case (2, 2): families = [.lenet, .doubleConvnet]
    case (6, 2): families = [.deepConvnet]
    default: return nil
    }
    if !normalized.isEmpty {
      // Before each activation, or nowhere.
      let widths = normalized.map { $0.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue } }
      guard families == [.mlp], widths.sorted() == hidden.sorted() else { return nil }
    }
    let fitting = families.map { family in
      Architecture(
        family: family, channels: convolutions.map { $0[0] }, kernelSizes: convolutions.map { $0[2] },
        hidden: hidden, activation: family == .mlp && naming.isSigmoid ? .sigmoid : .relu,
        hasBatchNorm: !normalized.isEmpty, dropout: family == .deepConvnet ? 0.5 : 0)
    }.filter { $0.fits(convolutions + linears, outputs: outputs) }
    return fitting.count == 1 ? (fitting[0], outputs) : nil
  }

  /// The same convolutional family with the channels, kernel sizes and widths of `weights`, where they are a network
  /// of that family; else the architecture as it is. The widths of an `mlp` were named and stay.
  func withWidths(of weights: ForeignWeights, layout: ForeignLayout) -> Architecture {
    guard family != .mlp,
      let found = try? Self.recognized(from: weights, layout: layout, takesLists: true)?.architecture,
      found.family == family
    else { return self }
    var adapted = self
    adapted.channels = found.channels
    adapted.kernelSizes = found.kernelSizes
    adapted.hidden = found.hidden
    return adapted
  }

  /// The shapes of the layers' weights, linear ones as (out, in), or nil if the arrays are not weights and biases by
  /// turns.
  private static func shapesByPlace(of weights: ForeignWeights, layout: ForeignLayout) -> [[Int]]? {
    guard weights.arrays.count % 2 == 0 else { return nil }
    var shapes: [[Int]] = []
    for (index, array) in weights.arrays.enumerated() {
      if weights.naming == .numbered, array.name != "\(index % 2 == 0 ? "W" : "b")\(index / 2 + 1)" {
        return nil
      }
      guard index % 2 == 0 else { continue }
      let shape = array.array.shape
      if shape.count == 2, layout.linear == .inputsFirst {
        shapes.append([shape[1], shape[0]])
      } else if shape.count == 4, layout.kernels == .sizesFirst {
        shapes.append([shape[3], shape[2], shape[0], shape[1]])
      } else {
        shapes.append(shape)
      }
    }
    return shapes
  }

  /// Whether the preset's layers, on a 28x28 picture, have exactly these weights.
  private func fits(_ shapes: [[Int]], outputs: Int) -> Bool {
    // Sizes beyond any picture would make the builder's shapes negative; those are no fit.
    guard shapes.allSatisfy({ $0.allSatisfy { (1...1 << 24).contains($0) } }),
      kernelSizes.allSatisfy({ $0 <= 28 })
    else { return false }
    let network = network(outputs: outputs)
    // A kernel larger than what is left of the picture.
    guard (try? network.inferShapes()) != nil else { return false }
    let needed = network.nodes.compactMap { node -> [Int]? in
      switch node.operation {
      case .conv2d(let c):
        [c.outputChannels, c.inputChannels, c.kernelSize.height, c.kernelSize.width]
      case .linear(let l): [l.outputFeatures, l.inputFeatures]
      default: nil
      }
    }
    return needed == shapes
  }
}

extension ForeignWeights.Naming {
  /// Whether networks of linear layers alone have sigmoids between them, as far as such files go.
  fileprivate var isSigmoid: Bool { self == .numbered || self == .network2 }
}
