import CNNCodecs
import CNNFiles

/// Data sets as tables, a picture a row.
enum CSVExport {
  /// A file of one split, or in a folder one for each: `train.csv`, `valid.csv`, `test.csv`.
  ///
  /// The first row names the columns: `label`, `pixel0`, `pixel1`, ...; without labels there is no first column.
  static func dataset(
    _ splits: [LabelledArrays], isCompressed: Bool, isFolder: Bool
  ) throws(ExportError) -> Export.Product {
    guard isFolder || splits.count == 1 else { throw .severalSplits(splits.map(\.split)) }
    let files = splits.map { split in
      let name = isFolder ? "\(split.split.rawValue).csv\(isCompressed ? ".gz" : "")" : ""
      return ExportedFile(name) { sink in
        guard isCompressed else { return try write(split, to: sink) }
        let plain = MemorySink()
        try write(split, to: plain)
        try sink.write(Gzip.compress(plain.bytes))
      }
    }
    // Readers take a row of 784 pixels for a square of 28.
    let shape = splits.first?.images.shape ?? []
    let isSquare = shape.count == 3 && shape[1] == shape[2]
    let isSquareChannel = shape.count == 4 && shape[1] == 1 && shape[2] == shape[3]
    return Export.Product(files: files, lost: isSquare || isSquareChannel ? [] : [.shape])
  }

  private static func write(_ split: LabelledArrays, to sink: any ByteSink) throws {
    let labels = split.labels?.integers()
    let rowCount = split.images.shape.first ?? 0
    let columnCount = split.images.shape.dropFirst().reduce(1, *)
    var writer = CSVWriter(sink)
    if labels != nil { writer.add("label") }
    for column in 0..<columnCount { writer.add("pixel\(column)") }
    try writer.endRow()
    let pixels = Pixels(split.images)
    for row in 0..<rowCount {
      if let labels { writer.add(labels[row]) }
      let range = row * columnCount..<(row + 1) * columnCount
      switch pixels {
      case .bytes(let bytes): writer.add(bytes[range])
      case .floats(let array): writer.add(array.elements(in: range).floats().values[...])
      case .doubles(let array): writer.add(array.elements(in: range).doubles()[...])
      }
      try writer.endRow()
    }
    try writer.finish()
  }

  private enum Pixels {
    case bytes([UInt8])
    case floats(NumericArray)
    case doubles(NumericArray)

    init(_ images: NumericArray) {
      switch images.elementType {
      case .uint8: self = .bytes(images.rowMajorLittleEndianBytes())
      case .float64: self = .doubles(images.normalized())
      default: self = .floats(images.normalized())
      }
    }
  }
}

extension NumericArray {
  /// Some of the elements of a normalized array, counted in its order.
  fileprivate func elements(in places: Range<Int>) -> NumericArray {
    let size = elementType.byteCount
    let start = range.lowerBound + places.lowerBound * size
    return NumericArray(
      elementType: elementType, shape: [places.count], storage: storage,
      range: start..<start + places.count * size) ?? self
  }
}
