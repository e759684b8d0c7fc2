import CNNCodecs
import CNNFiles
import CNNModelFile

extension FuzzTarget {
  /// A native or a plain file. A native one, written again, is the same. The header's checksum is put in order first:
  /// no mutation would get past it.
  static let safetensors = FuzzTarget("safetensors") { bytes in
    _ = try? ModelFileReader.read(from: MemorySource(bytes))
    try? read(bytes)
    let sound = withSoundChecksum(bytes)
    try read(sound)
  }

  private static func read(_ bytes: [UInt8]) throws {
    switch try ModelFileReader.readAny(from: PieceSource(bytes, size: 1 + bytes.count / 3)) {
    case .modelFile(let file):
      let written = try ModelFileWriter.encode(file)
      require(
        try ModelFileReader.read(from: MemorySource(written)) == file, "a model file is written as another")
      require(
        try ModelFileWriter.encode(ModelFileReader.read(from: MemorySource(written))) == written,
        "a model file is written with other bytes each time")
    case .plain(let plain):
      let count = plain.tensors.reduce(0) { $0 + $1.bytes.count }
      require(count <= bytes.count, "tensors have \(count) bytes")
    }
  }

  private static func withSoundChecksum(_ bytes: [UInt8]) -> [UInt8] {
    let digits = 38..<46
    guard bytes.count >= digits.upperBound else { return bytes }
    let length = bytes[0..<8].reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(bytes.count - 8), length >= 38 else { return bytes }
    var header = Array(bytes[..<(8 + Int(length))])
    header.replaceSubrange(digits, with: repeatElement(UInt8(ascii: "0"), count: 8))
    let text = String(CRC32.checksum(of: header), radix: 16)
    var sound = bytes
    sound.replaceSubrange(digits, with: (String(repeating: "0", count: 8 - text.utf8.count) + text).utf8)
    return sound
  }
}
