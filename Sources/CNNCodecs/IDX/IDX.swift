import CNNFiles

/// The IDX file format, in which MNIST and its relatives are published (http://yann.lecun.com/exdb/mnist/).
///
/// | bytes | field |
/// | --- | --- |
/// | 2 | zero |
/// | 1 | element type |
/// | 1 | number of dimensions, n |
/// | 4 n | the dimensions, outermost first, big-endian |
/// | ... | the elements, last index fastest, big-endian |
///
/// `formats/idx.md` says what is read and what is refused.
public enum IDX {
  /// The element types by their codes in the file.
  private static let elementTypes: [UInt8: ElementType] = [
    0x08: .uint8, 0x09: .int8, 0x0B: .int16, 0x0C: .int32, 0x0D: .float32, 0x0E: .float64,
  ]

  /// Whether a file that begins with `prefix`, of which four bytes are needed, claims to be IDX: two zeros, one of
  /// the six element types, and a rank that is read.
  public static func isIDX(_ prefix: some Sequence<UInt8>) -> Bool {
    let start = Array(prefix.prefix(4))
    return start.count == 4 && start[0] == 0 && start[1] == 0 && elementTypes[start[2]] != nil
      && Int(start[3]) <= NumericArray.maximumRank
  }

  /// The size of the whole file in bytes, as its header says, which ends within the first 260 bytes.
  ///
  /// - Returns: nil where `beginning` has no whole and sound header; `parse(_:)` says what is wrong with it.
  public static func declaredByteCount(_ beginning: [UInt8]) -> Int? {
    var reader = ByteReader(beginning)
    guard isIDX(beginning), let header = try? readHeader(&reader),
      let elementType = elementTypes[header.elementType],
      let shape = try? readShape(&reader, rank: header.rank),
      let byteCount = NumericArray.byteCount(elementType: elementType, shape: shape)
    else { return nil }
    let (sum, overflow) = byteCount.addingReportingOverflow(reader.position)
    return overflow ? nil : sum
  }

  /// The array in the IDX file `bytes`.
  ///
  /// The array shares the storage of `bytes`; nothing is copied or converted. No dimensions make a single number,
  /// and a dimension of zero makes an array without elements, a legal file of the header alone.
  ///
  /// The inverse is `serialize(_:)`.
  ///
  /// - Throws: an `IDXError` unless `bytes` is one whole IDX file whose length is exactly what its header says.
  public static func parse(_ bytes: [UInt8]) throws(IDXError) -> NumericArray {
    var reader = ByteReader(bytes)
    let header: Header
    do { header = try readHeader(&reader) } catch { throw .endsEarly(error) }
    guard header.signature == 0 else { throw .notIDX(offset: bytes[0] == 0 ? 1 : 0) }
    guard let elementType = elementTypes[header.elementType] else {
      throw .unknownElementType(header.elementType, offset: 2)
    }
    guard header.rank <= NumericArray.maximumRank else { throw .rankTooHigh(rank: header.rank, offset: 3) }
    let shape: [Int]
    do { shape = try readShape(&reader, rank: header.rank) } catch { throw .endsEarly(error) }
    guard let byteCount = NumericArray.byteCount(elementType: elementType, shape: shape) else {
      throw .sizeOverflow(shape: shape, offset: 4)
    }
    let start = reader.position
    guard byteCount <= reader.remaining else {
      throw .tooShort(needed: byteCount, available: reader.remaining, offset: start)
    }
    guard byteCount == reader.remaining,
      let array = NumericArray(
        elementType: elementType, shape: shape, byteOrder: .bigEndian, storage: bytes,
        range: start..<start + byteCount)
    else { throw .trailingBytes(count: reader.remaining - byteCount, offset: start + byteCount) }
    return array
  }

  /// `array` as an IDX file. The inverse is `parse(_:)`.
  ///
  /// - Throws: `IDXError.unwritableElementType` and `IDXError.unwritableShape` for what the format cannot say.
  public static func serialize(_ array: NumericArray) throws(IDXError) -> [UInt8] {
    var bytes = try header(of: array)
    bytes.reserveCapacity(bytes.count + array.range.count)
    forEachPiece(of: array) { bytes.append(contentsOf: $0) }
    return bytes
  }

  /// Writes `array` as an IDX file, as `serialize(_:)` has it, without a copy of all of it.
  ///
  /// - Throws: what `serialize(_:)` throws, before anything is written; what the sink throws.
  public static func write(_ array: NumericArray, to sink: any ByteSink) throws {
    try sink.write(header(of: array))
    try forEachPiece(of: array, sink.write)
  }

  private static func header(of array: NumericArray) throws(IDXError) -> [UInt8] {
    guard let code = elementTypes.first(where: { $0.value == array.elementType })?.key else {
      throw .unwritableElementType(array.elementType)
    }
    let dimensions = array.shape.compactMap { UInt32(exactly: $0) }
    guard dimensions.count == array.shape.count, let rank = UInt8(exactly: dimensions.count) else {
      throw .unwritableShape(array.shape)
    }
    var bytes: [UInt8] = [0, 0, code, rank]
    for dimension in dimensions {
      bytes.append(contentsOf: (0..<4).map { UInt8(truncatingIfNeeded: dimension >> (24 - $0 * 8)) })
    }
    return bytes
  }

  /// How many bytes are turned round at a time.
  private static let pieceByteCount = 1 << 20

  /// The elements, last index fastest, each with its highest byte first.
  private static func forEachPiece(
    of array: NumericArray, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) rethrows {
    try ArrayView(array).forEachPiece { piece in
      if array.elementType.byteCount == 1 { return try body(piece) }
      for start in stride(from: 0, to: piece.count, by: pieceByteCount) {
        var part = [UInt8](piece[start..<min(start + pieceByteCount, piece.count)])
        part.withUnsafeMutableBytes { array.elementType.swapBytes(of: $0) }
        try part.withUnsafeBytes(body)
      }
    }
  }

  private struct Header {
    let signature: UInt16
    let elementType: UInt8
    let rank: Int
  }

  private static func readHeader(_ reader: inout ByteReader) throws(InputEndsEarly) -> Header {
    Header(
      signature: try reader.readBigEndian(UInt16.self, "the IDX signature"),
      elementType: try reader.readUInt8("the IDX element type"),
      rank: Int(try reader.readUInt8("the number of IDX dimensions")))
  }

  private static func readShape(_ reader: inout ByteReader, rank: Int) throws(InputEndsEarly) -> [Int] {
    var shape: [Int] = []
    for _ in 0..<rank { shape.append(Int(try reader.readBigEndian(UInt32.self, "an IDX dimension"))) }
    return shape
  }
}
