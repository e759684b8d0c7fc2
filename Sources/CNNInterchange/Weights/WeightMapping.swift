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
  private struct Target {
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
    if weights.naming != .keras, let normalized = targets.first(where: { $0.suffix == "running_mean" }) {
      throw .unsupportedLayer(normalized.node.name)
    }
    guard weights.arrays.count == targets.count else {
      throw .arrayCount(
        expected: targets.count, found: weights.arrays.count, architecture: networkName)
    }
    return Array(zip(weights.arrays, targets))
  }

  private func convert(_ source: NamedArray, to target: Target) throws(InterchangeError)
    -> (Tensor, ArrayFate, largestRelativeError: Double)
  {
    let array = source.array
    guard array.elementType.isFloatingPoint else {
      throw .elementType(array: source.name, found: array.elementType.name, expected: "floating point")
    }
    var changes: [String] = []
    if array.memoryOrder == .columnMajor, !array.isRowMajorLittleEndian { changes.append("Fortran order") }
    let expected = expectedShape(of: target)
    try check(source, against: expected, target: target)

    let (values, error) = array.floats()
    guard error.isFinite else { throw .overflow(array: source.name) }
    if !values.allSatisfy(\.isFinite) { changes.append("holds NaN or infinity") }
    if array.elementType != .float32 { changes.append("\(array.elementType.name) to float32") }
    var result = values
    if case .conv2d = target.node.operation, target.suffix == "weight", layout.kernels == .sizesFirst {
      // [H, W, I, O] to [O, I, H, W] is a matrix transposed, twice.
      let (outputs, inputs) = (target.shape[0], target.shape[1])
      let size = target.shape[2] * target.shape[3]
      result = transposed(result, rows: size, columns: inputs * outputs)
      result = transposedBlocks(result, rows: inputs, columns: outputs, size: size)
      changes.append("kernels from (h, w, i, o)")
    }
    if case .conv2d = target.node.operation, target.suffix == "weight", layout.isRotated {
      result = rotated(result, kernelCount: target.shape[2] * target.shape[3])
      changes.append("kernels rotated")
    }
    if case .linear = target.node.operation, target.suffix == "weight" {
      if layout.linear == .inputsFirst {
        result = transposed(result, rows: target.shape[1], columns: target.shape[0])
        changes.append("transposed")
      }
    }
    if layout.flatten == .channelsLast, let picture = flattenedShape(before: target.node) {
      switch target.node.operation {
      case .linear where target.suffix == "weight":
        result = channelsFirst(result, rows: target.shape[0], picture: picture)
        changes.append("columns from (h, w, c) to (c, h, w)")
      case .batchNorm:
        result = channelsFirst(result, rows: 1, picture: picture)
        changes.append("from (h, w, c) to (c, h, w)")
      default: break
      }
    }
    let tensor = Tensor(name: target.name, shape: target.shape, values: result)
    return (tensor, ArrayFate(source.name, array, became: tensor, changes: changes), error)
  }

  /// The target's shape as the foreign file has it.
  private func expectedShape(of target: Target) -> [Int] {
    if case .linear = target.node.operation, target.suffix == "weight", layout.linear == .inputsFirst {
      return target.shape.reversed()
    }
    if case .conv2d = target.node.operation, target.suffix == "weight", layout.kernels == .sizesFirst {
      return [target.shape[2], target.shape[3], target.shape[1], target.shape[0]]
    }
    return target.shape
  }

  private func check(_ source: NamedArray, against expected: [Int], target: Target) throws(InterchangeError) {
    let found = source.array.shape
    if found == expected { return }
    // A bias may be a row or a column.
    if expected.count == 1, found.filter({ $0 != 1 }) == expected.filter({ $0 != 1 }) { return }
    var hint: String?
    if expected.count == 2, found == expected.reversed() {
      let other: LinearLayout = layout.linear == .inputsFirst ? .outputsFirst : .inputsFirst
      hint = "try --linear-layout \(other.rawValue)"
    }
    throw .shapeMismatch(
      array: source.name, found: found, layer: target.name, expected: expected, hint: hint)
  }

  /// The picture that a layer's inputs were before they were put into a row, if they were; nil for one channel too,
  /// whose order is the same either way.
  private func flattenedShape(before node: NetworkDescription.Node) -> [Int]? {
    var name = node.inputs[0]
    while let input = network.nodes.first(where: { $0.name == name }) {
      switch input.operation {
      case .flatten:
        let shape = shapes[input.inputs[0]] ?? []
        if shape.count == 3 { return shape[0] > 1 ? shape : nil }
        name = input.inputs[0]
      case .relu, .sigmoid, .tanh, .dropout, .batchNorm: name = input.inputs[0]
      default: return nil
      }
    }
    return nil
  }

  /// Every kernel turned by 180 degrees: its values in reverse.
  private func rotated(_ values: [Float], kernelCount: Int) -> [Float] {
    var result = values
    for start in stride(from: 0, to: values.count, by: max(kernelCount, 1)) {
      result[start..<start + kernelCount].reverse()
    }
    return result
  }

  /// [rows, columns] to [columns, rows].
  private func transposed(_ values: [Float], rows: Int, columns: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: values.count) { buffer, count in
      for row in 0..<rows {
        for column in 0..<columns { buffer[column * rows + row] = values[row * columns + column] }
      }
      count = values.count
    }
  }

  /// [rows, columns, size] to [columns, rows, size].
  private func transposedBlocks(_ values: [Float], rows: Int, columns: Int, size: Int) -> [Float] {
    var result = values
    for row in 0..<rows {
      for column in 0..<columns {
        let (from, to) = ((row * columns + column) * size, (column * rows + row) * size)
        for offset in 0..<size { result[to + offset] = values[from + offset] }
      }
    }
    return result
  }

  /// [rows, H, W, C] to [rows, C, H, W], where `picture` is [C, H, W].
  private func channelsFirst(_ values: [Float], rows: Int, picture: [Int]) -> [Float] {
    let channels = picture[0]
    let pixels = picture[1] * picture[2]
    var result = values
    for row in 0..<rows {
      let base = row * channels * pixels
      for pixel in 0..<pixels {
        for channel in 0..<channels {
          result[base + channel * pixels + pixel] = values[base + pixel * channels + channel]
        }
      }
    }
    return result
  }
}
