import CKernels

/// One of the three matrix products of a linear layer over blocks of images.
///
/// Every number of the result is one sum in ascending order, so a product may be cut into pieces in any way.
struct BlockProduct {
  private let shape: cnn_product
  private let left: UnsafePointer<Float>
  private let right: UnsafePointer<Float>
  private let bias: UnsafePointer<Float>?
  private let result: UnsafeMutablePointer<Float>

  /// The layer itself: weight [O, I] by inputs [blocks, I, 16], plus the bias [O], to [blocks, O, 16].
  init(
    weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?, input: UnsafePointer<Float>, inputs: Int,
    outputs: Int, blocks: Int, activation: FusedActivation, result: UnsafeMutablePointer<Float>
  ) {
    let size = ImageBlock.size
    shape = cnn_product(
      rows: Int32(outputs), columns: Int32(blocks), last_lanes: Int32(size), outer: 1, inner: Int32(inputs),
      left_row: inputs, left_outer: 0, left_inner: 1, right_column: inputs * size, right_outer: 0,
      right_inner: size, result_row: size, result_column: outputs * size,
      activation: activation == .relu ? CNN_RELU : CNN_IDENTITY)
    (left, right, self.bias, self.result) = (weight, input, bias, result)
  }

  /// The gradient of its input: the weight's columns by the output's gradient [blocks, O, 16], to [blocks, I, 16].
  init(
    weight: UnsafePointer<Float>, doutput: UnsafePointer<Float>, inputs: Int, outputs: Int, blocks: Int,
    dinput: UnsafeMutablePointer<Float>
  ) {
    let size = ImageBlock.size
    shape = cnn_product(
      rows: Int32(inputs), columns: Int32(blocks), last_lanes: Int32(size), outer: 1, inner: Int32(outputs),
      left_row: 1, left_outer: 0, left_inner: inputs, right_column: outputs * size, right_outer: 0,
      right_inner: size, result_row: size, result_column: inputs * size, activation: CNN_IDENTITY)
    (left, right, bias, result) = (weight, doutput, nil, dinput)
  }

  /// The gradient of its weight: the output's gradient [blocks, O, 16] by the inputs, image by image
  /// [blocks, 16, pitch], to [O, I].
  init(
    doutput: UnsafePointer<Float>, images: UnsafePointer<Float>, pitch: Int, inputs: Int, outputs: Int,
    blocks: Int, dweight: UnsafeMutablePointer<Float>
  ) {
    let size = ImageBlock.size
    let columns = ImageBlock.count(for: inputs)
    shape = cnn_product(
      rows: Int32(outputs), columns: Int32(columns), last_lanes: Int32(inputs - (columns - 1) * size),
      outer: Int32(blocks), inner: Int32(size), left_row: size, left_outer: outputs * size, left_inner: 1,
      right_column: size, right_outer: size * pitch, right_inner: pitch, result_row: inputs,
      result_column: size, activation: CNN_IDENTITY)
    (left, right, bias, result) = (doutput, images, nil, dweight)
  }

  /// Computes a part of the result: some rows of it, and some of its columns, counted in 16.
  func run(rows: Range<Int>, columns: Range<Int>, kernels: KernelSet) {
    var part = shape
    part.rows = Int32(rows.count)
    part.columns = Int32(columns.count)
    if columns.upperBound < Int(shape.columns) { part.last_lanes = Int32(ImageBlock.size) }
    kernels.table.pointee.block_product(
      &part, left + rows.lowerBound * shape.left_row, right + columns.lowerBound * shape.right_column,
      bias.map { $0 + rows.lowerBound },
      result + rows.lowerBound * shape.result_row + columns.lowerBound * shape.result_column)
  }

  /// Computes all of it, in pieces of at most 48 rows and 32 columns.
  func run(pool: WorkerPool, kernels: KernelSet) {
    let (rows, columns) = (Int(shape.rows), Int(shape.columns))
    let (pieceRows, pieceColumns) = (48, 32)
    let rowPieces = (rows + pieceRows - 1) / pieceRows
    let columnPieces = (columns + pieceColumns - 1) / pieceColumns
    pool.run(rowPieces * columnPieces) { piece, _ in
      let (column, row) = piece.quotientAndRemainder(dividingBy: rowPieces)
      run(
        rows: row * pieceRows..<min((row + 1) * pieceRows, rows),
        columns: column * pieceColumns..<min((column + 1) * pieceColumns, columns), kernels: kernels)
    }
  }
}
