import CNNCodecs
import CNNFiles
import CNNModelFile

/// Which foreign array becomes which parameter of a network.
struct WeightPairing {
  /// A parameter of the network and the layer that it belongs to.
  struct Target {
    let node: NetworkDescription.Node
    let suffix: String
    let shape: [Int]
    var name: String { "\(node.name).\(suffix)" }
  }

  /// The arrays with their parameters.
  var pairs: [(array: NamedArray, target: Target)] = []
  /// The counts of batches, by the tensors that they become.
  var counters: [String: NamedArray] = [:]
  /// Parameters that the file doesn't have, with the value that leaves the layer as it is there.
  var constants: [(target: Target, value: Float)] = []
  /// What is to be said of all this, as sentences without a leading capital or a full stop.
  var notes: [String] = []
}

extension WeightMapping {
  /// A layer of the network that has parameters.
  private struct TargetLayer {
    let node: NetworkDescription.Node
    let kind: ForeignLayer.Kind
    let shape: [Int]

    init?(_ node: NetworkDescription.Node) {
      let parameters = node.operation.parameters
      let key: String
      switch node.operation {
      case .conv2d: (kind, key) = (.convolution, "weight")
      case .linear: (kind, key) = (.linear, "weight")
      case .batchNorm: (kind, key) = (.batchNorm, "running_mean")
      default: return nil
      }
      guard let parameter = parameters.first(where: { $0.suffix == key }) else { return nil }
      self.node = node
      shape = parameter.shape
    }
  }

  /// Finds the parameter of every array, by names or by the order of the layers, and holds all shapes against the
  /// network's.
  ///
  /// - Throws: `InterchangeError` for arrays that are missing, left over, of another shape, or in an order that is not
  ///   certain.
  func pairing(of weights: ForeignWeights) throws(InterchangeError) -> WeightPairing {
    let pairing =
      weights.layers.isEmpty ? try pairByPlace(weights) : try pairByLayer(weights)
    for (array, target) in pairing.pairs {
      try check(array, against: expectedShape(of: target), target: target)
    }
    return pairing
  }

  /// One array after the other.
  private func pairByPlace(_ weights: ForeignWeights) throws(InterchangeError) -> WeightPairing {
    var targets: [WeightPairing.Target] = []
    for node in network.nodes {
      for parameter in node.operation.parameters where parameter.elementType.isFloatingPoint {
        targets.append(.init(node: node, suffix: parameter.suffix, shape: parameter.shape))
      }
    }
    let arrays = weights.arrays
    if weights.naming != .keras, let normalized = targets.first(where: { $0.suffix == "running_mean" }) {
      throw .unsupportedLayer(normalized.node.name)
    }
    guard arrays.count == targets.count else {
      throw .arrayCount(expected: targets.count, found: arrays.count, architecture: networkName)
    }
    return WeightPairing(pairs: Array(zip(arrays, targets)))
  }

  /// Layers of the same names, if all have them; else layers of the same kind in their order.
  private func pairByLayer(_ weights: ForeignWeights) throws(InterchangeError) -> WeightPairing {
    let targets = network.nodes.compactMap(TargetLayer.init)
    let names = Set(targets.map(\.node.name))
    let byName = Dictionary(weights.layers.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var pairing = WeightPairing()
    if names.allSatisfy({ byName[$0] != nil }) || weights.layers.allSatisfy({ names.contains($0.name) }) {
      for target in targets {
        guard let layer = byName[target.node.name] else {
          throw .missingArray("\(target.node.name).weight", layer: target.node.name)
        }
        try pair(layer, with: target, into: &pairing)
      }
    } else {
      if let unknown = weights.layers.first(where: { $0.kind == nil }) { throw .unknownLayer(unknown) }
      var weights = weights
      if weights.order == .file, !isInOrder(weights, of: targets) {
        weights = weights.byNames
        pairing.notes.append(ForeignWeights.disorderNote)
      }
      for kind in ForeignLayer.Kind.allCases {
        let layers = weights.layers.filter { $0.kind == kind }
        let targets = targets.filter { $0.kind == kind }
        guard layers.count == targets.count else {
          throw .layerCount(
            kind: kind.rawValue, expected: targets.map(\.node.name), found: layers.map(\.name))
        }
        let matched = try match(layers, with: targets.map(\.shape), of: weights, notes: &pairing.notes)
        for (layer, target) in zip(matched, targets) { try pair(layer, with: target, into: &pairing) }
      }
      pairing.pairs = inOrderOfLayers(pairing.pairs)
    }
    let used = Set(pairing.pairs.map(\.array.name)).union(pairing.counters.values.map(\.name))
    let kept = Set(weights.layers.flatMap { $0.arrays.values.map(\.name) })
    if let left = weights.arrays.first(where: { kept.contains($0.name) && !used.contains($0.name) }) {
      throw .unusedArray(left.name, shape: left.array.shape)
    }
    return pairing
  }

  /// Whether layers of each kind have the shapes of the network's as they stand.
  private func isInOrder(_ weights: ForeignWeights, of targets: [TargetLayer]) -> Bool {
    ForeignLayer.Kind.allCases.allSatisfy { kind in
      weights.layers.filter { $0.kind == kind }.map { $0.shape(in: layout) }
        == targets.filter { $0.kind == kind }.map(\.shape)
    }
  }

  /// The pairs in the order in which the network has the layers, as a table is read.
  private func inOrderOfLayers(
    _ pairs: [(array: NamedArray, target: WeightPairing.Target)]
  ) -> [(array: NamedArray, target: WeightPairing.Target)] {
    let grouped = Dictionary(grouping: pairs) { $0.target.node.name }
    return network.nodes.flatMap { grouped[$0.name] ?? [] }
  }

  /// Layers of one kind in the order of the network's.
  ///
  /// - Throws: `InterchangeError.ambiguousOrder` where layers of one shape could be exchanged and their names don't
  ///   number them as they stand.
  private func match(
    _ layers: [ForeignLayer], with shapes: [[Int]], of weights: ForeignWeights, notes: inout [String]
  ) throws(InterchangeError) -> [ForeignLayer] {
    guard weights.order != .native else { return layers }
    let found = layers.map { $0.shape(in: layout) }
    if found == shapes {
      var equals: [[Int]: [ForeignLayer]] = [:]
      for (layer, shape) in zip(layers, shapes) { equals[shape, default: []].append(layer) }
      for shape in shapes {
        guard let equal = equals.removeValue(forKey: shape), equal.count > 1 else { continue }
        if weights.order == .names {
          notes.append(try weights.orderFromNames(equal))
        } else {
          try checkNumbers(equal)
        }
      }
      return layers
    }
    // Where every shape is there once, there is one way.
    let places = Dictionary(zip(found, layers.indices), uniquingKeysWith: { first, _ in first })
    let matched = shapes.compactMap { shape in places[shape].map { layers[$0] } }
    guard places.count == layers.count, Set(matched.map(\.name)).count == layers.count else { return layers }
    let names = matched.map(\.name).joined(separator: ", ")
    notes.append("shapes fit the network's layers in one order alone: \(names)")
    return matched
  }

  /// Refuses layers of one shape that have numbers in another order than they stand in.
  private func checkNumbers(_ layers: [ForeignLayer]) throws(InterchangeError) {
    var last: [[UInt8]: String] = [:]
    for layer in layers {
      if let before = last.updateValue(layer.name, forKey: layer.stem),
        NaturalOrder.order(of: [before, layer.name]) != [0, 1]
      {
        throw .ambiguousOrder(layers: layers.map(\.name))
      }
    }
  }

  /// The parameters of one layer. A bias that is not there is zero, and a factor one, as they are in layers without.
  private func pair(
    _ layer: ForeignLayer, with target: TargetLayer, into pairing: inout WeightPairing
  ) throws(InterchangeError) {
    for parameter in target.node.operation.parameters {
      let parameterTarget = WeightPairing.Target(
        node: target.node, suffix: parameter.suffix, shape: parameter.shape)
      if !parameter.elementType.isFloatingPoint {
        pairing.counters[parameterTarget.name] = layer.arrays[parameter.suffix]
      } else if let array = layer.arrays[parameter.suffix] {
        pairing.pairs.append((array, parameterTarget))
      } else if parameter.suffix == "bias" {
        pairing.constants.append((parameterTarget, 0))
        pairing.notes.append("layer \(layer.name) has no bias; \(parameterTarget.name) is zero")
      } else if parameter.suffix == "weight", target.kind == .batchNorm {
        pairing.constants.append((parameterTarget, 1))
        pairing.notes.append("layer \(layer.name) has no factor; \(parameterTarget.name) is one")
      } else {
        throw .missingArray(parameterTarget.name, layer: target.node.name)
      }
    }
  }
}

extension InterchangeError {
  /// The refusal of a layer whose arrays together are nothing that is read.
  static func unknownLayer(_ layer: ForeignLayer) -> InterchangeError {
    .unknownLayer(layer.name, arrays: layer.arrays.values.map(\.summary).sorted())
  }
}
