/// Reads the fields of one structure, whose bytes it never leaves.
struct HDF5Cursor {
  private var reader: ByteReader
  /// The structure, as a noun phrase for errors.
  let what: String

  /// A cursor at the beginning of `range`.
  init(_ input: HDF5Input, _ range: Range<Int>, _ what: String) {
    reader = ByteReader(input.bytes, in: range)
    self.what = what
  }

  /// The index of the next byte.
  var position: Int { reader.position }
  /// How many bytes are left of the structure.
  var remaining: Int { reader.remaining }
  /// Where they are.
  var rest: Range<Int> { reader.position..<reader.end }

  private func early(_ error: InputEndsEarly) -> HDF5Error {
    HDF5Error(
      .endsEarly(what: what, needed: error.needed, available: error.available), offset: error.position)
  }

  private mutating func integer<T: FixedWidthInteger>(_ type: T.Type) throws(HDF5Error) -> T {
    do { return try reader.readLittleEndian(type, what) } catch { throw early(error) }
  }

  mutating func uint8() throws(HDF5Error) -> UInt8 { try integer(UInt8.self) }
  mutating func uint16() throws(HDF5Error) -> Int { Int(try integer(UInt16.self)) }
  mutating func uint32() throws(HDF5Error) -> UInt32 { try integer(UInt32.self) }
  mutating func uint64() throws(HDF5Error) -> UInt64 { try integer(UInt64.self) }

  /// An unsigned integer of `byteCount` bytes, 0 to 8.
  mutating func unsigned(byteCount: Int) throws(HDF5Error) -> UInt64 {
    let range = try take(byteCount)
    return reader.bytes[range].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A length or extent, which must be below 2^63.
  mutating func length(_ field: String) throws(HDF5Error) -> Int {
    let start = position
    let value = try uint64()
    guard let length = Int(exactly: value) else {
      throw HDF5Error(.malformed(what: what, problem: "\(field) is \(value)"), offset: start)
    }
    return length
  }

  /// An address that may be undefined, which gives nil.
  mutating func address() throws(HDF5Error) -> UInt64? {
    let value = try uint64()
    return value == HDF5Input.undefinedAddress ? nil : value
  }

  /// The range of the next `count` bytes, which are passed over.
  @discardableResult
  mutating func take(_ count: Int) throws(HDF5Error) -> Range<Int> {
    do { return try reader.readRange(count: count, what) } catch { throw early(error) }
  }

  /// Passes over what fills the structure to a multiple of eight bytes from `start` on.
  mutating func align(from start: Int) throws(HDF5Error) {
    let past = (position - start) % 8
    if past > 0 { try take(8 - past) }
  }

  /// Passes over a signature of ASCII letters.
  mutating func signature(_ letters: StaticString) throws(HDF5Error) {
    let start = position
    let range = try take(letters.utf8CodeUnitCount)
    let matches = letters.withUTF8Buffer { reader.bytes[range].elementsEqual($0) }
    guard matches else {
      throw HDF5Error(.wrongSignature(what: what, expected: letters.description), offset: start)
    }
  }

  /// Takes a version number, which must be in `known`.
  @discardableResult
  mutating func version(_ known: ClosedRange<UInt8>) throws(HDF5Error) -> UInt8 {
    let start = position
    let version = try uint8()
    guard known.contains(version) else {
      throw HDF5Error(.unsupportedVersion(what: what, version: Int(version)), offset: start)
    }
    return version
  }

  /// The bytes up to the next zero, which is passed over.
  mutating func zeroTerminated() throws(HDF5Error) -> Range<Int> {
    do { return try reader.readRange(through: 0, what) } catch { throw early(error) }
  }

  /// Whether the bytes in `range` are those of `text`.
  func matches(_ range: Range<Int>, _ text: String) -> Bool {
    reader.bytes[range].elementsEqual(text.utf8)
  }

  /// An error about the structure.
  func malformed(_ problem: String, at offset: Int) -> HDF5Error {
    HDF5Error(.malformed(what: what, problem: problem), offset: offset)
  }
}
