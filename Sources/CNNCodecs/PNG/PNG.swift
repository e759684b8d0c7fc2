import CPNG

/// Portable Network Graphics (ISO/IEC 15948, https://www.w3.org/TR/png/), decoded into grey and encoded.
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
  ///   - limits: the greatest picture that is decoded. The memory needed is a byte for each pixel, and for an
  ///     interlaced picture its samples beside. It is taken when the image data are known to be all there.
  ///   - background: the grey that shows through where the picture is transparent.
  /// - Throws: a `PNGError` unless every byte of the file is as it should be, and for pictures beyond `limits`.
  public static func decodeGray(
    _ bytes: [UInt8], limits: PNGLimits = .default, background: UInt8 = 255
  ) throws(PNGError) -> GrayImage {
    let structure = try PNGStructure(parsing: bytes, limits: limits)
    try PNGImageDataCheck(structure, in: bytes).run()
    let header = structure.header
    let pixelCount = header.width * header.height
    var outcome = Outcome(status: cpng_ok, diagnosis: cpng_diagnosis(), badIndex: nil)
    let pixels = [UInt8](unsafeUninitializedCapacity: pixelCount) { buffer, initialized in
      outcome = decodeRows(structure, of: bytes, background: background, into: buffer)
      initialized = outcome.status == cpng_ok ? pixelCount : 0
    }
    switch outcome.status {
    case cpng_ok:
      return GrayImage(width: header.width, height: header.height, pixels: pixels)
    case cpng_out_of_memory:
      throw .outOfMemory
    default:
      if let badIndex = outcome.badIndex {
        throw .indexBeyondPalette(
          index: badIndex.index, colorCount: structure.palette.count / 3, x: badIndex.x, y: badIndex.y,
          offset: structure.imageDataOffset)
      }
      throw .libpng(detail: outcome.diagnosis.text)
    }
  }

  /// What came of decoding the rows.
  private struct Outcome {
    var status: cpng_status
    var diagnosis: cpng_diagnosis
    var badIndex: (index: Int, x: Int, y: Int)?
  }

  /// What the row function needs.
  private struct RowContext {
    let converter: PNGRowConverter
    let pixels: UnsafeMutableBufferPointer<UInt8>
    let width: Int
    var badIndex: (index: Int, x: Int, y: Int)?
  }

  /// Lets libpng decode, and converts each row into its place in `pixels`.
  private static func decodeRows(
    _ structure: PNGStructure, of bytes: [UInt8], background: UInt8,
    into pixels: UnsafeMutableBufferPointer<UInt8>
  ) -> Outcome {
    let header = structure.header
    let spans = structure.essentialParts.map { cpng_span(offset: $0.lowerBound, count: $0.count) }
    var expected = cpng_header(
      width: UInt32(header.width), height: UInt32(header.height), bit_depth: UInt8(header.bitDepth),
      color_type: header.colorType.rawValue, is_interlaced: header.isInterlaced ? 1 : 0)
    var context = RowContext(
      converter: PNGRowConverter(structure, in: bytes, background: background), pixels: pixels,
      width: header.width)
    var diagnosis = cpng_diagnosis()
    let status = withUnsafeMutablePointer(to: &context) { context in
      cpng_decode(
        bytes, spans, spans.count, &expected,
        { context, y, row, rowByteCount in
          let context = context.assumingMemoryBound(to: RowContext.self)
          let width = context.pointee.width
          let start = Int(y) * width
          let badColumn = context.pointee.converter.convert(
            UnsafeBufferPointer(start: row, count: rowByteCount),
            into: UnsafeMutableBufferPointer(rebasing: context.pointee.pixels[start..<start + width]))
          guard let badColumn else { return 1 }
          context.pointee.badIndex = (Int(row[badColumn]), badColumn, Int(y))
          return 0
        }, context, &diagnosis)
    }
    return Outcome(status: status, diagnosis: diagnosis, badIndex: context.badIndex)
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
