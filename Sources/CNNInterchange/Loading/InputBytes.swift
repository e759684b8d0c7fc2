import CNNCodecs
import CNNFiles
import CNNModelFile

/// The bytes of an input, as its format's reader wants them: one after another, or all at once. Either is asked for
/// once.
protocol InputBytes {
  /// What the format was known by.
  var beginning: [UInt8] { get }
  /// All bytes, one after another.
  ///
  /// - Throws: `GzipError` for what is damaged at its beginning.
  func source() throws -> any ByteSource
  /// All bytes.
  ///
  /// - Parameter limit: the most that the format may have.
  /// - Throws: `FileError` or `GzipError`; `InterchangeError` for more than the limit.
  func all(limit: Int) throws -> [UInt8]
  /// As many bytes as the file's header says, and whether there are more, of which none is looked at.
  func declared(_ count: Int) throws -> (bytes: [UInt8], isFollowed: Bool)
}

extension InputBytes {
  func all() throws -> [UInt8] { try all(limit: .max) }
}

/// The bytes of a file as they lie on the disk.
final class FileBytes: InputBytes {
  private let file: InputFile
  private let limit: Int
  private let checksummed: ChecksummedSource
  private var whole: (size: Int, crc32: UInt32)?
  let beginning: [UInt8]

  init(_ file: InputFile, beginning: [UInt8], limit: Int) {
    self.file = file
    self.limit = limit
    self.beginning = beginning
    checksummed = ChecksummedSource(file)
  }

  /// Name, size and checksum of what has been read.
  var provenance: Provenance.Source {
    Provenance.Source(
      name: file.name, size: whole?.size ?? checksummed.byteCount, crc32: whole?.crc32 ?? checksummed.crc32)
  }

  func source() -> any ByteSource { checksummed }

  func all(limit wanted: Int) throws -> [UInt8] {
    let bytes = try file.readAll(limit: min(limit, wanted))
    whole = (bytes.count, CRC32.checksum(of: bytes))
    return bytes
  }

  func declared(_ count: Int) throws -> (bytes: [UInt8], isFollowed: Bool) {
    // The end of a file is there for the asking; that of a pipe may never come.
    guard file.remainingByteCount == nil, count < limit else { return (try all(limit: limit), false) }
    let bytes = try file.readBytes(upTo: count + 1)
    whole = (bytes.count, CRC32.checksum(of: bytes))
    return (bytes, bytes.count > count)
  }
}

/// The content of a gzip file.
struct GzipBytes: InputBytes {
  let file: [UInt8]
  let beginning: [UInt8]
  let limit: Int

  func source() throws -> any ByteSource { try GzipSource(file, limit: limit) }

  func all(limit wanted: Int) throws -> [UInt8] { try Gzip.decompress(file, limit: min(limit, wanted)) }

  func declared(_ count: Int) throws -> (bytes: [UInt8], isFollowed: Bool) {
    if count > limit { throw InterchangeError.expandsTooMuch(limit: limit) }
    do {
      return (try Gzip.decompress(file, limit: count), false)
    } catch GzipError.tooLarge {
      return ([], true)
    }
  }
}
