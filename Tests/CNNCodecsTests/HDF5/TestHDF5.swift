/// Small HDF5 files made by hand, of the oldest form, in which every byte's place is known.
///
///     0    superblock of version 0
///     96   the root group's object header: one message, its symbol table
///     136  the group's B-tree: one node with one child
///     184  its local heap, whose 16 bytes of data are at 216: a zero, and `x` at 8
///     232  its symbol table: one link, `x`
///     280  the dataset's object header
///     376  the dataset's six bytes, where nothing else is said
enum TestHDF5 {
  static func u16(_ value: Int) -> [UInt8] { little(UInt64(value), 2) }
  static func u32(_ value: Int) -> [UInt8] { little(UInt64(value), 4) }
  static func u64(_ value: Int) -> [UInt8] { little(UInt64(value), 8) }
  static let undefined = [UInt8](repeating: 0xFF, count: 8)

  private static func little(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) }
  }

  /// Pieces one behind the other.
  private static func joined(_ pieces: [[UInt8]]) -> [UInt8] { pieces.flatMap { $0 } }

  static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
  static func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

  /// A message of an object header of version 1, filled up to eight bytes.
  static func message(_ type: Int, _ data: [UInt8], flags: UInt8 = 0) -> [UInt8] {
    let size = (data.count + 7) / 8 * 8
    return joined([u16(type), u16(size), [flags, 0, 0, 0], data, zeros(size - data.count)])
  }

  /// An object header of version 1.
  static func header(_ messages: [[UInt8]]) -> [UInt8] {
    let data = messages.flatMap { $0 }
    return joined([[1, 0], u16(messages.count), u32(1), u32(data.count), zeros(4), data])
  }

  static func dataspace(_ shape: [Int]) -> [UInt8] {
    message(1, [1, UInt8(shape.count), 0, 0, 0, 0, 0, 0] + shape.flatMap(u64))
  }

  static let int16 = message(3, int16Type)
  static let int16Type: [UInt8] = [0x10, 8, 0, 0] + u32(2) + u16(0) + u16(16)

  static func contiguous(_ address: [UInt8], _ count: Int) -> [UInt8] {
    message(8, [3, 1] + address + u64(count))
  }

  /// Chunks of int16 numbers, found through a B-tree.
  static func chunked(_ address: [UInt8], _ shape: [Int]) -> [UInt8] {
    message(8, [3, 2, UInt8(shape.count + 1)] + address + shape.flatMap(u32) + u32(2))
  }

  /// A filter pipeline of version 2 of filters that have numbers below 256.
  static func filters(_ filters: [(number: Int, values: [Int])]) -> [UInt8] {
    let parts = filters.map { filter in
      joined([u16(filter.number), u16(0), u16(filter.values.count), joined(filter.values.map(u32))])
    }
    return message(11, [2, UInt8(filters.count)] + joined(parts))
  }

  /// A node of a B-tree of one-dimensional chunks.
  static func tree(
    level: UInt8 = 0, _ children: [(byteCount: Int, filterMask: Int, index: Int, address: Int)]
  ) -> [UInt8] {
    let parts = children.map { child in
      joined([u32(child.byteCount), u32(child.filterMask), u64(child.index), u64(0), u64(child.address)])
    }
    return joined([
      ascii("TREE"), [1, level], u16(children.count), undefined, undefined, joined(parts), zeros(24),
    ])
  }

  static let root = 96
  static let groupTree = 136
  static let heap = 184
  static let heapData = 216
  static let symbols = 232
  static let dataset = 280

  /// The bytes of a file whose dataset has these messages, with `tail` behind them.
  static func file(_ messages: [[UInt8]], tail: [UInt8] = []) -> [UInt8] {
    let object = header(messages) + tail
    let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
    let superblock = joined([
      signature, [0, 0, 0, 0, 0, 8, 8, 0], u16(4), u16(16), u32(0), u64(0), undefined,
      u64(dataset + object.count), undefined, u64(0), u64(root), zeros(24),
    ])
    return joined([
      superblock, header([message(0x11, u64(groupTree) + u64(heap))]),
      ascii("TREE"), [0, 0], u16(1), undefined, undefined, u64(0), u64(symbols), u64(8),
      ascii("HEAP"), zeros(4), u64(16), u64(1), u64(heapData), zeros(8), ascii("x"), zeros(7),
      ascii("SNOD"), [1, 0], u16(1), u64(8), u64(dataset), zeros(24), object,
    ])
  }

  /// Where what stands behind the dataset's messages begins.
  static func tailAddress(_ messages: [[UInt8]]) -> Int {
    dataset + 16 + messages.reduce(0) { $0 + $1.count }
  }

  /// A file of three numbers in one piece.
  static let sound = file([dataspace([3]), int16, contiguous(u64(376), 6)], tail: [1, 0, 2, 0, 255, 255])

  /// A file with one-dimensional chunks: the tree of `children`, whose addresses count from the end of the tree,
  /// and then `data`.
  static func chunks(
    _ extent: Int, of chunkExtent: Int, filters: [(number: Int, values: [Int])] = [],
    _ children: [(byteCount: Int, filterMask: Int, index: Int, address: Int)], data: [UInt8]
  ) -> [UInt8] {
    func messages(_ address: Int) -> [[UInt8]] {
      [dataspace([extent]), int16, chunked(u64(address), [chunkExtent])]
        + (filters.isEmpty ? [] : [Self.filters(filters)])
    }
    let address = tailAddress(messages(0))
    let dataAddress = address + tree(children).count
    let moved = children.map { ($0.byteCount, $0.filterMask, $0.index, $0.address + dataAddress) }
    return file(messages(address), tail: tree(moved) + data)
  }

  /// `sound` with other bytes at `offset`.
  static func patched(_ offset: Int, _ bytes: [UInt8]) -> [UInt8] {
    Array(sound[..<offset]) + bytes + Array(sound[(offset + bytes.count)...])
  }
}
