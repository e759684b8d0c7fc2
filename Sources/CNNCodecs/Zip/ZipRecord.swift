/// The records of a zip archive begin with four bytes each; as little-endian numbers:
enum ZipSignature {
  static let localHeader: UInt32 = 0x0403_4B50
  static let directoryEntry: UInt32 = 0x0201_4B50
  static let end: UInt32 = 0x0605_4B50
  static let zip64End: UInt32 = 0x0606_4B50
  static let zip64Locator: UInt32 = 0x0706_4B50
  static let descriptor: UInt32 = 0x0807_4B50
}

extension ByteReader {
  /// Runs `read` with its errors as those of a zip archive.
  mutating func readingZip<Value>(
    _ read: (inout ByteReader) throws(InputEndsEarly) -> Value
  ) throws(ZipError) -> Value {
    do throws(InputEndsEarly) { return try read(&self) } catch { throw .endsEarly(error) }
  }

  /// Takes the signature of a record.
  mutating func expect(_ signature: UInt32, _ what: String) throws(ZipError) {
    let start = position
    let found = try readingZip { reader throws(InputEndsEarly) in
      try reader.readLittleEndian(UInt32.self, what)
    }
    guard found == signature else { throw .missingRecord(what: what, offset: start) }
  }
}

/// The zip64 part of an extra field (4.5.3 of the specification): numbers too large for their four bytes.
struct ZipExtra {
  /// The identifier of the part.
  static let zip64: UInt16 = 1

  /// The numbers' bytes, or nil if there is no such part.
  private var values: ByteReader?

  /// Looks through the extra field, whose parts have an identifier and a length of two bytes each.
  ///
  /// Up to three zeros behind the last part are padding.
  init(parsing reader: ByteReader) throws(ZipError) {
    var reader = reader
    while !reader.isAtEnd {
      let start = reader.position
      if reader.remaining < 4 {
        guard reader.bytes[start..<reader.end].allSatisfy({ $0 == 0 }) else {
          throw .malformedExtra(problem: "a part without a length", offset: start)
        }
        return
      }
      let (identifier, length) = try reader.readingZip { reader throws(InputEndsEarly) in
        (
          try reader.readLittleEndian(UInt16.self, "an extra field"),
          Int(try reader.readLittleEndian(UInt16.self, "an extra field"))
        )
      }
      guard length <= reader.remaining else {
        throw .malformedExtra(
          problem: "a part of \(length) bytes, and \(reader.remaining) are left", offset: start + 2)
      }
      let range = reader.position..<reader.position + length
      reader = ByteReader(reader.bytes, in: range.upperBound..<reader.end)
      guard identifier == Self.zip64 else { continue }
      guard values == nil else { throw .malformedExtra(problem: "two zip64 parts", offset: start) }
      values = ByteReader(reader.bytes, in: range)
    }
  }

  /// Replaces `field` by the next number, if it says that the number stands here; as the specification has it, numbers
  /// stand here in a fixed order, and only those whose fields say so.
  ///
  /// - Parameter offset: where the header begins that has the field.
  mutating func widen(_ field: inout UInt64, offset: Int) throws(ZipError) {
    guard field == UInt64(UInt32.max), var reader = values else { return }
    do {
      field = try reader.readLittleEndian(UInt64.self, "")
    } catch {
      throw .malformedExtra(problem: "too few numbers in its zip64 part", offset: offset)
    }
    values = reader
  }
}
