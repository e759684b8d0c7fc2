/// One piece of a dataset, as it is stored.
struct HDF5Chunk: Sendable {
  /// Its number in the order of the dataset's elements.
  let place: Int
  /// Its bytes in the file.
  let stored: Range<Int>
  /// A bit for each filter that was left out.
  let filterMask: UInt32
}

/// The pieces of a dataset that were written.
///
/// Each lies at a place of its own in the dataset, and in bytes of its own in the file.
struct HDF5ChunkList: Sendable {
  private(set) var chunks: [HDF5Chunk] = []
  /// Where the pieces lie.
  let grid: HDF5ChunkGrid

  private let input: HDF5Input
  private let chunking: HDF5Chunking
  private let shape: [Int]
  private var places: Set<Int> = []

  /// Finds the pieces of a dataset that has elements, through the index at `address`.
  init(
    _ input: HDF5Input, _ space: HDF5Dataspace, _ chunking: HDF5Chunking, address: UInt64, isFiltered: Bool,
    layoutOffset: Int, _ account: inout HDF5Account
  ) throws(HDF5Error) {
    self.input = input
    self.chunking = chunking
    shape = space.shape
    grid = try HDF5ChunkGrid(shape, chunking, offset: layoutOffset)
    switch chunking.index {
    case .tree: try readTree(at: address, &account)
    case .single(let byteCount, let filterMask):
      try add(
        [Int](repeating: 0, count: shape.count), at: address,
        byteCount: byteCount ?? UInt64(chunking.byteCount), filterMask: filterMask,
        namedAt: chunking.addressOffset, &account)
    case .implicit:
      let all = try HDF5ChunkGrid(growing: space, chunking, offset: layoutOffset)
      try readImplicit(at: address, all, &account)
    case .fixedArray(let pageBits):
      let all = try HDF5ChunkGrid(growing: space, chunking, offset: layoutOffset)
      try readFixedArray(at: address, pageBits: pageBits, isFiltered: isFiltered, all, &account)
    case .unsupported: break
    }
    places = []
  }

  private mutating func readTree(at address: UInt64, _ account: inout HDF5Account) throws(HDF5Error) {
    let leaves = try HDF5Tree.leaves(
      input, at: address, namedAt: chunking.addressOffset, kind: .chunks,
      keyByteCount: 8 + 8 * (shape.count + 1), &account)
    for leaf in leaves {
      var key = HDF5Cursor(input, leaf.key, "a chunk's key")
      let byteCount = UInt64(try key.uint32())
      let filterMask = try key.uint32()
      var origin: [Int] = []
      for _ in shape { origin.append(try key.length("an index")) }
      try add(
        origin, at: leaf.address, byteCount: byteCount, filterMask: filterMask, namedAt: leaf.addressOffset,
        &account, originAt: leaf.key.lowerBound + 8)
    }
  }

  private mutating func readImplicit(
    at address: UInt64, _ grid: HDF5ChunkGrid, _ account: inout HDF5Account
  ) throws(HDF5Error) {
    guard let total = HDF5Dataspace.product([grid.count], times: chunking.byteCount) else {
      throw HDF5Error(
        .arrayTooLarge(byteCount: nil, limit: input.bytes.count), offset: chunking.addressOffset)
    }
    _ = try input.range(
      at: address, count: UInt64(total), "a dataset's chunks", namedAt: chunking.addressOffset)
    for place in 0..<grid.count {
      let origin = grid.origin(of: place)
      guard isInside(origin) else { continue }
      try add(
        origin, at: address + UInt64(place * chunking.byteCount), byteCount: UInt64(chunking.byteCount),
        filterMask: 0, namedAt: chunking.addressOffset, &account)
    }
  }

  private mutating func readFixedArray(
    at address: UInt64, pageBits: UInt8, isFiltered: Bool, _ grid: HDF5ChunkGrid,
    _ account: inout HDF5Account
  ) throws(HDF5Error) {
    let array = HDF5FixedArray(
      input: input, pageBits: pageBits, lengthByteCount: isFiltered ? chunking.lengthByteCount : nil,
      count: grid.count)
    let elements = try array.elements(at: address, namedAt: chunking.addressOffset, &account)
    for (place, element) in elements.enumerated() where !element.isEmpty {
      var cursor = HDF5Cursor(input, element, "a fixed array's element")
      let namedAt = cursor.position
      let address = try cursor.address()
      var byteCount = UInt64(chunking.byteCount)
      var filterMask: UInt32 = 0
      if isFiltered {
        byteCount = try cursor.unsigned(byteCount: chunking.lengthByteCount)
        filterMask = try cursor.uint32()
      }
      let origin = grid.origin(of: place)
      guard let address, isInside(origin) else { continue }
      try add(origin, at: address, byteCount: byteCount, filterMask: filterMask, namedAt: namedAt, &account)
    }
  }

  private func isInside(_ origin: [Int]) -> Bool {
    zip(origin, shape).allSatisfy { $0 < $1 }
  }

  private mutating func add(
    _ origin: [Int], at address: UInt64, byteCount: UInt64, filterMask: UInt32, namedAt: Int,
    _ account: inout HDF5Account, originAt: Int? = nil
  ) throws(HDF5Error) {
    let what = "a chunk"
    for axis in shape.indices {
      guard origin[axis] < shape[axis], origin[axis] % chunking.shape[axis] == 0 else {
        throw HDF5Error(
          .malformed(what: what, problem: "it begins at \(origin[axis]) in a dimension of \(shape[axis])"),
          offset: originAt ?? namedAt)
      }
    }
    let place = grid.place(of: origin)
    guard places.insert(place).inserted else {
      throw HDF5Error(
        .malformed(what: what, problem: "another one is at the same place"), offset: originAt ?? namedAt)
    }
    let stored = try input.range(at: address, count: byteCount, what, namedAt: namedAt)
    try account.take(stored, what)
    chunks.append(HDF5Chunk(place: place, stored: stored, filterMask: filterMask))
  }
}
