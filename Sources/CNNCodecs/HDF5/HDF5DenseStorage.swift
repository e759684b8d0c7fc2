/// Links and attributes of an object that has many of them: in a fractal heap, found through a B-tree of version 2.
enum HDF5DenseStorage {
  /// The link messages that a link info message leads to.
  static func links(_ input: HDF5Input, _ info: HDF5Message, _ account: inout HDF5Account) throws(HDF5Error)
    -> [Range<Int>]
  {
    var cursor = info.cursor(input, "a link info message")
    try cursor.version(0...0)
    if try cursor.uint8() & 1 != 0 { try cursor.take(8) }
    return try objects(input, &cursor, "links in a fractal heap", &account)
  }

  /// The attribute messages that an attribute info message leads to.
  static func attributes(
    _ input: HDF5Input, _ info: HDF5Message, _ account: inout HDF5Account
  ) throws(HDF5Error) -> [Range<Int>] {
    var cursor = info.cursor(input, "an attribute info message")
    try cursor.version(0...0)
    if try cursor.uint8() & 1 != 0 { try cursor.take(2) }
    return try objects(input, &cursor, "attributes in a fractal heap", &account)
  }

  private static func objects(
    _ input: HDF5Input, _ cursor: inout HDF5Cursor, _ what: String, _ account: inout HDF5Account
  ) throws(HDF5Error) -> [Range<Int>] {
    let offset = cursor.position
    guard try cursor.address() == nil else { throw HDF5Error(.unsupported(what), offset: offset) }
    return []
  }
}
