/// The header of an npy file: a dictionary with three keys, as Python writes it.
///
/// Nothing is evaluated: what is read is a dictionary of exactly these keys with a string, a boolean and a tuple of
/// numbers, white space between them, and nothing else.
struct NPYHeader {
  /// The most bytes that a header has: NumPy's own limit.
  static let greatestSize = 10_000

  let type: NumPyTypeCode
  let shape: [Int]
  let isColumnMajor: Bool
  /// Where the elements begin.
  let end: Int

  /// Reads everything up to the elements.
  init(parsing bytes: [UInt8], in range: Range<Int>) throws(NPYError) {
    var reader = ByteReader(bytes, in: range)
    let start = reader.position
    guard NPY.isNPY(bytes[start..<reader.end]) else { throw .notNPY(offset: start) }
    let size: Int
    do throws(InputEndsEarly) {
      _ = try reader.readRange(count: NPY.signature.count, "")
      let major = try reader.readUInt8("the npy version")
      let minor = try reader.readUInt8("the npy version")
      let what = "the length of the npy header"
      switch (major, minor) {
      case (1, 0): size = Int(try reader.readLittleEndian(UInt16.self, what))
      case (2, 0), (3, 0): size = Int(try reader.readLittleEndian(UInt32.self, what))
      default: size = -1
      }
    } catch { throw .endsEarly(error) }
    guard size >= 0 else {
      throw .unknownVersion(major: bytes[start + 6], minor: bytes[start + 7], offset: start + 6)
    }
    guard size <= Self.greatestSize else {
      throw .headerTooLong(size: size, limit: Self.greatestSize, offset: start + 8)
    }
    let literal: Range<Int>
    do { literal = try reader.readRange(count: size, "the npy header") } catch { throw .endsEarly(error) }
    end = literal.upperBound

    var scanner = NPYLiteralScanner(ByteReader(bytes, in: literal))
    var type: NumPyTypeCode?
    var shape: [Int]?
    var isColumnMajor: Bool?
    var shapeOffset = 0
    try scanner.expect("{", "a dictionary")
    while !scanner.take("}") {
      let keyOffset = scanner.offset
      let key = try scanner.readString("a key")
      try scanner.expect(":", "a colon")
      switch key {
      case "descr" where type == nil: type = try scanner.readType()
      case "fortran_order" where isColumnMajor == nil: isColumnMajor = try scanner.readBoolean()
      case "shape" where shape == nil:
        shapeOffset = scanner.offset
        shape = try scanner.readShape()
      case "descr", "fortran_order", "shape":
        throw .malformedHeader(problem: "the key '\(key)' twice", offset: keyOffset)
      default:
        throw .malformedHeader(problem: "the unknown key \(key.quotedForMessage)", offset: keyOffset)
      }
      if !scanner.take(",") {
        try scanner.expect("}", "a comma or the dictionary's end")
        break
      }
    }
    try scanner.expectEnd()
    guard let type, let shape, let isColumnMajor else {
      let key = type == nil ? "descr" : shape == nil ? "shape" : "fortran_order"
      throw .malformedHeader(problem: "no key '\(key)'", offset: literal.lowerBound)
    }
    guard NumericArray.byteCount(elementType: type.elementType, shape: shape) != nil else {
      throw .sizeOverflow(shape: shape, offset: shapeOffset)
    }
    self.type = type
    self.shape = shape
    self.isColumnMajor = isColumnMajor
  }
}
