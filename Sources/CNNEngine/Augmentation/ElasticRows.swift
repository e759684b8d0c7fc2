/// The displacements of an elastic field, worked out row by row from the top.
///
/// The spline is evaluated along x once for each row of the grid, and along y for each row of pixels. Four rows of the
/// grid meet at a pixel, so four are kept.
final class ElasticRows {
  private let width: Int
  /// From one kept row to the next: the width, rounded up to whole vectors.
  private let stride: Int
  /// Four rows of displacements along x, and four along y, at every column; the grid's row modulo four is the place.
  private let along: (x: FloatBuffer, y: FloatBuffer)
  /// A row of displacements on the grid.
  private let grid: (x: FloatBuffer, y: FloatBuffer)
  /// The four weights of each column, and the grid point that the first of them is for.
  private let columnWeights: FloatBuffer
  private let columnIndex: UnsafeMutablePointer<Int32>
  private var field: ElasticField?
  /// The next row of the grid to be evaluated.
  private var nextGridRow = 0

  init(width: Int) {
    self.width = width
    stride = (width + 7) & ~7
    along = (FloatBuffer(count: 4 * stride), FloatBuffer(count: 4 * stride))
    // The grid's points are more than a pixel apart. Up to five more than there are cells reach in, and they come
    // in fours.
    grid = (FloatBuffer(count: width + 8), FloatBuffer(count: width + 8))
    columnWeights = FloatBuffer(count: 4 * width)
    columnIndex = .allocate(capacity: width)
    columnIndex.initialize(repeating: 0, count: width)
  }

  deinit {
    columnIndex.deallocate()
  }

  /// Begins with a picture's first row.
  func begin(_ field: ElasticField) {
    self.field = field
    nextGridRow = 0
    for x in 0..<width {
      let cell = ElasticField.cell(at: x, spacing: field.spacing, offset: field.offsetX)
      columnIndex[x] = Int32(cell.index)
      for tap in 0..<4 { columnWeights.pointer[4 * x + tap] = cell.weights[tap] }
    }
  }

  /// The part of one row of pixels that the four kept rows of the grid have in it.
  struct Row {
    fileprivate let x: UnsafePointer<Float>
    fileprivate let y: UnsafePointer<Float>
    /// Where the four rows of the grid are kept, from the top one on.
    fileprivate let places: (Int, Int, Int, Int)
    fileprivate let weights: SIMD4<Float>

    /// The displacements of eight pixels from column `first` on; those beyond the last column mean nothing.
    @inline(__always)
    func displacements(from first: Int) -> (x: SIMD8<Float>, y: SIMD8<Float>) {
      (combined(x + first), combined(y + first))
    }

    @inline(__always)
    private func combined(_ rows: UnsafePointer<Float>) -> SIMD8<Float> {
      (SIMD8(at: rows + places.0) * weights[0] + SIMD8(at: rows + places.1) * weights[1])
        + (SIMD8(at: rows + places.2) * weights[2] + SIMD8(at: rows + places.3) * weights[3])
    }
  }

  /// The displacements of row `y` of the pixels. Rows are asked for in ascending order.
  func row(_ y: Int) -> Row? {
    guard let field else { return nil }
    let cell = ElasticField.cell(at: y, spacing: field.spacing, offset: field.offsetY)
    while nextGridRow < cell.index + 4 {
      evaluate(field, gridRow: nextGridRow)
      nextGridRow += 1
    }
    func place(_ tap: Int) -> Int { ((cell.index + tap) & 3) * stride }
    return Row(
      x: UnsafePointer(along.x.pointer), y: UnsafePointer(along.y.pointer),
      places: (place(0), place(1), place(2), place(3)), weights: cell.weights)
  }

  private func evaluate(_ field: ElasticField, gridRow: Int) {
    let points = Int(columnIndex[width - 1]) + 4
    let (gridX, gridY) = (grid.x.pointer, grid.y.pointer)
    for group in 0..<(points + 3) / 4 {
      let values = field.displacements(row: gridRow, group: group)
      values.x.store(at: gridX + 4 * group)
      values.y.store(at: gridY + 4 * group)
    }
    let (toX, toY) = (along.x.pointer + (gridRow & 3) * stride, along.y.pointer + (gridRow & 3) * stride)
    for x in 0..<width {
      let (fromX, fromY) = (gridX + Int(columnIndex[x]), gridY + Int(columnIndex[x]))
      let weight = columnWeights.pointer + 4 * x
      toX[x] = (fromX[0] * weight[0] + fromX[1] * weight[1]) + (fromX[2] * weight[2] + fromX[3] * weight[3])
      toY[x] = (fromY[0] * weight[0] + fromY[1] * weight[1]) + (fromY[2] * weight[2] + fromY[3] * weight[3])
    }
  }
}
