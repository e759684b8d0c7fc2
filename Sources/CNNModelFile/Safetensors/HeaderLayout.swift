import CNNCodecs

/// Where things are in the header of a model file.
enum HeaderLayout {
  /// Where the header text begins, behind its length.
  static let textStart = 8
  /// How every header text begins.
  static let beginning = #"{"__metadata__":{"cnn.crc32":""#
  /// What stands for the checksum while it is computed.
  static let checksumPlaceholder = "00000000"
  /// Where the checksum's digits are.
  static let checksumRange = 38..<46
  /// The members of `__metadata__`.
  static let metadataNames = ["cnn.crc32", "cnn.manifest", "cnn.version"]
  /// The version that is written and read.
  static let version = "1"
  /// Header and length end at a multiple of this.
  static let alignment = 64

  /// How many spaces follow a text that ends at `end`.
  static func paddingCount(after end: Int) -> Int {
    (alignment - end % alignment) % alignment
  }

  /// The checksum of a header with its length, taken as if its digits were zeros.
  static func checksum(of header: [UInt8]) -> UInt32 {
    var checksum = CRC32()
    header.withUnsafeBytes { bytes in
      checksum.update(UnsafeRawBufferPointer(rebasing: bytes[..<checksumRange.lowerBound]))
      Array(checksumPlaceholder.utf8).withUnsafeBytes { checksum.update($0) }
      checksum.update(UnsafeRawBufferPointer(rebasing: bytes[checksumRange.upperBound...]))
    }
    return checksum.value
  }

  /// The first byte of `header` that is not as every model file's; nil if all are.
  static func firstDifference(in header: [UInt8]) -> Int? {
    for (index, expected) in beginning.utf8.enumerated() {
      let position = textStart + index
      if position >= header.count || header[position] != expected { return position }
    }
    return checksumRange.upperBound > header.count ? header.count : nil
  }

  /// Whether a text that is no JSON was a model file's before it was damaged: most of its beginning is, or a name is.
  static func resemblesModelFile(_ header: [UInt8]) -> Bool {
    let beginning = Array(beginning.utf8)
    let equal = zip(header.dropFirst(textStart), beginning).count { $0 == $1 }
    return equal >= beginning.count - 6
  }
}
