/// The chunks of a PNG that make its picture, found and verified before anything is decoded (PNG, section 5).
///
/// A chunk is its length (four bytes, big-endian), its type (four letters), its data, and the CRC-32 of type and
/// data (four bytes). An upper-case first letter marks a chunk that must be understood; others may be skipped.
struct PNGStructure {
  /// The eight bytes that every PNG begins with.
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// What the header says.
  let header: PNGHeader
  /// The palette's colours, three bytes each; empty where there is none.
  private(set) var palette: Range<Int> = 0..<0
  /// The transparency: an alpha for each of the first colours, or the samples of the one transparent colour.
  private(set) var transparency: Range<Int>?
  /// The data of the image data chunks.
  private(set) var imageData: [Range<Int>] = []

  /// Where the image data begin: the offset for what is wrong with them as a whole.
  var imageDataOffset: Int { imageData.first.map { $0.lowerBound - 8 } ?? 0 }

  /// Walks over all chunks of `bytes`, and verifies their CRCs, their order, and the lengths of those that count.
  init(parsing bytes: [UInt8], limits: PNGLimits) throws(PNGError) {
    var reader = ByteReader(bytes)
    let headerChunk = try PNGChunk(readingHeaderFrom: &reader)
    header = try PNGHeader(parsing: bytes, at: headerChunk.data.lowerBound)
    guard header.width <= limits.maximumWidth, header.height <= limits.maximumHeight,
      header.width * header.height <= min(limits.maximumPixelCount, 1 << 40),
      header.width * header.height * header.sampleByteCount <= limits.maximumSampleByteCount
    else {
      throw .tooLarge(
        width: header.width, height: header.height, limits: limits, offset: headerChunk.data.lowerBound)
    }

    var previousType = "IHDR"
    while previousType != "IEND" {
      guard !reader.isAtEnd else {
        throw .missingChunk(type: imageData.isEmpty ? "IDAT" : "IEND", offset: reader.position)
      }
      let chunk = try PNGChunk(parsing: &reader)
      switch chunk.type {
      case "PLTE": try take(palette: chunk)
      case "tRNS": try take(transparency: chunk)
      case "IDAT": try take(imageData: chunk, isConsecutive: previousType == "IDAT")
      case "IEND": try take(end: chunk)
      case "IHDR": throw chunk.misplaced(.repeated)
      default:
        if chunk.isCritical { throw .unknownCriticalChunk(type: chunk.type, offset: chunk.offset) }
      }
      previousType = chunk.type
    }
    guard reader.isAtEnd else {
      throw .trailingBytes(count: reader.remaining, offset: reader.position)
    }
  }

  private mutating func take(palette chunk: PNGChunk) throws(PNGError) {
    guard header.colorType != .gray, header.colorType != .grayAlpha else {
      throw chunk.misplaced(.notForColorType)
    }
    guard palette.isEmpty else { throw chunk.misplaced(.repeated) }
    guard imageData.isEmpty else { throw chunk.misplaced(.afterImageData) }
    guard transparency == nil else { throw chunk.misplaced(.afterTransparency) }
    let greatest = header.colorType == .palette ? 3 << header.bitDepth : 768
    let length = chunk.data.count
    guard length > 0, length % 3 == 0, length <= greatest else {
      throw .badChunkLength(type: chunk.type, length: length, offset: chunk.offset)
    }
    palette = chunk.data
  }

  private mutating func take(transparency chunk: PNGChunk) throws(PNGError) {
    guard transparency == nil else { throw chunk.misplaced(.repeated) }
    guard imageData.isEmpty else { throw chunk.misplaced(.afterImageData) }
    let fits: Bool
    switch header.colorType {
    case .gray: fits = chunk.data.count == 2
    case .rgb: fits = chunk.data.count == 6
    case .palette:
      guard !palette.isEmpty else { throw chunk.misplaced(.beforePalette) }
      fits = chunk.data.count <= palette.count / 3
    case .grayAlpha, .rgbAlpha: throw chunk.misplaced(.notForColorType)
    }
    guard fits else {
      throw .badChunkLength(type: chunk.type, length: chunk.data.count, offset: chunk.offset)
    }
    transparency = chunk.data
  }

  private mutating func take(imageData chunk: PNGChunk, isConsecutive: Bool) throws(PNGError) {
    if imageData.isEmpty {
      guard header.colorType != .palette || !palette.isEmpty else {
        throw .missingChunk(type: "PLTE", offset: chunk.offset)
      }
    } else {
      guard isConsecutive else {
        throw chunk.misplaced(.notConsecutive)
      }
    }
    imageData.append(chunk.data)
  }

  private mutating func take(end chunk: PNGChunk) throws(PNGError) {
    guard !imageData.isEmpty else { throw .missingChunk(type: "IDAT", offset: chunk.offset) }
    guard chunk.data.isEmpty else {
      throw .badChunkLength(type: chunk.type, length: chunk.data.count, offset: chunk.offset)
    }
  }
}
