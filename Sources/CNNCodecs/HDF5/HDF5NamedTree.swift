/// A B-tree of version 2 that finds links or attributes by the hash of their names.
struct HDF5NamedTree {
  /// What a tree finds, by the number of its records' type.
  enum Kind: UInt8 {
    /// Links by name: a hash of four bytes and a place in a heap of seven.
    case links = 5
    /// Attributes by name: a place of eight bytes, flags, the order of creation in four, and a hash.
    case attributes = 8

    var recordByteCount: Int { self == .links ? 11 : 17 }
  }

  private let input: HDF5Input
  private let kind: Kind
  private let nodeByteCount: Int
  private let depth: Int
  private let root: UInt64
  private let rootOffset: Int
  private let rootCount: Int
  private let totalCount: UInt64
  /// How many bytes the number of a child's records takes.
  private var countByteCount = 1
  /// How many bytes the number of records of a child and all below it takes, by the child's height.
  private var totalByteCounts: [Int] = [0]

  /// The most bytes that a node may have, and levels a tree.
  private static let maximumNodeByteCount = 1 << 24
  private static let maximumDepth = 32

  /// Reads the header at `address`.
  init(
    _ input: HDF5Input, at address: UInt64, namedAt: Int, _ kind: Kind, _ account: inout HDF5Account
  ) throws(HDF5Error) {
    self.input = input
    self.kind = kind
    let what = "a B-tree"
    let range = try input.range(at: address, count: 38, what, namedAt: namedAt)
    try account.take(range, what)
    var cursor = HDF5Cursor(input, range, what)
    try cursor.signature("BTHD")
    try cursor.version(0...0)
    try input.verifyChecksum(of: range.lowerBound..<range.upperBound - 4, what)
    let typeOffset = cursor.position
    let type = try cursor.uint8()
    guard type == kind.rawValue else {
      throw cursor.malformed("its records are of type \(type) instead of \(kind.rawValue)", at: typeOffset)
    }
    let sizeOffset = cursor.position
    let size = Int(try cursor.uint32())
    let recordByteCount = try cursor.uint16()
    guard (64...Self.maximumNodeByteCount).contains(size), recordByteCount == kind.recordByteCount else {
      throw cursor.malformed(
        "it has nodes of \(size) and records of \(recordByteCount) bytes", at: sizeOffset)
    }
    nodeByteCount = size
    let depthOffset = cursor.position
    depth = try cursor.uint16()
    guard depth <= Self.maximumDepth else {
      throw cursor.malformed("it is \(depth) levels deep", at: depthOffset)
    }
    try cursor.take(2)
    rootOffset = cursor.position
    root = try cursor.uint64()
    rootCount = try cursor.uint16()
    totalCount = try cursor.uint64()
    layOut()
  }

  /// Works out how wide the fields of inner nodes are, which follows from how many records fit below them.
  private mutating func layOut() {
    let record = kind.recordByteCount
    // A node has a signature, a version and a type before its records and a checksum behind them.
    let leafMaximum = (nodeByteCount - 10) / record
    countByteCount = Self.byteCount(of: leafMaximum)
    var greatestTotal = leafMaximum
    for height in 0..<depth {
      let pointer = 8 + countByteCount + totalByteCounts[height]
      let maximum = max(0, nodeByteCount - 10 - pointer) / (record + pointer)
      let (product, overflow) = greatestTotal.multipliedReportingOverflow(by: maximum + 1)
      greatestTotal = overflow ? Int.max : min(product, Int.max - maximum) + maximum
      totalByteCounts.append(Self.byteCount(of: greatestTotal))
    }
  }

  private static func byteCount(of number: Int) -> Int {
    (Int.bitWidth - max(number, 1).leadingZeroBitCount - 1) / 8 + 1
  }

  /// The places of all records, in the order of the tree.
  func records(_ account: inout HDF5Account) throws(HDF5Error) -> [Range<Int>] {
    guard rootCount > 0 else { return [] }
    var records: [Range<Int>] = []
    /// What is still to do: a node to read, or a record that stands between two of them.
    enum Step {
      case node(address: UInt64, namedAt: Int, height: Int, count: Int)
      case record(Range<Int>)
    }
    var pending: [Step] = [.node(address: root, namedAt: rootOffset, height: depth, count: rootCount)]
    while let step = pending.popLast() {
      switch step {
      case .record(let range): records.append(range)
      case .node(let address, let namedAt, let height, let count):
        let what = "a B-tree's node"
        let tail = try input.tail(at: address, what, namedAt: namedAt)
        var cursor = HDF5Cursor(input, tail, what)
        try cursor.signature(height == 0 ? "BTLF" : "BTIN")
        try cursor.version(0...0)
        let typeOffset = cursor.position
        guard try cursor.uint8() == kind.rawValue else {
          throw cursor.malformed("it belongs to another kind of tree", at: typeOffset)
        }
        var own: [Range<Int>] = []
        for _ in 0..<count { own.append(try cursor.take(kind.recordByteCount)) }
        if height == 0 {
          records += own
        } else {
          var inner: [Step] = []
          for index in 0...count {
            let childOffset = cursor.position
            let child = try cursor.uint64()
            let childCount = try cursor.unsigned(byteCount: countByteCount)
            try cursor.take(totalByteCounts[height - 1])
            guard childCount <= 0xFFFF else {
              throw cursor.malformed("a child has \(childCount) records", at: childOffset + 8)
            }
            inner.append(
              .node(address: child, namedAt: childOffset, height: height - 1, count: Int(childCount)))
            if index < count { inner.append(.record(own[index])) }
          }
          pending += inner.reversed()
        }
        try input.verifyChecksum(of: tail.lowerBound..<cursor.position, what)
        try account.take(tail.lowerBound..<cursor.position + 4, what)
      }
    }
    guard UInt64(records.count) == totalCount else {
      throw HDF5Error(
        .malformed(what: "a B-tree", problem: "it has \(records.count) records and says \(totalCount)"),
        offset: rootOffset + 10)
    }
    return records
  }
}
