extension PickleInterpreter {
  /// `numpy.dtype('f4', False, True)`: a code of kind and size; the byte order comes with the `BUILD`.
  mutating func makeElementType(_ arguments: [Pickle.ID]) throws(PickleError) -> Pickle.ID {
    guard let first = arguments.first, arguments.count <= 3, [.text, .bytes].contains(arena[first].kind)
    else {
      throw malformedCall(.elementType, "other than a code and two flags")
    }
    let code = arena.shortName(of: first)
    guard let type = NumPyTypeCode.elementTypes[code] else {
      throw failure(
        .unsupportedElementType(code: code.printable(limit: 20), meaning: NumPyTypeCode.meaning(of: code)))
    }
    unbuiltCount += 1
    return try add(
      .elementType, detail: PickleNode.State.unbuilt,
      first: ElementType.allCases.firstIndex(of: type) ?? 0)
  }

  /// The state is `(3, order, None, None, None, -1, -1, 0)`; version 4 has the dtype's metadata behind it.
  mutating func buildElementType(_ target: Pickle.ID, _ state: Pickle.ID) throws(PickleError) {
    let items = arena[state].kind == .tuple ? [Pickle.ID](arena.children(of: state).prefix(10)) : []
    let version = items.first.flatMap { arena.integer(of: $0) }
    guard version == 3 && items.count == 8 || version == 4 && items.count == 9 else {
      throw failure(.malformedElementType(problem: "a state of neither version 3 nor 4"))
    }
    // Subarray, names and fields belong to structured types, size and alignment to types of any size.
    guard items[2...4].allSatisfy({ arena[$0].kind == .none }),
      items[5...6].allSatisfy({ arena.integer(of: $0) == -1 }), arena.integer(of: items[7]) == 0
    else {
      throw failure(.malformedElementType(problem: "a state that belongs to another type"))
    }
    let node = arena[target]
    let isSingleByte = arena.elementType(of: node).byteCount == 1
    let detail: UInt8
    switch arena.shortName(of: items[1]) {
    case "<", "=": detail = PickleNode.State.built
    case ">": detail = PickleNode.State.builtBigEndian
    case "|" where isSingleByte: detail = PickleNode.State.built
    case let order:
      throw failure(.malformedElementType(problem: "the byte order '\(order.printable(limit: 8))'"))
    }
    arena[target] = PickleNode(.elementType, detail: detail, offset: node.offset, first: node.first)
  }

  /// What a dtype says about elements, once it has its state.
  func elementType(_ id: Pickle.ID) throws(PickleError) -> (type: ElementType, order: NumericArray.ByteOrder)
  {
    let node = arena[id]
    guard node.kind == .elementType else {
      throw failure(.malformedArray(problem: "\(arena.typeName(of: id)) as its dtype"))
    }
    guard node.detail != PickleNode.State.unbuilt else { throw failure(.neverBuilt("a NumPy dtype")) }
    let isBigEndian = node.detail == PickleNode.State.builtBigEndian
    return (arena.elementType(of: node), isBigEndian ? .bigEndian : .littleEndian)
  }
}
