import CNNFiles

/// The fields of comma-separated values (RFC 4180), one after another, from a source of any length.
///
/// Fields are separated by commas, semicolons or tabs, whichever the first line has most of; lines end in LF, CR LF or
/// CR. Memory: one piece of the input and one field. What is read and refused: `formats/csv.md`.
struct CSVReader {
  /// What follows a field.
  enum FieldEnd {
    case separator
    /// The end of a line.
    case row
    case input
  }

  /// The most bytes that a field may have; names and numbers have a few.
  static let maximumFieldLength = 1024
  private static let chunkSize = 1 << 18

  private let source: any ByteSource
  private let limit: Int
  let separator: UInt8
  private var chunk: [UInt8]
  /// The index in `chunk` of the next byte.
  private var position = 0
  /// Where in the input the chunk begins.
  private var chunkOffset = 0
  private var isAtEnd = false
  private var line = 1
  private var column = 1
  private var hasRows = false
  /// The first blank line since the last row.
  private var blankLine: CSVPlace?

  /// The last field that was read: its bytes without quotation marks around it.
  private(set) var field: [UInt8] = []
  /// Where the last field begins.
  private(set) var place = CSVPlace(line: 1, column: 1, offset: 0)

  /// A reader of all that `source` gives.
  ///
  /// - Throws: what the source throws, and `CSVError.Problem.tooLong` for more than `limit` bytes.
  init(_ source: any ByteSource, limit: Int) throws {
    self.source = source
    self.limit = limit
    chunk = try source.readBytes(upTo: Self.chunkSize)
    if chunk.starts(with: Self.byteOrderMark) { position = Self.byteOrderMark.count }
    separator = Self.separator(in: chunk[position...])
    try checkLength()
  }

  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// The separator that the first line has most of, outside quotation marks; a comma where it has none.
  static func separator(in text: ArraySlice<UInt8>) -> UInt8 {
    let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    var counts = [0, 0, 0]
    var isQuoted = false
    for byte in text.drop(while: { $0 == lineFeed || $0 == carriageReturn }) {
      if byte == quote { isQuoted.toggle() }
      guard !isQuoted else { continue }
      if byte == lineFeed || byte == carriageReturn { break }
      if let index = candidates.firstIndex(of: byte) { counts[index] += 1 }
    }
    let most = counts.max() ?? 0
    return candidates[counts.firstIndex(of: most) ?? 0]
  }

  /// Where the next byte is.
  var nextPlace: CSVPlace { CSVPlace(line: line, column: column, offset: chunkOffset + position) }

  /// The bytes that are still to come, if the source knows.
  var remainingByteCount: Int? {
    source.remainingByteCount.map { $0.addingReportingOverflow(chunk.count - position) }
      .flatMap { $0.overflow ? nil : $0.partialValue }
  }

  /// Goes to the next row; false at the end. Blank lines behind the last row are passed over.
  ///
  /// - Throws: `CSVError` for a blank line in front of a row, unless no row has been read.
  mutating func nextRow() throws -> Bool {
    while let byte = try nextByte() {
      guard byte == Self.lineFeed || byte == Self.carriageReturn else {
        if let blankLine { throw CSVError(.blankLine, at: blankLine) }
        hasRows = true
        return true
      }
      if hasRows { blankLine = blankLine ?? nextPlace }
      try takeLineEnd()
    }
    return false
  }

  /// Reads the next field of the row into `field`.
  ///
  /// - Throws: `CSVError`, or what the source throws.
  mutating func readField() throws -> FieldEnd {
    field.removeAll(keepingCapacity: true)
    place = nextPlace
    if try nextByte() == Self.quote { return try readQuotedField() }
    while let byte = try nextByte() {
      if let end = try takeEnd(byte) { return end }
      if byte == Self.quote { throw CSVError(.strayQuote, at: place) }
      try append(byte)
      position += 1
    }
    return .input
  }

  /// Takes as many fields as are plain numbers from 0 to 255 with a separator behind them, up to `count`, and appends
  /// them to `values`: what nearly all fields of pictures are.
  ///
  /// - Returns: how many were taken; what comes next is for `readField()`.
  mutating func takeBytes(upTo count: Int, into values: inout [UInt8]) -> Int {
    var taken = 0
    chunk.withUnsafeBufferPointer { bytes in
      var position = position
      // A field of three digits with its separator, so that none of the reads needs a check.
      let last = bytes.count - 4
      while taken < count, position <= last {
        var value = Int(bytes[position] &- 0x30)
        guard value <= 9 else { break }
        var next = bytes[position + 1]
        var length = 1
        while length < 3, next &- 0x30 <= 9 {
          value = value * 10 + Int(next &- 0x30)
          length += 1
          next = bytes[position + length]
        }
        guard next == separator, value <= 255 else { break }
        values.append(UInt8(truncatingIfNeeded: value))
        position += length + 1
        taken += 1
      }
      self.position = position
    }
    column += taken
    return taken
  }

  private mutating func readQuotedField() throws -> FieldEnd {
    position += 1
    while let byte = try nextByte() {
      if byte == Self.quote {
        position += 1
        guard let next = try nextByte() else { return .input }
        if next == Self.quote {
          try append(next)
          position += 1
        } else if let end = try takeEnd(next) {
          return end
        } else {
          throw CSVError(.bytesAfterQuote, at: place)
        }
      } else if byte == Self.lineFeed || byte == Self.carriageReturn {
        try append(Self.lineFeed)
        let fieldColumn = column
        try takeLineEnd()
        column = fieldColumn
      } else {
        try append(byte)
        position += 1
      }
    }
    throw CSVError(.unclosedQuote, at: place)
  }

  /// Takes a separator or the end of a line, if `byte`, the next one, is that.
  private mutating func takeEnd(_ byte: UInt8) throws -> FieldEnd? {
    if byte == separator {
      position += 1
      column += 1
      return .separator
    }
    guard byte == Self.lineFeed || byte == Self.carriageReturn else { return nil }
    try takeLineEnd()
    return .row
  }

  private mutating func takeLineEnd() throws {
    let isReturn = chunk[position] == Self.carriageReturn
    position += 1
    if isReturn, try nextByte() == Self.lineFeed { position += 1 }
    line += 1
    column = 1
  }

  private mutating func append(_ byte: UInt8) throws {
    guard byte >= 0x20 && byte != 0x7F || byte == 0x09 || byte == Self.lineFeed else {
      throw CSVError(.controlCharacter(byte), at: place)
    }
    guard field.count < Self.maximumFieldLength else {
      throw CSVError(.fieldTooLong(limit: Self.maximumFieldLength), at: place)
    }
    field.append(byte)
  }

  /// The next byte without taking it; nil at the end.
  private mutating func nextByte() throws -> UInt8? {
    if position == chunk.count { try fill() }
    return position < chunk.count ? chunk[position] : nil
  }

  private mutating func fill() throws {
    guard !isAtEnd else { return }
    chunkOffset += chunk.count
    position = 0
    chunk = try source.readBytes(upTo: Self.chunkSize)
    isAtEnd = chunk.isEmpty
    try checkLength()
  }

  private func checkLength() throws {
    guard chunk.count <= limit - chunkOffset else {
      throw CSVError(.tooLong(limit: limit), at: CSVPlace(line: line, column: column, offset: limit))
    }
  }
}
