/// Elements that lie at regular distances: a transposed array, or a part of a larger one.
struct StridedElements {
  /// Where the first element begins.
  let start: Int
  /// 1, 2, 4 or 8.
  let elementByteCount: Int
  /// The extent of each dimension, outermost first.
  let shape: [Int]
  /// For each dimension, how many bytes apart two neighbours along it are.
  let byteStrides: [Int]

  /// The elements' bytes, last index fastest. All elements must lie in `storage`, and their sizes multiply without
  /// overflow.
  func gathered(from storage: [UInt8]) -> [UInt8] {
    switch elementByteCount {
    case 1: gathered(from: storage, as: UInt8.self)
    case 2: gathered(from: storage, as: UInt16.self)
    case 4: gathered(from: storage, as: UInt32.self)
    default: gathered(from: storage, as: UInt64.self)
    }
  }

  private func gathered<T: FixedWidthInteger>(from storage: [UInt8], as type: T.Type) -> [UInt8] {
    let elementCount = shape.reduce(1, *)
    guard elementCount > 0 else { return [] }
    // Dimensions of one element lead nowhere; 64 of them would make each step as many.
    let axes = shape.indices.filter { shape[$0] != 1 }
    let extents = axes.map { shape[$0] }
    let strides = axes.map { byteStrides[$0] }
    let rowLength = extents.last ?? 1
    let step = strides.last ?? 0
    let size = MemoryLayout<T>.size
    return [UInt8](unsafeUninitializedCapacity: elementCount * size) { target, count in
      let target = UnsafeMutableRawBufferPointer(target)
      var indices = [Int](repeating: 0, count: extents.count)
      var rowStart = start
      storage.withUnsafeBytes { source in
        for row in 0..<elementCount / rowLength {
          var from = rowStart
          var to = row * rowLength * size
          for _ in 0..<rowLength {
            target.storeBytes(
              of: source.loadUnaligned(fromByteOffset: from, as: T.self), toByteOffset: to, as: T.self)
            from += step
            to += size
          }
          var axis = extents.count - 2
          while axis >= 0 {
            indices[axis] += 1
            rowStart += strides[axis]
            if indices[axis] < extents[axis] { break }
            rowStart -= strides[axis] * extents[axis]
            indices[axis] = 0
            axis -= 1
          }
        }
      }
      count = elementCount * size
    }
  }
}
