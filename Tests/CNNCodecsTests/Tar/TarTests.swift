import CNNCodecs
import CNNFiles
import CNNTestSupport
import Testing

@Suite struct TarTests {
  /// All entries with their contents.
  static func read(_ bytes: [UInt8]) throws -> [(entry: TarEntry, content: [UInt8]?)] {
    let reader = TarReader(MemorySource(bytes))
    var entries: [(TarEntry, [UInt8]?)] = []
    while let entry = try reader.next() { entries.append((entry, try reader.readContent(limit: 4096))) }
    #expect(try reader.next() == nil)
    return entries
  }

  @Test func readsFilesInTheirOrder() throws {
    let archive =
      TestTar.header("digits/", size: 0, type: "5") + TestTar.entry("digits/7.png", [1, 2, 3])
      + TestTar.entry("digits/empty", []) + TestTar.entry("block", [UInt8](repeating: 9, count: 512))
      + TestTar.header("digits/link", size: 77, type: "2") + TestTar.entry("old", [5], type: "\u{0}")
      + TestTar.end
    #expect(TarReader.isTar(archive))
    let entries = try Self.read(archive)
    #expect(
      entries.map(\.entry.name) == [
        "digits/", "digits/7.png", "digits/empty", "block", "digits/link", "old",
      ])
    #expect(entries.map(\.entry.kind) == [.folder, .file, .file, .file, .other, .file])
    #expect(entries.map(\.entry.offset) == [0, 512, 1536, 2048, 3072, 3584])
    #expect(entries.map { $0.content?.count } == [0, 3, 0, 512, 0, 1])
    #expect(entries[1].content == [1, 2, 3])
  }

  @Test func contentsThatAreNotReadAreSkipped() throws {
    let archive =
      TestTar.entry("a", [UInt8](repeating: 1, count: 1000)) + TestTar.entry("b", [2, 3]) + TestTar.end
    let reader = TarReader(MemorySource(archive))
    #expect(try reader.next()?.name == "a")
    #expect(try reader.readContent(limit: 999) == nil)
    #expect(try reader.next()?.name == "b")
    #expect(try reader.readContent(limit: 2) == [2, 3])
    #expect(try reader.readContent(limit: 2) == [])
    #expect(try reader.next() == nil)
  }

  @Test func longNamesOfEveryKind() throws {
    let long = String(repeating: "n", count: 300)
    let archive =
      TestTar.entry("name", [1], prefix: "some/prefix")
      // GNU tar has other things where the prefix is.
      + TestTar.entry("name", [1], prefix: "12345670", magic: "ustar  \u{0}")
      + TestTar.entry("@LongLink", Array(long.utf8) + [0], type: "L") + TestTar.entry("cut", [2])
      + TestTar.entry("@LongLink", Array("target".utf8), type: "K") + TestTar.header("l", size: 0, type: "2")
      + TestTar.records([("mtime", "1.5"), ("path", "ü/\(long)"), ("comment", "")])
      + TestTar.entry("cut", [3])
      + TestTar.records([("comment", "for all")], type: "g") + TestTar.entry("plain", [4]) + TestTar.end
    let entries = try Self.read(archive)
    #expect(
      entries.map(\.entry.name) == ["some/prefix/name", "name", long, "l", "ü/\(long)", "plain"])
    #expect(entries.map(\.content) == [[1], [1], [2], [], [3], [4]])
  }

  @Test func namesAreOnlyNames() throws {
    let names = ["../../etc/passwd", "/absolute", "a\nb", "nul"]
    let archive = names.flatMap { TestTar.entry($0, [1]) } + TestTar.end
    #expect(try Self.read(archive).map(\.entry.name) == names)
    var invalid = Array(TestTar.entry("x", []))
    invalid[0] = 0xFF
    let sum = invalid[..<512].enumerated().reduce(0) { $0 + ((148..<156).contains($1.0) ? 32 : Int($1.1)) }
    invalid.replaceSubrange(148..<155, with: TestTar.octal(sum, digits: 6) + [0])
    #expect(try Self.read(invalid + TestTar.end).map(\.entry.name) == ["\u{FFFD}"])
  }

  @Test func sizesOfEveryForm() throws {
    let forms: [[UInt8]] = [
      Array("00000000003\u{0}".utf8), Array("         3 \u{0}".utf8), Array("3\u{0}".utf8),
      Array("000000000003".utf8), [0x80] + [UInt8](repeating: 0, count: 10) + [3],
    ]
    for form in forms {
      let archive = TestTar.header("a", size: 0, sizeField: form) + TestTar.padded([1, 2, 3]) + TestTar.end
      #expect(try Self.read(archive).map(\.content) == [[1, 2, 3]])
    }
    let bySize = TestTar.records([("size", "3")]) + TestTar.header("a", size: 0) + TestTar.padded([1, 2, 3])
    #expect(try Self.read(bySize + TestTar.end).map(\.content) == [[1, 2, 3]])
  }

  @Test func checksumsOfSignedBytesAreTaken() throws {
    let name = "é"
    let signed = TestTar.header(name, size: 0).enumerated().reduce(0) {
      $0 + ((148..<156).contains($1.0) ? 32 : Int(Int8(bitPattern: $1.1)))
    }
    let archive =
      TestTar.header(name, size: 0, checksum: TestTar.octal(signed, digits: 6) + [0]) + TestTar.end
    #expect(TarReader.isTar(archive))
    #expect(try Self.read(archive).map(\.entry.name) == [name])
  }

  @Test func oneBlockOfZerosIsAnEnd() throws {
    let entry = TestTar.entry("a", [1])
    for zeros in [512, 1024, 10240, 100_000, 700] {
      #expect(try Self.read(entry + [UInt8](repeating: 0, count: zeros)).count == 1)
    }
    #expect(try Self.read(TestTar.end).isEmpty)
  }

  @Test func otherFilesAreNoArchives() {
    #expect(!TarReader.isTar([]))
    #expect(!TarReader.isTar(TestTar.end))
    #expect(!TarReader.isTar(TestTar.entry("a", [1]).prefix(511)))
    #expect(!TarReader.isTar(Array("ustar".utf8) + [UInt8](repeating: 0x20, count: 600)))
    var noise = SeededNoise(seed: 3)
    for _ in 0..<100 { #expect(!TarReader.isTar(noise.bytes(512))) }
  }

  @Test func compressedArchivesCanBeReadAsTheyCome() throws {
    let archive =
      (0..<50).flatMap { TestTar.entry("\($0).png", [UInt8](repeating: UInt8($0), count: 700)) } + TestTar.end
    let reader = TarReader(try GzipStream(MemorySource(Gzip.compress(archive))))
    for index in 0..<50 {
      #expect(try reader.next()?.name == "\(index).png")
      #expect(try reader.readContent(limit: 700) == [UInt8](repeating: UInt8(index), count: 700))
    }
    #expect(try reader.next() == nil)
    // Damage behind the archive's end is found too.
    var damaged = try Gzip.compress(archive)
    damaged[damaged.count - 1] ^= 1
    let other = TarReader(try GzipStream(MemorySource(damaged)))
    #expect(throws: GzipError.self) { while try other.next() != nil {} }
  }
}
