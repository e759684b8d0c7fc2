/// Copies chunks to their places.
enum HDF5ChunkPlacement {
  /// Copies as much of a chunk into a dataset's elements as lies inside it.
  ///
  /// `chunk` has the bytes of a whole chunk, and `elements` those of the whole dataset of shape `shape`; `origin`
  /// is inside.
  static func copy(
    _ chunk: ArraySlice<UInt8>, of chunking: HDF5Chunking, at origin: [Int], _ shape: [Int],
    _ elements: inout [UInt8]
  ) {
    let size = chunking.elementByteCount
    let last = shape.count - 1
    let extents = shape.indices.map { min(chunking.shape[$0], shape[$0] - origin[$0]) }
    let rowByteCount = extents[last] * size
    var index = [Int](repeating: 0, count: shape.count)
    while true {
      var source = 0
      var target = 0
      for axis in shape.indices {
        source = source * chunking.shape[axis] + index[axis]
        target = target * shape[axis] + origin[axis] + index[axis]
      }
      chunk.withUnsafeBytes { from in
        elements.withUnsafeMutableBytes { to in
          UnsafeMutableRawBufferPointer(rebasing: to[target * size..<target * size + rowByteCount])
            .copyMemory(
              from: UnsafeRawBufferPointer(rebasing: from[source * size..<source * size + rowByteCount]))
        }
      }
      var axis = last - 1
      while axis >= 0 {
        index[axis] += 1
        if index[axis] < extents[axis] { break }
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}
