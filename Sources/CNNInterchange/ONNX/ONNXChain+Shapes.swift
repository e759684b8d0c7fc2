import CNNCodecs
import CNNModelFile

extension ONNXChain {
  /// Reads a node that makes a constant, computes with shapes, or changes nothing; false if it is none of these.
  mutating func readShapeArithmetic(_ view: ONNXNodeView) throws(ONNXImportError) -> Bool {
    let type = view.node.operatorType
    if type == "Constant" {
      define(.constant(try constantArray(view)), as: view)
      return true
    }
    guard let first = try value(0, of: view) else { return false }
    switch (type, first) {
    case ("Identity", .activation):
      try checkChain(view)
      passOn(view)
    case ("Identity", _): define(first, as: view)
    case ("Transpose", .constant(let array)):
      if let order = view.node.attribute("perm") {
        guard case .integers(let axes) = order, axes == [1, 0] else {
          throw view.error("turns a constant; only a matrix and perm [1, 0] are read")
        }
      }
      define(.constant(try transposed(array, view)), as: view)
    case ("Reshape", .constant(let array)):
      define(.constant(try reshaped(array, view)), as: view)
    case ("Shape", .activation(_, let shape)):
      let whole: [Int?] = [batch] + shape
      let start = index(try view.integer("start", default: 0), of: whole.count)
      let end = index(try view.integer("end", default: Int64(whole.count)), of: whole.count)
      define(.shape(start < end ? Array(whole[start..<end]) : []), as: view)
    case ("Gather", .shape(let extents)):
      guard try view.integer("axis", default: 0) == 0, let places = try constant(1, of: view, "its place"),
        let indices = integers(places)
      else { throw view.error("picks from a shape in a way that is not read") }
      var picked: [Int?] = []
      for place in indices {
        let index = place < 0 ? place + extents.count : place
        guard extents.indices.contains(index) else {
          throw view.error("picks extent \(place) of \(extents.count)")
        }
        picked.append(extents[index])
      }
      define(.shape(picked), as: view)
    case ("Cast", .shape), ("Squeeze", .shape), ("Unsqueeze", .shape): define(first, as: view)
    case ("Cast", .constant(let array)) where integers(array) != nil,
      ("Squeeze", .constant(let array)) where integers(array) != nil,
      ("Unsqueeze", .constant(let array)) where integers(array) != nil:
      define(first, as: view)
    case ("Concat", .shape), ("Concat", .constant):
      var joined: [Int?] = []
      for index in view.node.inputs.indices {
        guard let extents = try extents(index, of: view),
          joined.count + extents.count <= Self.maximumRank
        else { throw view.error("joins values; only chains of layers and small shapes are read") }
        joined += extents
      }
      define(.shape(joined), as: view)
    default: return false
    }
    return true
  }

  mutating func readFlatten(_ view: ONNXNodeView) throws(ONNXImportError) {
    try checkChain(view)
    try view.checkAttributes(["axis"])
    let axis = try view.integer("axis", default: 1)
    guard axis == 1 || axis == -Int64(shape.count) else {
      throw view.error("axis is \(axis); only 1, a row for each picture, is read")
    }
    flatten(view)
  }

  mutating func readReshape(_ view: ONNXNodeView) throws(ONNXImportError) {
    try checkChain(view)
    try view.checkAttributes(["allowzero"])
    guard let target = try extents(1, of: view), !target.isEmpty else {
      throw view.error("its shape is not known")
    }
    let copiesZeros = try view.integer("allowzero", default: 0) == 0
    let rest = try rest(of: target, copiesZeros: copiesZeros, view)
    if rest == shape {
      passOn(view)
    } else if rest.count == 1 {
      flatten(view)
    } else if layers.isEmpty, rest.count <= 3 {
      notes.append("the input of \(inputShape) is taken as \(rest), as the network does first")
      reshapeInput(rest)
      passOn(view)
    } else {
      throw view.error(
        "makes \(rest) of \(shape); only a row for each picture is read, as of Flatten")
    }
  }

  /// A constant with other extents, as CNTK writes the weights behind a convolution.
  private func reshaped(_ constant: NamedArray, _ view: ONNXNodeView) throws(ONNXImportError) -> NamedArray {
    let old = constant.array.shape
    guard let target = try extents(1, of: view) else { throw view.error("its shape is not known") }
    let copiesZeros = try view.integer("allowzero", default: 0) == 0
    var shape: [Int] = []
    for (index, extent) in target.enumerated() {
      guard let extent else { throw view.error("gives a constant the extent of the batch") }
      shape.append(extent == 0 && copiesZeros && index < old.count ? old[index] : extent)
    }
    let count = constant.array.elementCount
    if let open = shape.firstIndex(of: -1) {
      shape[open] = 1
      if let known = Self.product(shape), known > 0 { shape[open] = count / known }
    }
    // A matrix that was turned before has its elements in another order.
    guard constant.array.memoryOrder == .rowMajor, Self.product(shape) == count,
      let array = NumericArray(
        elementType: constant.array.elementType, shape: shape, byteOrder: constant.array.byteOrder,
        storage: constant.array.storage, range: constant.array.range)
    else { throw view.error("makes \(target.map { $0 ?? 0 }) of a constant of \(old)") }
    return NamedArray(name: constant.name, array: array)
  }

  /// The shape without the batch dimension that a `Reshape` to `target` gives.
  private func rest(of target: [Int?], copiesZeros: Bool, _ view: ONNXNodeView) throws(ONNXImportError)
    -> [Int]
  {
    let text = "[" + target.map { $0.map(String.init) ?? "N" }.joined(separator: ", ") + "]"
    let refusal = view.error(
      "makes \(text) of [N] + \(shape); only a row for each picture is read, as of Flatten")
    guard let count = Self.product(shape) else { throw refusal }
    var rest: [Int] = []
    var open: Int?
    for (index, extent) in target.enumerated().dropFirst() {
      guard let extent, extent >= -1 else { throw refusal }
      if extent == -1 {
        guard open == nil else { throw refusal }
        open = index - 1
        rest.append(1)
      } else if extent == 0 {
        guard copiesZeros, index <= shape.count else { throw refusal }
        rest.append(shape[index - 1])
      } else {
        rest.append(extent)
      }
    }
    guard let known = Self.product(rest), known > 0 else { throw refusal }
    // The first extent must come out as the number of pictures; a file that was traced with one picture says 1.
    let keepsPictures =
      switch target[0] {
      case nil: true
      case 0: copiesZeros
      case -1: open == nil
      case let first?: first == batch ?? 1
      }
    guard keepsPictures else { throw refusal }
    if let open {
      guard count.isMultiple(of: known) else { throw refusal }
      rest[open] = count / known
    }
    guard !rest.isEmpty, Self.product(rest) == count else { throw refusal }
    return rest
  }

  mutating func flatten(_ view: ONNXNodeView) {
    guard shape.count > 1, let count = Self.product(shape) else {
      passOn(view)
      return
    }
    append(ImportedLayer(kind: "flatten", operation: .flatten), shape: [count], view)
  }

  private func constantArray(_ view: ONNXNodeView) throws(ONNXImportError) -> NamedArray {
    let name = view.node.outputs.first ?? ""
    func array<T>(_ type: ElementType, _ shape: [Int], _ values: [T]) -> NumericArray? {
      let bytes = values.withUnsafeBytes { [UInt8]($0) }
      return NumericArray(elementType: type, shape: shape, storage: bytes, range: 0..<bytes.count)
    }
    var made: NumericArray?
    for attribute in view.node.attributes {
      switch (attribute.name, attribute.value) {
      case ("value", .tensor(let tensor)): made = tensor.array
      case ("value_float", .float(let value)): made = array(.float32, [], [value.bitPattern.littleEndian])
      case ("value_int", .integer(let value)): made = array(.int64, [], [value.littleEndian])
      case ("value_floats", .floats(let values)):
        made = array(.float32, [values.count], values.map(\.bitPattern.littleEndian))
      case ("value_ints", .integers(let values)):
        made = array(.int64, [values.count], values.map(\.littleEndian))
      default: throw view.error("holds \(attribute.name.quotedForMessage), which is no number that is read")
      }
    }
    guard let made else { throw view.error("has no value") }
    return NamedArray(name: name, array: made)
  }

  /// The extents that an input holds; nil for what is no shape.
  func extents(_ index: Int, of view: ONNXNodeView) throws(ONNXImportError) -> [Int?]? {
    switch try value(index, of: view) {
    case .shape(let extents): extents
    case .constant(let array): integers(array)
    case nil, .activation: nil
    }
  }

  /// A few integers, or nil for anything else.
  private func integers(_ constant: NamedArray) -> [Int]? {
    guard constant.array.elementCount <= Self.maximumRank, constant.array.shape.count <= 1 else { return nil }
    return constant.array.integers()?.map { Int(clamping: $0) }
  }

  /// A place in a shape, counted from its end if it is negative, and clamped.
  private func index(_ value: Int64, of count: Int) -> Int {
    let place = value < 0 ? Int(clamping: value) + count : Int(clamping: value)
    return min(max(place, 0), count)
  }

  private static func product(_ extents: [Int]) -> Int? {
    var product = 1
    for extent in extents {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      product = next
    }
    return product
  }
}
