import CNNCodecs

extension FuzzTarget {
  /// An array in an IDX file; written again, it gives the same bytes.
  static let idx = FuzzTarget("idx") { bytes in
    _ = IDX.declaredByteCount(Array(bytes.prefix(260)))
    let array = try IDX.parse(bytes)
    require(IDX.declaredByteCount(bytes) == bytes.count, "an IDX file's header says another size")
    require(try IDX.serialize(array) == bytes, "IDX writes other bytes")
    let littleEndian = array.normalized()
    require(try IDX.serialize(littleEndian) == bytes, "IDX writes other bytes of the other byte order")
  }
}
