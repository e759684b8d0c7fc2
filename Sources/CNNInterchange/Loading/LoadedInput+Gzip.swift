import CNNCodecs
import CNNFiles

extension LoadedInput {
  /// How far a small gzip file may expand: 256 MiB, which takes in every data set of MNIST's size.
  private static let leastExpansionLimit = 1 << 28
  /// How many times its own size a larger one may expand; pictures and weights stay far below.
  private static let greatestExpansion = 64

  /// The greatest content that a gzip file of `size` bytes may have.
  ///
  /// Deflate can expand by a factor of 1,032, and nothing that belongs here does: without this limit a file of four
  /// megabytes could take four gigabytes of memory before it is refused for what is in it.
  static func expansionLimit(size: Int) -> Int {
    max(leastExpansionLimit, size * greatestExpansion)
  }

  /// Reads the content of a gzip file, no further than what it turns out to be calls for.
  ///
  /// - Throws: `GzipError` for a damaged gzip file; `LoadFailure` for what is wrong with the content.
  static func decompressedContent(of bytes: [UInt8], path: String, limit: Int) throws -> Content {
    let limit = min(limit, expansionLimit(size: bytes.count))
    do {
      let (format, beginning) = try FileFormat.recognize { try GzipSource(bytes).readBytes(upTo: $0) }
      guard !beginning.isEmpty else { throw InterchangeError.emptyInput }
      guard let format else { throw InterchangeError.refusal(beginning: beginning) }
      if format == .gzip { throw InterchangeError.unreadFormat(.gzipInGzip) }
      return try content(of: format, in: GzipBytes(file: bytes, beginning: beginning, limit: limit))
    } catch GzipError.tooLarge(let limit, _) {
      throw InterchangeError.expandsTooMuch(limit: limit)
    } catch let error as GzipError {
      throw error
    } catch {
      throw LoadFailure(path: path, isDecompressed: true, error)
    }
  }
}
