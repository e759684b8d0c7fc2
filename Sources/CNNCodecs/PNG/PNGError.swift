/// What is wrong with a PNG. Offsets of chunks are those of their length field, where they begin.
public enum PNGError: FormatError, Equatable {
  /// Why a chunk may not stand where it does.
  public enum Misplacement: String, Sendable {
    case repeated = "there can be only one"
    case afterImageData = "it must stand before the image data"
    case notConsecutive = "the image data must not be interrupted by other chunks"
    case notForColorType = "the colour type does not allow it"
    case beforePalette = "it must stand behind the palette"
    case afterTransparency = "it must stand before the transparency"
  }

  /// The file ends inside the signature or a chunk.
  case endsEarly(InputEndsEarly)
  /// The file does not begin with PNG's signature; `offset` is the first byte that differs.
  case notPNG(offset: Int)
  /// A chunk's type is not four ASCII letters.
  case badChunkType([UInt8], offset: Int)
  /// A chunk's length exceeds 2^31 - 1, or is none that a chunk of this type can have.
  case badChunkLength(type: String, length: Int, offset: Int)
  /// The CRC-32 at the end of a chunk is not that of its type and data.
  case chunkChecksum(type: String, declared: UInt32, computed: UInt32, offset: Int)
  /// A chunk that cannot be ignored is of a type that is not defined.
  case unknownCriticalChunk(type: String, offset: Int)
  /// A chunk stands where it must not.
  case misplacedChunk(type: String, Misplacement, offset: Int)
  /// A chunk that must be there is not; `offset` is where it had to be at the latest.
  case missingChunk(type: String, offset: Int)
  /// A field of the header has a value that is not defined.
  case badHeader(field: String, value: Int, offset: Int)
  /// The picture is larger than the caller allows.
  case tooLarge(width: Int, height: Int, limits: PNGLimits, offset: Int)
  /// The image data do not begin with a valid zlib header (RFC 1950).
  case badZlibHeader(UInt16, offset: Int)
  /// The image data do not decompress; `detail` is zlib's word on it.
  case corruptImageData(detail: String, offset: Int)
  /// The image data decompress to less than the picture.
  case imageDataTooShort(expected: Int, found: Int, offset: Int)
  /// The image data go on behind the picture: decompressed, or with bytes that belong to nothing.
  case imageDataTooLong(expected: Int, offset: Int)
  /// The Adler-32 at the end of the image data, at `offset`, is not that of the decompressed data.
  case imageDataChecksum(declared: UInt32, computed: UInt32, offset: Int)
  /// A stored row, counted from 0 over all passes, names a filter beyond 4; `offset` is that of the image data.
  case unknownFilter(UInt8, row: Int, offset: Int)
  /// A pixel's index is beyond the palette; `offset` is that of the image data.
  case indexBeyondPalette(index: Int, colorCount: Int, x: Int, y: Int, offset: Int)
  /// Bytes follow the end chunk.
  case trailingBytes(count: Int, offset: Int)
  /// libpng could not encode; its own words.
  case libpng(detail: String)
  /// There is not enough memory.
  case outOfMemory

  /// Where in the file the trouble begins; nil where no single byte is to blame.
  public var offset: Int? {
    switch self {
    case .endsEarly(let error): error.offset
    case .notPNG(let offset), .badChunkType(_, let offset), .badChunkLength(_, _, let offset),
      .chunkChecksum(_, _, _, let offset), .unknownCriticalChunk(_, let offset),
      .misplacedChunk(_, _, let offset), .missingChunk(_, let offset), .badHeader(_, _, let offset),
      .tooLarge(_, _, _, let offset), .badZlibHeader(_, let offset), .corruptImageData(_, let offset),
      .imageDataTooShort(_, _, let offset), .imageDataTooLong(_, let offset),
      .imageDataChecksum(_, _, let offset), .unknownFilter(_, _, let offset),
      .indexBeyondPalette(_, _, _, _, let offset), .trailingBytes(_, let offset):
      offset
    case .libpng, .outOfMemory: nil
    }
  }

  /// What is wrong, as a sentence for people.
  public var reason: String {
    switch self {
    case .endsEarly(let error):
      error.reason
    case .notPNG(let offset):
      offset < 4
        ? "this is no PNG: it does not begin with PNG's signature"
        : "PNG's signature is damaged, as by a transfer that converts line ends"
    case .badChunkType(let type, _):
      "a PNG chunk has the type \(type); a type is four ASCII letters"
    case .badChunkLength(let type, let length, _):
      "the PNG chunk \(type) declares \(length) bytes, which it cannot have"
    case .chunkChecksum(let type, let declared, let computed, _):
      "the PNG chunk \(type) is damaged: its CRC-32 is \(computed.eightHexadecimalDigits), "
        + "and \(declared.eightHexadecimalDigits) is declared"
    case .unknownCriticalChunk(let type, _):
      "the PNG chunk \(type) is critical, and unknown"
    case .misplacedChunk(let type, let misplacement, _):
      "the PNG chunk \(type) stands in the wrong place: \(misplacement.rawValue)"
    case .missingChunk(let type, _):
      "the PNG has no \(type) chunk where there must be one"
    case .badHeader(let field, let value, _):
      "the PNG header says \(value) for the \(field), which is not defined"
    case .tooLarge(let width, let height, let limits, _):
      "the picture has \(width) by \(height) pixels; at most \(limits.maximumWidth) by "
        + "\(limits.maximumHeight) and \(limits.maximumPixelCount) in all are read, with samples of at most "
        + "\(limits.maximumSampleByteCount) bytes"
    case .badZlibHeader(let header, _):
      "the image data begin with 0x\(String(header, radix: 16)), which is no zlib header that PNG allows"
    case .corruptImageData(let detail, _):
      "the compressed image data are damaged: \(detail)"
    case .imageDataTooShort(let expected, let found, _):
      "the image data end early: the picture takes \(expected) bytes, and \(found) are there"
    case .imageDataTooLong(let expected, _):
      "the image data go on behind the picture's \(expected) bytes"
    case .imageDataChecksum(let declared, let computed, _):
      "the image data are damaged: their Adler-32 is \(computed.eightHexadecimalDigits), "
        + "and \(declared.eightHexadecimalDigits) is declared"
    case .unknownFilter(let filter, let row, _):
      "stored row \(row) has the filter \(filter); the filters are 0 to 4"
    case .indexBeyondPalette(let index, let colorCount, let x, let y, _):
      "the pixel in column \(x) of row \(y) has the colour \(index) of a palette of \(colorCount)"
    case .trailingBytes(let count, _):
      "the PNG goes on for \(count) bytes behind its end"
    case .libpng(let detail):
      "libpng gives up: \(detail)"
    case .outOfMemory:
      "there is not enough memory for the picture"
    }
  }
}
