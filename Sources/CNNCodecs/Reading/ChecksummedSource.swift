import CNNFiles

/// A source that counts and checksums what goes through it.
public final class ChecksummedSource: ByteSource {
  private let source: any ByteSource
  private var checksum = CRC32()

  /// How many bytes have been read.
  public private(set) var byteCount = 0

  /// The CRC-32 of the bytes that have been read.
  public var crc32: UInt32 { checksum.value }

  /// Reads from `source`.
  public init(_ source: any ByteSource) {
    self.source = source
  }

  /// What the source says.
  public var remainingByteCount: Int? { source.remainingByteCount }

  /// Reads from the source.
  ///
  /// - Throws: what the source throws.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = try source.read(into: buffer)
    checksum.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    byteCount += count
    return count
  }
}
