/// The records of an extended header (POSIX.1-2001, pax): `LENGTH KEY=VALUE` and a line feed, where LENGTH counts
/// the whole record in decimal.
struct TarRecords {
  /// The entry's name, if the records give one.
  private(set) var path: [UInt8]?
  /// The size of the entry's content, if the records give one.
  private(set) var size: Int?
  /// Whether the content is not the file's, but a map of its parts and these.
  private(set) var isSparse = false

  /// Reads the records in `bytes`, which stand at `offset` in the archive.
  init(_ bytes: [UInt8], at offset: Int) throws(TarError) {
    var start = 0
    while start < bytes.count {
      let record = TarError.badRecord(offset: offset + start)
      guard let space = bytes[start...].firstIndex(of: UInt8(ascii: " ")),
        let length = Self.decimal(bytes[start..<space]), length <= bytes.count - start,
        space + 1 < start + length, bytes[start + length - 1] == UInt8(ascii: "\n")
      else { throw record }
      let content = bytes[(space + 1)..<(start + length - 1)]
      guard let equals = content.firstIndex(of: UInt8(ascii: "=")) else { throw record }
      let value = content[(equals + 1)...]
      switch String(decoding: content[..<equals], as: UTF8.self) {
      case "path":
        guard !value.contains(0) else { throw record }
        path = Array(value)
      case "size":
        guard let number = Self.decimal(value), number <= Int.max - TarHeader.blockSize else {
          throw .badNumber(field: "size", offset: offset + start)
        }
        size = number
      case let key where key.hasPrefix("GNU.sparse."):
        isSparse = true
      default: break
      }
      start += length
    }
  }

  private static func decimal(_ digits: ArraySlice<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.count <= 19 else { return nil }
    var number = 0
    for digit in digits {
      guard (0x30...0x39).contains(digit) else { return nil }
      let (tenfold, overflow) = number.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tenfold.addingReportingOverflow(Int(digit - 0x30))
      guard !overflow, !carry else { return nil }
      number = sum
    }
    return number
  }
}
