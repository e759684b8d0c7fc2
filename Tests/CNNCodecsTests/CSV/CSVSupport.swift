import CNNCodecs
import CNNFiles

extension CSVTable {
  /// A table of a label and pixels, or of pixels alone if `labels` is false.
  init(_ bytes: [UInt8], labels: Bool = true, limit: Int = .max) throws {
    try self.init(MemorySource(bytes), limit: limit) { heading in
      let count = heading.firstRow.count
      return labels
        ? [CSVColumns(0..<1, .counts), CSVColumns(1..<count, .numbers)] : [CSVColumns(0..<count, .numbers)]
    }
  }

  init(_ text: String, labels: Bool = true, limit: Int = .max) throws {
    try self.init(Array(text.utf8), labels: labels, limit: limit)
  }
}

/// A source that gives a few bytes at a time, as pipes do.
final class TricklingSource: ByteSource {
  private var bytes: ArraySlice<UInt8>
  private let count: Int

  init(_ bytes: [UInt8], count: Int) {
    self.bytes = bytes[...]
    self.count = count
  }

  var remainingByteCount: Int? { nil }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let piece = bytes.prefix(min(count, buffer.count))
    buffer.copyBytes(from: piece)
    bytes = bytes.dropFirst(piece.count)
    return piece.count
  }
}
