/// Some of a picture's pixels that are stored together, row by row: all of them, or one of the seven passes of Adam7
/// (PNG, section 8.2).
struct PNGPass {
  /// The column and the row of the first pixel.
  let firstColumn: Int
  let firstRow: Int
  /// From a pixel to the next in its row, and from a row to the next.
  let columnStep: Int
  let rowStep: Int
  /// How many pixels a row has, at least 1.
  let columnCount: Int
  /// How many rows there are, at least 1.
  let rowCount: Int
  /// How many bytes a row is stored in, less the byte that names the filter.
  let rowByteCount: Int

  /// For each pass the first column, the first row, and the steps.
  typealias Layout = [(column: Int, row: Int, columnStep: Int, rowStep: Int)]

  /// The one pass of a picture that is not interlaced.
  static let whole: Layout = [(0, 0, 1, 1)]

  /// The passes of Adam7.
  static let adam7: Layout = [
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
  ]
}
