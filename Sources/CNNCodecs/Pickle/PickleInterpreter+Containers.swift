extension PickleInterpreter {
  /// Pushes a container of the values from `depth` up, which leave the stack.
  mutating func makeContainer(_ kind: Pickle.Kind, from depth: Int) throws(PickleError) {
    let id = try add(kind)
    try moveItems(from: depth, to: id)
    try push(id)
  }

  mutating func makeDictionary(from depth: Int) throws(PickleError) {
    let id = try add(.dictionary)
    try checkPairs(from: depth, of: id)
    try moveItems(from: depth, to: id)
    try push(id)
  }

  mutating func makeFrozenSet(from depth: Int) throws(PickleError) {
    let id = try add(.frozenSet)
    try checkMembers(stack[depth...], of: id)
    try moveItems(from: depth, to: id)
    try push(id)
  }

  mutating func appendToList(from depth: Int) throws(PickleError) {
    let target = try target(below: depth)
    guard arena[target].kind == .list else {
      throw failure(.wrongTarget(stream.opcode, found: arena.typeName(of: target)))
    }
    try moveItems(from: depth, to: target)
  }

  mutating func setItems(from depth: Int) throws(PickleError) {
    let target = try target(below: depth)
    guard arena[target].kind == .dictionary else {
      throw failure(.wrongTarget(stream.opcode, found: arena.typeName(of: target)))
    }
    try checkPairs(from: depth, of: target)
    try moveItems(from: depth, to: target)
  }

  mutating func addItems(from depth: Int) throws(PickleError) {
    let target = try target(below: depth)
    guard arena[target].kind == .set else {
      throw failure(.wrongTarget(stream.opcode, found: arena.typeName(of: target)))
    }
    try checkMembers(stack[depth...], of: target)
    try moveItems(from: depth, to: target)
  }

  /// The value below the items that an opcode adds to it.
  private func target(below depth: Int) throws(PickleError) -> Pickle.ID {
    guard depth > (marks.last ?? 0) else { throw failure(.stackUnderflow(stream.opcode)) }
    return stack[depth - 1]
  }

  private mutating func moveItems(from depth: Int, to id: Pickle.ID) throws(PickleError) {
    try append(stack[depth...], to: id)
    stack.removeSubrange(depth...)
  }

  mutating func append(_ items: ArraySlice<Pickle.ID>, to id: Pickle.ID) throws(PickleError) {
    try checkReferences(arena.children.count, adding: items.count)
    arena.append(items, to: id)
  }

  // MARK: Keys

  private mutating func checkPairs(from depth: Int, of container: Pickle.ID) throws(PickleError) {
    guard (stack.count - depth).isMultiple(of: 2) else {
      throw failure(.unpairedItems(stream.opcode))
    }
    for index in stride(from: depth, to: stack.count, by: 2) {
      try checkKey(stack[index], of: container)
    }
  }

  mutating func checkMembers(_ items: ArraySlice<Pickle.ID>, of container: Pickle.ID) throws(PickleError) {
    for item in items { try checkKey(item, of: container) }
  }

  /// Enters a key of a dict or a member of a set, which must be hashable and new.
  mutating func checkKey(_ key: Pickle.ID, of container: Pickle.ID) throws(PickleError) {
    switch keys.identity(of: key, in: arena) {
    case .failure(.unhashable): throw failure(.unhashableKey(arena.typeName(of: key)))
    case .failure(.unsupported): throw failure(.unsupportedKey(arena.typeName(of: key)))
    case .success(let identity):
      guard keys.insert(identity, into: container) else {
        throw failure(.duplicateKey(arena.keyDescription(of: key)))
      }
    }
  }
}
