import CNNCodecs
import CNNModelFile

extension WeightMapping {
  /// Makes the tensor of a parameter out of a foreign array. No number is moved: the tensor is another view of it.
  func convert(_ source: NamedArray, to target: Target) throws(InterchangeError)
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

    let (error, isFinite) = array.float32Fitness()
    guard error.isFinite else { throw .overflow(array: source.name) }
    if !isFinite { changes.append("holds NaN or infinity") }
    if array.elementType != .float32 { changes.append("\(array.elementType.name) to float32") }
    let elements = arranged(ArrayView(array).reshaped(to: expected).asFloat32(), for: target, &changes)
    let tensor = Tensor(name: target.name, shape: target.shape, elements: elements)
    return (tensor, ArrayFate(source.name, array, became: tensor, changes: changes), error)
  }

  /// The numbers of an array of the expected shape in the order of the native file, and what was done to them.
  private func arranged(_ view: ArrayView, for target: Target, _ changes: inout [String]) -> ArrayView {
    var view = view
    switch target.node.operation {
    case .conv2d where target.suffix == "weight":
      if layout.kernels == .sizesFirst {
        view = view.transposed([3, 2, 0, 1])
        changes.append("kernels from (h, w, i, o)")
      }
      if layout.isRotated {
        view = view.reversed(2).reversed(3)
        changes.append("kernels rotated")
      }
    case .linear where target.suffix == "weight":
      if layout.linear == .inputsFirst {
        view = view.transposed([1, 0])
        changes.append("transposed")
      }
      if let picture = channelsLastPicture(before: target) {
        view = view.reshaped(to: [target.shape[0]] + picture).transposed([0, 3, 1, 2])
        changes.append("columns from (h, w, c) to (c, h, w)")
      }
    case .batchNorm:
      if let picture = channelsLastPicture(before: target) {
        view = view.reshaped(to: picture).transposed([2, 0, 1])
        changes.append("from (h, w, c) to (c, h, w)")
      }
    default:
      break
    }
    return view
  }

  /// The target's shape as the foreign file has it.
  func expectedShape(of target: Target) -> [Int] {
    if case .linear = target.node.operation, target.suffix == "weight", layout.linear == .inputsFirst {
      return target.shape.reversed()
    }
    if case .conv2d = target.node.operation, target.suffix == "weight", layout.kernels == .sizesFirst {
      return [target.shape[2], target.shape[3], target.shape[1], target.shape[0]]
    }
    return target.shape
  }

  /// Holds an array's shape against that of its parameter.
  ///
  /// - Throws: `InterchangeError.shapeMismatch`.
  func check(_ source: NamedArray, against expected: [Int], target: Target) throws(InterchangeError) {
    let found = source.array.shape
    if found == expected { return }
    // A bias may be a row or a column.
    if expected.count == 1, found.filter({ $0 != 1 }) == expected.filter({ $0 != 1 }) { return }
    var hint: String?
    if expected.count == 2, found == expected.reversed() {
      let other: LinearLayout = layout.linear == .inputsFirst ? .outputsFirst : .inputsFirst
      hint = "try --linear-layout \(other.rawValue)"
    }
    if expected.count == 4, found.count == 4, layout.kernels == .outputsFirst,
      found == [expected[2], expected[3], expected[1], expected[0]]
    {
      hint = "try --kernel-layout hwio"
    }
    throw .shapeMismatch(
      array: source.name, found: found, layer: target.name, expected: expected, hint: hint)
  }

  /// The picture (h, w, c) that a layer's inputs were before they were put into a row, if they were and if their order
  /// matters.
  private func channelsLastPicture(before target: Target) -> [Int]? {
    target.node.inputs.first.flatMap { rowPictures[$0] }
  }

  /// Where foreign pictures have their channels last: the pictures (h, w, c) that the rows of nodes were; none for one
  /// channel, whose order is the same either way.
  ///
  /// - Parameter network: one whose shapes are known, so that nodes come behind those that they read.
  static func rowPictures(
    of network: NetworkDescription, shapes: [String: [Int]], layout: ForeignLayout
  ) -> [String: [Int]] {
    guard layout.flatten == .channelsLast else { return [:] }
    var pictures: [String: [Int]] = [:]
    for node in network.nodes {
      guard let input = node.inputs.first else { continue }
      switch node.operation {
      case .flatten:
        let shape = shapes[input] ?? []
        if shape.count != 3 {
          pictures[node.name] = pictures[input]
        } else if shape[0] > 1 {
          pictures[node.name] = [shape[1], shape[2], shape[0]]
        }
      case .relu, .sigmoid, .tanh, .dropout, .batchNorm: pictures[node.name] = pictures[input]
      default: break
      }
    }
    return pictures
  }
}
