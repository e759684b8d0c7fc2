/// What stands in the archive where an entry is: local header, data, and a descriptor if the header says so (4.3.7 to
/// 4.3.9 of the specification); all of it agrees with the directory.
struct ZipLocalEntry {
  let dataRange: Range<Int>
  /// Where the entry ends.
  let end: Int

  /// Reads the entry at the beginning of `reader`, which ends where the directory begins; it has to end before
  /// `next`, where the next entry or the directory begins.
  init(of entry: ZipDirectoryEntry, parsing reader: ByteReader, before next: Int) throws(ZipError) {
    let what = "a local header"
    var reader = reader
    let start = reader.position
    let name = entry.name
    try reader.expect(ZipSignature.localHeader, what)
    _ = try reader.readingZip { reader throws(InputEndsEarly) in try reader.readRange(count: 2, what) }
    var header = try ZipHeader(parsing: &reader, what)
    let (nameRange, extraRange) = try reader.readingZip { reader throws(InputEndsEarly) in
      (
        try reader.readRange(count: header.nameLength, what),
        try reader.readRange(count: header.extraLength, what)
      )
    }
    guard reader.bytes[nameRange].elementsEqual(reader.bytes[entry.nameRange]) else {
      throw .localDisagrees(field: "name", name: name, offset: nameRange.lowerBound)
    }
    let telling = ZipHeader.hasDescriptor | ZipHeader.hasUTF8Name | ZipHeader.isEncrypted
    guard header.flags & telling == entry.header.flags & telling else {
      throw .localDisagrees(field: "set of flags", name: name, offset: start + 6)
    }
    guard header.method == entry.header.method else {
      throw .localDisagrees(field: "method", name: name, offset: start + 8)
    }
    var extra = try ZipExtra(parsing: ByteReader(reader.bytes, in: extraRange))
    try extra.widen(&header.size, offset: start)
    try extra.widen(&header.compressedSize, offset: start)

    let hasDescriptor = header.flags & ZipHeader.hasDescriptor != 0
    // With a descriptor to come, a header need not know.
    let agrees = { (value: UInt64, declared: UInt64) in value == declared || hasDescriptor && value == 0 }
    guard agrees(UInt64(header.crc32), UInt64(entry.header.crc32)) else {
      throw .localDisagrees(field: "CRC-32", name: name, offset: start + 14)
    }
    guard agrees(header.compressedSize, entry.header.compressedSize) else {
      throw .localDisagrees(field: "compressed size", name: name, offset: start + 18)
    }
    guard agrees(header.size, entry.header.size) else {
      throw .localDisagrees(field: "size", name: name, offset: start + 22)
    }
    dataRange = try reader.readingZip { reader throws(InputEndsEarly) in
      try reader.readRange(count: entry.compressedSize, "the data of \(name.quotedForMessage)")
    }
    guard dataRange.upperBound <= next else { throw .overlap(name: name, offset: next) }
    reader = ByteReader(reader.bytes, in: dataRange.upperBound..<next)
    if hasDescriptor { try Self.checkDescriptor(&reader, of: entry) }
    end = reader.position
  }

  /// Checks the descriptor, which is everything up to the next record. Its length tells its form: there may be a
  /// signature or none, and the sizes may have four bytes or eight.
  private static func checkDescriptor(
    _ reader: inout ByteReader, of entry: ZipDirectoryEntry
  ) throws(ZipError) {
    let start = reader.position
    let length = reader.remaining
    guard [12, 16, 20, 24].contains(length) else {
      throw .missingRecord(what: "a descriptor", offset: start)
    }
    if length == 16 || length == 24 { try reader.expect(ZipSignature.descriptor, "a descriptor") }
    let isWide = length >= 20
    let (crc32, compressedSize, size) = try reader.readingZip { reader throws(InputEndsEarly) in
      let what = "a descriptor"
      let crc32 = try reader.readLittleEndian(UInt32.self, what)
      if isWide {
        return (
          crc32, try reader.readLittleEndian(UInt64.self, what),
          try reader.readLittleEndian(UInt64.self, what)
        )
      }
      return (
        crc32, UInt64(try reader.readLittleEndian(UInt32.self, what)),
        UInt64(try reader.readLittleEndian(UInt32.self, what))
      )
    }
    guard crc32 == entry.header.crc32, compressedSize == entry.header.compressedSize,
      size == entry.header.size
    else { throw .localDisagrees(field: "descriptor", name: entry.name, offset: start) }
  }
}
