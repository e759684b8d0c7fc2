import CNNCodecs
import Testing

/// Chunks that are wrong in one way each; the dataset has three or more int16 numbers.
@Suite struct HDF5ChunkTests {
  typealias Case = HDF5HostileTests.Case

  /// 01 00 02 00 as a zlib stream of one stored block, and its Adler-32.
  private static let stream: [UInt8] = [0x78, 0x01, 1, 4, 0, 0xFB, 0xFF, 1, 0, 2, 0, 0x00, 0x0C, 0x00, 0x04]
  private static let deflate: [(number: Int, values: [Int])] = [(1, [6])]
  // Without filters the tree is at 376 and the data at 456; with a filter that has a value 24 bytes later.
  private static let plain = 456
  private static let filtered = 480

  private static func file(_ bytes: [UInt8], _ count: Int? = nil, extent: Int = 2, chunk: Int = 2) -> [UInt8]
  {
    TestHDF5.chunks(extent, of: chunk, filters: deflate, [(count ?? bytes.count, 0, 0, 0)], data: bytes)
  }

  private static func one(_ byteCount: Int, index: Int = 0, address: Int = 0) -> [UInt8] {
    TestHDF5.chunks(2, of: 2, [(byteCount, 0, index, address)], data: [1, 0, 2, 0])
  }

  private static func key(_ place: Int) -> Int { 376 + 24 + 32 * place }

  private static let cases: [Case] = [
    ("chunk too short", one(3), .dataLength(what: "a chunk", expected: 4, found: 3), plain),
    (
      "chunk beyond the end", one(4, address: 1),
      .outsideFile(what: "a chunk", address: 457, length: 4, available: 460), key(0) + 24
    ),
    (
      "chunk beyond the edge", one(4, index: 2),
      .malformed(what: "a chunk", problem: "it begins at 2 in a dimension of 2"), key(0) + 8
    ),
    (
      "chunk between two", one(4, index: 1),
      .malformed(what: "a chunk", problem: "it begins at 1 in a dimension of 2"), key(0) + 8
    ),
    (
      "the same place twice",
      TestHDF5.chunks(4, of: 2, [(4, 0, 0, 0), (4, 0, 0, 4)], data: [1, 0, 2, 0, 3, 0, 4, 0]),
      .malformed(what: "a chunk", problem: "another one is at the same place"), key(1) + 8
    ),
    (
      "the same bytes twice", TestHDF5.chunks(4, of: 2, [(4, 0, 0, 0), (4, 0, 2, 0)], data: [1, 0, 2, 0]),
      .usedTwice(what: "a chunk"), plain + 32
    ),
    (
      "no zlib header", file([0x79] + stream.dropFirst()),
      .corruptData(detail: "they do not begin with a zlib header"), filtered
    ),
    ("no stream", file([1, 2, 3]), .corruptData(detail: "they are too short for a zlib stream"), filtered),
    (
      "damaged stream", file(stream.replacing(at: 5, with: 0)),
      .corruptData(detail: "invalid stored block lengths"), filtered
    ),
    (
      "stream cut off", file(Array(stream[..<10]) + [0, 12, 0, 4]),
      .corruptData(detail: "they end early"), filtered
    ),
    (
      "bytes behind the stream", file(stream + [0]), .corruptData(detail: "other bytes follow them"), filtered
    ),
    (
      "Adler-32", file(stream.replacing(at: 14, with: 5)),
      .checksum(what: "a chunk", declared: 0x000C_0005, computed: 0x000C_0004), filtered
    ),
    (
      "too many numbers", file(stream, extent: 1, chunk: 1),
      .dataLength(what: "a chunk", expected: 2, found: 3), filtered
    ),
    (
      "too few numbers", file(stream, extent: 3, chunk: 3),
      .dataLength(what: "a chunk", expected: 6, found: 4), filtered
    ),
    (
      "a stream that cannot be so long", file(stream, extent: 2, chunk: 100_000),
      .corruptData(detail: "9 bytes cannot be 200000"), filtered
    ),
    (
      "a chunk of 2^31 bytes for one number", file(stream, extent: 1, chunk: 1 << 30),
      .arrayTooLarge(byteCount: 1 << 31, limit: 1 << 30), filtered
    ),
    (
      "compressed twice",
      TestHDF5.chunks(2, of: 2, filters: [(1, [6]), (1, [6])], [(15, 0, 0, 0)], data: stream),
      .unsupported("a chunk that is compressed twice"), filtered + 8
    ),
    (
      "Fletcher's checksum",
      TestHDF5.chunks(2, of: 2, filters: [(3, [])], [(8, 0, 0, 0)], data: [1, 0, 2, 0, 0, 3, 0, 5]),
      .checksum(what: "a chunk", declared: 0x0500_0300, computed: 0x0400_0300), 472
    ),
    (
      "Fletcher's checksum missing",
      TestHDF5.chunks(2, of: 2, filters: [(3, [])], [(3, 0, 0, 0)], data: [1, 0, 2, 0]),
      .dataLength(what: "a chunk", expected: 4, found: 3), 472
    ),
    (
      "an unknown filter", TestHDF5.chunks(2, of: 2, filters: [(4, [])], [(4, 0, 0, 0)], data: [1, 0, 2, 0]),
      .unsupported("the szip filter"), 472
    ),
    (
      "chunks of other dimensions",
      TestHDF5.file([
        TestHDF5.dataspace([2]), TestHDF5.int16, TestHDF5.chunked(TestHDF5.undefined, [2, 2]),
      ]),
      .malformed(
        what: "a data layout", problem: "its chunks have other dimensions or elements than the dataset"), 352
    ),
    (
      "chunks of no extent",
      TestHDF5.file([TestHDF5.dataspace([2]), TestHDF5.int16, TestHDF5.chunked(TestHDF5.undefined, [0])]),
      .malformed(what: "a data layout", problem: "a chunk's extent is 0"), 363
    ),
  ]

  @Test(arguments: cases.indices) func damagedChunks(_ index: Int) {
    HDF5HostileTests.check(Self.cases[index])
  }

  @Test func chunksAreRead() throws {
    let file = try HDF5File(parsing: Self.file(Self.stream))
    #expect(try file["x"]?.dataset?.array().integers() == [1, 2])
    // A filter that is left out, as for data that do not become shorter.
    let masked = TestHDF5.chunks(2, of: 2, filters: Self.deflate, [(4, 1, 0, 0)], data: [1, 0, 2, 0])
    #expect(try HDF5File(parsing: masked)["x"]?.dataset?.array().integers() == [1, 2])
  }

  @Test func limitHolds() throws {
    let dataset = try #require(try HDF5File(parsing: Self.file(Self.stream))["x"]?.dataset)
    #expect(try dataset.array(limit: 4).integers() == [1, 2])
    #expect(throws: HDF5Error(.arrayTooLarge(byteCount: 4, limit: 3), offset: 352)) {
      try dataset.array(limit: 3)
    }
  }
}
