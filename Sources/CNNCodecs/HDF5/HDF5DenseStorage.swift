/// Links and attributes of an object that has many of them: in a fractal heap, found through a B-tree of version 2.
enum HDF5DenseStorage {
  /// The link messages that a link info message leads to.
  static func links(_ input: HDF5Input, _ info: HDF5Message, _ account: inout HDF5Account) throws(HDF5Error)
    -> [Range<Int>]
  {
    var cursor = info.cursor(input, "a link info message")
    try cursor.version(0...0)
    if try cursor.uint8() & 1 != 0 { try cursor.take(8) }
    return try objects(input, &cursor, .links, &account)
  }

  /// The attribute messages that an attribute info message leads to.
  static func attributes(
    _ input: HDF5Input, _ info: HDF5Message, _ account: inout HDF5Account
  ) throws(HDF5Error) -> [Range<Int>] {
    var cursor = info.cursor(input, "an attribute info message")
    try cursor.version(0...0)
    if try cursor.uint8() & 1 != 0 { try cursor.take(2) }
    return try objects(input, &cursor, .attributes, &account)
  }

  private static func objects(
    _ input: HDF5Input, _ cursor: inout HDF5Cursor, _ kind: HDF5NamedTree.Kind, _ account: inout HDF5Account
  ) throws(HDF5Error) -> [Range<Int>] {
    let heapOffset = cursor.position
    let heapAddress = try cursor.address()
    let treeOffset = cursor.position
    let treeAddress = try cursor.uint64()
    guard let heapAddress else { return [] }
    let heap = try HDF5FractalHeap(input, at: heapAddress, namedAt: heapOffset, &account)
    let tree = try HDF5NamedTree(input, at: treeAddress, namedAt: treeOffset, kind, &account)
    var ranges: [Range<Int>] = []
    for record in try tree.records(&account) {
      var cursor = HDF5Cursor(input, record, "a B-tree's record")
      switch kind {
      case .links: try cursor.take(4)
      case .attributes:
        // The flags that the message would have in an object header stand behind the place.
        guard input.bytes[record.lowerBound + 8] & 2 == 0 else {
          throw HDF5Error(.unsupported("an attribute that objects share"), offset: record.lowerBound)
        }
      }
      ranges.append(try heap.object(&cursor))
    }
    return ranges
  }
}
