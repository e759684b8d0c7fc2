extension [UInt8] {
  /// A copy with one byte changed.
  func replacing(at index: Int, with byte: UInt8) -> [UInt8] {
    var copy = self
    copy[index] = byte
    return copy
  }
}
