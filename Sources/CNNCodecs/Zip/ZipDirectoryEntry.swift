/// An entry of a zip archive's directory (4.3.12 of the specification), checked as far as it stands alone.
struct ZipDirectoryEntry {
  /// The most by which deflate expands: a match of 258 bytes may take two bits.
  private static let greatestExpansion: UInt64 = 1032

  /// Where the directory entry begins.
  let offset: Int
  let header: ZipHeader
  let nameRange: Range<Int>
  let name: String
  let method: ZipMethod
  let size: Int
  let compressedSize: Int
  /// Where the local header begins.
  let localOffset: Int

  init(parsing reader: inout ByteReader) throws(ZipError) {
    let what = "a directory entry"
    let start = reader.position
    try reader.expect(ZipSignature.directoryEntry, what)
    _ = try reader.readingZip { reader throws(InputEndsEarly) in try reader.readRange(count: 4, what) }
    var header = try ZipHeader(parsing: &reader, what)
    let (commentLength, disk, localOffset) = try reader.readingZip { reader throws(InputEndsEarly) in
      let commentLength = Int(try reader.readLittleEndian(UInt16.self, what))
      let disk = UInt64(try reader.readLittleEndian(UInt16.self, what))
      _ = try reader.readRange(count: 6, what)
      return (commentLength, disk, UInt64(try reader.readLittleEndian(UInt32.self, what)))
    }
    let (nameRange, extraRange) = try reader.readingZip { reader throws(InputEndsEarly) in
      let nameRange = try reader.readRange(count: header.nameLength, what)
      let extraRange = try reader.readRange(count: header.extraLength, what)
      _ = try reader.readRange(count: commentLength, what)
      return (nameRange, extraRange)
    }
    name = try ZipName.string(reader.bytes, nameRange)

    var extra = try ZipExtra(parsing: ByteReader(reader.bytes, in: extraRange))
    var wideLocalOffset = localOffset
    try extra.widen(&header.size, offset: start)
    try extra.widen(&header.compressedSize, offset: start)
    try extra.widen(&wideLocalOffset, offset: start)
    guard disk == 0 || disk == 0xFFFF else { throw .splitArchive(offset: start + 34) }

    guard header.flags & ZipHeader.isEncrypted == 0 else { throw .encrypted(name: name, offset: start + 8) }
    guard header.flags & ~ZipHeader.understoodFlags == 0 else {
      throw .unknownFlags(header.flags, name: name, offset: start + 8)
    }
    guard let method = ZipMethod(code: header.method) else {
      throw .unknownMethod(header.method, name: name, offset: start + 10)
    }
    let isFolder = name.utf8.last == UInt8(ascii: "/")
    let isPossible =
      switch method {
      case .stored: header.size == header.compressedSize
      case .deflated: header.size / Self.greatestExpansion <= header.compressedSize
      }
    guard isPossible, !isFolder || header.size == 0, let size = Int(exactly: header.size),
      let compressedSize = Int(exactly: header.compressedSize)
    else {
      throw .impossibleSize(
        size: header.size, compressedSize: header.compressedSize, name: name, offset: start + 20)
    }
    // What is beyond `Int` is beyond the archive, too.
    guard let local = Int(exactly: wideLocalOffset), local < start else {
      throw .inconsistentDirectory(
        what: "an entry's offset", declared: wideLocalOffset, found: UInt64(start), offset: start + 42)
    }
    self.header = header
    self.nameRange = nameRange
    self.method = method
    self.size = size
    self.compressedSize = compressedSize
    self.localOffset = local
    offset = start
  }
}
