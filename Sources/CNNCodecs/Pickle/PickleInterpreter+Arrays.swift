extension PickleInterpreter {
  // MARK: Arrays

  /// `_reconstruct(ndarray, (0,), b'b')`: an array without content, which a `BUILD` fills.
  mutating func reconstructArray(_ arguments: [Pickle.ID]) throws(PickleError) -> Pickle.ID {
    guard arguments.count == 3, arena[arguments[0]].kind == .global else {
      throw malformedCall(.reconstructArray, "other than a class, a shape and a code")
    }
    guard arena[arguments[0]].detail == PickleReduction.arrayClass.rawValue else {
      let (module, name) = arena.globalName(of: arguments[0])
      throw failure(.unsupportedArrayClass("\(module).\(name)"))
    }
    unbuiltCount += 1
    return try add(.array, detail: PickleNode.State.unbuilt)
  }

  mutating func build() throws(PickleError) {
    let state = try pop()
    let target = try top()
    let node = arena[target]
    if dialect == .torch, node.kind == .dictionary, node.detail == PickleNode.Flavour.ordered {
      return try ignoreAttributes(state)
    }
    switch (node.kind, node.detail) {
    case (.array, PickleNode.State.unbuilt): try buildArray(target, state)
    case (.elementType, PickleNode.State.unbuilt): try buildElementType(target, state)
    case (.array, _): throw failure(.builtTwice("a NumPy array"))
    case (.elementType, _): throw failure(.builtTwice("a NumPy dtype"))
    default: throw failure(.wrongTarget(.build, found: arena.typeName(of: target)))
    }
    unbuiltCount -= 1
  }

  /// The state is `(1, shape, dtype, is Fortran order, data)`.
  private mutating func buildArray(_ target: Pickle.ID, _ state: Pickle.ID) throws(PickleError) {
    let items = arena[state].kind == .tuple ? arena.children(of: state) : []
    guard items.count == 5, arena.integer(of: items[items.startIndex]) == 1 else {
      throw failure(.malformedArray(problem: "a state other than the five values of version 1"))
    }
    let fields = [Pickle.ID](items)
    let elementType = try elementType(fields[2])
    guard let isFortran = arena.flag(of: fields[3]) else {
      throw failure(.malformedArray(problem: "an order that is neither true nor false"))
    }
    let record = try makeRecord(
      elementType, shape: fields[1], order: isFortran ? .columnMajor : .rowMajor, data: fields[4])
    finish(target, with: record)
  }

  /// `_frombuffer(data, dtype, shape, order)`, where the order `K` comes with a permutation of the dimensions.
  mutating func arrayFromBuffer(_ arguments: [Pickle.ID]) throws(PickleError) -> Pickle.ID {
    guard arguments.count == 4 || arguments.count == 5 else {
      throw malformedCall(.arrayFromBuffer, "\(arguments.count) arguments")
    }
    let elementType = try elementType(arguments[1])
    let order = arena.shortName(of: arguments[3])
    let record: PickleArrayRecord
    switch (order, arguments.count) {
    case ("C", 4):
      record = try makeRecord(elementType, shape: arguments[2], order: .rowMajor, data: arguments[0])
    case ("F", 4):
      record = try makeRecord(elementType, shape: arguments[2], order: .columnMajor, data: arguments[0])
    case ("K", 5):
      let rows = try makeRecord(elementType, shape: arguments[2], order: .rowMajor, data: arguments[0])
      record = try permuted(rows, axes: arguments[4])
    default: throw malformedCall(.arrayFromBuffer, "an order other than C, F, or K with its axes")
    }
    let id = try add(.array, detail: PickleNode.State.unbuilt)
    finish(id, with: record)
    return id
  }

  private mutating func finish(_ target: Pickle.ID, with record: PickleArrayRecord) {
    arena.arrays.append(record)
    arena[target] = PickleNode(
      .array, detail: PickleNode.State.built, offset: arena[target].offset, first: arena.arrays.count - 1)
  }

  private mutating func makeRecord(
    _ elementType: (type: ElementType, order: NumericArray.ByteOrder), shape: Pickle.ID,
    order: NumericArray.MemoryOrder, data: Pickle.ID
  ) throws(PickleError) -> PickleArrayRecord {
    let dimensions = try checkedShape(shape, elementType.type)
    let node = arena[data]
    guard node.kind == .bytes || node.kind == .byteArray else {
      let problem = node.kind == .list ? "a list of Python objects" : arena.typeName(of: data)
      throw failure(.malformedArray(problem: "\(problem) instead of bytes as its data"))
    }
    guard let expected = NumericArray.byteCount(elementType: elementType.type, shape: dimensions) else {
      throw failure(.invalidShape(problem: "more elements than can be in its shape \(dimensions)"))
    }
    guard expected == node.second else {
      throw failure(
        .arrayDataMismatch(
          shape: dimensions, elementType: elementType.type, expected: expected, found: node.second))
    }
    // The data of honest arrays lies in the file once for each; what follows may rely on that.
    arrayByteCount += expected
    guard arrayByteCount <= byteCount else {
      throw failure(.arraysExceedInput(claimed: arrayByteCount, available: byteCount))
    }
    return PickleArrayRecord(
      elementType: elementType.type, byteOrder: elementType.order, memoryOrder: order,
      isDerived: node.detail == PickleNode.Place.derived, start: node.first, count: node.second,
      shape: shape)
  }

  private func checkedShape(_ shape: Pickle.ID, _ elementType: ElementType) throws(PickleError) -> [Int] {
    guard arena[shape].kind == .tuple else {
      throw failure(.invalidShape(problem: "\(arena.typeName(of: shape)) as its shape"))
    }
    let items = arena.children(of: shape)
    guard items.count <= NumericArray.maximumRank else {
      throw failure(
        .invalidShape(problem: "\(items.count) dimensions; at most \(NumericArray.maximumRank) are read"))
    }
    var dimensions: [Int] = []
    for item in items {
      guard arena[item].kind == .integer, let dimension = arena.integer(of: item) else {
        throw failure(.invalidShape(problem: "\(arena.typeName(of: item)) as a dimension"))
      }
      guard dimension >= 0 else {
        throw failure(.invalidShape(problem: "a dimension of \(dimension)"))
      }
      dimensions.append(dimension)
    }
    return dimensions
  }

  // MARK: Transposed arrays

  /// The array `rows.transpose(axes)`. Reversed axes are Fortran order; for any other permutation, which
  /// `NumericArray` has no word for, the elements are put in order.
  private mutating func permuted(_ rows: PickleArrayRecord, axes: Pickle.ID) throws(PickleError)
    -> PickleArrayRecord
  {
    let dimensions = arena.children(of: rows.shape).compactMap { arena.integer(of: $0) }
    let rank = dimensions.count
    let permutation =
      arena[axes].kind == .tuple
      ? arena.children(of: axes).prefix(65).compactMap { arena.integer(of: $0) } : []
    guard permutation.sorted() == Array(0..<rank), arena.childCount(of: arena[axes]) == rank else {
      throw malformedCall(.arrayFromBuffer, "axes that are no permutation")
    }
    if permutation == Array(0..<rank) { return rows }
    let shapeItems = [Pickle.ID](arena.children(of: rows.shape))
    let shape = try add(.tuple)
    try append(permutation.map { shapeItems[$0] }[...], to: shape)
    let isReversed = permutation == Array((0..<rank).reversed())
    var start = rows.start
    var isDerived = rows.isDerived
    if !isReversed {
      start = arena.derived.count
      isDerived = true
      arena.derived.append(contentsOf: transposedBytes(rows, dimensions, permutation))
    }
    return PickleArrayRecord(
      elementType: rows.elementType, byteOrder: rows.byteOrder,
      memoryOrder: isReversed ? .columnMajor : .rowMajor, isDerived: isDerived, start: start,
      count: rows.count, shape: shape)
  }

  private func transposedBytes(_ rows: PickleArrayRecord, _ dimensions: [Int], _ permutation: [Int])
    -> [UInt8]
  {
    let size = rows.elementType.byteCount
    var strides = [Int](repeating: size, count: dimensions.count)
    for axis in dimensions.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * dimensions[axis + 1]
    }
    return StridedElements(
      start: rows.start, elementByteCount: size, shape: permutation.map { dimensions[$0] },
      byteStrides: permutation.map { strides[$0] }
    ).gathered(from: rows.isDerived ? arena.derived : arena.input)
  }

  // MARK: Scalars

  /// `scalar(dtype, data)` becomes a plain number: the dtype says how to read it and is not kept.
  mutating func scalar(_ arguments: [Pickle.ID]) throws(PickleError) -> Pickle.ID {
    guard arguments.count == 2, arena[arguments[1]].kind == .bytes else {
      throw malformedCall(.scalar, "other than a dtype and bytes")
    }
    let (type, order) = try elementType(arguments[0])
    let node = arena[arguments[1]]
    guard node.second == type.byteCount else {
      throw failure(
        .arrayDataMismatch(shape: [], elementType: type, expected: type.byteCount, found: node.second))
    }
    let bytes = [UInt8](arena.bytes(of: node))
    let array = NumericArray(
      elementType: type, shape: [], byteOrder: order, storage: bytes, range: 0..<bytes.count)
    guard let array else { throw malformedCall(.scalar, "other than a dtype and bytes") }
    if type == .bool { return try add(.boolean, detail: bytes == [0] ? 0 : 1) }
    if type.isFloatingPoint { return try addReal(array.doubles().first ?? 0) }
    if let value = array.integers()?.first { return try addInteger(Int(value)) }
    return try addInteger(PickleInteger.value(twosComplement: (array.rowMajorLittleEndianBytes() + [0])[...]))
  }
}
