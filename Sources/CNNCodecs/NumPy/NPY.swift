/// NumPy's file format for one array (`numpy.save`).
///
/// | bytes | field |
/// | --- | --- |
/// | 6 | 93 and `NUMPY` |
/// | 2 | version: 1.0, 2.0 or 3.0 |
/// | 2 or 4 | length of the header, little-endian; two bytes in version 1.0 |
/// | ... | header: a Python dictionary of `descr`, `fortran_order` and `shape`, spaces, and a line feed |
/// | ... | the elements |
///
/// `formats/npy.md` says what is read and what is refused. The specification is `numpy.lib.format`'s documentation.
public enum NPY {
  static let signature: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// NumPy pads headers so that the elements begin at a multiple of this.
  private static let alignment = 64
  /// NumPy leaves so much room that the first or last dimension could grow to this many digits in place.
  private static let growthDigits = 21

  /// Whether a file that begins with `prefix`, of which six bytes are needed, claims to be npy.
  public static func isNPY(_ prefix: some Sequence<UInt8>) -> Bool {
    prefix.prefix(6).elementsEqual(signature)
  }

  /// The array in the npy file `bytes`, or in a part of `bytes`.
  ///
  /// The array shares the storage of `bytes`; nothing is copied or converted. The inverse is `encode(_:)`.
  ///
  /// - Parameters:
  ///   - bytes: the file, or what contains it.
  ///   - range: where in `bytes` the file is; nil for all of it. Offsets in errors are those in `bytes`.
  /// - Throws: an `NPYError` unless that is one whole npy file whose length is exactly what its header says.
  public static func parse(_ bytes: [UInt8], in range: Range<Int>? = nil) throws(NPYError) -> NumericArray {
    let range = (range ?? 0..<bytes.count).clamped(to: 0..<bytes.count)
    let header = try NPYHeader(parsing: bytes, in: range)
    let elementType = header.type.elementType
    let start = header.end
    let available = range.upperBound - start
    let byteCount = NumericArray.byteCount(elementType: elementType, shape: header.shape) ?? .max
    guard byteCount <= available else {
      throw .tooShort(needed: byteCount, available: available, offset: start)
    }
    guard byteCount == available,
      let array = NumericArray(
        elementType: elementType, shape: header.shape,
        memoryOrder: header.isColumnMajor ? .columnMajor : .rowMajor, byteOrder: header.type.byteOrder,
        storage: bytes, range: start..<start + byteCount)
    else { throw .trailingBytes(count: available - byteCount, offset: start + byteCount) }
    return array
  }

  /// `array` as an npy file of version 1.0, as NumPy 1.26 and 2 write it; the elements keep their byte order, and
  /// their memory order where it matters. The inverse is `parse(_:in:)`.
  ///
  /// - Throws: `NPYError.unwritableElementType` for bfloat16.
  public static func encode(_ array: NumericArray) throws(NPYError) -> [UInt8] {
    try header(of: array) + array.storage[array.range]
  }

  /// What stands before the elements in `array`'s npy file: the file is this and `array.storage[array.range]`.
  ///
  /// - Throws: `NPYError.unwritableElementType` for bfloat16.
  public static func header(of array: NumericArray) throws(NPYError) -> [UInt8] {
    guard let code = NumPyTypeCode.code(of: array.elementType, array.byteOrder) else {
      throw .unwritableElementType(array.elementType)
    }
    // Where at most one dimension counts, the orders are the same, and NumPy says False.
    let isColumnMajor =
      array.memoryOrder == .columnMajor && array.elementCount > 0 && array.shape.count { $0 != 1 } > 1
    let dimensions = array.shape.map { String($0) }
    let shape = dimensions.count == 1 ? "(\(dimensions[0]),)" : "(\(dimensions.joined(separator: ", ")))"
    var text =
      "{'descr': '\(code)', 'fortran_order': \(isColumnMajor ? "True" : "False"), 'shape': \(shape), }"
    if let growing = isColumnMajor ? dimensions.last : dimensions.first {
      text += String(repeating: " ", count: max(0, growthDigits - growing.utf8.count))
    }
    let sizeOfRest = signature.count + 4 + 1
    let padding = alignment - (sizeOfRest + text.utf8.count) % alignment
    text += String(repeating: " ", count: padding) + "\n"
    let length = text.utf8.count
    // At most 64 dimensions of 19 digits: two bytes hold the length.
    return signature + [1, 0, UInt8(truncatingIfNeeded: length), UInt8(truncatingIfNeeded: length >> 8)]
      + Array(text.utf8)
  }
}
