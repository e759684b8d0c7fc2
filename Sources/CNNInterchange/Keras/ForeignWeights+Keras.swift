import CNNCodecs
import CNNModelFile

extension ForeignWeights {
  /// What a layer of Keras is, told by its arrays.
  private enum KerasKind {
    case convolution
    case linear
    case normalization
  }

  /// The arrays of one layer.
  private struct KerasGroup {
    var arrays: [NamedArray]

    var kind: KerasKind? {
      switch arrays.map(\.array.shape.count) {
      case [4, 1], [4]: .convolution
      case [2, 1], [2]: .linear
      case [1, 1, 1, 1]: .normalization
      default: nil
      }
    }

    /// The layer's name without its number where the file sorts its names, so that only those numbers say which of two
    /// layers comes first: `layers/conv2d` of `layers/conv2d_1/vars/0`. Empty where the file keeps their order.
    var stem: String {
      let parts = arrays[0].name.split(separator: "/")
      guard parts.count > 2, parts[parts.count - 2] == "vars" else { return "" }
      var stem = parts.dropLast(2).joined(separator: "/")
      while let last = stem.last, last.isASCII, last.isNumber { stem.removeLast() }
      return stem.hasSuffix("_") ? String(stem.dropLast()) : stem
    }
  }

  /// The arrays of each layer, which have their names in common but for the last part.
  private var kerasGroups: [KerasGroup] {
    var places: [String: Int] = [:]
    var groups: [KerasGroup] = []
    for array in arrays {
      let parts = array.name.split(separator: "/")
      let layer = parts.dropLast().joined(separator: "/")
      if let place = places[layer] {
        groups[place].arrays.append(array)
      } else {
        places[layer] = groups.count
        groups.append(KerasGroup(arrays: [array]))
      }
    }
    return groups
  }

  /// The shapes of the weights of convolutions and then of linear layers, as Keras has them; nil where there are other
  /// layers, or some without a bias.
  var kerasLayers: [(weight: NamedArray, bias: NamedArray)]? {
    let groups = kerasGroups
    guard groups.allSatisfy({ $0.arrays.count == 2 && ($0.kind == .convolution || $0.kind == .linear) })
    else {
      return nil
    }
    return (groups.filter { $0.kind == .convolution } + groups.filter { $0.kind == .linear }).map {
      ($0.arrays[0], $0.arrays[1])
    }
  }

  /// The arrays of a file of Keras in the order in which a network takes them: each layer the next of its kind and
  /// shapes, since not all files keep the order of the layers. Other arrays, and those that no layer takes, stay behind.
  ///
  /// - Throws: `InterchangeError.unknownOrder` where two layers would do whose names don't say which comes first.
  func inOrder(of network: NetworkDescription) throws(InterchangeError) -> ForeignWeights {
    guard naming == .keras else { return self }
    let groups = kerasGroups
    let kinds = groups.map(\.kind)
    var taken = [Bool](repeating: false, count: groups.count)
    var ordered: [NamedArray] = []
    for node in network.nodes {
      let kind: KerasKind
      let shape: [Int]
      switch node.operation {
      case .conv2d(let layer):
        kind = .convolution
        shape = [
          layer.kernelSize.height, layer.kernelSize.width, layer.inputChannels / max(layer.groups, 1),
          layer.outputChannels,
        ]
      case .linear(let layer): (kind, shape) = (.linear, [layer.inputFeatures, layer.outputFeatures])
      case .batchNorm(let layer): (kind, shape) = (.normalization, [layer.features])
      default: continue
      }
      let likely = groups.indices.filter { !taken[$0] && kinds[$0] == kind }
      let fitting = likely.filter { groups[$0].arrays[0].array.shape == shape }
      // One that does not fit is named by whoever looks at the shapes.
      guard let place = fitting.first ?? likely.first else { continue }
      if let other = fitting.first(where: { groups[$0].stem != groups[place].stem }) {
        throw .unknownOrder(groups[place].arrays[0].name, groups[other].arrays[0].name)
      }
      taken[place] = true
      ordered += groups[place].arrays
    }
    for (place, group) in groups.enumerated() where !taken[place] { ordered += group.arrays }
    var result = ForeignWeights(ordered, naming: .keras)
    result.notes = notes
    return result
  }
}

extension NetworkDescription {
  /// The same network with Keras's constants for batch normalisation, which its weight files do not hold.
  ///
  /// - Returns: nil where there is none.
  var withKerasNormalization: NetworkDescription? {
    var result = self
    var isChanged = false
    for (index, node) in nodes.enumerated() {
      guard case .batchNorm(var layer) = node.operation else { continue }
      layer.epsilon = 0.001
      layer.momentum = 0.01
      result.nodes[index].operation = .batchNorm(layer)
      isChanged = true
    }
    return isChanged ? result : nil
  }
}
