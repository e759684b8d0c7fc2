/// What is wrong with a zip archive, or with one that is to be written. Offsets are those of the archive.
public enum ZipError: FormatError, Equatable {
  /// The archive ends inside a record, or a record reaches into the next one.
  case endsEarly(InputEndsEarly)
  /// The archive does not begin with a local header, or with the end record where it has no entries.
  case notZip(offset: Int)
  /// There is no end record; `offset` is the archive's end.
  case missingEnd(offset: Int)
  /// The last end record has a comment of another length than what follows it; `offset` is that of the length.
  case endNotLast(declared: Int, found: Int, offset: Int)
  /// Other bytes stand where a record must begin.
  case missingRecord(what: String, offset: Int)
  /// The archive is a part of several.
  case splitArchive(offset: Int)
  /// Two places of the archive's directory say different things; `what` is the field, `found` what it has to be.
  case inconsistentDirectory(what: String, declared: UInt64, found: UInt64, offset: Int)
  /// There are more entries than are read.
  case tooManyEntries(count: UInt64, limit: Int, offset: Int)
  /// The extra field of an entry is malformed.
  case malformedExtra(problem: String, offset: Int)
  /// An entry's name is none that is read.
  case badName(problem: String, offset: Int)
  /// Two entries have the same name; `offset` is that of the later directory entry.
  case duplicateName(String, offset: Int)
  /// The entry is encrypted.
  case encrypted(name: String, offset: Int)
  /// A flag is set whose meaning is not read, so that what follows cannot be known.
  case unknownFlags(UInt16, name: String, offset: Int)
  /// The entry is compressed by another method than deflate.
  case unknownMethod(UInt16, name: String, offset: Int)
  /// The local header, or the record behind the data, says something else than the directory.
  case localDisagrees(field: String, name: String, offset: Int)
  /// Another entry begins, at `offset`, before the entry of this name ends.
  case overlap(name: String, offset: Int)
  /// Bytes between the records that belong to none.
  case unclaimedBytes(count: Int, offset: Int)
  /// The declared sizes cannot be true: a stored entry with two sizes, a folder with content, or more than deflate
  /// can hold.
  case impossibleSize(size: UInt64, compressedSize: UInt64, name: String, offset: Int)
  /// All contents together exceed the limit.
  case expandsTooMuch(limit: Int, offset: Int)
  /// The content of one entry exceeds the caller's limit.
  case tooLarge(name: String, size: Int, limit: Int, offset: Int)
  /// The compressed data are damaged; `detail` is zlib's word on it.
  case corruptData(name: String, detail: String, offset: Int)
  /// The compressed data end before the deflate stream does.
  case truncatedData(name: String, offset: Int)
  /// The deflate stream ends before the compressed data do.
  case trailingData(name: String, count: Int, offset: Int)
  /// The content has another size than declared; where it is larger, `found` is only one byte more.
  case length(name: String, declared: Int, found: Int, offset: Int)
  /// The content has another CRC-32 than declared; `offset` is where its data begin.
  case checksum(name: String, declared: UInt32, computed: UInt32, offset: Int)
  /// zlib could not get the memory it needs.
  case outOfMemory
  /// A name that an archive to be written cannot have.
  case unwritableName(String, problem: String)

  /// Where in the archive the trouble begins; nil where no single byte is to blame.
  public var offset: Int? {
    switch self {
    case .endsEarly(let error): error.offset
    case .notZip(let offset), .missingEnd(let offset), .endNotLast(_, _, let offset),
      .missingRecord(_, let offset), .splitArchive(let offset),
      .inconsistentDirectory(_, _, _, let offset), .tooManyEntries(_, _, let offset),
      .malformedExtra(_, let offset), .badName(_, let offset), .duplicateName(_, let offset),
      .encrypted(_, let offset), .unknownFlags(_, _, let offset), .unknownMethod(_, _, let offset),
      .localDisagrees(_, _, let offset), .overlap(_, let offset), .unclaimedBytes(_, let offset),
      .impossibleSize(_, _, _, let offset), .expandsTooMuch(_, let offset),
      .tooLarge(_, _, _, let offset), .corruptData(_, _, let offset), .truncatedData(_, let offset),
      .trailingData(_, _, let offset), .length(_, _, _, let offset), .checksum(_, _, _, let offset):
      offset
    case .outOfMemory, .unwritableName: nil
    }
  }
}
