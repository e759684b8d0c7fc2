import CNNCodecs

/// PNG files that an encoder of ours doesn't write, chunk by chunk.
enum OddPNG {
  /// A file of the header, further chunks, and rows (each with its filter byte) as stored data.
  static func file(
    _ width: Int, _ height: Int, depth: UInt8 = 8, type: UInt8 = 0, chunks: [(String, [UInt8])] = [],
    rows: [UInt8]
  ) -> [UInt8] {
    let header = bigEndian(width) + bigEndian(height) + [depth, type, 0, 0, 0]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + ([("IHDR", header)] + chunks + [("IDAT", zlib(rows)), ("IEND", [])]).flatMap(chunk)
  }

  private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let content = Array(type.utf8) + data
    return bigEndian(data.count) + content + bigEndian(Int(CRC32.checksum(of: content)))
  }

  private static func bigEndian(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
  }

  /// At most 65,535 bytes as one stored block.
  private static func zlib(_ bytes: [UInt8]) -> [UInt8] {
    let (low, high) = (UInt8(bytes.count & 0xFF), UInt8(bytes.count >> 8))
    var (a, b) = (1, 0)
    for byte in bytes {
      a = (a + Int(byte)) % 65521
      b = (b + a) % 65521
    }
    return [0x78, 0x01, 1, low, high, ~low, ~high] + bytes + bigEndian(b << 16 | a)
  }
}
