import CNNCodecs
import CNNFiles

/// What a table of numbers holds for a data set: pictures with labels, pictures alone, or labels alone.
///
/// `formats/csv.md` says by what columns they are known.
public struct CSVDataset: Sendable {
  /// [N, pixels]: bytes, or float32 for numbers that are none; nil for labels alone.
  public let images: NumericArray?
  /// [N], or [N, classes] one-hot; nil for pictures alone.
  public let labels: NumericArray?
  /// What was done to the pixels, in a few words.
  public let notes: [String]
  /// How the labels were found where that is open to doubt, in a few words.
  let labelNotes: [String]

  /// The most bytes of a table: 4 GiB.
  static let maximumByteCount = 1 << 32

  /// Reads a table, one part of it after another.
  ///
  /// - Throws: `CSVError`, what the source throws, and `InterchangeError` for columns or pixels that make no pictures.
  init(_ source: any ByteSource) throws {
    var columns = CSVLayout(labels: nil, images: nil)
    let table = try CSVTable(source, limit: Self.maximumByteCount) { heading in
      columns = try CSVLayout(heading)
      return columns.groups
    }
    func array(_ range: Range<Int>?) -> (index: Int, array: NumericArray)? {
      guard let range, let index = columns.groups.firstIndex(where: { $0.range == range }) else { return nil }
      return (index, table.arrays[index])
    }
    let found = array(columns.labels)?.array
    labels = found.flatMap { found in
      // One label a row is a list, not a table of one column.
      found.shape.last == 1
        ? NumericArray(
          elementType: found.elementType, shape: [table.rowCount], storage: found.storage, range: found.range)
        : found
    }
    guard let (index, pixels) = array(columns.images) else {
      labelNotes = []
      images = nil
      notes = []
      return
    }
    if table.names == nil, columns.labels == 0..<1, let labels {
      let isConstant = try Self.checkLabelsAreFirst(labels: labels, pixels: pixels)
      labelNotes = isConstant ? ["from the first column, which is the same in all rows"] : []
    } else {
      labelNotes = []
    }
    if pixels.elementType == .uint8 {
      // Pixels that are 0 and 1 are black and white, not black and nearly black.
      let isBinary = pixels.storage.allSatisfy { $0 <= 1 } && pixels.storage.contains(1)
      notes = isBinary ? ["0 and 1 to 0 and 255"] : []
      images =
        isBinary
        ? NumericArray(
          elementType: .uint8, shape: pixels.shape, storage: pixels.storage.map { $0 * 255 },
          range: pixels.range)
        : pixels
      return
    }
    notes = []
    images = pixels
    if let place = table.firstOtherThanBytes[index], Self.isWhole(pixels) {
      throw InterchangeError.csvPixels(line: place.line, field: place.column)
    }
  }

  /// Whether all numbers of a float32 array are whole.
  private static func isWhole(_ array: NumericArray) -> Bool {
    array.storage.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: 4).allSatisfy { offset in
        let value = Float(
          bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        return value == value.rounded()
      }
    }
  }

  /// Without names the first column is taken for the label; a first column that is the same in every row, as the first
  /// pixel is, in front of a last one that is not, as the label is, says otherwise if there are rows enough.
  ///
  /// - Returns: whether the first column is the same in all rows, of which there are two at least.
  private static func checkLabelsAreFirst(
    labels: NumericArray, pixels: NumericArray
  ) throws(InterchangeError) -> Bool {
    guard let columns = pixels.shape.last, columns > 0, labels.shape[0] >= 2 else { return false }
    func isConstant(_ array: NumericArray, column: Int, of columns: Int) -> Bool {
      let size = array.elementType.byteCount
      let first = array.storage[column * size..<(column + 1) * size]
      return stride(from: column * size, to: array.storage.count, by: columns * size).allSatisfy {
        array.storage[$0..<$0 + size].elementsEqual(first)
      }
    }
    guard isConstant(labels, column: 0, of: 1) else { return false }
    if labels.shape[0] >= 10, !isConstant(pixels, column: columns - 1, of: columns) { throw .csvLabelColumn }
    return true
  }
}

/// Which columns of a table are labels and which are pixels.
struct CSVLayout {
  /// One column, or one for each class.
  let labels: Range<Int>?
  /// One column for each pixel of a square picture.
  let images: Range<Int>?

  init(labels: Range<Int>?, images: Range<Int>?) {
    self.labels = labels
    self.images = images
  }

  /// Names of a column of labels.
  private static let labelNames: Set<String> = [
    "label", "labels", "class", "classes", "target", "digit", "letter", "y",
  ]

  /// Finds out by the number of columns, the names, and the first row.
  ///
  /// - Throws: `InterchangeError.csvColumns`.
  init(_ heading: CSVTable.Heading) throws(InterchangeError) {
    let count = heading.firstRow.count
    let names = heading.names?.map { String($0.lowercased().drop { $0 == "#" || $0 == " " }) }
    // Tables of pandas begin with a column of row numbers, which has no name.
    let first = count > 2 && names?[0] == "" ? 1 : 0
    let width = count - first
    if width == 1 {
      self.init(labels: first..<count, images: nil)
    } else if Self.isPicture(width - 1) {
      let isLast = names.map {
        Self.labelNames.contains($0[count - 1]) && !Self.labelNames.contains($0[first])
      }
      if isLast == true {
        self.init(labels: count - 1..<count, images: first..<count - 1)
      } else {
        self.init(labels: first..<first + 1, images: first + 1..<count)
      }
    } else if Self.isPicture(width) {
      self.init(labels: nil, images: first..<count)
    } else if let pixels = Self.pixelsBeforeOneHot(heading.firstRow[first...]) {
      self.init(labels: first + pixels..<count, images: first..<first + pixels)
    } else {
      throw .csvColumns(width)
    }
  }

  /// The groups of columns to read, from left to right.
  var groups: [CSVColumns] {
    [labels.map { CSVColumns($0, .counts) }, images.map { CSVColumns($0, .numbers) }].compactMap(\.self)
      .sorted { $0.range.lowerBound < $1.range.lowerBound }
  }

  private static func isPicture(_ pixels: Int) -> Bool {
    pixels >= 4 && squareRoot(pixels) * squareRoot(pixels) == pixels
  }

  private static func squareRoot(_ number: Int) -> Int { Int(Double(number).squareRoot()) }

  /// How many pixels stand in front of a one-hot row: those of MNIST's pictures if that is possible, else the largest
  /// square.
  private static func pixelsBeforeOneHot(_ row: ArraySlice<Double>) -> Int? {
    let largest = squareRoot(max(row.count - 2, 0))
    return [28, largest].map { $0 * $0 }.first { pixels in
      guard pixels >= 4, row.count - pixels >= 2 else { return false }
      let tail = row.dropFirst(pixels)
      return tail.count { $0 == 1 } == 1 && tail.count { $0 == 0 } == tail.count - 1
    }
  }
}
