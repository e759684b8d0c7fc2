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
    case ("Squeeze", .activation):
      try readSqueeze(view)
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
    case ("Unsqueeze", .constant(let array)):
      define(.constant(try unsqueezed(array, view)), as: view)
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

  /// A picture of one pixel becomes a row, as converters write it behind a global pooling.
  private mutating func readSqueeze(_ view: ONNXNodeView) throws(ONNXImportError) {
    try checkChain(view)
    guard shape.count == 3, shape[1] == 1, shape[2] == 1, try axes(of: view, rank: 4)?.sorted() == [2, 3]
    else {
      throw view.error(
        "takes away other axes than those of a picture of one pixel (2 and 3), which alone is read")
    }
    flatten(view)
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

  /// The shape without the batch dimension that a `Reshape` to `target` gives.
  private func rest(of target: [Int?], copiesZeros: Bool, _ view: ONNXNodeView) throws(ONNXImportError)
    -> [Int]
  {
    let text = "[" + target.map { $0.map(String.init) ?? "N" }.joined(separator: ", ") + "]"
    let refusal = view.error(
      "makes \(text) of [N] + \(shape); only a row for each picture is read, as of Flatten")
    guard let count = NetworkDescription.elementCount(shape) else { throw refusal }
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
    guard let known = NetworkDescription.elementCount(rest), known > 0 else { throw refusal }
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
    guard !rest.isEmpty, NetworkDescription.elementCount(rest) == count else { throw refusal }
    return rest
  }

  mutating func flatten(_ view: ONNXNodeView) {
    guard shape.count > 1, let count = NetworkDescription.elementCount(shape) else {
      passOn(view)
      return
    }
    append(ImportedLayer(kind: "flatten", operation: .flatten), shape: [count], view)
  }

  /// The extents that an input holds; nil for what is no shape.
  func extents(_ index: Int, of view: ONNXNodeView) throws(ONNXImportError) -> [Int?]? {
    switch try value(index, of: view) {
    case .shape(let extents): extents
    case .constant(let array): integers(array)
    case nil, .activation: nil
    }
  }

  /// The axes that a node names, counted from the first, as an attribute or, in later operator sets, as an input; nil
  /// where it names none.
  ///
  /// - Parameter rank: how many axes there are, for those that are counted from the last.
  func axes(of view: ONNXNodeView, rank: Int) throws(ONNXImportError) -> [Int]? {
    let given: [Int?]
    switch (view.node.attribute("axes"), try value(1, of: view)) {
    case (nil, nil): return nil
    case (nil, _):
      guard let axes = try extents(1, of: view) else { throw view.error("its axes are not known") }
      given = axes
    case (.integers(let axes), nil): given = axes.prefix(Self.maximumRank).map { Int(clamping: $0) }
    case (_, nil): throw view.error("axes should be a list of integers")
    default: throw view.error("names its axes twice")
    }
    return given.map { axis in axis.map { $0 < 0 ? $0 + rank : $0 } ?? -1 }
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
}
