/// The type of the elements of a dataset or an attribute.
public enum HDF5Type: Sendable, Equatable {
  /// How texts of one length are filled up.
  public enum Padding: UInt8, Sendable {
    /// The text ends at the first zero.
    case zeroTerminated = 0
    /// Zeros at the end do not belong to the text.
    case zeros = 1
    /// Spaces at the end do not belong to the text.
    case spaces = 2
  }

  /// Numbers, or booleans as h5py writes them: an enumeration of `FALSE` and `TRUE`.
  case number(ElementType, NumericArray.ByteOrder)
  /// Texts that take `byteCount` bytes each.
  case fixedText(byteCount: Int, Padding)
  /// Texts of any length, which are kept elsewhere in the file.
  case variableText
  /// Bytes whose meaning the file does not say: Keras writes bfloat16 so.
  case opaque(byteCount: Int)
  /// A type that is not read; its name as a noun phrase.
  case unsupported(String)

  /// The numbers' type; nil for everything else.
  public var elementType: ElementType? {
    if case .number(let elementType, _) = self { elementType } else { nil }
  }

  /// How many bytes of the file an element takes; nil where that does not matter, since it is not read.
  var byteCount: Int? {
    switch self {
    case .number(let elementType, _): elementType.byteCount
    case .fixedText(let byteCount, _), .opaque(let byteCount): byteCount
    case .variableText: 16
    case .unsupported: nil
    }
  }

  /// What the elements are, as a noun phrase for messages.
  public var name: String {
    switch self {
    case .number(let elementType, _): elementType.name
    case .fixedText(let byteCount, _): "text of \(byteCount) bytes"
    case .variableText: "text of variable length"
    case .opaque(let byteCount): "\(byteCount) opaque bytes"
    case .unsupported(let name): name
    }
  }

  /// Reads a datatype message, or the part of another structure that holds one.
  init(parsing cursor: inout HDF5Cursor) throws(HDF5Error) {
    let start = cursor.position
    let classAndVersion = try cursor.uint8()
    let flags = UInt32(truncatingIfNeeded: try cursor.unsigned(byteCount: 3))
    let size = Int(try cursor.uint32())
    let version = classAndVersion >> 4
    guard (1...5).contains(version) else {
      throw HDF5Error(.unsupportedVersion(what: "a datatype", version: Int(version)), offset: start)
    }
    guard size > 0 else { throw cursor.malformed("its elements have no bytes", at: start + 4) }
    switch classAndVersion & 0x0F {
    case 0: self = try Self.integer(&cursor, flags: flags, size: size)
    case 1: self = try Self.float(&cursor, flags: flags, size: size)
    case 2: self = .unsupported("a time type")
    case 3:
      if let padding = Padding(rawValue: UInt8(flags & 0x0F)) {
        self = .fixedText(byteCount: size, padding)
      } else {
        throw cursor.malformed("texts are padded in an unknown way", at: start + 1)
      }
    case 4: self = .unsupported("a bit field type")
    case 5: self = .opaque(byteCount: size)
    case 6: self = .unsupported("a compound type")
    case 7: self = .unsupported("a reference type")
    case 8: self = try Self.enumeration(&cursor, flags: flags, size: size, version: version)
    case 9:
      guard flags & 0x0F == 1 else {
        self = .unsupported("a type of sequences of variable length")
        break
      }
      guard size == 16 else { throw cursor.malformed("a text's place takes \(size) bytes", at: start + 4) }
      self = .variableText
    case 10: self = .unsupported("an array type")
    case 11: self = .unsupported("a complex type")
    default: throw cursor.malformed("its class is \(classAndVersion & 0x0F)", at: start)
    }
  }

  private static func integer(_ cursor: inout HDF5Cursor, flags: UInt32, size: Int) throws(HDF5Error) -> Self
  {
    let bitOffset = try cursor.uint16()
    let precision = try cursor.uint16()
    let isSigned = flags & 8 != 0
    guard bitOffset == 0, precision == size * 8 else {
      return .unsupported("an integer type with bits to spare")
    }
    let elementType: ElementType
    switch (size, isSigned) {
    case (1, false): elementType = .uint8
    case (1, true): elementType = .int8
    case (2, false): elementType = .uint16
    case (2, true): elementType = .int16
    case (4, false): elementType = .uint32
    case (4, true): elementType = .int32
    case (8, false): elementType = .uint64
    case (8, true): elementType = .int64
    default: return .unsupported("an integer type of \(size) bytes")
    }
    return .number(elementType, flags & 1 == 0 ? .littleEndian : .bigEndian)
  }

  private static func float(_ cursor: inout HDF5Cursor, flags: UInt32, size: Int) throws(HDF5Error) -> Self {
    let bitOffset = try cursor.uint16()
    let precision = try cursor.uint16()
    let exponentStart = try cursor.uint8()
    let exponentCount = try cursor.uint8()
    let fractionStart = try cursor.uint8()
    let fractionCount = try cursor.uint8()
    let bias = try cursor.uint32()
    // Bits 4 and 5: the fraction's first bit is not stored. Bit 6 tells VAX's order from big-endian.
    guard bitOffset == 0, precision == size * 8, flags & 0x40 == 0, flags >> 4 & 3 == 2,
      flags >> 8 & 0xFF == UInt32(precision - 1), fractionStart == 0, exponentStart == fractionCount
    else { return .unsupported("a floating-point type other than IEEE 754's") }
    let elementType: ElementType
    switch (size, exponentCount, fractionCount, bias) {
    case (2, 5, 10, 15): elementType = .float16
    case (2, 8, 7, 127): elementType = .bfloat16
    case (4, 8, 23, 127): elementType = .float32
    case (8, 11, 52, 1023): elementType = .float64
    default: return .unsupported("a floating-point type of \(size) bytes with \(exponentCount) exponent bits")
    }
    return .number(elementType, flags & 1 == 0 ? .littleEndian : .bigEndian)
  }

  /// Booleans are read; the members of other enumerations are not.
  private static func enumeration(
    _ cursor: inout HDF5Cursor, flags: UInt32, size: Int, version: UInt8
  ) throws(HDF5Error) -> Self {
    let other = HDF5Type.unsupported("an enumeration type")
    guard flags & 0xFFFF == 2, size == 1 else { return other }
    // The members' own type: integers of one byte.
    let base = try cursor.uint8()
    try cursor.take(3)
    guard base & 0x0F == 0, try cursor.uint32() == 1 else { return other }
    try cursor.take(4)
    for name in ["FALSE", "TRUE"] {
      let start = cursor.position
      let range = try cursor.zeroTerminated()
      guard cursor.matches(range, name) else { return other }
      if version < 3 { try cursor.align(from: start) }
    }
    guard try cursor.uint8() == 0, try cursor.uint8() == 1 else { return other }
    return .number(.bool, .littleEndian)
  }
}
