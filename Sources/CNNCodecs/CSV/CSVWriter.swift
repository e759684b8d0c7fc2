import CNNFiles

/// Writes a table as comma-separated values, field by field, into any sink.
///
/// Rows end in a line feed. Numbers stand bare, floating-point ones as the shortest text that gives the same number
/// back; texts are quoted where RFC 4180 asks for it. The same fields give the same bytes. `formats/csv.md` has more.
public struct CSVWriter {
  /// How much is collected before it goes to the sink.
  private static let pieceSize = 1 << 16
  /// A comma and the number, for each byte.
  private static let texts: [[UInt8]] = (0..<256).map { Array(",\($0)".utf8) }

  private let sink: any ByteSink
  private var pending: [UInt8] = []
  private var isAtRowStart = true

  /// A writer into `sink`, at the beginning of its first row.
  public init(_ sink: any ByteSink) {
    self.sink = sink
    pending.reserveCapacity(2 * Self.pieceSize)
  }

  /// Adds a text to the row, in quotes if it is empty or has a comma, a quote or a line break.
  public mutating func add(_ text: String) {
    separate()
    let special: Set<UInt8> = [UInt8(ascii: ","), UInt8(ascii: "\""), 0x0A, 0x0D]
    guard text.isEmpty || text.utf8.contains(where: special.contains) else {
      pending += text.utf8
      return
    }
    pending.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { pending.append(byte) }
      pending.append(byte)
    }
    pending.append(UInt8(ascii: "\""))
  }

  /// Adds a whole number to the row.
  public mutating func add(_ number: Int64) {
    separate()
    pending += String(number).utf8
  }

  /// Adds bytes to the row as numbers from 0 to 255, a field each.
  public mutating func add(_ bytes: ArraySlice<UInt8>) {
    for byte in bytes {
      let text = Self.texts[Int(byte)]
      pending += isAtRowStart ? text[1...] : text[...]
      isAtRowStart = false
    }
  }

  /// Adds floating-point numbers to the row, a field each: `0.1`, `1e-05`, `nan`, `inf`.
  public mutating func add(_ numbers: ArraySlice<Float>) {
    for number in numbers {
      separate()
      pending += number.description.utf8
    }
  }

  /// Adds floating-point numbers to the row, as the other does.
  public mutating func add(_ numbers: ArraySlice<Double>) {
    for number in numbers {
      separate()
      pending += number.description.utf8
    }
  }

  /// Ends the row; the next field begins another.
  ///
  /// - Throws: what the sink throws.
  public mutating func endRow() throws {
    pending.append(0x0A)
    isAtRowStart = true
    if pending.count >= Self.pieceSize { try flush() }
  }

  /// Hands what is left to the sink.
  ///
  /// - Throws: what the sink throws.
  public consuming func finish() throws {
    try flush()
  }

  private mutating func flush() throws {
    try sink.write(pending)
    pending.removeAll(keepingCapacity: true)
  }

  private mutating func separate() {
    if !isAtRowStart { pending.append(UInt8(ascii: ",")) }
    isAtRowStart = false
  }
}
