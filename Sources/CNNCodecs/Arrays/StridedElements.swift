/// Elements that lie at regular distances: a transposed array, a part of a larger one, one read backwards.
///
/// Nothing here moves an element; `StridedElements+Gathering.swift` does. All elements must lie in the storage that they
/// are gathered from, and their sizes multiply without overflow.
struct StridedElements: Sendable {
  /// Where the first element begins.
  private(set) var start: Int
  /// 1, 2, 4 or 8.
  let elementByteCount: Int
  /// The extent of each dimension, outermost first.
  private(set) var shape: [Int]
  /// For each dimension, how many bytes apart two neighbours along it are; negative where they come backwards.
  private(set) var byteStrides: [Int]

  init(start: Int, elementByteCount: Int, shape: [Int], byteStrides: [Int]) {
    self.start = start
    self.elementByteCount = elementByteCount
    self.shape = shape
    self.byteStrides = byteStrides
  }

  /// Elements without gaps, in the order in which an array has them.
  init(start: Int, elementByteCount: Int, shape: [Int], memoryOrder: NumericArray.MemoryOrder) {
    var strides = [Int](repeating: elementByteCount, count: shape.count)
    var product = elementByteCount
    if !shape.contains(0) {
      for axis in memoryOrder == .rowMajor ? Array(shape.indices.reversed()) : Array(shape.indices) {
        strides[axis] = product
        product *= shape[axis]
      }
    }
    self.init(start: start, elementByteCount: elementByteCount, shape: shape, byteStrides: strides)
  }

  /// How many elements there are.
  var elementCount: Int { shape.contains(0) ? 0 : shape.reduce(1, *) }

  /// Where the elements lie, if they lie in order and without gaps.
  var contiguousRange: Range<Int>? {
    let count = elementCount
    if count > 0 {
      var expected = elementByteCount
      for axis in shape.indices.reversed() where shape[axis] != 1 {
        if byteStrides[axis] != expected { return nil }
        expected *= shape[axis]
      }
    }
    return start..<start + count * elementByteCount
  }

  /// The elements with `axes[0]` as the first dimension, and so on; `axes` is a permutation of all dimensions.
  func transposed(_ axes: [Int]) -> StridedElements {
    precondition(axes.sorted() == Array(shape.indices), "axes \(axes) are no permutation")
    var result = self
    result.shape = axes.map { shape[$0] }
    result.byteStrides = axes.map { byteStrides[$0] }
    return result
  }

  /// The elements with those along `axis` in reverse.
  func reversed(_ axis: Int) -> StridedElements {
    guard elementCount > 0 else { return self }
    var result = self
    result.start += (shape[axis] - 1) * byteStrides[axis]
    result.byteStrides[axis] = -byteStrides[axis]
    return result
  }

  /// The elements without dimensions of one, which lead nowhere, and with neighbouring dimensions as one where the
  /// steps from element to element are the same throughout. There are elements.
  func coalesced() -> StridedElements {
    var result = self
    result.shape = []
    result.byteStrides = []
    for axis in shape.indices where shape[axis] != 1 {
      let stride = byteStrides[axis]
      if let last = result.byteStrides.last, last == stride * shape[axis] {
        result.shape[result.shape.count - 1] *= shape[axis]
        result.byteStrides[result.byteStrides.count - 1] = stride
      } else {
        result.shape.append(shape[axis])
        result.byteStrides.append(stride)
      }
    }
    return result
  }

  /// The same elements in the same order under another shape of as many; nil if no steps would lead to them.
  func reshaped(to newShape: [Int]) -> StridedElements? {
    var result = self
    result.shape = newShape
    result.byteStrides = [Int](repeating: elementByteCount, count: newShape.count)
    if elementCount == 0 { return result }
    let old = coalesced()
    var axis = old.shape.count - 1
    // How much of the old dimension is still to be split, from its innermost part on.
    var left = axis >= 0 ? old.shape[axis] : 1
    var stride = axis >= 0 ? old.byteStrides[axis] : elementByteCount
    for place in newShape.indices.reversed() where newShape[place] != 1 {
      if left == 1 {
        axis -= 1
        guard axis >= 0 else { return nil }
        left = old.shape[axis]
        stride = old.byteStrides[axis]
      }
      guard left.isMultiple(of: newShape[place]) else { return nil }
      result.byteStrides[place] = stride
      stride *= newShape[place]
      left /= newShape[place]
    }
    return result
  }

  /// The elements in order, cut into blocks of about `byteCount` bytes; there are elements.
  ///
  /// A block is a number of neighbours along one dimension, with all of what lies further in.
  func forEachBlock(ofAbout byteCount: Int, _ body: (StridedElements) throws -> Void) rethrows {
    let whole = coalesced()
    guard !whole.shape.isEmpty else { return try body(whole) }
    let (axis, extent) = whole.blockExtent(byteCount: byteCount)
    var block = whole
    block.shape = Array(whole.shape[axis...])
    block.byteStrides = Array(whole.byteStrides[axis...])
    var indices = [Int](repeating: 0, count: axis)
    var origin = start
    repeat {
      for first in Swift.stride(from: 0, to: whole.shape[axis], by: extent) {
        block.start = origin + first * whole.byteStrides[axis]
        block.shape[0] = min(extent, whole.shape[axis] - first)
        try body(block)
      }
    } while Self.advance(&indices, shape: whole.shape, strides: whole.byteStrides, origin: &origin)
  }

  /// The dimension along which blocks are cut, and how many neighbours make one.
  private func blockExtent(byteCount: Int) -> (axis: Int, extent: Int) {
    let budget = max(1, byteCount / elementByteCount)
    var axis = shape.count - 1
    var inner = 1
    while axis > 0, inner * shape[axis] <= budget {
      inner *= shape[axis]
      axis -= 1
    }
    let extent = max(1, min(shape[axis], budget / inner))
    // Elements that are neighbours in the storage should come into one block, some lines of the cache of them, or each
    // line is fetched many times; larger blocks are worth that.
    if let nearest = nearestAxis, nearest <= axis, nearest < shape.count - 1 {
      let rest = shape[(nearest + 1)...].reduce(1, *)
      let wanted = min(Self.tileExtent, shape[nearest], Self.greatestBlockFactor * budget / rest)
      if wanted > (nearest == axis ? extent : 1) { return (nearest, wanted) }
    }
    return (axis, extent)
  }

  /// How many elements are moved along each of two dimensions at a time: two lines of the cache of floats.
  static let tileExtent = 32
  private static let greatestBlockFactor = 8

  /// The dimension along which elements lie closest in the storage.
  var nearestAxis: Int? {
    shape.indices.filter { byteStrides[$0] != 0 }.min { abs(byteStrides[$0]) < abs(byteStrides[$1]) }
  }

  /// Counts `indices`, which are those of the first dimensions, one on; false when all have been.
  static func advance(_ indices: inout [Int], shape: [Int], strides: [Int], origin: inout Int) -> Bool {
    for axis in indices.indices.reversed() {
      indices[axis] += 1
      origin += strides[axis]
      if indices[axis] < shape[axis] { return true }
      origin -= strides[axis] * shape[axis]
      indices[axis] = 0
    }
    return false
  }
}
