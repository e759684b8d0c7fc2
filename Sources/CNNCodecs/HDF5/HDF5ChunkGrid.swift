/// The pieces of a dataset in order, last dimension fastest.
struct HDF5ChunkGrid: Sendable {
  private let chunkShape: [Int]
  private let extents: [Int]
  /// How many pieces there are.
  let count: Int

  /// The pieces of a dataset of a shape.
  init(_ shape: [Int], _ chunking: HDF5Chunking, offset: Int) throws(HDF5Error) {
    extents = zip(shape, chunking.shape).map { $0 == 0 ? 0 : ($0 - 1) / $1 + 1 }
    guard let count = HDF5Dataspace.product(extents, times: 1) else {
      throw HDF5Error(.arrayTooLarge(byteCount: nil, limit: Int.max), offset: offset)
    }
    self.count = count
    chunkShape = chunking.shape
  }

  /// The pieces of a dataset as far as it may ever grow.
  init(growing space: HDF5Dataspace, _ chunking: HDF5Chunking, offset: Int) throws(HDF5Error) {
    var shape: [Int] = []
    for maximum in space.maximumShape {
      guard let maximum else {
        throw HDF5Error(
          .malformed(
            what: "a data layout", problem: "the index of its chunks cannot grow as the dataset can"),
          offset: offset)
      }
      shape.append(maximum)
    }
    try self.init(shape, chunking, offset: offset)
  }

  /// The number of the piece whose first element is at `origin`.
  func place(of origin: [Int]) -> Int {
    var place = 0
    for axis in extents.indices { place = place * extents[axis] + origin[axis] / chunkShape[axis] }
    return place
  }

  /// The index of the first element of a piece in each dimension.
  func origin(of place: Int) -> [Int] {
    var rest = place
    var origin = [Int](repeating: 0, count: extents.count)
    for axis in extents.indices.reversed() {
      origin[axis] = rest % extents[axis] * chunkShape[axis]
      rest /= extents[axis]
    }
    return origin
  }
}
