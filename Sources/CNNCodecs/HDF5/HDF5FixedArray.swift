/// A fixed array: a table with one element for each chunk of a dataset, in pages if there are many.
struct HDF5FixedArray {
  let input: HDF5Input
  /// The logarithm of how many elements a page has, as the dataset's layout says.
  let pageBits: UInt8
  /// How many bytes the length of a chunk takes; nil if chunks are not filtered and have none.
  let lengthByteCount: Int?
  /// How many elements there are.
  let count: Int

  private static let what = "a fixed array"

  /// The places of all elements, those of pages that were never written left out as empty ranges.
  func elements(at address: UInt64, namedAt: Int, _ account: inout HDF5Account) throws(HDF5Error) -> [Range<
    Int
  >] {
    let what = Self.what
    let elementByteCount = 8 + (lengthByteCount.map { $0 + 4 } ?? 0)
    let header = try input.range(at: address, count: 28, what, namedAt: namedAt)
    try account.take(header, what)
    try input.verifyChecksum(of: header.lowerBound..<header.upperBound - 4, what)
    var cursor = HDF5Cursor(input, header, what)
    try cursor.signature("FAHD")
    try cursor.version(0...0)
    try requireClient(&cursor)
    let sizeOffset = cursor.position
    let size = Int(try cursor.uint8())
    guard size == elementByteCount else {
      throw cursor.malformed("an element takes \(size) bytes instead of \(elementByteCount)", at: sizeOffset)
    }
    let bitsOffset = cursor.position
    guard try cursor.uint8() == pageBits, pageBits < 32 else {
      throw cursor.malformed("its pages are of another size than the dataset says", at: bitsOffset)
    }
    let countOffset = cursor.position
    let declared = try cursor.uint64()
    guard declared == UInt64(count) else {
      throw cursor.malformed("it has \(declared) elements for \(count) chunks", at: countOffset)
    }
    let blockOffset = cursor.position
    let block = try cursor.uint64()
    guard block != HDF5Input.undefinedAddress else { return [] }
    return try readBlock(at: block, namedAt: blockOffset, headerAt: address, elementByteCount, &account)
  }

  private func requireClient(_ cursor: inout HDF5Cursor) throws(HDF5Error) {
    let offset = cursor.position
    let client = try cursor.uint8()
    guard client == (lengthByteCount == nil ? 0 : 1) else {
      throw cursor.malformed("its elements are of kind \(client)", at: offset)
    }
  }

  private func readBlock(
    at address: UInt64, namedAt: Int, headerAt: UInt64, _ elementByteCount: Int,
    _ account: inout HDF5Account
  ) throws(HDF5Error) -> [Range<Int>] {
    let what = Self.what
    let tail = try input.tail(at: address, what, namedAt: namedAt)
    var cursor = HDF5Cursor(input, tail, what)
    try cursor.signature("FADB")
    try cursor.version(0...0)
    try requireClient(&cursor)
    let ownerOffset = cursor.position
    guard try cursor.uint64() == headerAt else {
      throw cursor.malformed("a block belongs to another array", at: ownerOffset)
    }
    // The elements must be there before anything is made for them.
    guard count <= cursor.remaining / elementByteCount else {
      throw HDF5Error(
        .endsEarly(
          what: what, needed: HDF5Dataspace.product([count], times: elementByteCount) ?? Int.max,
          available: cursor.remaining), offset: cursor.position)
    }
    var elements: [Range<Int>] = []
    elements.reserveCapacity(count)
    let pageCount = 1 << Int(pageBits)
    if count <= pageCount {
      for _ in 0..<count { elements.append(try cursor.take(elementByteCount)) }
      try input.verifyChecksum(of: tail.lowerBound..<cursor.position, what)
      try account.take(tail.lowerBound..<cursor.position + 4, what)
      return elements
    }
    let pages = (count - 1) / pageCount + 1
    let isWritten = try cursor.take((pages + 7) / 8)
    try input.verifyChecksum(of: tail.lowerBound..<cursor.position, what)
    try cursor.take(4)
    for page in 0..<pages {
      let start = cursor.position
      let pageElements = min(pageCount, count - page * pageCount)
      // The first page is the highest bit of the first byte. Pages that were never written still take room.
      let written = input.bytes[isWritten.lowerBound + page / 8] & (0x80 >> UInt8(page % 8)) != 0
      for _ in 0..<pageElements {
        let element = try cursor.take(elementByteCount)
        elements.append(written ? element : start..<start)
      }
      if written { try input.verifyChecksum(of: start..<cursor.position, what) }
      try cursor.take(4)
    }
    try account.take(tail.lowerBound..<cursor.position, what)
    return elements
  }
}
