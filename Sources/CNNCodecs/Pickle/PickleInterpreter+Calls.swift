extension PickleInterpreter {
  // MARK: Names

  mutating func readGlobal(_ opcode: PickleOpcode) throws(PickleError) -> Pickle.ID {
    let module: Pickle.ID
    let name: Pickle.ID
    if opcode == .stackGlobal {
      let depth = try depth(below: 2)
      (module, name) = (stack[depth], stack[depth + 1])
      stack.removeLast(2)
      for id in [module, name] where arena[id].kind != .text {
        throw failure(.wrongTarget(.stackGlobal, found: arena.typeName(of: id)))
      }
    } else {
      module = try readNameLine("a module's name")
      name = try readNameLine("a name")
    }
    let reduction = PickleReduction(
      module: arena.bytes(of: arena[module]), name: arena.bytes(of: arena[name]), dialect: dialect)
    return try add(
      .global, detail: reduction?.rawValue ?? 0, first: Int(module.index), second: Int(name.index))
  }

  private mutating func readNameLine(_ what: String) throws(PickleError) -> Pickle.ID {
    let line = try stream.readLine(what)
    guard PickleText.isValidUTF8(arena.input[line]) else { throw failure(.invalidText) }
    return try addInput(.text, line)
  }

  // MARK: Calls

  /// `REDUCE`, and the four opcodes that make an object of a class, which are calls as well.
  mutating func call(_ opcode: PickleOpcode) throws(PickleError) {
    let function: Pickle.ID
    let arguments: [Pickle.ID]
    switch opcode {
    case .inst:
      function = try readGlobal(.global)
      let depth = try popMark()
      arguments = takeArguments(stack[depth...])
      stack.removeSubrange(depth...)
    case .obj:
      let depth = try popMark()
      guard depth < stack.count else { throw failure(.stackUnderflow(.obj)) }
      function = stack[depth]
      arguments = takeArguments(stack[(depth + 1)...])
      stack.removeSubrange(depth...)
    default:
      if opcode == .newobjEx {
        let keywords = try pop()
        guard arena[keywords].kind == .dictionary, arena.childCount(of: arena[keywords]) == 0 else {
          throw failure(.wrongTarget(.newobjEx, found: "keyword arguments"))
        }
      }
      let tuple = try pop()
      function = try pop()
      guard arena[tuple].kind == .tuple else {
        throw failure(.wrongTarget(opcode, found: arena.typeName(of: tuple)))
      }
      arguments = takeArguments(arena.children(of: tuple))
    }
    guard arena[function].kind == .global else {
      throw failure(.notCallable(found: arena.typeName(of: function)))
    }
    guard let reduction = PickleReduction(rawValue: arena[function].detail) else {
      throw forbiddenCall(function)
    }
    // `__new__` of a mutable container ignores arguments that a call would take.
    if opcode == .newobj || opcode == .newobjEx, !arguments.isEmpty { throw forbiddenCall(function) }
    try push(try reduce(reduction, function, arguments))
  }

  /// No function on the list takes more than eight arguments; a ninth tells that there are too many.
  private func takeArguments(_ items: ArraySlice<Pickle.ID>) -> [Pickle.ID] {
    [Pickle.ID](items.prefix(9))
  }

  private func forbiddenCall(_ function: Pickle.ID) -> PickleError {
    let (module, name) = arena.globalName(of: function)
    if module == "numpy.ma.core" { return failure(.unsupportedArrayClass("numpy masked array")) }
    if dialect == .torch { return failure(.torch(TorchProblem(callOf: name, in: module))) }
    return failure(.forbiddenCall(module: module, name: name))
  }

  private mutating func reduce(_ reduction: PickleReduction, _ function: Pickle.ID, _ arguments: [Pickle.ID])
    throws(PickleError) -> Pickle.ID
  {
    switch reduction {
    case .arrayClass, .plainType: throw forbiddenCall(function)
    case .reconstructArray: return try reconstructArray(arguments)
    case .arrayFromBuffer: return try arrayFromBuffer(arguments)
    case .scalar: return try scalar(arguments)
    case .elementType: return try makeElementType(arguments)
    case .encode: return try encode(arguments)
    case .bytes: return try makeBytes(.bytes, arguments)
    case .byteArray: return try makeBytes(.byteArray, arguments)
    case .complex: return try makeComplex(arguments)
    case .list: return try makeSequence(.list, reduction, arguments)
    case .tuple: return try makeSequence(.tuple, reduction, arguments)
    case .set: return try makeSequence(.set, reduction, arguments)
    case .frozenSet: return try makeSequence(.frozenSet, reduction, arguments)
    case .dictionary: return try makeDictionary(reduction, PickleNode.Flavour.plain, arguments)
    case .orderedDictionary: return try makeDictionary(reduction, PickleNode.Flavour.ordered, arguments)
    case .defaultDictionary:
      if let factory = arguments.first, arena[factory].kind != .none {
        let isPlain = PickleReduction(rawValue: arena[factory].detail)?.isPlainType ?? false
        guard arena[factory].kind == .global, isPlain else {
          throw malformedCall(reduction, "\(arena.typeName(of: factory)) as its factory")
        }
      }
      return try makeDictionary(reduction, PickleNode.Flavour.withDefault, [Pickle.ID](arguments.dropFirst()))
    case .torchTensor, .torchTensorWithType, .torchParameter, .torchSize, .torchDevice, .counter:
      return try reduceTorch(reduction, arguments)
    }
  }

  func malformedCall(_ reduction: PickleReduction, _ problem: String) -> PickleError {
    failure(.malformedCall(function: reduction.displayName, problem: problem))
  }

  // MARK: Bytes

  /// `_codecs.encode(text, 'latin1')`.
  private mutating func encode(_ arguments: [Pickle.ID]) throws(PickleError) -> Pickle.ID {
    guard arguments.count == 2, arena[arguments[0]].kind == .text, isLatin1(arguments[1]) else {
      throw malformedCall(.encode, "other than a text and 'latin1'")
    }
    return try encoded(arguments[0])
  }

  private func isLatin1(_ id: Pickle.ID) -> Bool {
    let name = arena.shortName(of: id)
    return name == "latin1" || name == "latin-1"
  }

  private mutating func encoded(_ text: Pickle.ID) throws(PickleError) -> Pickle.ID {
    if let known = encodedTexts[text] { return known }
    let node = arena[text]
    let result: Pickle.ID
    if PickleText.isASCII(arena.bytes(of: node)) {
      result = try add(.bytes, detail: node.detail, first: node.first, second: node.second)
    } else if let bytes = PickleText.latin1(utf8: arena.bytes(of: node)) {
      result = try addDerived(.bytes, bytes)
    } else {
      throw malformedCall(.encode, "a character that Latin-1 does not have")
    }
    encodedTexts[text] = result
    return result
  }

  /// `bytes()`, `bytes(b'...')`, and `bytearray` of the same or of a text and 'latin-1'.
  private mutating func makeBytes(_ kind: Pickle.Kind, _ arguments: [Pickle.ID]) throws(PickleError)
    -> Pickle.ID
  {
    var source: Pickle.ID?
    switch arguments.count {
    case 0: return try add(kind)
    case 1 where arena[arguments[0]].kind == .bytes: source = arguments[0]
    case 2 where arena[arguments[0]].kind == .text && isLatin1(arguments[1]):
      source = try encoded(arguments[0])
    default: break
    }
    guard let source else {
      throw malformedCall(kind == .bytes ? .bytes : .byteArray, "other than bytes, or a text and 'latin-1'")
    }
    if kind == .bytes { return source }
    let node = arena[source]
    return try add(kind, detail: node.detail, first: node.first, second: node.second)
  }

  // MARK: Numbers and containers

  private mutating func makeComplex(_ arguments: [Pickle.ID]) throws(PickleError) -> Pickle.ID {
    guard arguments.count == 2, let real = arena.double(of: arguments[0]),
      let imaginary = arena.double(of: arguments[1])
    else { throw malformedCall(.complex, "other than two numbers") }
    return try add(
      .complex, first: Int(Int64(bitPattern: real.bitPattern)),
      second: Int(Int64(bitPattern: imaginary.bitPattern)))
  }

  /// A container of another one's members.
  private mutating func makeSequence(
    _ kind: Pickle.Kind, _ reduction: PickleReduction, _ arguments: [Pickle.ID]
  ) throws(PickleError) -> Pickle.ID {
    let id = try add(kind)
    if arguments.isEmpty { return id }
    guard arguments.count == 1, [.list, .tuple].contains(arena[arguments[0]].kind) else {
      throw malformedCall(reduction, "other than a list or a tuple")
    }
    try spendCopies(arena.childCount(of: arena[arguments[0]]))
    let items = [Pickle.ID](arena.children(of: arguments[0]))
    if kind == .set || kind == .frozenSet { try checkMembers(items[...], of: id) }
    try append(items[...], to: id)
    return id
  }

  /// A dict, empty or of a list of pairs: how Python 2 writes an `OrderedDict`.
  private mutating func makeDictionary(
    _ reduction: PickleReduction, _ flavour: UInt8, _ arguments: [Pickle.ID]
  ) throws(PickleError) -> Pickle.ID {
    let id = try add(.dictionary, detail: flavour)
    if arguments.isEmpty { return id }
    guard arguments.count == 1, arena[arguments[0]].kind == .list else {
      throw malformedCall(reduction, "other than a list of pairs")
    }
    let pairCount = arena.childCount(of: arena[arguments[0]])
    try spendCopies(pairCount)
    var items: [Pickle.ID] = []
    items.reserveCapacity(2 * pairCount)
    for pair in arena.children(of: arguments[0]) {
      let node = arena[pair]
      guard node.kind == .list || node.kind == .tuple, arena.childCount(of: node) == 2 else {
        throw malformedCall(reduction, "other than a list of pairs")
      }
      let members = arena.children(of: node)
      try checkKey(members[members.startIndex], of: id)
      items.append(contentsOf: members)
    }
    try append(items[...], to: id)
    return id
  }

  private mutating func spendCopies(_ count: Int) throws(PickleError) {
    copyBudget -= count
    guard copyBudget >= 0 else {
      throw failure(.copiesExceedInput(available: byteCount))
    }
  }
}
