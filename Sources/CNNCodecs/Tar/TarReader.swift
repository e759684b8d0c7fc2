public import CNNFiles

/// An entry of a tar archive.
public struct TarEntry: Sendable, Equatable {
  /// What an entry is.
  public enum Kind: Sendable {
    /// A file with content.
    case file
    /// A folder.
    case folder
    /// A link, a device, or another thing without content of its own.
    case other
  }

  /// The name as the archive gives it, folders included: a name, and nothing to open. Bytes that are no UTF-8 are
  /// replaced.
  public let name: String
  /// What the entry is.
  public let kind: Kind
  /// The size of its content in bytes, as declared.
  public let size: Int
  /// Where in the archive its header begins.
  public let offset: Int
}

/// Reads a tar archive front to back, from a file or a pipe: POSIX's ustar and pax, GNU's and older ones.
///
/// Nothing is ever written or opened by an entry's name. Memory is what the caller asks for with `readContent`, and at
/// most a megabyte for names. `formats/tar.md` says what is read and what is refused.
public final class TarReader {
  /// The most bytes that a name, or the records of an extended header, may have: 1 MiB.
  public static let nameLimit = 1 << 20

  private let source: any ByteSource
  /// How many bytes of the archive have been read.
  private var position = 0
  /// What is left of the content of the entry at hand, and of the padding behind it.
  private var contentLeft = 0
  private var padding = 0
  private var isAtEnd = false

  /// Reads an archive from `source`.
  public init(_ source: any ByteSource) {
    self.source = source
  }

  /// Whether a file that begins with `prefix`, of which 512 bytes are needed, is a tar archive: they are a header
  /// whose checksum holds.
  public static func isTar(_ prefix: some Sequence<UInt8>) -> Bool {
    TarHeader.isHeader(Array(prefix.prefix(TarHeader.blockSize)))
  }

  /// Goes to the next entry, past what is left of the one at hand; nil behind the last.
  ///
  /// At the end everything up to the end of the source is read: the writer of a pipe is not cut off.
  ///
  /// - Throws: `TarError`, after which there is nothing more, or what the source throws.
  public func next() throws -> TarEntry? {
    guard !isAtEnd else { return nil }
    isAtEnd = true
    try skip(contentLeft + padding)
    var longName: [UInt8]?
    var records: TarRecords?
    while let (header, offset) = try nextHeader() {
      switch header.type {
      case UInt8(ascii: "L"):
        longName = try readNames(header.size, "a long name", at: offset).prefix { $0 != 0 } + []
      case UInt8(ascii: "x"):
        records = try TarRecords(
          readNames(header.size, "an extended header", at: offset), at: offset + TarHeader.blockSize)
      case UInt8(ascii: "g"), UInt8(ascii: "K"):
        // What holds for all entries (a comment, say), and where a link leads: nothing that is needed.
        try skip(Self.padded(header.size))
      case UInt8(ascii: "S"), UInt8(ascii: "M"):
        throw TarError.unsupportedEntry(type: header.type, offset: offset)
      default:
        if records?.isSparse == true {
          throw TarError.unsupportedEntry(type: UInt8(ascii: "x"), offset: offset)
        }
        isAtEnd = false
        return begin(header, name: records?.path ?? longName ?? header.name, size: records?.size, at: offset)
      }
    }
    return nil
  }

  /// The content of the entry at hand; what is left of it.
  ///
  /// - Returns: nil where more than `limit` bytes are left, which stay unread.
  /// - Throws: `TarError.endsEarly`, or what the source throws.
  public func readContent(limit: Int) throws -> [UInt8]? {
    guard contentLeft <= limit else { return nil }
    let bytes = try readExactly(contentLeft, "the content of an entry")
    contentLeft = 0
    // The padding too, so that a pipe holds nothing more of this entry; what is missing is told with the next.
    let read = try source.readBytes(upTo: padding).count
    padding -= read
    position += read
    return bytes
  }

  private func begin(_ header: TarHeader, name: [UInt8], size: Int?, at offset: Int) -> TarEntry {
    let isFolderByName = name.last == UInt8(ascii: "/")
    let kind: TarEntry.Kind
    switch header.type {
    case UInt8(ascii: "5"): kind = .folder
    case UInt8(ascii: "1")...UInt8(ascii: "6"): kind = .other
    case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): kind = isFolderByName ? .folder : .file
    // Unknown types are to be taken as files, says POSIX; but what they are is not known.
    default: kind = .other
    }
    // Links, devices and folders have no content, whatever their headers say.
    let hasContent = !(UInt8(ascii: "1")...UInt8(ascii: "6")).contains(header.type)
    contentLeft = hasContent ? size ?? header.size : 0
    padding = Self.padded(contentLeft) - contentLeft
    return TarEntry(
      name: String(decoding: name, as: UTF8.self), kind: kind, size: contentLeft, offset: offset)
  }

  /// The next header, or nil at the archive's end.
  private func nextHeader() throws -> (TarHeader, offset: Int)? {
    let offset = position
    let block = try source.readBytes(upTo: TarHeader.blockSize)
    position += block.count
    guard !block.isEmpty else { throw TarError.missingEnd(offset: offset) }
    guard block.count == TarHeader.blockSize else {
      throw endsEarly(at: offset, needed: TarHeader.blockSize, available: block.count, "a header")
    }
    if TarHeader.isZero(block) {
      try finish()
      return nil
    }
    return (try TarHeader(block, at: offset), offset)
  }

  /// Reads the zeros behind the end.
  private func finish() throws {
    while true {
      let chunk = try source.readBytes(upTo: 1 << 16)
      if let place = chunk.firstIndex(where: { $0 != 0 }) {
        throw TarError.trailingBytes(offset: position + place)
      }
      if chunk.isEmpty { return }
      position += chunk.count
    }
  }

  private func readNames(_ size: Int, _ what: String, at offset: Int) throws -> [UInt8] {
    guard size <= Self.nameLimit else {
      throw TarError.tooLong(what: what, size: size, limit: Self.nameLimit, offset: offset + 124)
    }
    let bytes = try readExactly(size, what)
    try skip(Self.padded(size) - size)
    return bytes
  }

  private func readExactly(_ count: Int, _ what: String) throws -> [UInt8] {
    let bytes = try source.readBytes(upTo: count)
    guard bytes.count == count else {
      throw endsEarly(at: position, needed: count, available: bytes.count, what)
    }
    position += count
    return bytes
  }

  private func skip(_ count: Int) throws {
    contentLeft = 0
    padding = 0
    var left = count
    while left > 0 {
      let read = try source.readBytes(upTo: min(left, 1 << 16)).count
      guard read > 0 else {
        throw endsEarly(
          at: position - (count - left), needed: count, available: count - left, "the content of an entry")
      }
      position += read
      left -= read
    }
  }

  private func endsEarly(at offset: Int, needed: Int, available: Int, _ what: String) -> TarError {
    let what = "\(what) of the tar archive"
    return .endsEarly(InputEndsEarly(position: offset, needed: needed, available: available, what: what))
  }

  private static func padded(_ size: Int) -> Int {
    (size + TarHeader.blockSize - 1) / TarHeader.blockSize * TarHeader.blockSize
  }
}
