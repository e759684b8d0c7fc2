import CNNFiles

/// The first line of a table: names or numbers.
enum CSVHeader {
  /// How many numbers that count the columns are names without any other name beside them: a picture of fewer pixels
  /// might have these.
  private static let leastCounting = 16

  /// Whether a row is one of names: half of its fields or more are no numbers, or the numbers in it are just those of
  /// the columns, 0, 1, 2, ... or 1, 2, 3, ...: at least three of them with a name in front or behind, or sixteen.
  ///
  /// A row of numbers with a few damaged fields is none, so that it is an error and does not vanish.
  static func isHeader(_ fields: [[UInt8]]) -> Bool {
    let values = fields.map { CSVNumber.value(of: $0) }
    let others = values.count { $0 == nil }
    if others * 2 >= values.count { return true }
    guard let first = values.firstIndex(where: { $0 != nil }) else { return true }
    let run = values[first...].prefix { $0 != nil }.compactMap(\.self)
    guard run.count >= (others == 0 ? leastCounting : 3), first <= 1, first + run.count >= values.count - 1,
      run[0] == 0 || run[0] == 1
    else {
      return false
    }
    return zip(run, run.dropFirst()).allSatisfy { $1 == $0 + 1 }
  }

  /// A name without spaces around it.
  static func name(_ field: [UInt8]) -> String {
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    guard let last = field.lastIndex(where: { !isSpace($0) }) else { return "" }
    return String(decoding: field[...last].drop(while: isSpace), as: UTF8.self)
  }
}

extension CSVTable {
  /// Whether a file that begins with `prefix` is a table of numbers; the first 64 KiB are looked at.
  ///
  /// It is text, and its first line that is not one of names begins with numbers, at least half of its fields: two
  /// fields of it must be there, or the line's end. A line of names that fills the whole prefix, more than a thousand
  /// of them, is enough.
  public static func looksLikeCSV(prefix: [UInt8]) -> Bool {
    var bytes = prefix.prefix(1 << 16)
    if bytes.starts(with: CSVReader.byteOrderMark) { bytes = bytes.dropFirst(3) }
    guard let first = bytes.first(where: { $0 != 0x0A && $0 != 0x0D }), !"{[<(".utf8.contains(first),
      bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) && $0 != 0x0B && $0 != 0x0C }
      ),
      var reader = try? CSVReader(MemorySource([UInt8](bytes)), limit: .max)
    else { return false }
    guard let row = try? wholeFields(&reader) else { return false }
    let others = row.fields.count { CSVNumber.value(of: $0) == nil }
    guard row.isWhole || others == 0 else { return row.fields.count > 1000 && others * 2 >= row.fields.count }
    guard row.isWhole, CSVHeader.isHeader(row.fields) else {
      return row.fields.count >= (row.isWhole ? 1 : 2) && others * 2 < row.fields.count
    }
    guard let second = try? wholeFields(&reader), second.fields.count >= (second.isWhole ? 1 : 2)
    else { return false }
    return second.fields.count { CSVNumber.value(of: $0) == nil } * 2 < second.fields.count
  }

  /// The fields of the next row of a prefix without one that may be cut off, and whether the row's end is there.
  private static func wholeFields(_ reader: inout CSVReader) throws -> (
    fields: [[UInt8]], isWhole: Bool
  ) {
    var fields: [[UInt8]] = []
    guard try reader.nextRow() else { return ([], false) }
    while true {
      let end = try reader.readField()
      if end == .input { return (fields, false) }
      fields.append(reader.field)
      if end == .row { return (fields, true) }
    }
  }
}
