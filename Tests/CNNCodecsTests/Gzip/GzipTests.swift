import CNNCodecs
import CNNTestSupport
import Testing

@Suite struct GzipTests {
  /// What the members below hold.
  static let text = Array("seven seven seven\n".utf8)
  /// `text` in deflate.
  static let deflated: [UInt8] = [0x2B, 0x4E, 0x2D, 0x4B, 0xCD, 0x53, 0x28, 0x46, 0x90, 0x5C, 0x00]
  /// The CRC-32 and the length of `text`.
  static let trailer: [UInt8] = [0x9D, 0x80, 0x67, 0x98, 0x12, 0x00, 0x00, 0x00]
  /// `text` as `gzip -9n` writes it.
  static let plain: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 3] + deflated + trailer
  /// `text` with every header field there is, and behind them the header's checksum.
  static let decorated: [UInt8] =
    [
      0x1F, 0x8B, 0x08, 0x1F, 0x78, 0x56, 0x34, 0x12, 0x00, 0x03, 0x06, 0x00, 0x41, 0x42, 0x02, 0x00,
      0x78, 0x79, 0x73, 0x65, 0x76, 0xE9, 0x6E, 0x2E, 0x74, 0x78, 0x74, 0x00, 0x6E, 0x6F, 0x74, 0x65,
      0x00, 0x24, 0x99,
    ] + deflated + trailer

  @Test func readsAPlainMember() throws {
    #expect(Gzip.isGzip(Self.plain.prefix(2)))
    #expect(!Gzip.isGzip([0x1F]) && !Gzip.isGzip([]) && !Gzip.isGzip([0x1F, 0x8C]))
    let file = try GzipFile(parsing: Self.plain)
    #expect(file.content == Self.text)
    let member = try #require(file.members.first)
    #expect(file.members.count == 1)
    #expect(member.offset == 0 && member.compressedByteCount == 29 && member.byteCount == 18)
    #expect(member.crc32 == 0x9867_809D)
    #expect(member.name == nil && member.comment == nil && member.extraFieldByteCount == nil)
    #expect(member.modificationTime == 0 && member.operatingSystem == 3 && !member.isText)
  }

  @Test func readsEveryHeaderField() throws {
    let file = try GzipFile(parsing: Self.decorated)
    #expect(file.content == Self.text)
    let member = try #require(file.members.first)
    #expect(member.name == "sevén.txt")
    #expect(member.comment == "note")
    #expect(member.extraFieldByteCount == 6)
    #expect(member.modificationTime == 0x1234_5678)
    #expect(member.isText)
  }

  @Test func joinsMembers() throws {
    let empty = try Gzip.compress([])
    let file = try GzipFile(parsing: Self.plain + empty + Self.decorated)
    #expect(file.content == Self.text + Self.text)
    #expect(file.members.map(\.offset) == [0, 29, 29 + empty.count])
    #expect(file.members.map(\.byteCount) == [18, 0, 18])
  }

  @Test func allowsZerosBehindTheEnd() throws {
    #expect(try Gzip.decompress(Self.plain + [0]) == Self.text)
    #expect(try Gzip.decompress(Self.plain + [UInt8](repeating: 0, count: 1000)) == Self.text)
  }

  /// A damaged file, and what is to be said of it.
  private static let malformed: [(bytes: [UInt8], error: GzipError)] = [
    ([], .notGzip(offset: 0)),
    (Array("PK".utf8), .notGzip(offset: 0)),
    (
      [0x1F, 0x8B],
      .endsEarly(InputEndsEarly(position: 0, needed: 10, available: 2, what: "the header of a gzip member"))
    ),
    (plain.replacing(at: 2, with: 7), .unknownMethod(7, offset: 2)),
    (plain.replacing(at: 3, with: 0x20), .reservedFlags(0x20, offset: 3)),
    (plain.replacing(at: 3, with: 0xC0), .reservedFlags(0xC0, offset: 3)),
    (
      decorated.replacing(at: 20, with: 0x78),
      .headerChecksum(declared: 0x9924, computed: 0x9594, offset: 33)
    ),
    (
      Array(decorated[..<14]),
      .endsEarly(InputEndsEarly(position: 12, needed: 6, available: 2, what: "the extra field"))
    ),
    (
      Array(decorated[..<20]),
      .endsEarly(
        InputEndsEarly(position: 18, needed: 3, available: 2, what: "the file name and the zero behind it"))
    ),
    // Block type 3 does not exist.
    (plain.replacing(at: 10, with: 0x07), .corruptData(detail: "invalid block type", offset: 11)),
    (
      plain.replacing(at: 21, with: 0x9E),
      .checksum(declared: 0x9867_809E, computed: 0x9867_809D, offset: 21)
    ),
    (plain.replacing(at: 28, with: 1), .length(declared: 0x0100_0012, found: 18, offset: 25)),
    (Array(plain[..<15]), .truncatedData(offset: 15)),
    (
      Array(plain[..<23]),
      .endsEarly(InputEndsEarly(position: 21, needed: 4, available: 2, what: "the checksum of the content"))
    ),
    (plain + [1], .trailingBytes(count: 1, offset: 29)),
    (plain + [0, 0, 5, 0], .trailingBytes(count: 2, offset: 31)),
    (plain + [0x1F, 0x8C], .trailingBytes(count: 2, offset: 29)),
    (
      plain + [0x1F],
      .endsEarly(InputEndsEarly(position: 29, needed: 10, available: 1, what: "the header of a gzip member"))
    ),
    (plain + plain.replacing(at: 2, with: 9), .unknownMethod(9, offset: 31)),
    (plain + plain[..<20], .truncatedData(offset: 49)),
  ]

  @Test(arguments: malformed.indices) func refusesByName(_ index: Int) {
    #expect(throws: Self.malformed[index].error) { try Gzip.decompress(Self.malformed[index].bytes) }
  }

  @Test func describesWhatIsWrong() {
    let error = GzipError.checksum(declared: 0x9867_809E, computed: 0x0067_809D, offset: 21)
    #expect(
      "\(error)"
        == "byte 21: the decompressed data are damaged: their CRC-32 is 0067809d, and 9867809e is declared")
    #expect(
      "\(GzipError.trailingBytes(count: 2, offset: 29))"
        == "byte 29: the gzip data are followed by 2 bytes that are neither gzip nor zeros")
  }

  @Test func refusesEveryTruncation() {
    for file in [Self.plain, Self.decorated] {
      for length in file.indices {
        #expect(throws: GzipError.self, "\(length) bytes") { try Gzip.decompress(Array(file[..<length])) }
      }
    }
  }

  @Test func survivesMutationsAndNoise() {
    var noise = SeededNoise(seed: 1)
    for round in 0..<4000 {
      var bytes = round % 2 == 0 ? Self.decorated : Self.plain + Self.decorated
      for _ in 0...round % 3 { bytes[Int.random(in: bytes.indices, using: &noise)] = noise.bytes(1)[0] }
      if let content = try? Gzip.decompress(bytes) { #expect(content.count % 18 == 0) }
      let header: [UInt8] = [0x1F, 0x8B, 8, UInt8(round % 32), 0, 0, 0, 0, 0, 0]
      _ = try? Gzip.decompress(header + noise.bytes(round % 60))
    }
  }

  @Test func keepsToTheLimit() throws {
    let bomb = try Gzip.compress([UInt8](repeating: 0, count: 1 << 22), level: 9)
    #expect(bomb.count < 5000)
    #expect(try Gzip.decompress(bomb, limit: 1 << 22).count == 1 << 22)
    #expect(throws: GzipError.self) { try Gzip.decompress(bomb, limit: 1 << 22 - 1) }
    for limit in [17, 1, 0, -1] {
      let error = #expect(throws: GzipError.self) { try Gzip.decompress(Self.plain, limit: limit) }
      guard case .tooLarge(max(limit, 0), let offset) = error else {
        Issue.record("limit \(limit): \(String(describing: error))")
        continue
      }
      #expect((10...29).contains(offset))
    }
    #expect(try Gzip.decompress(Self.plain, limit: 18) == Self.text)
    #expect(try Gzip.decompress(Self.plain, limit: .max) == Self.text)
    #expect(try Gzip.decompress(Gzip.compress([]), limit: 0) == [])
  }

  @Test func aLyingLengthCostsNothing() {
    let lie = Self.plain.dropLast(4) + [0xFF, 0xFF, 0xFF, 0xFF]
    #expect(throws: GzipError.length(declared: 0xFFFF_FFFF, found: 18, offset: 25)) {
      try Gzip.decompress(Array(lie))
    }
  }

  @Test func growsWhereTheLastLengthSaysLittle() throws {
    var noise = SeededNoise(seed: 2)
    let large = noise.bytes(300_000) + [UInt8](repeating: 7, count: 700_000)
    let file = try Gzip.compress(large, level: 1) + Self.plain
    #expect(try Gzip.decompress(file) == large + Self.text)
  }

  @Test func manySmallMembersTakeLittle() throws {
    let count = 20_000
    let file = try GzipFile(parsing: [UInt8]((0..<count).map { _ in Self.plain }.joined()))
    #expect(file.members.count == count)
    #expect(file.content.count == 18 * count)
  }

  @Test func compressesTheSameWayEveryTime() throws {
    var noise = SeededNoise(seed: 3)
    let content = (0..<50_000).map { _ in UInt8.random(in: 0..<4, using: &noise) }
    for level in -1...10 {
      let file = try Gzip.compress(content, level: level)
      #expect(try Gzip.decompress(file) == content, "level \(level)")
      #expect(try Gzip.compress(content, level: level) == file, "level \(level)")
      #expect(Array(file[..<8]) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0] && file[9] == 255)
    }
    #expect(try Gzip.compress(content, level: 9).count < content.count / 3)
  }

  @Test(.enabled(if: SharedData.isPresent, "needs the MNIST files beside the repository"))
  func readsTheRealFiles() throws {
    let file = try GzipFile(
      parsing: FixtureFile.bytes(at: SharedData.path("mnist/t10k-labels-idx1-ubyte.gz")))
    #expect(file.members.map(\.name) == ["t10k-labels.idx1-ubyte"])
    let labels = try IDX.parse(file.content)
    #expect(labels.shape == [10000])
    #expect(try Array(#require(labels.integers()).prefix(5)) == [7, 2, 1, 0, 4])
  }
}
