/// What a file of Python pickles holds, read without running anything.
///
/// A pickle is a program that builds values, and Python's own reader runs whatever functions it names. This one
/// makes plain values, containers and NumPy arrays, and refuses every call but those of a fixed list; see
/// `formats/pickle.md`. Protocols 0 to 5 are read, of Python 2 and 3.
///
///     let pickle = try Pickle(parsing: bytes)
///     if case .dictionary(let entries) = pickle.value(of: pickle.roots[0]) {
///       for (key, value) in entries { print(pickle.text(of: key) ?? "?", pickle.array(of: value)?.shape ?? []) }
///     }
///
/// Objects are named by `ID`s and may be shared or contain themselves: whoever walks through them must keep
/// account of where it has been, as `arrayListing(limit:)` does.
public struct Pickle: Sendable {
  let arena: PickleArena

  /// The value of each pickle in the input, in order: one or more.
  public let roots: [ID]
  /// The protocol number of each pickle; 0 where none is named, which is so for protocol 1 too.
  public let protocols: [Int]

  /// Reads all pickles in `bytes`, which arrays go on to share.
  ///
  /// Takes time linear in the input; array data is not touched. Throws `PickleError` for everything that is not
  /// read, with the offset of the opcode at fault.
  public init(parsing bytes: [UInt8], limits: PickleLimits = .default) throws(PickleError) {
    var interpreter = PickleInterpreter(bytes, limits: limits)
    try interpreter.run()
    arena = interpreter.arena
    roots = interpreter.roots
    protocols = interpreter.protocols
  }

  /// The input.
  public var bytes: [UInt8] { arena.input }
  /// How many objects there are, in all pickles together.
  public var objectCount: Int { arena.nodes.count }

  /// What an object is.
  public func kind(of id: ID) -> Kind { arena[id].kind }

  /// The offset of the opcode that created an object, for messages about it.
  public func offset(of id: ID) -> Int { arena[id].offset }

  /// What an object is, as a phrase for messages: `a list`, `an OrderedDict`, `the name posix.system`.
  public func typeName(of id: ID) -> String { arena.typeName(of: id) }

  /// A text as it is, or bytes read as Latin-1, which is what names in Python 2's pickles are; else nil.
  public func text(of id: ID) -> String? { arena.text(of: id) }

  /// Bytes or a bytearray as they are; else nil.
  public func byteString(of id: ID) -> ArraySlice<UInt8>? {
    switch arena[id].kind {
    case .bytes, .byteArray: arena.bytes(of: arena[id])
    default: nil
    }
  }

  /// An integer, or a boolean as 0 or 1; nil for everything else and beyond `Int`.
  public func integer(of id: ID) -> Int? { arena.integer(of: id) }

  /// A float, or an integer or boolean rounded to one; nil for everything else and integers beyond `Int`.
  public func double(of id: ID) -> Double? { arena.double(of: id) }

  /// An array over the input's own bytes; nil for everything else. Costs no copy.
  public func array(of id: ID) -> NumericArray? { arena.array(of: id) }

  /// The members of a list, tuple, set or frozenset in order; nil for everything else.
  public func elements(of id: ID) -> ArraySlice<ID>? {
    switch arena[id].kind {
    case .list, .tuple, .set, .frozenSet: arena.children(of: id)
    default: nil
    }
  }

  /// The keys and values of a dict in the order of their insertion; nil for everything else.
  public func entries(of id: ID) -> PickleEntries? {
    arena[id].kind == .dictionary ? PickleEntries(arena.children(of: id)) : nil
  }

  /// The value of the key `name` (a text, or bytes read as Latin-1) in a dict; nil if there is none. Keys are
  /// compared by their UTF-8 bytes.
  ///
  /// - Complexity: linear in the number of entries.
  public func value(named name: String, in id: ID) -> ID? {
    entries(of: id)?.first { text(of: $0.key)?.isExactly(name) ?? false }?.value
  }
}
