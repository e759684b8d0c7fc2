import CNNCodecs
import CNNModelFile

/// Brings foreign arrays into the layout of the native file: OIHW kernels, (out, in) linear weights, channels
/// first before the first linear layer.
struct WeightMapping {
  let network: NetworkDescription
  /// What the network is called in messages.
  let networkName: String
  let shapes: [String: [Int]]
  /// How the foreign arrays stand.
  let layout: ForeignLayout

  /// A parameter of the network and the layer that it belongs to.
  struct Target {
    let node: NetworkDescription.Node
    let suffix: String
    let shape: [Int]
    var name: String { "\(node.name).\(suffix)" }
  }

  /// Brings every array to its layer.
  ///
  /// - Returns: the tensors, what became of every array, and the largest relative rounding error of all.
  func map(_ weights: ForeignWeights) throws(InterchangeError) -> ([Tensor], [ArrayFate], Double) {
    var targets: [Target] = []
    for node in network.nodes {
      for parameter in node.operation.parameters where parameter.elementType.isFloatingPoint {
        targets.append(Target(node: node, suffix: parameter.suffix, shape: parameter.shape))
      }
    }
    let pairs = try pair(weights, with: targets)
    var tensors: [Tensor] = []
    var fates: [ArrayFate] = []
    var largestError = 0.0
    for (source, target) in pairs {
      let (tensor, fate, error) = try convert(source, to: target)
      tensors.append(tensor)
      fates.append(fate)
      largestError = max(largestError, error)
    }
    for node in network.nodes {
      for parameter in node.operation.parameters where !parameter.elementType.isFloatingPoint {
        let name = "\(node.name).\(parameter.suffix)"
        let source = weights.naming == .stateDictionary ? weights.arrays.first { $0.name == name } : nil
        let tensor = try count(source, name: name)
        tensors.append(tensor)
        if let source { fates.append(ArrayFate(source.name, source.array, became: tensor)) }
      }
    }
    return (tensors, fates, largestError)
  }

  /// How many batches a batch norm has seen, which PyTorch's `state_dict` holds; a file without the count gets zero.
  private func count(_ source: NamedArray?, name: String) throws(InterchangeError) -> Tensor {
    func tensor(_ value: Int64) -> Tensor {
      Tensor(
        name: name, elementType: .int64, shape: [],
        bytes: withUnsafeBytes(of: value.littleEndian) { [UInt8]($0) })
    }
    guard let source else { return tensor(0) }
    guard source.array.elementCount == 1 else {
      throw .shapeMismatch(
        array: source.name, found: source.array.shape, layer: name, expected: [], hint: nil)
    }
    guard let value = source.array.integers()?.first else {
      throw .elementType(
        array: source.name, found: source.array.elementType.name, expected: "a whole number")
    }
    return tensor(value)
  }

  private func pair(_ weights: ForeignWeights, with targets: [Target]) throws(InterchangeError)
    -> [(NamedArray, Target)]
  {
    if weights.naming == .stateDictionary {
      var left = Dictionary(
        weights.arrays.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
      var pairs: [(NamedArray, Target)] = []
      for target in targets {
        guard let array = left.removeValue(forKey: target.name) else {
          throw .missingArray(target.name, layer: target.node.name)
        }
        pairs.append((array, target))
      }
      let counts = Set(network.parameters.filter { !$0.parameter.elementType.isFloatingPoint }.map(\.name))
      for array in weights.arrays where left[array.name] != nil && !counts.contains(array.name) {
        throw .unusedArray(array.name, shape: array.array.shape)
      }
      return pairs
    }
    if let normalized = targets.first(where: { $0.suffix == "running_mean" }) {
      throw .unsupportedLayer(normalized.node.name)
    }
    guard weights.arrays.count == targets.count else {
      throw .arrayCount(
        expected: targets.count, found: weights.arrays.count, architecture: networkName)
    }
    return Array(zip(weights.arrays, targets))
  }
}
