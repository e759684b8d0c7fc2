public import CNNFiles

/// The content of a gzip file that comes piece by piece, as a source: for what is longer than memory, or not there yet.
///
/// It says of damage what `Gzip.decompress` says, as far as it is read: lengths and checksums are verified at a
/// member's end.
public final class GzipStream: ByteSource {
  /// The most bytes of a member's header, whose name and comment may have any length: 256 KiB.
  public static let headerLimit = GzipDecoder.headerLimit

  private var decoder: GzipDecoder

  /// A source for the content of the gzip file that `source` gives.
  ///
  /// - Throws: `GzipError.outOfMemory`; everything else is found when it is read.
  public init(_ source: any ByteSource) throws(GzipError) {
    decoder = try GzipDecoder(source)
  }

  /// Nil: the size of the content is known when it has been read.
  public var remainingByteCount: Int? { nil }

  /// Whether compressed bytes have been read that are not decompressed yet.
  public var hasBufferedInput: Bool { decoder.hasBufferedInput }

  /// Decompresses into `buffer`: at least one byte, or 0 at the end.
  ///
  /// - Throws: a `GzipError`, or what the source throws.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    do throws(GzipError) {
      return try decoder.read(into: buffer.bindMemory(to: UInt8.self))
    } catch {
      throw decoder.sourceFailure ?? error
    }
  }
}
