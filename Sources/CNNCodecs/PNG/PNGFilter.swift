/// The filters of PNG's rows, undone (PNG, section 9).
///
/// A filtered byte is the difference to what the bytes before it predict, modulo 256: the same byte of the pixel to
/// the left, of the pixel above, and of the one left of that. Beyond the edges of a pass there are zeros.
enum PNGFilter {
  /// Undoes the filter of one row in place.
  ///
  /// - Parameters:
  ///   - row: a byte that names the filter, 0 to 4, and then the row's bytes.
  ///   - previous: the row above in the same pass, undone already, its first byte of no meaning; nil for the first.
  ///   - distance: from a byte to the same one of the pixel to the left; 1 where a pixel has less than a byte.
  static func undo(
    _ row: UnsafeMutableBufferPointer<UInt8>, previous: UnsafeMutableBufferPointer<UInt8>?, distance: Int
  ) {
    let first = min(1 + distance, row.count)
    switch (row[0], previous) {
    case (1, _), (4, nil):
      // Paeth's prediction from zeros above is the byte to the left.
      for index in first..<row.count { row[index] &+= row[index - distance] }
    case (2, let above?):
      for index in 1..<row.count { row[index] &+= above[index] }
    case (3, let above):
      for index in 1..<first { row[index] &+= (above?[index] ?? 0) / 2 }
      for index in first..<row.count {
        row[index] &+= UInt8((Int(row[index - distance]) + Int(above?[index] ?? 0)) / 2)
      }
    case (4, let above?):
      for index in 1..<first { row[index] &+= above[index] }
      for index in first..<row.count {
        row[index] &+= paeth(
          left: Int(row[index - distance]), above: Int(above[index]), corner: Int(above[index - distance]))
      }
    default:
      break
    }
  }

  /// Of the three neighbours that which is nearest to left + above - corner; among equals the first.
  @inline(__always)
  private static func paeth(left: Int, above: Int, corner: Int) -> UInt8 {
    let toLeft = abs(above - corner)
    let toAbove = abs(left - corner)
    let toCorner = abs(left + above - 2 * corner)
    if toLeft <= toAbove, toLeft <= toCorner { return UInt8(truncatingIfNeeded: left) }
    return UInt8(truncatingIfNeeded: toAbove <= toCorner ? above : corner)
  }
}
