import CNNCodecs
import CNNFiles

extension FuzzTarget {
  /// All entries of a tar archive, their contents, and the same from a source that gives little at a time.
  static let tar = FuzzTarget("tar") { bytes in
    let whole = Result { try entries(of: MemorySource(bytes), size: bytes.count) }
    let pieces = Result { try entries(of: PieceSource(bytes, size: 97), size: bytes.count) }
    switch (whole, pieces) {
    case (.success(let a), .success(let b)):
      require(a.elementsEqual(b, by: ==), "a tar archive differs in pieces")
    case (.failure(let a), .failure(let b)):
      require("\(a)" == "\(b)", "tar says '\(a)', and in pieces '\(b)'")
    default: fail("a tar archive is read or refused by how its bytes come")
    }
    _ = try whole.get()
  }

  private static func entries(of source: some ByteSource, size: Int) throws -> [(TarEntry, [UInt8]?)] {
    let reader = TarReader(source)
    var entries: [(TarEntry, [UInt8]?)] = []
    while let entry = try reader.next() {
      require((0..<size).contains(entry.offset), "a tar entry begins outside the archive")
      // Every other content stays unread, to be skipped.
      entries.append((entry, entries.count % 2 == 0 ? try reader.readContent(limit: 1 << 20) : nil))
    }
    return entries
  }
}
