/// The stack machine that a pickle is a program for, reduced to one that can only make data.
///
/// It knows no way to turn a name into anything: a name is two strings, compared with `PickleReduction` when a
/// call comes. Time is linear in the input, but for what `PickleLimits` and the two budgets below bound.
struct PickleInterpreter {
  var stream: PickleStream
  var arena: PickleArena
  let limits: PickleLimits
  /// Whose pickles they are. It may change from one pickle to the next.
  var dialect: PickleDialect
  /// How many bytes the pickles have.
  let byteCount: Int

  /// Values under construction, and the depths at which marks stand among them.
  var stack: [Pickle.ID] = []
  var marks: [Int] = []
  var memo = PickleMemo()

  var keys = PickleKeys()
  /// What `_codecs.encode` made of each text, so that one text cannot be encoded over and over.
  var encodedTexts: [Pickle.ID: Pickle.ID] = [:]
  /// How many members may still be copied from one container to another: no honest pickle copies one twice.
  var copyBudget: Int
  /// How many bytes all arrays have together, which cannot exceed the input unless they share them.
  var arrayByteCount = 0
  /// Arrays and dtypes that wait for their `BUILD`.
  var unbuiltCount = 0
  /// The storages of PyTorch's tensors by their keys.
  var torchStorages: [String: Pickle.ID] = [:]

  private(set) var roots: [Pickle.ID] = []
  private(set) var protocols: [Int] = []

  /// An interpreter for the pickles in `range` of `bytes`; offsets are those in `bytes`.
  init(
    _ bytes: [UInt8], in range: Range<Int>? = nil, limits: PickleLimits, dialect: PickleDialect = .plain
  ) {
    stream = PickleStream(bytes, in: range ?? 0..<bytes.count)
    arena = PickleArena(input: bytes)
    self.limits = limits
    self.dialect = dialect
    byteCount = stream.remaining
    copyBudget = byteCount
  }

  /// Reads one pickle after another to the end of the input.
  mutating func run() throws(PickleError) {
    guard stream.remaining > 0 else { throw PickleError(.empty, offset: stream.position) }
    repeat {
      try runOne()
      if let next = stream.nextByte, !Self.canBeginPickle(next) {
        throw PickleError(.trailingBytes(count: stream.remaining), offset: stream.position)
      }
    } while stream.remaining > 0
  }

  /// Whether a pickle may begin with a byte: with an opcode that takes nothing from the stack or the memo.
  static func canBeginPickle(_ byte: UInt8) -> Bool {
    switch PickleOpcode(rawValue: byte) {
    case nil, .stop, .pop, .popMark, .dup, .reduce, .append, .build, .dict, .get, .list, .inst, .put,
      .setitem, .tuple, .appends, .setitems, .binget, .longBinget, .binput, .longBinput, .obj, .binpersid,
      .newobj,
      .tuple1, .tuple2, .tuple3, .additems, .frozenset, .newobjEx, .stackGlobal, .memoize, .readonlyBuffer:
      false
    default: true
    }
  }

  /// Reads one pickle and stays behind it.
  mutating func nextPickle() throws(PickleError) -> Pickle.ID {
    try runOne()
    return roots[roots.count - 1]
  }

  /// Reads the one pickle that is all of the input.
  mutating func onlyPickle() throws(PickleError) -> Pickle.ID {
    let root = try nextPickle()
    guard stream.remaining == 0 else {
      throw PickleError(.trailingBytes(count: stream.remaining), offset: stream.position)
    }
    return root
  }

  private mutating func runOne() throws(PickleError) {
    memo = PickleMemo()
    protocols.append(0)
    let start = stream.position
    let firstNode = arena.nodes.count
    while true {
      let opcode = try stream.readOpcode()
      if opcode == .stop { break }
      if opcode == .proto {
        try readProtocol(isFirst: stream.opcodeOffset == start)
      } else {
        try execute(opcode)
      }
    }
    try stream.endPickle()
    guard stack.count == 1, marks.isEmpty, let root = stack.popLast() else {
      throw failure(.leftOnStack(values: stack.count, marks: marks.count))
    }
    if unbuiltCount > 0 { try refuseUnbuilt(from: firstNode) }
    roots.append(root)
  }

  private mutating func readProtocol(isFirst: Bool) throws(PickleError) {
    let number = try stream.readLittleEndian(UInt8.self, "the protocol number")
    guard isFirst else { throw failure(.misplacedProtocol) }
    guard number <= 5 else { throw failure(.unsupportedProtocol(number)) }
    protocols[protocols.count - 1] = Int(number)
  }

  private func refuseUnbuilt(from firstNode: Int) throws(PickleError) {
    for node in arena.nodes[firstNode...] where node.detail == PickleNode.State.unbuilt {
      switch node.kind {
      case .array: throw PickleError(.neverBuilt("a NumPy array"), offset: node.offset)
      case .elementType: throw PickleError(.neverBuilt("a NumPy dtype"), offset: node.offset)
      default: continue
      }
    }
  }

  // MARK: Dispatch

  private mutating func execute(_ opcode: PickleOpcode) throws(PickleError) {
    switch opcode {
    case .proto, .stop: break
    case .frame: try stream.beginFrame()
    case .binpersid where dialect == .torch: try readStorageReference()
    case .persid, .binpersid, .ext1, .ext2, .ext4, .nextBuffer, .readonlyBuffer:
      throw failure(.refusedOpcode(opcode))

    case .mark:
      try checkReferences(marks.count, adding: 1)
      marks.append(stack.count)
    case .pop:
      if marks.last == stack.count { marks.removeLast() } else { _ = try pop() }
    case .popMark: stack.removeSubrange(try popMark()...)
    case .dup: try push(try top())
    case .get, .binget, .longBinget, .put, .binput, .longBinput, .memoize: try useMemo(opcode)

    case .none: try push(try add(.none))
    case .newtrue: try push(try add(.boolean, detail: 1))
    case .newfalse: try push(try add(.boolean, detail: 0))
    case .int, .long, .binint, .binint1, .binint2, .long1, .long4: try push(try readInteger(opcode))
    case .float, .binfloat: try push(try readReal(opcode))
    case .string, .binstring, .shortBinstring, .binbytes, .shortBinbytes, .binbytes8, .bytearray8:
      try push(try readBytes(opcode))
    case .unicode, .binunicode, .shortBinunicode, .binunicode8: try push(try readText(opcode))

    case .emptyTuple: try push(try add(.tuple))
    case .tuple1: try makeContainer(.tuple, from: try depth(below: 1))
    case .tuple2: try makeContainer(.tuple, from: try depth(below: 2))
    case .tuple3: try makeContainer(.tuple, from: try depth(below: 3))
    case .tuple: try makeContainer(.tuple, from: try popMark())
    case .emptyList: try push(try add(.list))
    case .list: try makeContainer(.list, from: try popMark())
    case .append: try appendToList(from: try depth(below: 1))
    case .appends: try appendToList(from: try popMark())
    case .emptyDict: try push(try add(.dictionary))
    case .dict: try makeDictionary(from: try popMark())
    case .setitem: try setItems(from: try depth(below: 2))
    case .setitems: try setItems(from: try popMark())
    case .emptySet: try push(try add(.set))
    case .additems: try addItems(from: try popMark())
    case .frozenset: try makeFrozenSet(from: try popMark())

    case .global, .stackGlobal: try push(try readGlobal(opcode))
    case .reduce, .newobj, .newobjEx, .inst, .obj: try call(opcode)
    case .build: try build()
    }
  }

  // MARK: The stack

  func failure(_ kind: PickleError.Kind) -> PickleError { stream.failure(kind) }

  /// The depth of the last mark, below which no opcode may reach.
  private var fence: Int { marks.last ?? 0 }

  func checkReferences(_ count: Int, adding: Int) throws(PickleError) {
    guard count <= limits.maximumReferences - adding else {
      throw failure(.limitExceeded(what: "references", maximum: limits.maximumReferences))
    }
  }

  mutating func push(_ id: Pickle.ID) throws(PickleError) {
    try checkReferences(stack.count, adding: 1)
    stack.append(id)
  }

  mutating func pop() throws(PickleError) -> Pickle.ID {
    guard stack.count > fence, let id = stack.popLast() else {
      throw failure(.stackUnderflow(stream.opcode))
    }
    return id
  }

  func top() throws(PickleError) -> Pickle.ID {
    guard stack.count > fence, let id = stack.last else { throw failure(.stackUnderflow(stream.opcode)) }
    return id
  }

  /// The depth at which the `count` topmost values begin.
  func depth(below count: Int) throws(PickleError) -> Int {
    guard stack.count - fence >= count else { throw failure(.stackUnderflow(stream.opcode)) }
    return stack.count - count
  }

  /// Takes the last mark away and returns the depth at which it stood.
  mutating func popMark() throws(PickleError) -> Int {
    guard let depth = marks.popLast() else { throw failure(.missingMark(stream.opcode)) }
    return depth
  }

  /// Makes an object that the current opcode is the origin of.
  mutating func add(_ kind: Pickle.Kind, detail: UInt8 = 0, first: Int = 0, second: Int = 0)
    throws(PickleError) -> Pickle.ID
  {
    guard arena.nodes.count < limits.maximumObjects else {
      throw failure(.limitExceeded(what: "objects", maximum: limits.maximumObjects))
    }
    return arena.add(
      PickleNode(kind, detail: detail, offset: stream.opcodeOffset, first: first, second: second))
  }
}
