import CNNCodecs
import CNNFiles

extension FuzzTarget {
  /// A gzip file read whole, as a source, and as one that comes in pieces: the same content, or the same error.
  static let gzip = FuzzTarget("gzip") { bytes in
    let limit = 1 << 24
    let whole = Result { try GzipFile(parsing: bytes, limit: limit) }
    if case .failure(GzipError.tooLarge) = whole { return }
    let atOnce = Result { try drain(GzipSource(bytes, limit: limit)) }
    let pieceSize = bytes.count % 7 + 1
    let inPieces = Result { try drain(GzipStream(PieceSource(bytes, size: pieceSize))) }
    switch whole {
    case .success(let file):
      require(try atOnce.get() == file.content, "a gzip source gives other bytes than the whole file")
      require(try inPieces.get() == file.content, "a gzip stream gives other bytes than the whole file")
      let again = try Gzip.decompress(Gzip.compress(file.content, level: 1))
      require(again == file.content, "gzip does not give back what was compressed")
    case .failure(let error):
      for other in [atOnce, inPieces] {
        guard case .failure(let found) = other else {
          fail("a gzip file is refused whole and read in pieces: \(error)")
        }
        // How many bytes are left is not known while they come.
        let (place, otherPlace) = ((error as? GzipError)?.offset, (found as? GzipError)?.offset)
        require(place == otherPlace, "gzip says '\(error)' of the whole, and '\(found)' of pieces")
      }
      throw error
    }
  }

  private static func drain(_ source: some ByteSource) throws -> [UInt8] {
    try source.readBytes(upTo: .max)
  }
}
