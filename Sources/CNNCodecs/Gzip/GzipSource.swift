import CNNFiles

/// The content of a gzip file as a source: decompressed as it is read, so that a reader that refuses the beginning
/// never pays for the rest.
///
/// Lengths and checksums are verified when a member's end is reached: whoever reads to the end of the source has
/// verified the file, and whoever stops before has not.
public final class GzipSource: ByteSource {
  private var decoder: GzipDecoder
  private let limit: Int
  private var count = 0

  /// A source for the content of the gzip file `bytes`.
  ///
  /// - Parameter limit: the greatest size of the content in bytes.
  /// - Throws: a `GzipError` for a damaged header.
  public init(_ bytes: [UInt8], limit: Int = Gzip.defaultLimit) throws(GzipError) {
    decoder = try GzipDecoder(bytes)
    self.limit = limit
  }

  /// Nil: the size of the content is known when it has been read.
  public var remainingByteCount: Int? { nil }

  /// Decompresses into `buffer`.
  ///
  /// - Throws: a `GzipError`; `tooLarge` as soon as the content exceeds the limit.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let read = try decoder.fill(buffer.bindMemory(to: UInt8.self))
    guard read <= limit - count else { throw GzipError.tooLarge(limit: limit, offset: decoder.position) }
    count += read
    return read
  }
}
