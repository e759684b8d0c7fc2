import CNNCodecs

/// A PNG put together chunk by chunk, right or wrong, without libpng or zlib.
struct TestPNG {
  /// A chunk; its CRC is computed when the file is.
  struct Chunk {
    var type: String
    var data: [UInt8]
  }

  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  var chunks: [Chunk]

  /// Chunks of one's own.
  init(_ chunks: [(String, [UInt8])]) {
    self.chunks = chunks.map { Chunk(type: $0, data: $1) }
  }

  /// The chunks of a well-formed file.
  init(parsing file: [UInt8]) {
    chunks = []
    var position = 8
    while position < file.count {
      let length = file[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      chunks.append(
        Chunk(
          type: String(decoding: file[position + 4..<position + 8], as: UTF8.self),
          data: Array(file[position + 8..<position + 8 + length])))
      position += 12 + length
    }
  }

  /// The file.
  var bytes: [UInt8] {
    Self.signature
      + chunks.flatMap { chunk in
        let content = Array(chunk.type.utf8) + chunk.data
        return Self.bigEndian(chunk.data.count) + content + Self.bigEndian(Int(CRC32.checksum(of: content)))
      }
  }

  static func bigEndian(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
  }

  /// The data of a header chunk.
  static func header(
    _ width: Int, _ height: Int, depth: UInt8 = 8, type: UInt8 = 0, interlaced: Bool = false
  ) -> [UInt8] {
    bigEndian(width) + bigEndian(height) + [depth, type, 0, 0, interlaced ? 1 : 0]
  }

  /// `bytes` as a zlib stream of stored blocks.
  static func zlib(_ bytes: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    var position = 0
    repeat {
      let count = min(65535, bytes.count - position)
      let isLast = position + count == bytes.count
      let low = UInt8(count & 0xFF)
      let high = UInt8(count >> 8)
      stream += [isLast ? 1 : 0, low, high, ~low, ~high] + bytes[position..<position + count]
      position += count
    } while position < bytes.count
    var a = 1
    var b = 0
    for byte in bytes {
      a = (a + Int(byte)) % 65521
      b = (b + a) % 65521
    }
    return stream + bigEndian(b << 16 | a)
  }

  /// A sound file of `samples`, [height][width] pixels of one sample or more, every row with filter 0.
  init(
    _ samples: [[[Int]]], depth: Int, type: UInt8, interlaced: Bool, palette: [UInt8]? = nil,
    transparency: [UInt8]? = nil
  ) {
    let height = samples.count
    let width = samples[0].count
    let adam7 = [
      (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
    ]
    var stored: [UInt8] = []
    for (x0, y0, dx, dy) in interlaced ? adam7 : [(0, 0, 1, 1)] where x0 < width {
      for y in stride(from: y0, to: height, by: dy) {
        let row = stride(from: x0, to: width, by: dx).flatMap { samples[y][$0] }
        stored.append(0)
        stored += Self.packed(row, depth: depth)
      }
    }
    var parts: [(String, [UInt8])] = [
      ("IHDR", Self.header(width, height, depth: UInt8(depth), type: type, interlaced: interlaced))
    ]
    if let palette { parts.append(("PLTE", palette)) }
    if let transparency { parts.append(("tRNS", transparency)) }
    self.init(parts + [("IDAT", Self.zlib(stored)), ("IEND", [])])
  }

  private static func packed(_ samples: [Int], depth: Int) -> [UInt8] {
    if depth == 16 { return samples.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } }
    let perByte = 8 / depth
    return stride(from: 0, to: samples.count, by: perByte).map { start in
      (0..<perByte).reduce(UInt8(0)) { byte, index in
        let sample = start + index < samples.count ? samples[start + index] : 0
        return byte << UInt8(depth) | UInt8(sample)
      }
    }
  }
}
