import CNNCodecs
import CNNModelFile

extension Architecture {
  /// The architecture that the names and shapes of `weights` say, if exactly one preset's layers fit all of them.
  ///
  /// Channels, kernel sizes and widths are read off the shapes; strides, paddings and poolings are the preset's,
  /// and the size of the first linear layer tells whether they are right for a 28x28 picture. Shapes cannot tell
  /// the activation: ReLU is assumed, but sigmoid for networks of `W1`, `b1`, ... that are linear throughout
  /// (chapter 3 of *Deep Learning from Scratch*).
  ///
  /// - Returns: the architecture and its number of outputs, or nil.
  static func recognized(from weights: ForeignWeights, layout: ForeignLayout) -> (Architecture, Int)? {
    guard let shapes = layerShapes(of: weights, layout: layout) else { return nil }
    let convolutions = shapes.prefix { $0.count == 4 }.map { $0 }
    let linears = shapes.dropFirst(convolutions.count).map { $0 }
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
    let fitting = families.map { family in
      Architecture(
        family: family, channels: convolutions.map { $0[0] }, kernelSizes: convolutions.map { $0[2] },
        hidden: hidden, activation: family == .mlp && weights.naming.isSigmoid ? .sigmoid : .relu,
        dropout: family == .deepConvnet ? 0.5 : 0)
    }.filter { $0.fits(shapes, outputs: outputs) }
    return fitting.count == 1 ? (fitting[0], outputs) : nil
  }

  /// The same convolutional family with the channels, kernel sizes and widths of `weights`, where they are a network
  /// of that family; else the architecture as it is. The widths of an `mlp` were named and stay.
  func withWidths(of weights: ForeignWeights, layout: ForeignLayout) -> Architecture {
    guard family != .mlp,
      let (found, _) = Self.recognized(from: weights, layout: layout), found.family == family
    else { return self }
    var adapted = self
    adapted.channels = found.channels
    adapted.kernelSizes = found.kernelSizes
    adapted.hidden = found.hidden
    return adapted
  }

  /// The shapes of the layers' weights, linear ones as (out, in), or nil if the arrays are not pairs of a weight
  /// and its bias.
  private static func layerShapes(of weights: ForeignWeights, layout: ForeignLayout) -> [[Int]]? {
    let names = weights.arrays.map(\.name)
    let byName = Dictionary(weights.arrays.map { ($0.name, $0.array.shape) }, uniquingKeysWith: { a, _ in a })
    var weightNames: [(weight: String, bias: String)] = []
    switch weights.naming {
    case .ordered:
      return nil
    case .network2:
      return weights.arrays.enumerated().filter { $0.offset % 2 == 0 }.map { _, array in
        layout.linear == .inputsFirst ? array.array.shape.reversed() : array.array.shape
      }
    case .keras:
      guard let layers = weights.kerasLayers else { return nil }
      weightNames = layers.map { ($0.weight.name, $0.bias.name) }
    case .numbered:
      weightNames = (1...max(names.count / 2, 1)).map { ("W\($0)", "b\($0)") }
    case .stateDictionary:
      for kind in ["conv", "fc"] {
        var number = 1
        while byName["\(kind)\(number).weight"] != nil {
          weightNames.append(("\(kind)\(number).weight", "\(kind)\(number).bias"))
          number += 1
        }
      }
    }
    guard weightNames.count * 2 == names.count else { return nil }
    var shapes: [[Int]] = []
    for (weight, bias) in weightNames {
      guard let shape = byName[weight], byName[bias] != nil else { return nil }
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
