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
  /// What rows were before they were put into rows, by the nodes that give them.
  let rowPictures: [String: [Int]]

  init(network: NetworkDescription, networkName: String, shapes: [String: [Int]], layout: ForeignLayout) {
    self.network = network
    self.networkName = networkName
    self.shapes = shapes
    self.layout = layout
    rowPictures = Self.rowPictures(of: network, shapes: shapes, layout: layout)
  }

  /// A parameter of the network and the layer that it belongs to.
  typealias Target = WeightPairing.Target

  /// Brings every array to its layer.
  ///
  /// - Returns: the tensors, what became of every array, and the largest relative rounding error of all.
  func map(_ pairing: WeightPairing) throws(InterchangeError) -> ([Tensor], [ArrayFate], Double) {
    var tensors: [Tensor] = []
    var fates: [ArrayFate] = []
    var largestError = 0.0
    for (source, target) in pairing.pairs {
      let (tensor, fate, error) = try convert(source, to: target)
      tensors.append(tensor)
      fates.append(fate)
      largestError = max(largestError, error)
    }
    for (target, value) in pairing.constants {
      let values = [Float](repeating: value, count: target.shape.reduce(1, *))
      tensors.append(Tensor(name: target.name, shape: target.shape, values: values))
    }
    for node in network.nodes {
      for parameter in node.operation.parameters where !parameter.elementType.isFloatingPoint {
        let name = "\(node.name).\(parameter.suffix)"
        let source = pairing.counters[name]
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
}
