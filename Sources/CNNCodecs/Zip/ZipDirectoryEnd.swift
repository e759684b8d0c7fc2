/// Where a zip archive's directory is, as the records at its end say.
struct ZipDirectoryEnd {
  /// The fixed part of the end record (4.3.16 of the specification), and how long a comment can be.
  private static let endSize = 22
  private static let greatestComment = 0xFFFF
  /// The sizes of the two zip64 records (4.3.14 and 4.3.15).
  private static let zip64EndSize = 56
  private static let locatorSize = 20

  private static let diskCountName = "the number of entries in this part"

  /// The number of entries.
  let entryCount: UInt64
  /// Where the entries of the directory are.
  let range: Range<Int>
  /// The comment's bytes.
  let comment: Range<Int>

  /// What one of the two end records says.
  private struct Fields {
    let disk: UInt64
    let directoryDisk: UInt64
    let diskCount: UInt64
    let count: UInt64
    let size: UInt64
    let offset: UInt64
  }

  /// Finds the end record, and its zip64 kin if it is there.
  init(parsing bytes: [UInt8]) throws(ZipError) {
    let end = try Self.findEnd(bytes)
    comment = end + Self.endSize..<bytes.count
    var reader = ByteReader(bytes, in: end + 4..<bytes.count)
    let plain = try reader.readingZip { reader throws(InputEndsEarly) in
      let what = "the end record"
      return Fields(
        disk: UInt64(try reader.readLittleEndian(UInt16.self, what)),
        directoryDisk: UInt64(try reader.readLittleEndian(UInt16.self, what)),
        diskCount: UInt64(try reader.readLittleEndian(UInt16.self, what)),
        count: UInt64(try reader.readLittleEndian(UInt16.self, what)),
        size: UInt64(try reader.readLittleEndian(UInt32.self, what)),
        offset: UInt64(try reader.readLittleEndian(UInt32.self, what)))
    }
    let wide = try Self.zip64Fields(bytes, endingAt: end)
    let fields = wide?.fields ?? plain
    if wide != nil {
      // What the narrow fields say must be the same, or that it stands in the wide ones.
      let short = UInt64(UInt16.max)
      let long = UInt64(UInt32.max)
      try Self.check(Self.diskCountName, plain.diskCount, fields.diskCount, short, at: end + 8)
      try Self.check("the number of entries", plain.count, fields.count, short, at: end + 10)
      try Self.check("the directory's size", plain.size, fields.size, long, at: end + 12)
      try Self.check("the directory's offset", plain.offset, fields.offset, long, at: end + 16)
    }
    for disk in [plain.disk, plain.directoryDisk] where disk != 0 && !(wide != nil && disk == 0xFFFF) {
      throw .splitArchive(offset: end + 4)
    }
    guard fields.disk == 0, fields.directoryDisk == 0 else {
      throw .splitArchive(offset: wide?.offset ?? end)
    }
    let recordOffset = wide?.offset ?? end
    try Self.check(
      Self.diskCountName, fields.diskCount, fields.count, nil,
      at: recordOffset + (wide == nil ? 8 : 24))
    // The directory stands right before its end: nothing can hide between them.
    let sizeOffset = recordOffset + (wide == nil ? 12 : 40)
    guard fields.size <= UInt64(recordOffset) else {
      throw .inconsistentDirectory(
        what: "the directory's size", declared: fields.size, found: UInt64(recordOffset), offset: sizeOffset)
    }
    let start = recordOffset - Int(fields.size)
    try Self.check(
      "the directory's offset", fields.offset, UInt64(start), nil,
      at: recordOffset + (wide == nil ? 16 : 48))
    entryCount = fields.count
    range = start..<recordOffset
  }

  /// The last place of the end's signature whose comment reaches to the end of the archive.
  private static func findEnd(_ bytes: [UInt8]) throws(ZipError) -> Int {
    var mismatch: ZipError?
    var start = bytes.count - endSize
    let least = max(0, start - greatestComment)
    while start >= least {
      if bytes[start] == 0x50, bytes[start + 1] == 0x4B, bytes[start + 2] == 5, bytes[start + 3] == 6 {
        let declared = Int(bytes[start + 20]) | Int(bytes[start + 21]) << 8
        let found = bytes.count - start - endSize
        if declared == found { return start }
        mismatch = mismatch ?? .endNotLast(declared: declared, found: found, offset: start + 20)
      }
      start -= 1
    }
    throw mismatch ?? .missingEnd(offset: bytes.count)
  }

  /// The zip64 end record, if its locator stands before the end record.
  private static func zip64Fields(
    _ bytes: [UInt8], endingAt end: Int
  ) throws(ZipError) -> (fields: Fields, offset: Int)? {
    let locator = end - locatorSize
    guard locator >= 0 else { return nil }
    var reader = ByteReader(bytes, in: locator..<end)
    let what = "the zip64 end record"
    let (signature, disk, declared, diskCount) = try reader.readingZip { reader throws(InputEndsEarly) in
      (
        try reader.readLittleEndian(UInt32.self, what), try reader.readLittleEndian(UInt32.self, what),
        try reader.readLittleEndian(UInt64.self, what), try reader.readLittleEndian(UInt32.self, what)
      )
    }
    guard signature == ZipSignature.zip64Locator else { return nil }
    // Some writers count no disk at all.
    guard disk == 0, diskCount <= 1 else { throw .splitArchive(offset: locator + 4) }
    let start = locator - zip64EndSize
    guard start >= 0, declared == UInt64(start) else {
      throw .inconsistentDirectory(
        what: "the zip64 end record's offset", declared: declared, found: UInt64(max(start, 0)),
        offset: locator + 8)
    }
    reader = ByteReader(bytes, in: start..<locator)
    try reader.expect(ZipSignature.zip64End, what)
    let (size, fields) = try reader.readingZip { reader throws(InputEndsEarly) in
      let size = try reader.readLittleEndian(UInt64.self, what)
      _ = try reader.readRange(count: 4, what)
      return (
        size,
        Fields(
          disk: UInt64(try reader.readLittleEndian(UInt32.self, what)),
          directoryDisk: UInt64(try reader.readLittleEndian(UInt32.self, what)),
          diskCount: try reader.readLittleEndian(UInt64.self, what),
          count: try reader.readLittleEndian(UInt64.self, what),
          size: try reader.readLittleEndian(UInt64.self, what),
          offset: try reader.readLittleEndian(UInt64.self, what))
      )
    }
    try check("the zip64 end record's size", size, UInt64(zip64EndSize - 12), nil, at: start + 4)
    return (fields, start)
  }

  /// Throws unless a field has the value that it has to have, or the one that says to look elsewhere.
  private static func check(
    _ what: String, _ declared: UInt64, _ found: UInt64, _ elsewhere: UInt64?, at offset: Int
  ) throws(ZipError) {
    guard declared == found || declared == elsewhere else {
      throw .inconsistentDirectory(what: what, declared: declared, found: found, offset: offset)
    }
  }
}
