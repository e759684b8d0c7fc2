/// The opcodes and their arguments, one after another, with the frames of protocol 4 held to.
struct PickleStream {
  private var reader: ByteReader
  /// Where the current frame ends; nil outside frames.
  private var frameEnd: Int?
  /// The offset of the opcode that is being carried out.
  private(set) var opcodeOffset = 0
  private(set) var opcode = PickleOpcode.stop

  init(_ bytes: [UInt8], in range: Range<Int>) {
    reader = ByteReader(bytes, in: range)
  }

  var position: Int { reader.position }
  var remaining: Int { reader.remaining }
  var nextByte: UInt8? { reader.nextByte }

  func failure(_ kind: PickleError.Kind) -> PickleError { PickleError(kind, offset: opcodeOffset) }

  // MARK: Opcodes and frames

  /// Takes the next opcode, which becomes the one that failures name.
  mutating func readOpcode() throws(PickleError) -> PickleOpcode {
    if let end = frameEnd, position >= end { frameEnd = nil }
    opcodeOffset = position
    guard let byte = nextByte else { throw failure(.missingStop) }
    guard let opcode = PickleOpcode(rawValue: byte) else { throw failure(.unknownOpcode(byte)) }
    self.opcode = opcode
    _ = try readRange(count: 1, "an opcode")
    return opcode
  }

  /// Carries out `FRAME`.
  mutating func beginFrame() throws(PickleError) {
    let declared = try readLittleEndian(UInt64.self, "the length of a frame")
    if let end = frameEnd, position < end { throw failure(.frameInsideFrame) }
    guard let length = Int(exactly: declared), length <= remaining else {
      throw failure(.frameTooLong(declared: declared, available: remaining))
    }
    frameEnd = position + length
  }

  /// Carries out `STOP` as far as frames are concerned.
  mutating func endPickle() throws(PickleError) {
    if let end = frameEnd, position < end { throw failure(.frameUnfinished(remaining: end - position)) }
    frameEnd = nil
  }

  // MARK: Arguments

  /// Takes `count` bytes.
  mutating func readRange(count: UInt64, _ what: String) throws(PickleError) -> Range<Int> {
    guard let length = Int(exactly: count), length <= remaining else {
      throw failure(.endsEarly(what: what, needed: count, available: remaining))
    }
    let range: Range<Int>
    do {
      range = try reader.readRange(count: length, what)
    } catch {
      throw failure(.endsEarly(what: what, needed: count, available: error.available))
    }
    try checkFrame()
    return range
  }

  /// Takes a line and returns it without its newline.
  mutating func readLine(_ what: String) throws(PickleError) -> Range<Int> {
    let line: Range<Int>
    do {
      line = try reader.readRange(through: 0x0A, what)
    } catch {
      throw failure(.unterminatedLine(what: what))
    }
    try checkFrame()
    return line
  }

  /// Takes a little-endian integer.
  mutating func readLittleEndian<T: FixedWidthInteger>(_ type: T.Type, _ what: String)
    throws(PickleError) -> T
  {
    let range = try readRange(count: UInt64(MemoryLayout<T>.size), what)
    return reader.bytes.withUnsafeBytes {
      T(littleEndian: $0.loadUnaligned(fromByteOffset: range.lowerBound, as: T.self))
    }
  }

  /// Takes a length of type `T` and then as many bytes.
  mutating func readCounted<T: FixedWidthInteger>(_ type: T.Type, _ what: String)
    throws(PickleError) -> Range<Int>
  {
    let count = try readLittleEndian(T.self, "the length of \(what)")
    guard count >= 0 else { throw failure(.negativeNumber(what: "the length of \(what)", Int(count))) }
    return try readRange(count: UInt64(count), what)
  }

  /// An opcode must not straddle the end of its frame.
  private func checkFrame() throws(PickleError) {
    if let end = frameEnd, position > end { throw failure(.frameTooShort(opcode)) }
  }
}
