import CNNCodecs
import CNNFiles
import CNNModelFile

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
      let beginning = try GzipSource(bytes).readBytes(upTo: prefixSize)
      guard !beginning.isEmpty else { throw InterchangeError.emptyInput }
      switch FileFormat(beginning: beginning) {
      case .gzip, nil:
        throw InterchangeError.unknownFormat(beginning: beginning)
      case .safetensors:
        return try safetensors(from: GzipSource(bytes, limit: limit))
      case .idx:
        let declared = IDX.declaredByteCount(beginning)
        if let declared, declared > limit { throw InterchangeError.expandsTooMuch(limit: limit) }
        do {
          return .idx(try IDX.parse(Gzip.decompress(bytes, limit: declared ?? limit)))
        } catch GzipError.tooLarge(let size, _) {
          throw IDXError.trailingBytes(count: nil, offset: size)
        }
      case .png, .pickle:
        return try content(of: Gzip.decompress(bytes, limit: limit))
      }
    } catch GzipError.tooLarge(let limit, _) {
      throw InterchangeError.expandsTooMuch(limit: limit)
    } catch let error as GzipError {
      throw error
    } catch {
      throw LoadFailure(path: path, isDecompressed: true, error)
    }
  }

  static func safetensors(from source: any ByteSource) throws -> Content {
    switch try ModelFileReader.readAny(from: source) {
    case .modelFile(let model): .modelFile(model)
    case .plain(let plain): .plainSafetensors(plain)
    }
  }
}
