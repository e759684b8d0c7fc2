/// A name in a group, and what it leads to.
struct HDF5RawLink {
  enum Target {
    /// An object header's address, and the index of the field that holds it.
    case hard(address: UInt64, namedAt: Int)
    /// A path in the same file.
    case soft(String)
    /// Something in another file, or of a kind that programs define.
    case foreign
  }

  let name: Range<Int>
  let target: Target

  /// Reads a link message, or the copy of one in a fractal heap.
  init(_ input: HDF5Input, parsing cursor: inout HDF5Cursor, _ account: inout HDF5Account) throws(HDF5Error) {
    try cursor.version(1...1)
    let flags = try cursor.uint8()
    let kind = flags & 8 != 0 ? try cursor.uint8() : 0
    if flags & 4 != 0 { try cursor.take(8) }
    if flags & 16 != 0 { try cursor.take(1) }
    let countOffset = cursor.position
    let count = try cursor.unsigned(byteCount: 1 << Int(flags & 3))
    guard let count = Int(exactly: count) else {
      throw cursor.malformed("a name's length is \(count)", at: countOffset)
    }
    name = try cursor.take(count)
    switch kind {
    case 0:
      let namedAt = cursor.position
      target = .hard(address: try cursor.uint64(), namedAt: namedAt)
    case 1:
      let path = try cursor.take(try cursor.uint16())
      try account.chargeName(path)
      target = .soft(String(decoding: input.bytes[path], as: UTF8.self))
    case 64...: target = .foreign
    default: throw cursor.malformed("its kind is \(kind)", at: name.upperBound)
    }
  }

  init(name: Range<Int>, target: Target) {
    self.name = name
    self.target = target
  }
}
