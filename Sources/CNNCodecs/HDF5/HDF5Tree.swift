/// B-trees of version 1, from the root to the leaves' children.
enum HDF5Tree {
  /// What a tree finds.
  enum Kind: UInt8 {
    /// The symbol tables of a group.
    case group = 0
    /// The chunks of a dataset.
    case chunks = 1
  }

  /// A child of a leaf.
  struct Child {
    /// The key before it.
    let key: Range<Int>
    let address: UInt64
    /// The index of the field with the address.
    let addressOffset: Int
  }

  /// All children of leaves, in order.
  ///
  /// Levels must fall by one from a node to its children, so no cycle is followed, and `account` bounds the rest.
  static func leaves(
    _ input: HDF5Input, at root: UInt64, namedAt: Int, kind: Kind, keyByteCount: Int,
    _ account: inout HDF5Account
  ) throws(HDF5Error) -> [Child] {
    let what = "a B-tree's node"
    var result: [Child] = []
    var pending: [(address: UInt64, namedAt: Int, level: UInt8?)] = [(root, namedAt, nil)]
    while let next = pending.popLast() {
      let tail = try input.tail(at: next.address, what, namedAt: next.namedAt)
      var cursor = HDF5Cursor(input, tail, what)
      try cursor.signature("TREE")
      let kindOffset = cursor.position
      guard try cursor.uint8() == kind.rawValue else {
        throw cursor.malformed(
          kind == .group ? "it is none of a group" : "it is none of a dataset", at: kindOffset)
      }
      let levelOffset = cursor.position
      let level = try cursor.uint8()
      if let expected = next.level, level != expected {
        throw cursor.malformed("it is of level \(level) instead of \(expected)", at: levelOffset)
      }
      let count = try cursor.uint16()
      // The siblings to both sides.
      try cursor.take(16)
      let entries = try cursor.take(count * (keyByteCount + 8) + keyByteCount)
      try account.take(tail.lowerBound..<entries.upperBound, what)
      var children = HDF5Cursor(input, entries, what)
      var inner: [(address: UInt64, namedAt: Int, level: UInt8?)] = []
      for _ in 0..<count {
        let key = try children.take(keyByteCount)
        let offset = children.position
        let address = try children.uint64()
        if level == 0 {
          result.append(Child(key: key, address: address, addressOffset: offset))
        } else {
          inner.append((address, offset, level - 1))
        }
      }
      pending.append(contentsOf: inner.reversed())
    }
    return result
  }
}
