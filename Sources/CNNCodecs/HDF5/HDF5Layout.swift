/// How a dataset's elements are kept in the file.
enum HDF5Layout: Sendable {
  /// In the object header itself.
  case compact(Range<Int>)
  /// In one piece; nil if it was never written.
  case contiguous(Range<Int>?)
  /// In pieces of one shape.
  case chunked(HDF5Chunking)
  /// In a way that is not read; its name as a noun phrase.
  case unsupported(String)

  /// Reads a layout message.
  init(parsing cursor: inout HDF5Cursor, _ input: HDF5Input) throws(HDF5Error) {
    let start = cursor.position
    let version = try cursor.uint8()
    if (1...2).contains(version) {
      self = .unsupported("a data layout of version \(version), from before HDF5 1.6.3,")
      return
    }
    guard (3...5).contains(version) else {
      throw HDF5Error(.unsupportedVersion(what: "a data layout", version: Int(version)), offset: start)
    }
    let kindOffset = cursor.position
    switch try cursor.uint8() {
    case 0:
      let count = try cursor.uint16()
      self = .compact(try cursor.take(count))
    case 1:
      let namedAt = cursor.position
      let address = try cursor.address()
      let count = try cursor.uint64()
      guard let address else {
        self = .contiguous(nil)
        return
      }
      self = .contiguous(
        try input.range(at: address, count: count, "a dataset's data", namedAt: namedAt))
    case 2: self = .chunked(try HDF5Chunking(parsing: &cursor, version: version))
    case 3 where version >= 4: self = .unsupported("a virtual dataset, made of others,")
    case let kind: throw cursor.malformed("its class is \(kind)", at: kindOffset)
    }
  }
}
