/// An object of a pickle for switching over. Members are `Pickle.ID`s, so a value is never deep.
public enum PickleValue: Sendable {
  /// `None`.
  case none
  /// `True` or `False`.
  case boolean(Bool)
  /// An integer that fits.
  case integer(Int)
  /// An integer that does not.
  case bigInteger(PickleBigInteger)
  /// A float.
  case real(Double)
  /// A complex number.
  case complex(real: Double, imaginary: Double)
  /// A text.
  case text(String)
  /// A byte string, which a string of Python 2 is too.
  case bytes(ArraySlice<UInt8>)
  /// A bytearray.
  case byteArray(ArraySlice<UInt8>)
  /// A tuple's members.
  case tuple(ArraySlice<Pickle.ID>)
  /// A list's members.
  case list(ArraySlice<Pickle.ID>)
  /// The entries of a dict, an `OrderedDict` or a `defaultdict`.
  case dictionary(PickleEntries)
  /// A set's members, each different.
  case set(ArraySlice<Pickle.ID>)
  /// A frozenset's members, each different.
  case frozenSet(ArraySlice<Pickle.ID>)
  /// An array of NumPy.
  case array(NumericArray)
  /// A dtype of NumPy.
  case elementType(ElementType, NumericArray.ByteOrder)
  /// The name of a class or function, which was not looked up. Both parts are fit to be printed.
  case global(module: String, name: String)
}

/// The keys and values of a dict in the order of their insertion.
public struct PickleEntries: RandomAccessCollection, Sendable {
  /// A key and its value.
  public typealias Element = (key: Pickle.ID, value: Pickle.ID)

  private let items: ArraySlice<Pickle.ID>

  init(_ items: ArraySlice<Pickle.ID>) {
    self.items = items
  }

  /// 0.
  public var startIndex: Int { 0 }
  /// The number of entries.
  public var endIndex: Int { items.count / 2 }

  /// The entry at a position.
  public subscript(position: Int) -> Element {
    let index = items.startIndex + 2 * position
    return (items[index], items[index + 1])
  }
}

extension Pickle {
  /// An object as a value to switch over. Costs a copy for a text, and nothing that grows for anything else.
  public func value(of id: ID) -> PickleValue {
    let node = arena[id]
    switch node.kind {
    case .none: return .none
    case .boolean: return .boolean(node.detail == 1)
    case .integer:
      if node.detail == PickleNode.Place.inline { return .integer(node.first) }
      return .bigInteger(PickleBigInteger(littleEndianBytes: [UInt8](arena.bytes(of: node))))
    case .real: return .real(Double(bitPattern: UInt64(bitPattern: Int64(node.first))))
    case .complex:
      return .complex(
        real: Double(bitPattern: UInt64(bitPattern: Int64(node.first))),
        imaginary: Double(bitPattern: UInt64(bitPattern: Int64(node.second))))
    case .text: return .text(arena.text(of: id) ?? "")
    case .bytes: return .bytes(arena.bytes(of: node))
    case .byteArray: return .byteArray(arena.bytes(of: node))
    case .tuple: return .tuple(arena.children(of: node))
    case .list: return .list(arena.children(of: node))
    case .dictionary: return .dictionary(PickleEntries(arena.children(of: node)))
    case .set: return .set(arena.children(of: node))
    case .frozenSet: return .frozenSet(arena.children(of: node))
    case .array: return arena.array(of: id).map { .array($0) } ?? .none
    case .elementType:
      let isBigEndian = node.detail == PickleNode.State.builtBigEndian
      return .elementType(arena.elementType(of: node), isBigEndian ? .bigEndian : .littleEndian)
    case .global:
      let (module, name) = arena.globalName(of: id)
      return .global(module: module, name: name)
    // These are in no pickle that can be had from outside: `TorchFile` gives them out as arrays.
    case .storage, .tensor: return .none
    }
  }
}
