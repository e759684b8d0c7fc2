/// What is done with a chunk before it is written, in the order of writing.
struct HDF5Filter: Sendable {
  enum Kind: Sendable, Equatable {
    /// Compressed as a zlib stream (RFC 1950).
    case deflate
    /// The first bytes of all elements, then the second ones, and so on.
    case shuffle(elementByteCount: Int)
    /// A checksum of four bytes behind the data.
    case fletcher32
    /// One that is not read; its name.
    case unsupported(String)
  }

  let kind: Kind

  /// The greatest number of filters: HDF5's own limit, the bits of a chunk's filter mask.
  static let maximumCount = 32

  /// Reads a filter pipeline message.
  static func pipeline(parsing cursor: inout HDF5Cursor) throws(HDF5Error) -> [HDF5Filter] {
    let version = try cursor.version(1...2)
    let countOffset = cursor.position
    let count = Int(try cursor.uint8())
    guard count <= maximumCount else {
      throw cursor.malformed("it has \(count) filters; at most \(maximumCount) are possible", at: countOffset)
    }
    if version == 1 { try cursor.take(6) }
    var filters: [HDF5Filter] = []
    for _ in 0..<count {
      let number = try cursor.uint16()
      let nameByteCount = version == 1 || number >= 256 ? try cursor.uint16() : 0
      try cursor.take(2)
      let valueCount = try cursor.uint16()
      try cursor.take(version == 1 ? (nameByteCount + 7) / 8 * 8 : nameByteCount)
      let valuesOffset = cursor.position
      var values: [UInt32] = []
      for _ in 0..<valueCount { values.append(try cursor.uint32()) }
      if version == 1, valueCount % 2 == 1 { try cursor.take(4) }
      switch number {
      case 1: filters.append(HDF5Filter(kind: .deflate))
      case 2:
        guard let size = values.first, size > 0 else {
          throw cursor.malformed("shuffling does not say the size of an element", at: valuesOffset)
        }
        filters.append(HDF5Filter(kind: .shuffle(elementByteCount: Int(size))))
      case 3: filters.append(HDF5Filter(kind: .fletcher32))
      default: filters.append(HDF5Filter(kind: .unsupported(name(of: number))))
      }
    }
    return filters
  }

  private static func name(of number: Int) -> String {
    switch number {
    case 4: "the szip filter"
    case 5: "the n-bit filter"
    case 6: "the scale-offset filter"
    case 32000: "the LZF filter"
    case 32001: "the Blosc filter"
    case 32015: "the Zstandard filter"
    default: "filter \(number)"
    }
  }
}
