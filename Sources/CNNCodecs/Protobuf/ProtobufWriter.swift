/// Writes the fields of a protocol buffers message one after another.
///
/// The same calls give the same bytes: varints and keys take as few bytes as they can, and nothing is reordered.
/// What comes out reads back through `ProtobufReader`.
public struct ProtobufWriter {
  /// The message so far.
  public private(set) var bytes: [UInt8] = []

  /// A message without fields.
  public init() {}

  /// Adds an integer, a bool or an enumeration's number. Negative ones take ten bytes.
  public mutating func integer(_ number: Int, _ value: Int64) {
    key(number, wireType: 0)
    varint(UInt64(bitPattern: value))
  }

  /// Adds integers as a field each: a repeated field that is not packed.
  public mutating func integers(_ number: Int, _ values: [Int64]) {
    for value in values { integer(number, value) }
  }

  /// Adds a float.
  public mutating func float(_ number: Int, _ value: Float) {
    key(number, wireType: 5)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Adds bytes.
  public mutating func bytes(_ number: Int, _ value: some Collection<UInt8>) {
    key(number, wireType: 2)
    varint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  /// Adds a text; none where it is empty, which reads the same.
  public mutating func text(_ number: Int, _ value: String) {
    if !value.isEmpty { bytes(number, value.utf8) }
  }

  /// Adds the message that `body` writes.
  public mutating func message(_ number: Int, _ body: (inout ProtobufWriter) -> Void) {
    var writer = ProtobufWriter()
    body(&writer)
    bytes(number, writer.bytes)
  }

  /// How many bytes the varint of a number takes.
  static func varintByteCount(_ value: UInt64) -> Int {
    max(1, (UInt64.bitWidth - value.leadingZeroBitCount + 6) / 7)
  }

  private mutating func key(_ number: Int, wireType: UInt64) {
    varint(UInt64(number) << 3 | wireType)
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }
}
