/// The bytes of a file, and where in them addresses count from.
struct HDF5Input: Sendable {
  /// The whole file.
  let bytes: [UInt8]
  /// The index of the byte at address 0: that of the superblock.
  let base: Int
  /// The index behind the last byte that belongs to the file.
  let end: Int

  /// The address that stands for nothing.
  static let undefinedAddress = UInt64.max

  /// Where `count` bytes at `address` are.
  ///
  /// - Parameters:
  ///   - what: What should be there, as a noun phrase.
  ///   - offset: The index of the field that holds the address, for errors.
  func range(at address: UInt64, count: UInt64, _ what: String, namedAt offset: Int) throws(HDF5Error)
    -> Range<Int>
  {
    guard address != Self.undefinedAddress else { throw HDF5Error(.noAddress(what: what), offset: offset) }
    let available = UInt64(end - base)
    guard address <= available, count <= available - address else {
      throw HDF5Error(
        .outsideFile(what: what, address: address, length: count, available: Int(available)), offset: offset)
    }
    let start = base + Int(address)
    return start..<start + Int(count)
  }

  /// Where everything from `address` to the file's end is.
  func tail(at address: UInt64, _ what: String, namedAt offset: Int) throws(HDF5Error) -> Range<Int> {
    try range(at: address, count: 0, what, namedAt: offset).lowerBound..<end
  }

  /// Verifies that the four bytes behind `range` are its checksum.
  func verifyChecksum(of range: Range<Int>, _ what: String) throws(HDF5Error) {
    var cursor = HDF5Cursor(self, range.upperBound..<end, what)
    let declared = try cursor.uint32()
    let computed = bytes.withUnsafeBytes {
      HDF5Checksum.lookup3(UnsafeRawBufferPointer(rebasing: $0[range]))
    }
    guard declared == computed else {
      throw HDF5Error(
        .checksum(what: what, declared: declared, computed: computed), offset: range.upperBound)
    }
  }
}
