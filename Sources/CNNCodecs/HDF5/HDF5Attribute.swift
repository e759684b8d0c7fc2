/// A named value that an HDF5 group or dataset carries.
///
/// Elements of an unknown type do no harm until they are asked for.
public struct HDF5Attribute: Sendable {
  /// What an attribute holds.
  public enum Value: Sendable {
    /// Numbers, over the file's own bytes.
    case numbers(NumericArray)
    /// Texts, last index fastest.
    case texts([String])
    /// Nothing: an attribute of a null dataspace.
    case none
  }

  /// Its name. Bytes that are no UTF-8 became U+FFFD.
  public let name: String
  /// The extent of each dimension, outermost first; empty for a single element.
  public let shape: [Int]
  /// The type of its elements.
  public let type: HDF5Type
  /// The index in the file of its message, for messages about it.
  public let offset: Int

  let input: HDF5Input
  let isNull: Bool
  let data: Range<Int>
  /// The elements of an attribute of variable texts, which are read with the file: each text once.
  let variableTexts: [String]

  /// Reads an attribute message.
  init(
    _ input: HDF5Input, parsing cursor: inout HDF5Cursor, _ heaps: inout HDF5GlobalHeaps,
    _ account: inout HDF5Account
  ) throws(HDF5Error) {
    self.input = input
    offset = cursor.position
    let version = try cursor.version(1...3)
    let flags = try cursor.uint8()
    let nameByteCount = try cursor.uint16()
    let typeByteCount = try cursor.uint16()
    let spaceByteCount = try cursor.uint16()
    if version == 3 { try cursor.take(1) }
    func field(_ count: Int) throws(HDF5Error) -> Range<Int> {
      let start = cursor.position
      let range = try cursor.take(count)
      if version == 1 { try cursor.align(from: start) }
      return range
    }
    var nameRange = try field(nameByteCount)
    if let end = input.bytes[nameRange].firstIndex(of: 0) { nameRange = nameRange.lowerBound..<end }
    guard !nameRange.isEmpty else { throw cursor.malformed("it has no name", at: offset) }
    try account.chargeName(nameRange)
    name = String(decoding: input.bytes[nameRange], as: UTF8.self)

    let typeRange = try field(typeByteCount)
    if version > 1, flags & 1 != 0 {
      type = .unsupported("a datatype that is kept elsewhere in the file")
    } else {
      var typeCursor = HDF5Cursor(input, typeRange, "a datatype")
      type = try HDF5Type(parsing: &typeCursor)
    }
    let spaceRange = try field(spaceByteCount)
    guard version == 1 || flags & 2 == 0 else {
      throw HDF5Error(.unsupported("a dataspace that is kept elsewhere in the file"), offset: offset)
    }
    var spaceCursor = HDF5Cursor(input, spaceRange, "a dataspace")
    let space = try HDF5Dataspace(parsing: &spaceCursor)
    shape = space.shape
    isNull = space.isNull
    if let size = type.byteCount {
      guard let count = space.byteCount(elementByteCount: size) else {
        throw HDF5Error(.arrayTooLarge(byteCount: nil, limit: cursor.remaining), offset: cursor.position)
      }
      data = try cursor.take(count)
    } else {
      data = cursor.rest
    }
    variableTexts = type == .variableText ? try HDF5Text.variable(input, data, &heaps, &account) : []
  }

  /// What the attribute holds.
  ///
  /// Takes time and memory linear in what it takes in the file. Throws `HDF5Error` for types that are neither
  /// numbers nor texts.
  public func value() throws(HDF5Error) -> Value {
    if isNull { return .none }
    switch type {
    case .number(let elementType, let byteOrder):
      guard
        let array = NumericArray(
          elementType: elementType, shape: shape, byteOrder: byteOrder, storage: input.bytes, range: data)
      else {
        throw HDF5Error(
          .dataLength(what: "an attribute", expected: 0, found: data.count), offset: data.lowerBound)
      }
      return .numbers(array)
    case .fixedText(let byteCount, let padding):
      var texts: [String] = []
      texts.reserveCapacity(data.count / byteCount)
      for start in stride(from: data.lowerBound, to: data.upperBound, by: byteCount) {
        texts.append(HDF5Text.fixed(input.bytes[start..<start + byteCount], padding))
      }
      return .texts(texts)
    case .variableText: return .texts(variableTexts)
    case .opaque(let byteCount):
      throw HDF5Error(.unsupported("an attribute of \(byteCount) opaque bytes"), offset: offset)
    case .unsupported(let name): throw HDF5Error(.unsupported("an attribute of \(name)"), offset: offset)
    }
  }

  /// The text of an attribute that is a single one; nil for everything else.
  ///
  /// Throws as `value()` does, but not for other types.
  public func text() throws(HDF5Error) -> String? {
    guard let texts = try texts(), texts.count == 1 else { return nil }
    return texts[0]
  }

  /// The texts of an attribute of texts, last index fastest; nil for other types.
  ///
  /// An attribute of no elements gives none, whatever their type: h5py writes an empty list of names as floats.
  ///
  /// Throws as `value()` does, but not for other types.
  public func texts() throws(HDF5Error) -> [String]? {
    if isNull || shape.contains(0) { return [] }
    switch type {
    case .fixedText, .variableText:
      if case .texts(let texts) = try value() { return texts }
      return nil
    default: return nil
    }
  }
}
