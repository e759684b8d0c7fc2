extension StridedElements {
  /// The elements' bytes, last index fastest.
  func gathered(from storage: [UInt8]) -> [UInt8] {
    let byteCount = elementCount * elementByteCount
    return [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
      storage.withUnsafeBytes { gather(from: $0, into: UnsafeMutableRawBufferPointer(buffer)) }
      count = byteCount
    }
  }

  /// Moves the elements' bytes, last index fastest, to the beginning of `target`, which has room for them.
  func gather(from storage: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) {
    let count = elementCount
    guard count > 0, let source = storage.baseAddress, let target = target.baseAddress else { return }
    if let range = contiguousRange {
      target.copyMemory(from: source + range.lowerBound, byteCount: range.count)
      return
    }
    let elements = coalesced()
    switch elementByteCount {
    case 1: elements.gather(from: source, into: target, as: UInt8.self)
    case 2: elements.gather(from: source, into: target, as: UInt16.self)
    case 4: elements.gather(from: source, into: target, as: UInt32.self)
    default: elements.gather(from: source, into: target, as: UInt64.self)
    }
  }

  /// The same for coalesced elements of which there are some.
  ///
  /// Where neighbours in the storage are no neighbours in the result, square tiles are moved one after another, so that
  /// each line of the cache is fetched once and written once, however far apart the lines are.
  private func gather<T: FixedWidthInteger>(
    from source: UnsafeRawPointer, into target: UnsafeMutableRawPointer, as type: T.Type
  ) {
    let size = MemoryLayout<T>.size
    let last = shape.count - 1
    let nearest = nearestAxis ?? last
    var targetStrides = [Int](repeating: size, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      targetStrides[axis] = targetStrides[axis + 1] * shape[axis + 1]
    }
    let others = shape.indices.filter { $0 != last && $0 != nearest }
    let extents = others.map { shape[$0] }
    let strides = others.map { byteStrides[$0] }
    let steps = others.map { targetStrides[$0] }
    var indices = [Int](repeating: 0, count: others.count)
    var from = start
    var to = 0
    withUnsafeTemporaryAllocation(of: T.self, capacity: Self.tileExtent * Self.tileExtent) { tile in
      while true {
        if nearest == last {
          Self.move(
            shape[last], from: source + from, by: byteStrides[last],
            into: (target + to).assumingMemoryBound(to: T.self))
        } else {
          Self.transpose(
            rows: shape[nearest], columns: shape[last], from: source + from, rowStride: byteStrides[nearest],
            columnStride: byteStrides[last], into: target + to, rowStep: targetStrides[nearest], tile: tile)
        }
        var axis = others.count - 1
        while axis >= 0 {
          indices[axis] += 1
          from += strides[axis]
          to += steps[axis]
          if indices[axis] < extents[axis] { break }
          from -= strides[axis] * extents[axis]
          to -= steps[axis] * extents[axis]
          indices[axis] = 0
          axis -= 1
        }
        if axis < 0 { return }
      }
    }
  }

  @inline(__always)
  private static func move<T: FixedWidthInteger>(
    _ count: Int, from source: UnsafeRawPointer, by stride: Int, into target: UnsafeMutablePointer<T>
  ) {
    if stride == MemoryLayout<T>.size {
      UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: count * stride)
      return
    }
    var from = source
    for index in 0..<count {
      target[index] = from.loadUnaligned(as: T.self)
      from += stride
    }
  }

  @inline(__always)
  private static func transpose<T: FixedWidthInteger>(
    rows: Int, columns: Int, from source: UnsafeRawPointer, rowStride: Int, columnStride: Int,
    into target: UnsafeMutableRawPointer, rowStep: Int, tile: UnsafeMutableBufferPointer<T>
  ) {
    guard let tile = tile.baseAddress else { return }
    let size = MemoryLayout<T>.size
    for firstRow in Swift.stride(from: 0, to: rows, by: tileExtent) {
      let height = min(tileExtent, rows - firstRow)
      for firstColumn in Swift.stride(from: 0, to: columns, by: tileExtent) {
        let width = min(tileExtent, columns - firstColumn)
        for column in 0..<width {
          var from = source + (firstRow * rowStride + (firstColumn + column) * columnStride)
          for row in 0..<height {
            tile[row * tileExtent + column] = from.loadUnaligned(as: T.self)
            from += rowStride
          }
        }
        var to = target + (firstRow * rowStep + firstColumn * size)
        for row in 0..<height {
          to.copyMemory(from: tile + row * tileExtent, byteCount: width * size)
          to += rowStep
        }
      }
    }
  }
}
