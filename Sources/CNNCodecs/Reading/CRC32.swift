import CZlib

/// The CRC-32 of gzip, zip, PNG and the model file (polynomial 0xEDB88320, reflected), computed by zlib.
///
/// Bytes may come in any number of pieces; the value after `update` calls is that of all bytes so far.
public struct CRC32: Sendable {
  /// The checksum of the bytes so far; 0 before the first.
  public private(set) var value: UInt32 = 0

  /// A checksum of no bytes yet.
  public init() {}

  /// Adds `bytes` behind those before.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    // zlib counts in `uInt`, which is 32 bits wide everywhere.
    let largestPiece = 1 << 30
    var start = 0
    while start < bytes.count {
      let count = min(largestPiece, bytes.count - start)
      let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<start + count])
      value = UInt32(
        truncatingIfNeeded: crc32(
          uLong(value), piece.baseAddress?.assumingMemoryBound(to: UInt8.self), uInt(count)))
      start += count
    }
  }

  /// The checksum of `bytes`.
  public static func checksum(of bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBytes { checksum(of: $0) }
  }

  /// The checksum of `bytes`.
  public static func checksum(of bytes: UnsafeRawBufferPointer) -> UInt32 {
    var checksum = CRC32()
    checksum.update(bytes)
    return checksum.value
  }
}
