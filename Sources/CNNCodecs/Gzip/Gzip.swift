/// The gzip file format (RFC 1952), read and written whole.
///
/// `formats/gzip.md` says what is read and what is refused.
public enum Gzip {
  /// The most that is decompressed unless the caller says otherwise: 4 GiB.
  public static let defaultLimit = 1 << 32

  /// Whether a file that begins with `prefix` claims to be gzip: its first bytes are 1F 8B.
  public static func isGzip(_ prefix: some Sequence<UInt8>) -> Bool {
    prefix.prefix(2).elementsEqual([0x1F, 0x8B])
  }

  /// The content of all members of the gzip file `bytes`, one after another.
  ///
  /// The inverse is `compress(_:level:)`.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - limit: the greatest size of the content in bytes. Beside it, the memory needed is bounded by the input:
  ///     deflate cannot expand by more than a factor of 1,032.
  /// - Throws: a `GzipError` for any input that is not a whole and sound gzip file, and for content beyond `limit`.
  public static func decompress(_ bytes: [UInt8], limit: Int = defaultLimit) throws(GzipError) -> [UInt8] {
    try GzipFile(parsing: bytes, limit: limit).content
  }
}

/// A gzip file: its content and what its members' headers say.
public struct GzipFile: Sendable {
  /// The members in the order of the file; at least one.
  public let members: [GzipMember]
  /// The members' contents, one after another.
  public let content: [UInt8]

  /// Decompresses the whole file `bytes`, and verifies every length and checksum in it.
  ///
  /// The content is decompressed straight into one buffer where the length in the file's last four bytes is
  /// plausible (at most 64 times the file's size); otherwise into segments that grow with what is really there.
  ///
  /// - Parameters:
  ///   - bytes: the whole file: one or more members, and zeros behind them if need be.
  ///   - limit: the greatest size of the content in bytes.
  /// - Throws: a `GzipError` for any input that is not a whole and sound gzip file, and for content beyond `limit`.
  public init(parsing bytes: [UInt8], limit: Int = Gzip.defaultLimit) throws(GzipError) {
    let limit = min(max(limit, 0), Int.max - 1)
    var decoder = try GzipDecoder(bytes)
    var output = SegmentedOutput()
    var failure: GzipError?
    while !decoder.isAtEnd {
      // One byte beyond the limit tells content of exactly that size from larger content.
      let capacity = min(
        Self.segmentCapacity(file: bytes, outputCount: output.count), limit - output.count + 1)
      output.append(capacity: capacity) { segment in
        do throws(GzipError) {
          return try decoder.fill(segment)
        } catch {
          failure = error
          return 0
        }
      }
      if let failure { throw failure }
      guard output.count <= limit else { throw .tooLarge(limit: limit, offset: decoder.position) }
    }
    members = decoder.members
    content = output.takeJoined()
  }

  /// The least that is allocated at once.
  private static let leastSegment = 1 << 16

  /// The greatest ratio of content to file for which the file's own word on its content is taken; the images and
  /// weights that people have lie far below.
  private static let plausibleRatio = 64

  /// How much room to make next.
  private static func segmentCapacity(file: [UInt8], outputCount: Int) -> Int {
    if outputCount > 0 { return max(outputCount, leastSegment) }
    let declared = file.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    return declared / plausibleRatio <= file.count ? declared + leastSegment : leastSegment
  }
}
