import CNNFiles

/// Writes a zip archive front to back into any sink.
///
/// The same entries give the same bytes: times are 1 January 1980, permissions those of a plain file, and deflate is
/// deterministic on one version of zlib. Contents pass through without being copied if they are stored.
///
/// What is written is read by `ZipArchive`, and by whatever else reads zip; zip64 is used only where numbers need it.
public struct ZipWriter {
  /// What the directory says of one entry.
  private struct Record {
    let name: [UInt8]
    let flags: UInt16
    let method: ZipMethod
    let crc32: UInt32
    let compressedSize: Int
    let size: Int
    let offset: Int
  }

  private static let plainVersion: UInt16 = 20
  private static let zip64Version: UInt16 = 45
  /// 1 January 1980, the first day that zip can say.
  private static let date: UInt16 = 1 << 5 | 1

  private let sink: any ByteSink
  /// The greatest numbers that are written in four and two bytes; one more says that the number stands elsewhere.
  private let greatestNumber: Int
  private let greatestCount: Int
  private var records: [Record] = []
  private var names: Set<[UInt8]> = []
  private var position = 0

  /// A writer of an archive into `sink`, in which nothing has been written of it yet.
  public init(_ sink: any ByteSink) {
    self.init(sink, greatestNumber: Int(UInt32.max) - 1, greatestCount: Int(UInt16.max) - 1)
  }

  /// A writer that turns to zip64 earlier than it must, for tests.
  init(_ sink: any ByteSink, greatestNumber: Int, greatestCount: Int) {
    self.sink = sink
    self.greatestNumber = greatestNumber
    self.greatestCount = greatestCount
  }

  /// Writes an entry.
  ///
  /// - Parameters:
  ///   - name: the entry's name, folders included and separated by slashes.
  ///   - content: the content in pieces, one after another.
  ///   - method: whether to compress it; small or dense contents may become larger.
  /// - Throws: `ZipError.unwritableName` and `duplicateName` before anything is written; `outOfMemory`; what the sink
  ///   throws.
  public mutating func add(
    _ name: String, pieces content: [ArraySlice<UInt8>], method: ZipMethod = .stored
  ) throws {
    let nameBytes = Array(name.utf8)
    if let problem = ZipName.problem(nameBytes) { throw ZipError.unwritableName(name, problem: problem) }
    guard nameBytes.count <= Int(UInt16.max) else {
      throw ZipError.unwritableName(name, problem: "has more than 65535 bytes")
    }
    if nameBytes.last == UInt8(ascii: "/"), content.contains(where: { !$0.isEmpty }) {
      throw ZipError.unwritableName(name, problem: "is that of a folder, which has no content")
    }
    guard names.insert(nameBytes).inserted else { throw ZipError.duplicateName(name, offset: position) }

    var checksum = CRC32()
    for piece in content { checksum.update(piece) }
    let data = method == .stored ? content : try Self.deflate(content)
    let record = Record(
      name: nameBytes, flags: nameBytes.allSatisfy { $0 < 0x80 } ? 0 : ZipHeader.hasUTF8Name,
      method: method, crc32: checksum.value, compressedSize: data.reduce(0) { $0 + $1.count },
      size: content.reduce(0) { $0 + $1.count }, offset: position)
    records.append(record)
    try write(localHeader(of: record))
    for piece in data {
      try piece.withUnsafeBytes { try sink.write($0) }
      position += piece.count
    }
  }

  /// Writes an entry, as `add(_:pieces:method:)` does.
  ///
  /// - Throws: what that throws.
  public mutating func add(_ name: String, _ content: [UInt8], method: ZipMethod = .stored) throws {
    try add(name, pieces: [content[...]], method: method)
  }

  /// Writes the directory, after which the archive is whole.
  ///
  /// - Throws: what the sink throws.
  public consuming func finish() throws {
    let start = position
    for record in records { try write(directoryEntry(of: record)) }
    let size = position - start
    var end: [UInt8] = []
    let isWide = size > greatestNumber || start > greatestNumber || records.count > greatestCount
    if isWide {
      end.append(ZipSignature.zip64End)
      end.append(UInt64(44))
      end.append(Self.zip64Version)
      end.append(Self.zip64Version)
      end.append(UInt64(0))
      for number in [records.count, records.count, size, start] { end.append(UInt64(number)) }
      end.append(ZipSignature.zip64Locator)
      end.append(UInt32(0))
      end.append(UInt64(position))
      end.append(UInt32(1))
    }
    end.append(ZipSignature.end)
    end.append(UInt32(0))
    let count = records.count > greatestCount ? UInt16.max : UInt16(records.count)
    end.append(count)
    end.append(count)
    end.append(narrow(size))
    end.append(narrow(start))
    end.append(UInt16(0))
    try write(end)
  }

  private mutating func write(_ bytes: [UInt8]) throws {
    try sink.write(bytes)
    position += bytes.count
  }

  /// The raw deflate stream of a content: a gzip member of ours without its header of ten bytes and trailer of eight.
  private static func deflate(_ content: [ArraySlice<UInt8>]) throws -> [ArraySlice<UInt8>] {
    [try Gzip.compress(Array(content.joined())).dropFirst(10).dropLast(8)]
  }

  private func narrow(_ number: Int) -> UInt32 {
    number > greatestNumber ? UInt32.max : UInt32(number)
  }

  private func localHeader(of record: Record) -> [UInt8] {
    // Both sizes or none: so the specification has it for local headers.
    let isWide = record.size > greatestNumber || record.compressedSize > greatestNumber
    var bytes: [UInt8] = []
    bytes.append(ZipSignature.localHeader)
    bytes.append(isWide ? Self.zip64Version : Self.plainVersion)
    appendCommonFields(of: record, to: &bytes)
    bytes.append(isWide ? UInt32.max : UInt32(record.compressedSize))
    bytes.append(isWide ? UInt32.max : UInt32(record.size))
    bytes.append(UInt16(record.name.count))
    bytes.append(UInt16(isWide ? 20 : 0))
    bytes += record.name
    if isWide { appendZip64([record.size, record.compressedSize], to: &bytes) }
    return bytes
  }

  private func directoryEntry(of record: Record) -> [UInt8] {
    let wide = [record.size, record.compressedSize, record.offset].filter { $0 > greatestNumber }
    let version = wide.isEmpty ? Self.plainVersion : Self.zip64Version
    var bytes: [UInt8] = []
    bytes.append(ZipSignature.directoryEntry)
    // The upper byte says Unix, whose permissions follow below.
    bytes.append(version | 3 << 8)
    bytes.append(version)
    appendCommonFields(of: record, to: &bytes)
    bytes.append(narrow(record.compressedSize))
    bytes.append(narrow(record.size))
    bytes.append(UInt16(record.name.count))
    bytes.append(UInt16(wide.isEmpty ? 0 : 4 + 8 * wide.count))
    // No comment, the first and only part, no internal attributes.
    bytes += [0, 0, 0, 0, 0, 0]
    let isFolder = record.name.last == UInt8(ascii: "/")
    bytes.append(UInt32(isFolder ? 0o040755 : 0o100644) << 16)
    bytes.append(narrow(record.offset))
    bytes += record.name
    if !wide.isEmpty { appendZip64(wide, to: &bytes) }
    return bytes
  }

  private func appendCommonFields(of record: Record, to bytes: inout [UInt8]) {
    bytes.append(record.flags)
    bytes.append(record.method.code)
    bytes.append(UInt16(0))
    bytes.append(Self.date)
    bytes.append(record.crc32)
  }

  private func appendZip64(_ numbers: [Int], to bytes: inout [UInt8]) {
    bytes.append(ZipExtra.zip64)
    bytes.append(UInt16(8 * numbers.count))
    for number in numbers { bytes.append(UInt64(number)) }
  }
}

extension [UInt8] {
  /// Adds a number, its lowest byte first.
  fileprivate mutating func append<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}
