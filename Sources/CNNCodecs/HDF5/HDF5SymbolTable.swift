/// The links of an old-style group: a B-tree of version 1 whose leaves are tables of symbols, with the names in a
/// local heap.
struct HDF5SymbolTable {
  private let input: HDF5Input
  private let names: Range<Int>

  /// Opens the group whose symbol table message `cursor` is over.
  static func links(
    _ input: HDF5Input, parsing cursor: inout HDF5Cursor, _ account: inout HDF5Account
  ) throws(HDF5Error) -> [HDF5RawLink] {
    let treeOffset = cursor.position
    let tree = try cursor.uint64()
    let heapOffset = cursor.position
    let heap = try cursor.uint64()
    let table = HDF5SymbolTable(
      input: input, names: try localHeap(input, at: heap, namedAt: heapOffset, &account))
    var links: [HDF5RawLink] = []
    let nodes = try HDF5Tree.leaves(
      input, at: tree, namedAt: treeOffset, kind: .group, keyByteCount: 8, &account)
    for node in nodes {
      try table.append(&links, nodeAt: node.address, namedAt: node.addressOffset, &account)
    }
    return links
  }

  private init(input: HDF5Input, names: Range<Int>) {
    self.input = input
    self.names = names
  }

  /// The data of the local heap at `address`.
  private static func localHeap(
    _ input: HDF5Input, at address: UInt64, namedAt: Int, _ account: inout HDF5Account
  ) throws(HDF5Error) -> Range<Int> {
    let what = "a local heap"
    let range = try input.range(at: address, count: 32, what, namedAt: namedAt)
    try account.take(range, what)
    var cursor = HDF5Cursor(input, range, what)
    try cursor.signature("HEAP")
    try cursor.version(0...0)
    try cursor.take(3)
    let count = try cursor.uint64()
    try cursor.take(8)
    let dataOffset = cursor.position
    let data = try input.range(
      at: try cursor.uint64(), count: count, "a local heap's data", namedAt: dataOffset)
    if !data.isEmpty { try account.take(data, "a local heap's data") }
    return data
  }

  /// Appends the links of the table at `address`.
  private func append(
    _ links: inout [HDF5RawLink], nodeAt address: UInt64, namedAt: Int, _ account: inout HDF5Account
  ) throws(HDF5Error) {
    let what = "a symbol table"
    let tail = try input.tail(at: address, what, namedAt: namedAt)
    var cursor = HDF5Cursor(input, tail, what)
    try cursor.signature("SNOD")
    try cursor.version(1...1)
    try cursor.take(1)
    let count = try cursor.uint16()
    var entries = HDF5Cursor(input, try cursor.take(count * 40), what)
    try account.take(tail.lowerBound..<cursor.position, what)
    for _ in 0..<count {
      let nameOffset = entries.position
      let name = try text(at: try entries.uint64(), "a link's name", namedAt: nameOffset)
      let headerOffset = entries.position
      let header = try entries.uint64()
      let kind = try entries.uint32()
      try entries.take(4)
      let pathOffset = entries.position
      let path = try entries.uint32()
      try entries.take(12)
      if kind == 2 {
        let range = try text(at: UInt64(path), "a soft link's path", namedAt: pathOffset)
        try account.chargeName(range)
        links.append(
          HDF5RawLink(name: name, target: .soft(String(decoding: input.bytes[range], as: UTF8.self))))
      } else {
        links.append(HDF5RawLink(name: name, target: .hard(address: header, namedAt: headerOffset)))
      }
    }
  }

  /// The bytes of the local heap from `start` up to a zero.
  private func text(at start: UInt64, _ what: String, namedAt: Int) throws(HDF5Error) -> Range<Int> {
    guard start < UInt64(names.count) else {
      throw HDF5Error(
        .malformed(what: what, problem: "it would be at \(start) of a heap of \(names.count) bytes"),
        offset: namedAt)
    }
    var cursor = HDF5Cursor(input, names.lowerBound + Int(start)..<names.upperBound, what)
    return try cursor.zeroTerminated()
  }
}
