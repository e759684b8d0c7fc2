/// Portable Network Graphics (ISO/IEC 15948, https://www.w3.org/TR/png/), decoded into grey or colours, and encoded.
///
/// Decoding needs zlib alone, encoding libpng.
///
/// `formats/png.md` says what is read, what is refused, and how colours become grey.
public enum PNG {
  /// Whether a file that begins with `prefix`, of which eight bytes are needed, claims to be a PNG.
  public static func isPNG(_ prefix: some Sequence<UInt8>) -> Bool {
    prefix.prefix(8).elementsEqual(PNGStructure.signature)
  }

  /// What the header of the PNG `bytes` says; nothing behind the header is looked at, so a prefix of 33 bytes is
  /// enough.
  ///
  /// - Throws: a `PNGError` unless signature and header are whole and sound.
  public static func header(_ bytes: [UInt8]) throws(PNGError) -> PNGHeader {
    var reader = ByteReader(bytes)
    let chunk = try PNGChunk(readingHeaderFrom: &reader)
    return try PNGHeader(parsing: bytes, at: chunk.data.lowerBound)
  }

  /// The PNG `bytes` as a grey picture.
  ///
  /// Every colour type, bit depth and interlacing is read. First each sample becomes one of 8 bits, then colours
  /// become grey by the luma of Rec. 601, and then the picture is laid over the background. Gamma, colour profiles
  /// and a background that the file asks for are ignored.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - limits: the greatest picture that is decoded. The memory needed is a byte for each pixel, and a few rows.
  ///     It is taken when the image data are known to be all there.
  ///   - background: the grey that shows through where the picture is transparent.
  /// - Throws: a `PNGError` unless every byte of the file is as it should be, and for pictures beyond `limits`.
  public static func decodeGray(
    _ bytes: [UInt8], limits: PNGLimits = .default, background: UInt8 = 255
  ) throws(PNGError) -> GrayImage {
    try decode(PNGStructure(parsing: bytes, limits: limits), bytes, background: background, weights: .luma)
  }

  /// The PNG `bytes` as a coloured picture, over white where it is transparent; otherwise like `decodeGray`.
  ///
  /// The picture is decoded once for each colour: this is for pictures as small as the inputs of networks.
  ///
  /// - Throws: a `PNGError` unless every byte of the file is as it should be, and for pictures beyond `limits`.
  public static func decodeRGB(_ bytes: [UInt8], limits: PNGLimits = .default) throws(PNGError) -> RGBImage {
    let structure = try PNGStructure(parsing: bytes, limits: limits)
    var planes: [[UInt8]] = []
    for weights in ColorWeights.channels {
      planes.append(try decode(structure, bytes, background: 255, weights: weights).pixels)
    }
    return RGBImage(
      width: structure.header.width, height: structure.header.height,
      pixels: planes[0].indices.flatMap { [planes[0][$0], planes[1][$0], planes[2][$0]] })
  }

  private static func decode(
    _ structure: PNGStructure, _ bytes: [UInt8], background: UInt8, weights: ColorWeights
  ) throws(PNGError) -> GrayImage {
    let rows = try PNGImageDataCheck(structure, in: bytes).run()
    let header = structure.header
    let decoder = PNGRowDecoder(structure, in: bytes, background: background, weights: weights)
    let pixelCount = header.width * header.height
    // A closure that throws would lose the type of the error.
    var outcome = Result<PNGRowDecoder.BadIndex?, PNGError>.success(nil)
    let pixels = [UInt8](unsafeUninitializedCapacity: pixelCount) { buffer, initialized in
      outcome = Result { () throws(PNGError) in try decoder.decode(rows, into: buffer) }
      if case .success(nil) = outcome { initialized = pixelCount }
    }
    if let bad = try outcome.get() {
      throw .indexBeyondPalette(
        index: bad.index, colorCount: structure.palette.count / 3, x: bad.x, y: bad.y,
        offset: structure.imageDataOffset)
    }
    return GrayImage(width: header.width, height: header.height, pixels: pixels)
  }
}
