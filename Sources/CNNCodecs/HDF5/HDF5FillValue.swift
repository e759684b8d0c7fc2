/// The bytes of an element that was never written.
enum HDF5FillValue {
  /// Reads a fill value message; nil stands for zeros.
  static func parse(_ cursor: inout HDF5Cursor) throws(HDF5Error) -> Range<Int>? {
    let version = try cursor.version(1...3)
    if version == 3 {
      guard try cursor.uint8() & 0x20 != 0 else { return nil }
    } else {
      try cursor.take(2)
      guard try cursor.uint8() != 0 || version == 1 else { return nil }
    }
    return try value(&cursor)
  }

  /// Reads the message of HDF5's first versions.
  static func parseOld(_ cursor: inout HDF5Cursor) throws(HDF5Error) -> Range<Int>? {
    try value(&cursor)
  }

  private static func value(_ cursor: inout HDF5Cursor) throws(HDF5Error) -> Range<Int>? {
    let count = Int(try cursor.uint32())
    // All ones stands for a value that is not defined.
    guard count > 0, count != 0xFFFF_FFFF else { return nil }
    return try cursor.take(count)
  }
}
