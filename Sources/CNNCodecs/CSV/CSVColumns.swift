/// Neighbouring columns of a table that belong together: a label, or the pixels of a picture.
public struct CSVColumns: Sendable, Equatable {
  /// What the columns hold.
  public enum Content: Sendable, Equatable {
    /// Any numbers: uint8 where all are whole numbers from 0 to 255, else float32.
    case numbers
    /// Whole numbers from 0 to 2^53: uint8 where all are up to 255, else int64. Others are an error.
    case counts
  }

  /// Which columns, counted from 0.
  public let range: Range<Int>
  /// What they hold.
  public let content: Content

  /// Creates a group of columns.
  public init(_ range: Range<Int>, _ content: Content) {
    self.range = range
    self.content = content
  }
}

/// The numbers of a group of columns, in the narrowest type that holds all so far.
struct CSVColumnValues {
  let columns: CSVColumns
  private(set) var elementType = ElementType.uint8
  private(set) var bytes: [UInt8] = []
  /// Where the first number is that is no whole number from 0 to 255.
  private(set) var firstOtherThanByte: CSVPlace?

  init(_ columns: CSVColumns) { self.columns = columns }

  /// Makes room for `count` numbers as they are now; one gigabyte at most is taken on a guess.
  mutating func reserve(_ count: Int) {
    bytes.reserveCapacity(min(count, 1 << 30 / elementType.byteCount) * elementType.byteCount)
  }

  /// Takes as many of the next `count` fields as are plain bytes, while all have been.
  mutating func takeBytes(upTo count: Int, from reader: inout CSVReader) -> Int {
    elementType == .uint8 ? reader.takeBytes(upTo: count, into: &bytes) : 0
  }

  /// Appends the number in a field.
  ///
  /// - Throws: `CSVError` with the field's place.
  mutating func append(_ field: [UInt8], at place: CSVPlace) throws(CSVError) {
    func text() -> String { String(decoding: field, as: UTF8.self) }
    guard !field.isEmpty else { throw CSVError(.emptyField, at: place) }
    guard let value = CSVNumber.value(of: field) else { throw CSVError(.notANumber(text()), at: place) }
    let byte = UInt8(exactly: value)
    if byte == nil, firstOtherThanByte == nil { firstOtherThanByte = place }
    switch columns.content {
    case .counts:
      guard value >= 0, value <= 0x1p53, let count = Int64(exactly: value) else {
        throw CSVError(.notACount(text()), at: place)
      }
      if byte == nil, elementType == .uint8 { widen(to: .int64) }
      appendBytes(of: count, byte)
    case .numbers:
      let single = Float(value)
      guard single.isFinite else { throw CSVError(.outOfRange(text()), at: place) }
      if byte == nil, elementType == .uint8 { widen(to: .float32) }
      appendBytes(of: single.bitPattern, byte)
    }
  }

  private mutating func appendBytes<T: FixedWidthInteger>(of value: T, _ byte: UInt8?) {
    if elementType == .uint8, let byte {
      bytes.append(byte)
    } else {
      withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
  }

  private mutating func widen(to type: ElementType) {
    let narrow = bytes
    elementType = type
    bytes = []
    reserve(narrow.capacity)
    for byte in narrow {
      if type == .int64 {
        appendBytes(of: Int64(byte), nil)
      } else {
        appendBytes(of: Float(byte).bitPattern, nil)
      }
    }
  }
}
