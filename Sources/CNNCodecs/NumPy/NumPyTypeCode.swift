/// How NumPy writes the type of an array's elements: byte order, kind and size, as `<f4`.
struct NumPyTypeCode {
  let elementType: ElementType
  let byteOrder: NumericArray.ByteOrder

  /// The element types by kind and size, which is all there is of a dtype in a pickle.
  static let elementTypes: [String: ElementType] = [
    "b1": .bool, "i1": .int8, "u1": .uint8, "i2": .int16, "u2": .uint16, "i4": .int32, "u4": .uint32,
    "i8": .int64, "u8": .uint64, "f2": .float16, "f4": .float32, "f8": .float64,
  ]

  /// Reads a code: `<` or `>`, or `|` for elements of one byte, or nothing or `=`, which mean the byte order of the
  /// machine that wrote the file, taken as little-endian; then kind and size.
  ///
  /// - Returns: nil for anything else; `meaning(of:)` says what it may be.
  init?(_ code: String) {
    let order = code.utf8.first.flatMap { "<>|=".utf8.contains($0) ? $0 : nil }
    guard let elementType = Self.elementTypes[order == nil ? code : String(code.dropFirst())] else {
      return nil
    }
    if order == UInt8(ascii: "|"), elementType.byteCount > 1 { return nil }
    self.elementType = elementType
    byteOrder = order == UInt8(ascii: ">") ? .bigEndian : .littleEndian
  }

  /// The code of an element type as NumPy writes it, or nil if NumPy has none.
  static func code(of elementType: ElementType, _ byteOrder: NumericArray.ByteOrder) -> String? {
    guard let name = elementTypes.first(where: { $0.value == elementType })?.key else { return nil }
    if elementType.byteCount == 1 { return "|" + name }
    return (byteOrder == .bigEndian ? ">" : "<") + name
  }

  /// What a code that is not read stands for.
  static func meaning(of code: String) -> String {
    switch code.first(where: { !"<>|=".contains($0) }) {
    case "O": "Python objects"
    case "V" where code.hasSuffix("V2"): "records or types that NumPy does not know, as bfloat16"
    case "V": "structured records"
    case "S", "a": "byte strings"
    case "U", "T": "text"
    case "M", "m": "dates or times"
    case "c": "complex numbers"
    case "f", "g": "extended floats"
    default: "unknown"
    }
  }
}
