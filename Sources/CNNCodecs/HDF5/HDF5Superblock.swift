/// Where an HDF5 file begins: which bytes belong to it, and where its root group is.
struct HDF5Superblock {
  /// The file, with its addresses.
  let input: HDF5Input
  /// The address of the root group's object header.
  let rootAddress: UInt64
  /// The index of the field with that address.
  let rootAddressOffset: Int
  /// The superblock's own bytes.
  let range: Range<Int>

  static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// The index of the signature: 0, 512, 1024 and so on, doubling, since a foreign header may stand before it.
  static func start(in bytes: [UInt8]) -> Int? {
    var start = 0
    while start + signature.count <= bytes.count {
      if bytes[start..<start + signature.count].elementsEqual(signature) { return start }
      start = start == 0 ? 512 : start * 2
    }
    return nil
  }

  init(parsing bytes: [UInt8]) throws(HDF5Error) {
    guard let start = Self.start(in: bytes) else { throw HDF5Error(.notHDF5, offset: 0) }
    let whole = HDF5Input(bytes: bytes, base: start, end: bytes.count)
    var cursor = HDF5Cursor(whole, start..<bytes.count, "the superblock")
    try cursor.take(Self.signature.count)
    let version = try cursor.version(0...3)
    if version < 2 {
      try Self.requireZero(&cursor, version: "the free-space information")
      try Self.requireZero(&cursor, version: "the root group's entry")
      try cursor.take(1)
      try Self.requireZero(&cursor, version: "the shared header message format")
      try Self.requireEightByteFields(&cursor)
      // Reserved, how many entries nodes have room for, and flags about who has the file open.
      try cursor.take(version == 0 ? 9 : 13)
    } else {
      try Self.requireEightByteFields(&cursor)
      try cursor.take(1)
    }
    let baseOffset = cursor.position
    let base = try cursor.uint64()
    guard base == UInt64(start) else {
      throw cursor.malformed(
        "addresses count from \(base), and the superblock is at \(start)", at: baseOffset)
    }
    // Free-space information, or the superblock's extension, which has nothing that reading needs.
    try cursor.take(8)
    let endOffset = cursor.position
    let end = try cursor.uint64()
    guard end >= UInt64(start), end <= UInt64(bytes.count) else {
      throw HDF5Error(.truncated(declared: end, available: bytes.count), offset: endOffset)
    }
    // The driver's information and the offset of the root group's name, which it has none of.
    if version < 2 { try cursor.take(16) }
    rootAddressOffset = cursor.position
    rootAddress = try cursor.uint64()
    if version < 2 {
      // The rest of the root group's entry: a copy of what its header says.
      try cursor.take(24)
      range = start..<cursor.position
    } else {
      try whole.verifyChecksum(of: start..<cursor.position, "the superblock")
      range = start..<cursor.position + 4
    }
    input = HDF5Input(bytes: bytes, base: start, end: Int(end))
  }

  private static func requireZero(_ cursor: inout HDF5Cursor, version what: String) throws(HDF5Error) {
    let offset = cursor.position
    let version = try cursor.uint8()
    guard version == 0 else {
      throw HDF5Error(.unsupportedVersion(what: what, version: Int(version)), offset: offset)
    }
  }

  private static func requireEightByteFields(_ cursor: inout HDF5Cursor) throws(HDF5Error) {
    for what in ["addresses", "lengths"] {
      let offset = cursor.position
      let size = try cursor.uint8()
      guard size == 8 else {
        throw HDF5Error(.unsupported("a file with \(what) of \(size) bytes"), offset: offset)
      }
    }
  }
}
