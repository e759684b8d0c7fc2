import CNNEngine

/// One input again and again, each time with a patch of paper at another place.
struct OccludedInputs: InputSource {
  private let input: [Float]
  /// [C, H, W].
  private let shape: [Int]
  private let paper: Float
  private let size: (height: Int, width: Int)
  private let rows: [Int]
  private let columns: [Int]

  init(_ input: [Float], shape: [Int], patch: Saliency.Patch, paper: Float) {
    self.input = input
    self.shape = shape
    self.paper = paper
    size = (min(patch.size, shape[1]), min(patch.size, shape[2]))
    rows = Self.places(shape[1] - size.height, every: patch.stride)
    columns = Self.places(shape[2] - size.width, every: patch.stride)
  }

  /// From 0 to `last`, which always is one of them.
  private static func places(_ last: Int, every stride: Int) -> [Int] {
    let places = Array(Swift.stride(from: 0, through: last, by: stride))
    return places.last == last ? places : places + [last]
  }

  var count: Int { rows.count * columns.count }
  var inputCount: Int { input.count }

  /// What is hidden in one of the inputs.
  func rectangle(_ index: Int) -> (rows: Range<Int>, columns: Range<Int>) {
    let (row, column) = (rows[index / columns.count], columns[index % columns.count])
    return (row..<row + size.height, column..<column + size.width)
  }

  func write(_ range: Range<Int>, to destination: UnsafeMutablePointer<Float>) {
    for (place, index) in range.enumerated() {
      let own = destination + place * input.count
      input.withUnsafeBufferPointer { input in
        for number in 0..<input.count { own[number] = input[number] }
      }
      let hidden = rectangle(index)
      for channel in 0..<shape[0] {
        for row in hidden.rows {
          let start = (channel * shape[1] + row) * shape[2] + hidden.columns.lowerBound
          (own + start).update(repeating: paper, count: size.width)
        }
      }
    }
  }
}
