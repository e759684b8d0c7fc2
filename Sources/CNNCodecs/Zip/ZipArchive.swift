/// A zip archive in memory: its directory, checked against everything else in the archive.
///
/// Nothing is decompressed and no content is verified until it is asked for (`content(of:limit:)`), and nothing is
/// copied: a stored entry is a range of the archive. `formats/zip.md` says what is read and what is refused.
///
/// The specification is PKWARE's APPNOTE.TXT; its section numbers stand where they are used.
public struct ZipArchive: Sendable {
  /// The most entries that are read: a million.
  public static let greatestEntryCount = 1 << 20

  /// The whole archive.
  public let bytes: [UInt8]
  /// The entries in the order of the directory.
  public let entries: [ZipEntry]
  /// The archive's comment, of which nothing is known but its place.
  public let commentRange: Range<Int>
  /// The entries' indices in the order of their names' bytes.
  private let indicesByName: [Int]

  /// Whether a file that begins with `prefix` claims to be a zip archive: it begins with a local header, or, if it has
  /// no entries, with the end record.
  public static func isZip(_ prefix: some Sequence<UInt8>) -> Bool {
    let start = Array(prefix.prefix(4))
    return start == [0x50, 0x4B, 3, 4] || start == [0x50, 0x4B, 5, 6]
  }

  /// The most that the entries of an archive of `size` bytes may have together unless the caller says otherwise:
  /// 64 times its size, and at least 256 MiB. Pictures and weights stay far below.
  public static func expansionLimit(size: Int) -> Int {
    let (product, overflow) = max(size, 0).multipliedReportingOverflow(by: 64)
    return overflow ? Int.max : max(product, 1 << 28)
  }

  /// Reads the directory of the archive `bytes` and checks it: that every byte of the archive belongs to exactly one
  /// record or content, that local headers say the same as the directory, and that no name occurs twice.
  ///
  /// - Parameters:
  ///   - bytes: the whole archive, from its first byte to the end of its comment.
  ///   - contentLimit: the most bytes that all contents may have together, as declared; nil for
  ///     `expansionLimit(size:)`.
  /// - Throws: a `ZipError` for any other input.
  public init(parsing bytes: [UInt8], contentLimit: Int? = nil) throws(ZipError) {
    guard Self.isZip(bytes) else { throw .notZip(offset: 0) }
    let end = try ZipDirectoryEnd(parsing: bytes)
    guard end.entryCount <= UInt64(Self.greatestEntryCount) else {
      throw .tooManyEntries(
        count: end.entryCount, limit: Self.greatestEntryCount, offset: end.range.upperBound)
    }
    var reader = ByteReader(bytes, in: end.range)
    var directory: [ZipDirectoryEntry] = []
    let limit = contentLimit ?? Self.expansionLimit(size: bytes.count)
    var contentSize = 0
    for _ in 0..<Int(end.entryCount) {
      let entry = try ZipDirectoryEntry(parsing: &reader)
      guard entry.size <= limit - contentSize else {
        throw .expandsTooMuch(limit: limit, offset: entry.offset)
      }
      contentSize += entry.size
      directory.append(entry)
    }
    guard reader.isAtEnd else {
      throw .unclaimedBytes(count: reader.remaining, offset: reader.position)
    }
    indicesByName = try Self.sortByName(directory, in: bytes)
    entries = try Self.entries(of: directory, in: bytes, before: end.range.lowerBound)
    commentRange = end.comment
    self.bytes = bytes
  }

  /// The entry with exactly these bytes as its name, or nil.
  public func entry(named name: String) -> ZipEntry? {
    var low = 0
    var high = indicesByName.count
    while low < high {
      let middle = (low + high) / 2
      let entry = entries[indicesByName[middle]]
      if entry.name.isExactly(name) { return entry }
      if entry.name.utf8.lexicographicallyPrecedes(name.utf8) { low = middle + 1 } else { high = middle }
    }
    return nil
  }

  /// The indices of the entries in the order of their names, no two of which are the same.
  private static func sortByName(_ directory: [ZipDirectoryEntry], in bytes: [UInt8]) throws(ZipError)
    -> [Int]
  {
    let sorted = bytes.withUnsafeBytes { bytes in
      let name = { (index: Int) in UnsafeRawBufferPointer(rebasing: bytes[directory[index].nameRange]) }
      return directory.indices.sorted { first, second in
        name(first).lexicographicallyPrecedes(name(second))
      }
    }
    for (first, second) in zip(sorted, sorted.dropFirst())
    where bytes[directory[first].nameRange].elementsEqual(bytes[directory[second].nameRange]) {
      let later = directory[max(first, second)]
      throw .duplicateName(later.name, offset: later.offset)
    }
    return sorted
  }

  /// The entries, whose local headers and contents must fill the archive up to its directory, each byte once.
  private static func entries(
    of directory: [ZipDirectoryEntry], in bytes: [UInt8], before end: Int
  ) throws(ZipError) -> [ZipEntry] {
    let order = directory.indices.sorted { directory[$0].localOffset < directory[$1].localOffset }
    var dataRanges = [Range<Int>](repeating: 0..<0, count: directory.count)
    var position = 0
    for (place, index) in order.enumerated() {
      let entry = directory[index]
      guard entry.localOffset == position else {
        throw .unclaimedBytes(count: entry.localOffset - position, offset: position)
      }
      let next = place + 1 < order.count ? min(directory[order[place + 1]].localOffset, end) : end
      let local = try ZipLocalEntry(of: entry, parsing: ByteReader(bytes, in: position..<end), before: next)
      dataRanges[index] = local.dataRange
      position = local.end
    }
    guard position == end else { throw .unclaimedBytes(count: end - position, offset: position) }
    return directory.indices.map { index in
      let entry = directory[index]
      return ZipEntry(
        name: entry.name, method: entry.method, size: entry.size, crc32: entry.header.crc32,
        offset: entry.localOffset, dataRange: dataRanges[index])
    }
  }
}
