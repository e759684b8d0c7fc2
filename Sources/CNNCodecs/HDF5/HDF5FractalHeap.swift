/// A fractal heap: objects in blocks that double in size, row by row of a table, found by their offset in it.
///
/// Only objects of the managed kind are read, which are those up to a few kilobytes; huge ones and ones that stand in
/// their own place, and heaps whose blocks go through filters, are refused.
struct HDF5FractalHeap {
  private let input: HDF5Input
  private let placeByteCount: Int
  private let offsetByteCount: Int
  private let lengthByteCount: Int
  private let blockOverhead: Int
  /// The blocks that are there: where each begins in the heap, and its bytes in the file. In order.
  private var blocks: [(start: UInt64, range: Range<Int>)] = []

  private static let what = "a fractal heap"

  /// What the header says about the table of blocks.
  private struct Table {
    let width: Int
    let startingBlockByteCount: UInt64
    let maximumDirectByteCount: UInt64
    /// How many rows of an indirect block have blocks of objects, and not indirect blocks.
    let directRowCount: Int
    let headerAddress: UInt64
    let offsetByteCount: Int
    let hasChecksums: Bool

    /// The size of the blocks in a row; nil beyond 2^63.
    func blockByteCount(row: Int) -> UInt64? {
      let shift = max(0, row - 1)
      guard shift < startingBlockByteCount.leadingZeroBitCount - 1 else { return nil }
      return startingBlockByteCount << UInt64(shift)
    }
  }

  /// Reads the header at `address` and finds all blocks.
  init(_ input: HDF5Input, at address: UInt64, namedAt: Int, _ account: inout HDF5Account) throws(HDF5Error) {
    self.input = input
    let what = Self.what
    let range = try input.range(at: address, count: 146, what, namedAt: namedAt)
    var cursor = HDF5Cursor(input, range, what)
    try cursor.signature("FRHP")
    try cursor.version(0...0)
    placeByteCount = try cursor.uint16()
    let filterOffset = cursor.position
    guard try cursor.uint16() == 0 else {
      throw HDF5Error(.unsupported("a fractal heap whose blocks are filtered"), offset: filterOffset)
    }
    try account.take(range, what)
    try input.verifyChecksum(of: range.lowerBound..<range.upperBound - 4, what)
    let flags = try cursor.uint8()
    let maximumObjectByteCount = UInt64(try cursor.uint32())
    // Where huge objects are, what is free, and how much there is of each kind.
    try cursor.take(96)
    let widthOffset = cursor.position
    let width = try cursor.uint16()
    let starting = try cursor.uint64()
    let maximum = try cursor.uint64()
    let bits = try cursor.uint16()
    guard width > 0, width & (width - 1) == 0, starting > 0, starting & (starting - 1) == 0,
      maximum >= starting, maximum & (maximum - 1) == 0, maximum <= 1 << 32, (1...64).contains(bits)
    else { throw cursor.malformed("its table of blocks is none that can be", at: widthOffset) }
    // How many rows the first block begins with.
    try cursor.take(2)
    let rootOffset = cursor.position
    let root = try cursor.address()
    let rowCount = try cursor.uint16()
    offsetByteCount = (bits + 7) / 8
    lengthByteCount = Self.byteCount(of: min(maximum, maximumObjectByteCount))
    let table = Table(
      width: width, startingBlockByteCount: starting, maximumDirectByteCount: maximum,
      directRowCount: maximum.trailingZeroBitCount - starting.trailingZeroBitCount + 2,
      headerAddress: address, offsetByteCount: offsetByteCount, hasChecksums: flags & 2 != 0)
    blockOverhead = 13 + offsetByteCount + (table.hasChecksums ? 4 : 0)
    guard placeByteCount >= 1 + offsetByteCount + lengthByteCount else {
      throw cursor.malformed("places of \(placeByteCount) bytes are too short", at: range.lowerBound + 5)
    }
    guard let root else { return }
    if rowCount == 0 {
      try addBlock(at: root, namedAt: rootOffset, start: 0, byteCount: starting, table, &account)
    } else {
      try addRows(at: root, namedAt: rootOffset, rowCount: rowCount, table, &account)
    }
  }

  private static func byteCount(of number: UInt64) -> Int {
    (UInt64.bitWidth - max(number, 1).leadingZeroBitCount - 1) / 8 + 1
  }

  /// Adds a block of objects.
  private mutating func addBlock(
    at address: UInt64, namedAt: Int, start: UInt64, byteCount: UInt64, _ table: Table,
    _ account: inout HDF5Account
  ) throws(HDF5Error) {
    let what = "a block of a fractal heap"
    let range = try input.range(at: address, count: byteCount, what, namedAt: namedAt)
    var cursor = HDF5Cursor(input, range, what)
    try cursor.signature("FHDB")
    try checkOwner(&cursor, start: start, table)
    try account.take(range, what)
    if table.hasChecksums { try verifyBlock(range, checksumAt: cursor.position, what) }
    blocks.append((start, range))
  }

  /// Verifies the checksum of a block, which stands in it and counts as zeros.
  private func verifyBlock(_ range: Range<Int>, checksumAt position: Int, _ what: String) throws(HDF5Error) {
    var cursor = HDF5Cursor(input, position..<range.upperBound, what)
    let declared = try cursor.uint32()
    var bytes = Array(input.bytes[range])
    for index in 0..<4 { bytes[position - range.lowerBound + index] = 0 }
    let computed = bytes.withUnsafeBytes { HDF5Checksum.lookup3($0) }
    guard declared == computed else {
      throw HDF5Error(.checksum(what: what, declared: declared, computed: computed), offset: position)
    }
  }

  private func checkOwner(_ cursor: inout HDF5Cursor, start: UInt64, _ table: Table) throws(HDF5Error) {
    try cursor.version(0...0)
    let ownerOffset = cursor.position
    guard try cursor.uint64() == table.headerAddress else {
      throw cursor.malformed("it belongs to another heap", at: ownerOffset)
    }
    let startOffset = cursor.position
    guard try cursor.unsigned(byteCount: table.offsetByteCount) == start else {
      throw cursor.malformed("it stands at another place of its heap", at: startOffset)
    }
  }

  /// Adds all blocks below an indirect block, which has the addresses of a table's rows.
  private mutating func addRows(
    at root: UInt64, namedAt: Int, rowCount: Int, _ table: Table, _ account: inout HDF5Account
  ) throws(HDF5Error) {
    let what = "an indirect block of a fractal heap"
    var pending = [(address: root, namedAt: namedAt, start: UInt64(0), rowCount: rowCount)]
    while let next = pending.popLast() {
      let tail = try input.tail(at: next.address, what, namedAt: next.namedAt)
      var cursor = HDF5Cursor(input, tail, what)
      try cursor.signature("FHIB")
      try checkOwner(&cursor, start: next.start, table)
      let addresses = try cursor.take(next.rowCount * table.width * 8)
      try input.verifyChecksum(of: tail.lowerBound..<cursor.position, what)
      try account.take(tail.lowerBound..<cursor.position + 4, what)
      cursor = HDF5Cursor(input, addresses, what)
      var start = next.start
      for row in 0..<next.rowCount {
        guard let byteCount = table.blockByteCount(row: row) else {
          throw cursor.malformed("it has \(next.rowCount) rows", at: next.namedAt)
        }
        for _ in 0..<table.width {
          let childOffset = cursor.position
          if let child = try cursor.address() {
            if row < table.directRowCount {
              try addBlock(
                at: child, namedAt: childOffset, start: start, byteCount: byteCount, table, &account)
            } else {
              // As many rows as make up its size: the first two of equal size, then each twice the last.
              let firstRow = table.startingBlockByteCount * UInt64(table.width)
              let rows = byteCount.trailingZeroBitCount - firstRow.trailingZeroBitCount + 1
              guard rows > 0, rows < next.rowCount else {
                throw cursor.malformed("an indirect block is in a row of small ones", at: childOffset)
              }
              pending.append((child, childOffset, start, rows))
            }
          }
          let (end, overflow) = start.addingReportingOverflow(byteCount)
          guard !overflow else { throw cursor.malformed("it exceeds 2^64 bytes", at: childOffset) }
          start = end
        }
      }
    }
    blocks.sort { $0.start < $1.start }
  }

  /// Where the object is whose place `cursor` is at.
  func object(_ cursor: inout HDF5Cursor) throws(HDF5Error) -> Range<Int> {
    let placeOffset = cursor.position
    let kind = try cursor.uint8()
    guard kind >> 6 == 0 else {
      throw HDF5Error(
        .unsupportedVersion(what: "a place in a fractal heap", version: Int(kind >> 6)), offset: placeOffset)
    }
    guard kind >> 4 & 3 == 0 else {
      throw HDF5Error(
        .unsupported(
          kind >> 4 & 3 == 1 ? "a huge object of a fractal heap" : "a tiny object of a fractal heap"),
        offset: placeOffset)
    }
    let start = try cursor.unsigned(byteCount: offsetByteCount)
    let count = try cursor.unsigned(byteCount: lengthByteCount)
    var low = 0
    var high = blocks.count
    while low < high {
      let middle = (low + high) / 2
      if blocks[middle].start <= start { low = middle + 1 } else { high = middle }
    }
    let outside = HDF5Error(
      .malformed(
        what: "a place in a fractal heap", problem: "\(count) bytes at \(start) are outside its blocks"),
      offset: placeOffset)
    guard low > 0 else { throw outside }
    let block = blocks[low - 1]
    let inside = start - block.start
    guard inside >= UInt64(blockOverhead), inside <= UInt64(block.range.count),
      count <= UInt64(block.range.count) - inside
    else { throw outside }
    let lower = block.range.lowerBound + Int(inside)
    return lower..<lower + Int(count)
  }
}
