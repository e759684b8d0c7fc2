/// What the header chunk of a PNG says of its picture (PNG, section 11.2.1).
public struct PNGHeader: Sendable, Equatable {
  /// What the samples of a pixel mean, with the number that says so in the file.
  public enum ColorType: UInt8, Sendable, CaseIterable {
    case gray = 0
    case rgb = 2
    case palette = 3
    case grayAlpha = 4
    case rgbAlpha = 6

    /// The number of samples of a pixel; a palette index is one.
    public var channelCount: Int {
      switch self {
      case .gray, .palette: 1
      case .grayAlpha: 2
      case .rgb: 3
      case .rgbAlpha: 4
      }
    }

    /// The bit depths that go with this type.
    public var bitDepths: [Int] {
      switch self {
      case .gray: [1, 2, 4, 8, 16]
      case .palette: [1, 2, 4, 8]
      case .rgb, .grayAlpha, .rgbAlpha: [8, 16]
      }
    }
  }

  /// The number of columns, 1 to 2^31 - 1.
  public let width: Int
  /// The number of rows, 1 to 2^31 - 1.
  public let height: Int
  /// The number of bits of a sample: 1, 2, 4, 8 or 16.
  public let bitDepth: Int
  /// What the samples of a pixel mean.
  public let colorType: ColorType
  /// Whether the rows come in Adam7's seven passes.
  public let isInterlaced: Bool
}

extension PNGHeader {
  /// How long the header chunk's data are.
  static let byteCount = 13

  /// Reads the header chunk's data, the `byteCount` bytes of `bytes` from `start` on.
  ///
  /// | bytes | field |
  /// | --- | --- |
  /// | 4 | width, big-endian |
  /// | 4 | height, big-endian |
  /// | 1 | bit depth |
  /// | 1 | colour type |
  /// | 1 | compression method, 0 |
  /// | 1 | filter method, 0 |
  /// | 1 | interlace method, 0 or 1 |
  init(parsing bytes: [UInt8], at start: Int) throws(PNGError) {
    func dimension(_ name: String, at offset: Int) throws(PNGError) -> Int {
      let value = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
      guard value >= 1, value <= 0x7FFF_FFFF else {
        throw .badHeader(field: name, value: value, offset: offset)
      }
      return value
    }
    width = try dimension("width", at: start)
    height = try dimension("height", at: start + 4)
    guard let colorType = ColorType(rawValue: bytes[start + 9]) else {
      throw .badHeader(field: "colour type", value: Int(bytes[start + 9]), offset: start + 9)
    }
    bitDepth = Int(bytes[start + 8])
    guard colorType.bitDepths.contains(bitDepth) else {
      throw .badHeader(
        field: "bit depth for colour type \(colorType.rawValue)", value: bitDepth, offset: start + 8)
    }
    self.colorType = colorType
    for (field, offset) in [("compression method", start + 10), ("filter method", start + 11)] {
      guard bytes[offset] == 0 else {
        throw .badHeader(field: field, value: Int(bytes[offset]), offset: offset)
      }
    }
    guard bytes[start + 12] <= 1 else {
      throw .badHeader(field: "interlace method", value: Int(bytes[start + 12]), offset: start + 12)
    }
    isInterlaced = bytes[start + 12] == 1
  }

  /// How many bytes the samples of a pixel take when they are unpacked: one each up to 8 bits, two for 16.
  var sampleByteCount: Int { colorType.channelCount * (bitDepth == 16 ? 2 : 1) }

  /// How many bits a pixel takes where it is stored.
  var storedBitsPerPixel: Int { bitDepth * colorType.channelCount }

  /// The passes in which the rows are stored, those without pixels left out: seven for Adam7, else one.
  var passes: [PNGPass] {
    (isInterlaced ? PNGPass.adam7 : PNGPass.whole).compactMap { column, row, columnStep, rowStep in
      let columns = (width - column + columnStep - 1) / columnStep
      let rows = (height - row + rowStep - 1) / rowStep
      guard columns > 0, rows > 0 else { return nil }
      return PNGPass(
        firstColumn: column, firstRow: row, columnStep: columnStep, rowStep: rowStep, columnCount: columns,
        rowCount: rows, rowByteCount: (columns * storedBitsPerPixel + 7) / 8)
    }
  }
}
