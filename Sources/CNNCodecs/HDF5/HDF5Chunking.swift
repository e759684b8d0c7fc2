/// The pieces of a dataset: their shape, and how they are found.
struct HDF5Chunking: Sendable {
  /// The structure that says where each piece is.
  enum Index: Sendable {
    /// A B-tree of version 1.
    case tree
    /// One piece, at the address itself.
    case single(filteredByteCount: UInt64?, filterMask: UInt32)
    /// All pieces one behind the other, from the address on.
    case implicit
    /// A table with a place for each piece; `pageBits` is the logarithm of how many places stand together.
    case fixedArray(pageBits: UInt8)
    /// One that is not read; its name as a noun phrase.
    case unsupported(String)
  }

  /// The extent of a piece in each dimension of the dataset, each positive.
  let shape: [Int]
  /// The size of an element in bytes.
  let elementByteCount: Int
  /// How many bytes a piece takes before it goes through filters.
  let byteCount: Int
  /// How pieces are found.
  let index: Index
  /// Where the index is; nil if nothing was ever written.
  let address: UInt64?
  /// The index of the field with the address.
  let addressOffset: Int
  /// How many bytes the length of a filtered piece takes in the index.
  let lengthByteCount: Int

  init(parsing cursor: inout HDF5Cursor, version: UInt8) throws(HDF5Error) {
    let flags = version == 3 ? 0 : try cursor.uint8()
    let rankOffset = cursor.position
    let rank = Int(try cursor.uint8())
    guard (2...HDF5Dataspace.maximumRank + 1).contains(rank) else {
      throw cursor.malformed("its chunks have \(rank - 1) dimensions", at: rankOffset)
    }
    var index = Index.tree
    // Version 3 has the address before the shape.
    var addressOffset = cursor.position
    var address = version == 3 ? try cursor.address() : nil
    var width = 4
    if version > 3 {
      let widthOffset = cursor.position
      width = Int(try cursor.uint8())
      guard (1...8).contains(width) else {
        throw cursor.malformed("the extents of its chunks take \(width) bytes", at: widthOffset)
      }
    }
    let shapeOffset = cursor.position
    var extents: [Int] = []
    for _ in 0..<rank {
      let extent = try cursor.unsigned(byteCount: width)
      guard let extent = Int(exactly: extent), extent > 0 else {
        throw cursor.malformed("a chunk's extent is \(extent)", at: shapeOffset)
      }
      extents.append(extent)
    }
    elementByteCount = extents.removeLast()
    shape = extents
    guard let byteCount = HDF5Dataspace.product(extents, times: elementByteCount) else {
      throw cursor.malformed("a chunk takes more than 2^63 bytes", at: shapeOffset)
    }
    self.byteCount = byteCount
    if version > 3 {
      index = try Self.index(&cursor, flags: flags)
      addressOffset = cursor.position
      address = try cursor.address()
    }
    self.index = index
    self.address = address
    self.addressOffset = addressOffset
    // As many bytes as the unfiltered length takes and one more, or those of every length of the file.
    let bits = Int.bitWidth - byteCount.leadingZeroBitCount
    lengthByteCount = version == 4 ? min(8, 1 + (bits + 7) / 8) : 8
  }

  private static func index(_ cursor: inout HDF5Cursor, flags: UInt8) throws(HDF5Error) -> Index {
    let kindOffset = cursor.position
    let kind = try cursor.uint8()
    let index: Index
    switch kind {
    case 1 where flags & 2 != 0:
      index = .single(filteredByteCount: try cursor.uint64(), filterMask: try cursor.uint32())
    case 1: index = .single(filteredByteCount: nil, filterMask: 0)
    case 2: index = .implicit
    case 3: index = .fixedArray(pageBits: try cursor.uint8())
    case 4:
      try cursor.take(5)
      index = .unsupported("a dataset whose chunks are in an extensible array")
    case 5:
      try cursor.take(6)
      index = .unsupported("a dataset whose chunks are in a B-tree of version 2")
    default: throw cursor.malformed("the index of its chunks is of kind \(kind)", at: kindOffset)
    }
    // Filters are left out for chunks that the dataset's edge cuts.
    return flags & 1 == 0 ? index : .unsupported("a dataset with unfiltered chunks at its edges")
  }
}
