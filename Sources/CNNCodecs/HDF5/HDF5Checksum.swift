/// The checksums of HDF5: Bob Jenkins' lookup3 for structures, Fletcher's for data.
enum HDF5Checksum {
  /// lookup3's `hashlittle` with initial value 0, over the bytes of `buffer`.
  static func lookup3(_ buffer: UnsafeRawBufferPointer) -> UInt32 {
    var a = 0xDEAD_BEEF &+ UInt32(truncatingIfNeeded: buffer.count)
    var b = a
    var c = a
    var position = 0
    while buffer.count - position > 12 {
      a &+= UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: position, as: UInt32.self))
      b &+= UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: position + 4, as: UInt32.self))
      c &+= UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: position + 8, as: UInt32.self))
      mix(&a, &b, &c)
      position += 12
    }
    guard position < buffer.count else { return c }
    for (index, byte) in buffer[position...].enumerated() {
      let shifted = UInt32(byte) << UInt32(index % 4 * 8)
      switch index / 4 {
      case 0: a &+= shifted
      case 1: b &+= shifted
      default: c &+= shifted
      }
    }
    finish(&a, &b, &c)
    return c
  }

  private static func rotated(_ value: UInt32, _ count: UInt32) -> UInt32 {
    value << count | value >> (32 - count)
  }

  private static func mix(_ a: inout UInt32, _ b: inout UInt32, _ c: inout UInt32) {
    a = (a &- c) ^ rotated(c, 4)
    c = c &+ b
    b = (b &- a) ^ rotated(a, 6)
    a = a &+ c
    c = (c &- b) ^ rotated(b, 8)
    b = b &+ a
    a = (a &- c) ^ rotated(c, 16)
    c = c &+ b
    b = (b &- a) ^ rotated(a, 19)
    a = a &+ c
    c = (c &- b) ^ rotated(b, 4)
    b = b &+ a
  }

  private static func finish(_ a: inout UInt32, _ b: inout UInt32, _ c: inout UInt32) {
    c = (c ^ b) &- rotated(b, 14)
    a = (a ^ c) &- rotated(c, 11)
    b = (b ^ a) &- rotated(a, 25)
    c = (c ^ b) &- rotated(b, 16)
    a = (a ^ c) &- rotated(c, 4)
    b = (b ^ a) &- rotated(a, 14)
    c = (c ^ b) &- rotated(b, 24)
  }

  /// Fletcher's checksum over big-endian 16-bit words; an odd last byte counts as the upper half of one.
  static func fletcher32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBufferPointer { buffer in
      var first: UInt32 = 0
      var second: UInt32 = 0
      var position = 0
      while position < buffer.count {
        // As many words as leave both sums below 2^32.
        let end = min(position + 720, buffer.count)
        while position < end {
          let low = position + 1 < buffer.count ? buffer[position + 1] : 0
          first &+= UInt32(buffer[position]) << 8 | UInt32(low)
          second &+= first
          position += 2
        }
        first = (first & 0xFFFF) + first >> 16
        second = (second & 0xFFFF) + second >> 16
      }
      first = (first & 0xFFFF) + first >> 16
      second = (second & 0xFFFF) + second >> 16
      return second << 16 | first
    }
  }
}
