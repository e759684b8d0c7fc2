public import CNNFiles

/// A table of numbers in comma-separated values, its columns in groups.
///
/// `formats/csv.md` says what is read and what is refused.
public struct CSVTable: Sendable {
  /// What is known of a table when its first row has been read.
  public struct Heading: Sendable {
    /// The names in the first line, without spaces around them; nil if it is a row of numbers.
    public let names: [String]?
    /// The numbers of the first row, one for each column; a field that is no number is NaN, and an error as soon as its
    /// column is read.
    public let firstRow: [Double]
  }

  /// The most columns that a table may have.
  public static let maximumColumnCount = 1 << 17

  /// The names in the first line; nil if there are none.
  public let names: [String]?
  /// How many rows of numbers there are, at least one.
  public let rowCount: Int
  /// The numbers of each group, [rows, columns of the group], in the order in which `layout` named the groups.
  public let arrays: [NumericArray]
  /// For each group where its first number is that is no whole number from 0 to 255.
  public let firstOtherThanBytes: [CSVPlace?]

  /// Reads a table to its end.
  ///
  /// Beside the numbers a part of the input and one field are held.
  ///
  /// - Parameters:
  ///   - limit: the most bytes that are read.
  ///   - layout: says, when the first row has been read, which columns belong together, from left to right and without
  ///     overlap; columns in no group are passed over.
  /// - Throws: `CSVError`, and what `source` and `layout` throw.
  public init(
    _ source: any ByteSource, limit: Int = .max, layout: (Heading) throws -> [CSVColumns]
  ) throws {
    var reader = try CSVReader(source, limit: limit)
    guard try reader.nextRow() else { throw CSVError(.empty, at: reader.nextPlace) }
    var row = try Self.readRow(&reader, expected: nil)
    if CSVHeader.isHeader(row.map(\.text)) {
      names = row.map { CSVHeader.name($0.text) }
      guard try reader.nextRow() else { throw CSVError(.noRows, at: reader.nextPlace) }
      row = try Self.readRow(&reader, expected: row.count)
    } else {
      names = nil
    }
    let columnCount = row.count
    let groups = try layout(
      Heading(names: names, firstRow: row.map { CSVNumber.value(of: $0.text) ?? .nan }))
    precondition(groups.allSatisfy { $0.range.upperBound <= columnCount }, "there are no such columns")
    var values = groups.map { CSVColumnValues($0) }
    for index in values.indices {
      for column in groups[index].range.clamped(to: 0..<columnCount) {
        try values[index].append(row[column].text, at: row[column].place)
      }
    }
    // A number takes two bytes of the input at least. Room that is never written to costs nothing, and too little of it
    // a second copy.
    let greatestCount = (reader.remainingByteCount ?? 0) / 2
    for index in values.indices {
      values[index].reserve(greatestCount / columnCount * groups[index].range.count + columnCount)
    }
    row = []
    var count = 1
    while try reader.nextRow() {
      try Self.readRow(&reader, into: &values, columnCount: columnCount)
      count += 1
    }
    rowCount = count
    firstOtherThanBytes = values.map(\.firstOtherThanByte)
    arrays = values.compactMap { group in
      NumericArray(
        elementType: group.elementType, shape: [count, group.columns.range.count], storage: group.bytes,
        range: 0..<group.bytes.count)
    }
  }

  private typealias Field = (text: [UInt8], place: CSVPlace)

  private static func readRow(_ reader: inout CSVReader, expected: Int?) throws -> [Field] {
    var fields: [Field] = []
    while true {
      let end = try reader.readField()
      fields.append((reader.field, reader.place))
      if let expected, fields.count > expected {
        throw CSVError(.columnCount(expected: expected, found: fields.count), at: reader.place)
      }
      guard fields.count <= maximumColumnCount else {
        throw CSVError(.tooManyColumns(limit: maximumColumnCount), at: reader.place)
      }
      if end != .separator { break }
    }
    if let expected, fields.count < expected {
      throw CSVError(.columnCount(expected: expected, found: fields.count), at: reader.place)
    }
    return fields
  }

  private static func readRow(
    _ reader: inout CSVReader, into values: inout [CSVColumnValues], columnCount: Int
  ) throws {
    var column = 0
    var group = 0
    while true {
      while group < values.count, values[group].columns.range.upperBound <= column { group += 1 }
      let isWanted = group < values.count && values[group].columns.range.contains(column)
      if isWanted {
        column += values[group].takeBytes(
          upTo: min(values[group].columns.range.upperBound, columnCount - 1) - column, from: &reader)
        if column == values[group].columns.range.upperBound { continue }
      }
      let end = try reader.readField()
      guard column < columnCount else {
        throw CSVError(.columnCount(expected: columnCount, found: column + 1), at: reader.place)
      }
      if isWanted { try values[group].append(reader.field, at: reader.place) }
      column += 1
      if end != .separator { break }
    }
    guard column == columnCount else {
      throw CSVError(.columnCount(expected: columnCount, found: column), at: reader.place)
    }
  }
}
