/// The content of a zip archive's entry, verified: some bytes of an array.
public struct ZipContent: Sendable {
  /// The archive itself for a stored entry, else the decompressed content.
  public let storage: [UInt8]
  /// Where in `storage` the content is.
  public let range: Range<Int>
  /// Whether the content had to be decompressed; otherwise places in `storage` are places in the archive.
  public let isDecompressed: Bool

  /// The content alone; copied out of the archive for a stored entry.
  public var bytes: [UInt8] { range == 0..<storage.count ? storage : Array(storage[range]) }
}

extension ZipArchive {
  /// The greatest ratio of content to compressed data for which room is made at once; beyond it room grows with what
  /// is really there.
  private static let plausibleRatio = 64
  /// The least room that is made at once, and how much is decompressed before its checksum is taken: little enough
  /// that it is still in the cache.
  private static let stepByteCount = 1 << 18

  /// The content of an entry of this archive, verified against its declared size and CRC-32, at each call.
  ///
  /// A stored entry costs no memory: its content is a range of the archive.
  ///
  /// - Parameter limit: the greatest size of the content in bytes.
  /// - Throws: a `ZipError` for damage, and for a content beyond `limit`.
  public func content(of entry: ZipEntry, limit: Int = .max) throws(ZipError) -> ZipContent {
    guard entry.size <= limit else {
      throw .tooLarge(name: entry.name, size: entry.size, limit: limit, offset: entry.offset)
    }
    let data = entry.dataRange
    guard data.upperBound <= bytes.count else {
      // An entry of another archive.
      throw .endsEarly(
        InputEndsEarly(
          position: data.lowerBound, needed: data.count, available: max(0, bytes.count - data.lowerBound),
          what: "the data of \(entry.name.quotedForMessage)"))
    }
    switch entry.method {
    case .stored:
      try check(CRC32.checksum(of: bytes[data]), of: entry)
      return ZipContent(storage: bytes, range: data, isDecompressed: false)
    case .deflated:
      let content = try inflate(entry)
      return ZipContent(storage: content, range: 0..<content.count, isDecompressed: true)
    }
  }

  /// Where in `bytes` the content of a stored entry is, verified as by `content(of:limit:)`; nil if it is compressed.
  ///
  /// - Throws: a `ZipError` for damage.
  public func range(of entry: ZipEntry) throws(ZipError) -> Range<Int>? {
    entry.method == .stored ? try content(of: entry).range : nil
  }

  private func check(_ computed: UInt32, of entry: ZipEntry) throws(ZipError) {
    guard computed == entry.crc32 else {
      throw .checksum(
        name: entry.name, declared: entry.crc32, computed: computed, offset: entry.dataRange.lowerBound)
    }
  }

  private func inflate(_ entry: ZipEntry) throws(ZipError) -> [UInt8] {
    guard let stream = InflateStream() else { throw .outOfMemory }
    var output = SegmentedOutput()
    var checksum = CRC32()
    var position = entry.dataRange.lowerBound
    let isPlausible = entry.size / Self.plausibleRatio <= entry.dataRange.count
    var hasEnded = false
    var failure: ZipError?
    while !hasEnded {
      // One byte more than is declared tells content of exactly that size from larger content.
      let room = entry.size - output.count + 1
      let capacity = isPlausible ? room : min(room, max(output.count, Self.stepByteCount))
      output.append(capacity: capacity) { segment in
        var filled = 0
        while filled < segment.count, !hasEnded, failure == nil {
          let window = segment[filled...].prefix(Self.stepByteCount)
          let step = bytes.withUnsafeBufferPointer {
            stream.step(
              from: UnsafeBufferPointer(rebasing: $0[position..<entry.dataRange.upperBound]),
              into: UnsafeMutableBufferPointer(rebasing: window))
          }
          checksum.update(
            UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(segment)[filled..<filled + step.produced])
          )
          position += step.consumed
          filled += step.produced
          switch step.status {
          case .ended: hasEnded = true
          case .unfinished where step.produced == 0 && position == entry.dataRange.upperBound:
            failure = .truncatedData(name: entry.name, offset: position)
          case .unfinished: break
          case .corrupt(let detail):
            failure = .corruptData(name: entry.name, detail: detail, offset: position)
          case .outOfMemory: failure = .outOfMemory
          }
        }
        return filled
      }
      if let failure { throw failure }
      guard output.count <= entry.size else {
        throw .length(name: entry.name, declared: entry.size, found: output.count, offset: entry.offset)
      }
    }
    guard position == entry.dataRange.upperBound else {
      throw .trailingData(
        name: entry.name, count: entry.dataRange.upperBound - position, offset: position)
    }
    guard output.count == entry.size else {
      throw .length(name: entry.name, declared: entry.size, found: output.count, offset: entry.offset)
    }
    try check(checksum.value, of: entry)
    return output.takeJoined()
  }
}
