/// A table of plain text: columns padded to equal width, two spaces between them.
public struct TextTable: Sendable {
  /// Where a column's text stands.
  public enum Alignment: Sendable {
    /// Words.
    case left
    /// Numbers.
    case right
  }

  private let alignments: [Alignment]
  private var rows: [[String]]

  /// A table with a heading for each column.
  public init(_ headings: [(String, Alignment)]) {
    alignments = headings.map(\.1)
    rows = [headings.map(\.0)]
  }

  /// Adds a row with a text for each column; control characters are escaped.
  public mutating func add(_ cells: [String]) {
    rows.append(cells.map(\.onOneLine))
  }

  /// The table's lines, each ending in a line feed, without spaces at their ends.
  public var text: String {
    let widths = alignments.indices.map { column in
      rows.map { $0[column].count }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        if column > 0 { line += "  " }
        line += alignments[column] == .left ? cell + space : space + cell
      }
      while line.hasSuffix(" ") { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}
