import CZlib

/// The CRC-32 of ISO 3309, ITU-T V.42, gzip, zip and PNG (reflected polynomial 0xEDB88320), over all bytes at once
/// or piece by piece.
///
/// The pieces of an input, in order, give the same value as the whole: `update` may be called as often as needed.
public struct CRC32: Sendable, Equatable {
  /// The checksum of all bytes so far; 0 before the first.
  public private(set) var value: UInt32 = 0

  /// A checksum of no bytes.
  public init() {}

  /// Adds the bytes of `buffer`, of any length.
  public mutating func update(_ buffer: UnsafeRawBufferPointer) {
    // zlib takes a null pointer as a request for the initial value.
    guard let address = buffer.baseAddress, buffer.count > 0 else { return }
    value = UInt32(
      truncatingIfNeeded: crc32_z(uLong(value), address.assumingMemoryBound(to: UInt8.self), buffer.count))
  }

  /// Adds `bytes`.
  public mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// Adds `bytes`.
  public mutating func update(_ bytes: ArraySlice<UInt8>) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// The checksum of the bytes of `buffer`; 0 for none.
  public static func checksum(of buffer: UnsafeRawBufferPointer) -> UInt32 {
    var checksum = CRC32()
    checksum.update(buffer)
    return checksum.value
  }

  /// The checksum of `bytes`; 0 for none.
  public static func checksum(of bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBytes { checksum(of: $0) }
  }

  /// The checksum of `bytes`; 0 for none.
  public static func checksum(of bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBytes { checksum(of: $0) }
  }
}

extension UInt32 {
  /// The number in eight lower-case hexadecimal digits, as checksums are written.
  package var eightHexadecimalDigits: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
