/// Elements that lie at regular distances: a transposed array, or a part of a larger one.
struct StridedElements {
  /// Where the first element begins.
  let start: Int
  let elementByteCount: Int
  /// The extent of each dimension, outermost first.
  let shape: [Int]
  /// For each dimension, how many bytes apart two neighbours along it are.
  let byteStrides: [Int]

  /// The elements' bytes, last index fastest. All elements must lie in `storage`, and their sizes multiply without
  /// overflow.
  func gathered(from storage: [UInt8]) -> [UInt8] {
    let elementCount = shape.reduce(1, *)
    guard elementCount > 0 else { return [] }
    let size = elementByteCount
    return [UInt8](unsafeUninitializedCapacity: elementCount * size) { target, count in
      var indices = [Int](repeating: 0, count: shape.count)
      var from = start
      storage.withUnsafeBufferPointer { source in
        for element in 0..<elementCount {
          for byte in 0..<size { target[element * size + byte] = source[from + byte] }
          var axis = shape.count - 1
          while axis >= 0 {
            indices[axis] += 1
            from += byteStrides[axis]
            if indices[axis] < shape[axis] { break }
            from -= byteStrides[axis] * shape[axis]
            indices[axis] = 0
            axis -= 1
          }
        }
      }
      count = elementCount * size
    }
  }
}
