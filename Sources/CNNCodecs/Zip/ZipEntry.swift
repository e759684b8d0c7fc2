/// How the content of a zip archive's entry is kept.
public enum ZipMethod: Sendable, Equatable {
  /// As it is.
  case stored
  /// Compressed by deflate (RFC 1951).
  case deflated

  /// The method by its number in the archive, or nil for one that is not read.
  init?(code: UInt16) {
    switch code {
    case 0: self = .stored
    case 8: self = .deflated
    default: return nil
    }
  }

  /// The number in the archive.
  var code: UInt16 { self == .stored ? 0 : 8 }
}

/// An entry of a zip archive, as the directory describes it and the local header confirms.
public struct ZipEntry: Sendable, Equatable {
  /// The name, folders included and separated by slashes: a name, and nothing to open.
  public let name: String
  /// How the content is kept.
  public let method: ZipMethod
  /// The size of the content in bytes, as declared; verified when the content is read.
  public let size: Int
  /// The CRC-32 of the content, as declared; verified when the content is read.
  public let crc32: UInt32
  /// Where in the archive the local header begins.
  public let offset: Int
  /// Where in the archive the content is kept, compressed or as it is.
  public let dataRange: Range<Int>

  /// Whether the entry is a folder: its name ends in a slash, and it has no content.
  public var isFolder: Bool { name.utf8.last == UInt8(ascii: "/") }
}

/// What a directory entry (4.3.12 of the specification) and a local header (4.3.7) have in common.
struct ZipHeader {
  /// Of the flags, those that are understood: two of how hard deflate tried, which change nothing, and the two below.
  static let understoodFlags: UInt16 = 0b0110 | hasDescriptor | hasUTF8Name
  /// The sizes and the checksum stand behind the data.
  static let hasDescriptor: UInt16 = 1 << 3
  /// The name is UTF-8.
  static let hasUTF8Name: UInt16 = 1 << 11
  /// The content is encrypted.
  static let isEncrypted: UInt16 = 1 | 1 << 6 | 1 << 13

  let flags: UInt16
  let method: UInt16
  let crc32: UInt32
  var compressedSize: UInt64
  var size: UInt64
  let nameLength: Int
  let extraLength: Int

  /// Reads the fields from the flags to the length of the extra field.
  init(parsing reader: inout ByteReader, _ what: String) throws(ZipError) {
    do {
      flags = try reader.readLittleEndian(UInt16.self, what)
      method = try reader.readLittleEndian(UInt16.self, what)
      _ = try reader.readRange(count: 4, what)
      crc32 = try reader.readLittleEndian(UInt32.self, what)
      compressedSize = UInt64(try reader.readLittleEndian(UInt32.self, what))
      size = UInt64(try reader.readLittleEndian(UInt32.self, what))
      nameLength = Int(try reader.readLittleEndian(UInt16.self, what))
      extraLength = Int(try reader.readLittleEndian(UInt16.self, what))
    } catch { throw .endsEarly(error) }
  }
}
