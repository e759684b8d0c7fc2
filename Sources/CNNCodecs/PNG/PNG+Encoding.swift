import CPNG

extension PNG {
  /// `picture` as a PNG of 8-bit samples, without interlacing or ancillary chunks.
  ///
  /// A picture all of whose pixels are grey becomes one of grey, one of at most 256 colours gets a palette unless it is
  /// smaller without, and any other has red, green and blue. Several filters are tried, and the smallest file is taken.
  /// The same picture always gives the same bytes, on one version of libpng and zlib. `decodeGray(_:limits:background:)`
  /// is the inverse for grey pictures.
  ///
  /// - Throws: `PNGError.libpng` for more than 2^31 - 1 columns or rows, `PNGError.outOfMemory`.
  public static func encode(_ picture: Picture) throws(PNGError) -> [UInt8] {
    switch picture {
    case .gray(let image): try encode(image)
    case .rgb(let image): try encode(image)
    }
  }

  /// `image` as a PNG of 8-bit grey; otherwise like `encode(_:)` for pictures.
  ///
  /// - Throws: `PNGError.libpng` for more than 2^31 - 1 columns or rows, `PNGError.outOfMemory`.
  public static func encode(_ image: GrayImage) throws(PNGError) -> [UInt8] {
    try PNGEncoding(width: image.width, height: image.height, samples: image.pixels, kind: .gray).smallest()
  }

  /// `image` as a PNG of grey, of a palette, or of red, green and blue; otherwise like `encode(_:)` for pictures.
  ///
  /// - Throws: `PNGError.libpng` for more than 2^31 - 1 columns or rows, `PNGError.outOfMemory`.
  public static func encode(_ image: RGBImage) throws(PNGError) -> [UInt8] {
    if let grays = grays(of: image) {
      return try encode(GrayImage(width: image.width, height: image.height, pixels: grays))
    }
    let plain = PNGEncoding(width: image.width, height: image.height, samples: image.pixels, kind: .rgb)
    guard let palette = PNGPalette(image.pixels) else { return try plain.smallest() }
    let indexed = try PNGEncoding(
      width: image.width, height: image.height, samples: palette.indices, kind: .palette(palette.colors)
    ).smallest()
    // A palette of all 256 colours takes 780 bytes, which only small pictures can save elsewhere.
    guard image.pixels.count <= 100_000 else { return indexed }
    let direct = try plain.smallest()
    return direct.count < indexed.count ? direct : indexed
  }

  /// `picture` as a PNG of 8-bit samples, made in one way instead of the smallest of several, which takes a tenth of the
  /// time: for folders of many small pictures.
  ///
  /// A picture of colours stays one, whatever its pixels are. Otherwise like `encode(_:)`.
  ///
  /// - Throws: `PNGError.libpng` for more than 2^31 - 1 columns or rows, `PNGError.outOfMemory`.
  public static func encodeQuickly(_ picture: Picture) throws(PNGError) -> [UInt8] {
    switch picture {
    case .gray(let image):
      try PNGEncoding(width: image.width, height: image.height, samples: image.pixels, kind: .gray).quick()
    case .rgb(let image):
      try PNGEncoding(width: image.width, height: image.height, samples: image.pixels, kind: .rgb).quick()
    }
  }

  /// The greys of a picture that has no hue anywhere, else nil.
  private static func grays(of image: RGBImage) -> [UInt8]? {
    let isGray = image.pixels.withUnsafeBufferPointer { samples in
      for start in stride(from: 0, to: samples.count, by: 3)
      where samples[start] != samples[start + 1] || samples[start] != samples[start + 2] {
        return false
      }
      return true
    }
    guard isGray else { return nil }
    return stride(from: 0, to: image.pixels.count, by: 3).map { image.pixels[$0] }
  }
}
