/// Which keys are the same, and which containers have them already.
///
/// Names are compared as text, so that a Python 2 string and a `unicode` of the same letters are one key, and
/// numbers as Python compares them: `1`, `1.0` and `True` are one key.
struct PickleKeys {
  /// A key by its content.
  private enum Key: Hashable {
    case none
    case integer(Int)
    case real(UInt64)
    case name([UInt8])
  }

  /// One number for each distinct key.
  private var identities: [Key: UInt32] = [:]
  /// The same for long names, by object, so that each is looked at once however often it is used.
  private var identitiesOfLongNames: [Pickle.ID: UInt32] = [:]
  /// Container and key, 32 bits each.
  private var members: Set<UInt64> = []

  /// Enters a key; false if the container has it already.
  mutating func insert(_ identity: UInt32, into container: Pickle.ID) -> Bool {
    members.insert(UInt64(container.index) << 32 | UInt64(identity)).inserted
  }

  /// The number of a key, or what is wrong with it.
  mutating func identity(of id: Pickle.ID, in arena: PickleArena) -> Result<UInt32, Problem> {
    let node = arena[id]
    switch node.kind {
    case .none: return .success(identity(of: .none))
    case .boolean: return .success(identity(of: .integer(Int(node.detail))))
    case .integer:
      guard node.detail == PickleNode.Place.inline else { return .failure(.unsupported) }
      return .success(identity(of: .integer(node.first)))
    case .real:
      let value = Double(bitPattern: UInt64(bitPattern: Int64(node.first)))
      if value.isNaN { return .failure(.unsupported) }
      if let integer = Int(exactly: value) { return .success(identity(of: .integer(integer))) }
      return .success(identity(of: .real(value.bitPattern)))
    case .text, .bytes:
      if let known = identitiesOfLongNames[id] { return .success(known) }
      let bytes = arena.bytes(of: node)
      let name =
        node.kind == .text || PickleText.isASCII(bytes) ? [UInt8](bytes) : PickleText.utf8(latin1: bytes)
      let identity = identity(of: .name(name))
      if name.count > 32 { identitiesOfLongNames[id] = identity }
      return .success(identity)
    case .list, .dictionary, .set, .byteArray, .array: return .failure(.unhashable)
    case .complex, .tuple, .frozenSet, .elementType, .global, .storage, .tensor: return .failure(.unsupported)
    }
  }

  enum Problem: Error {
    case unhashable
    case unsupported
  }

  private mutating func identity(of key: Key) -> UInt32 {
    if let known = identities[key] { return known }
    let identity = UInt32(truncatingIfNeeded: identities.count)
    identities[key] = identity
    return identity
  }
}
