import CPNG

extension PNG {
  /// `image` as a PNG of 8-bit grey, without interlacing or ancillary chunks.
  ///
  /// Compressed as hard as zlib can, once with filters and once without, and the smaller is taken (pictures of few
  /// flat tones gain by none). The same picture always gives the same bytes, on one version of libpng and zlib. The
  /// inverse is `decodeGray(_:limits:background:)`.
  ///
  /// - Throws: `PNGError.libpng` if there is not enough memory, or for more than 2^31 - 1 columns or rows.
  public static func encode(_ image: GrayImage) throws(PNGError) -> [UInt8] {
    try encode(image.pixels, width: image.width, height: image.height, channelCount: 1)
  }

  /// `image` as a PNG of 8-bit red, green and blue; otherwise like `encode` for grey pictures.
  ///
  /// - Throws: `PNGError.libpng` if there is not enough memory, or for more than 2^31 - 1 columns or rows.
  public static func encode(_ image: RGBImage) throws(PNGError) -> [UInt8] {
    try encode(image.pixels, width: image.width, height: image.height, channelCount: 3)
  }

  private static func encode(
    _ pixels: [UInt8], width: Int, height: Int, channelCount: Int32
  ) throws(PNGError) -> [UInt8] {
    let plain = try encode(pixels, width: width, height: height, channelCount: channelCount, cpng_filter_none)
    let filtered = try encode(
      pixels, width: width, height: height, channelCount: channelCount, cpng_filter_adaptive)
    return filtered.count < plain.count ? filtered : plain
  }

  private static func encode(
    _ pixels: [UInt8], width: Int, height: Int, channelCount: Int32, _ filter: cpng_filter
  ) throws(PNGError) -> [UInt8] {
    guard let columns = UInt32(exactly: width), let rows = UInt32(exactly: height) else {
      throw .libpng(detail: "the picture has more columns or rows than a PNG can have")
    }
    var buffer = cpng_buffer()
    var diagnosis = cpng_diagnosis()
    let status = cpng_encode(pixels, columns, rows, channelCount, filter, 9, &buffer, &diagnosis)
    defer { cpng_release(&buffer) }
    switch status {
    case cpng_ok: return [UInt8](UnsafeBufferPointer(start: buffer.bytes, count: buffer.count))
    case cpng_out_of_memory: throw .outOfMemory
    default: throw .libpng(detail: diagnosis.text)
    }
  }
}

extension cpng_diagnosis {
  /// libpng's reason, and its last warning where there was one.
  var text: String {
    func string<Characters>(_ characters: Characters) -> String {
      withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    let reason = string(message)
    let remark = string(warning)
    return remark.isEmpty ? reason : "\(reason) (\(remark))"
  }
}
