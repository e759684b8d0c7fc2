import CNNCodecs
import CNNFiles

extension FuzzTarget {
  /// A table of numbers, from sources that give much and little at a time; written again, it is the same.
  static let csv = FuzzTarget("csv") { bytes in
    let table = try read(MemorySource(bytes))
    let pieces = try read(PieceSource(bytes, size: 5))
    require(table.rowCount > 0, "a table without rows")
    require(table.names == pieces.names, "a table in pieces has other names")
    for (a, b) in Swift.zip(table.arrays, pieces.arrays) {
      require(areSame(a, b), "a table in pieces is another")
    }

    let sink = MemorySink()
    var writer = CSVWriter(sink)
    let columns = table.arrays.map { ($0.doubles(), $0.shape[1]) }
    for row in 0..<table.rowCount {
      for (numbers, count) in columns { writer.add(numbers[row * count..<(row + 1) * count]) }
      try writer.endRow()
    }
    try writer.finish()
    // Types may differ: 234.000000001 is no byte, and as a float it is 234.
    let again = try read(MemorySource(sink.bytes))
    for (a, b) in Swift.zip(table.arrays, again.arrays) {
      require(a.shape == b.shape && a.doubles() == b.doubles(), "CSV writes another table")
    }
  }

  private static func read(_ source: some ByteSource) throws -> CSVTable {
    try CSVTable(source) { [CSVColumns(0..<$0.firstRow.count, .numbers)] }
  }
}
