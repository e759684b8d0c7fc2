import CNNCodecs
import CNNFiles
import CNNTestSupport
import Testing

/// Sound archives with bytes changed, cut out, or taken from elsewhere.
@Suite struct ZipRandomTests {
  private static let files = [
    "zip/python-deflated.zip", "zip/python-comment.zip", "zip/python-pipe.zip", "zip/infozip.zip",
    "zip/infozip-pipe.zip", "zip/torch.pt", "npy/numpy2-compressed.npz", "npy/numpy1-stored.npz",
  ]

  @Test(arguments: files) func anyBytesGiveContentsOrAnError(_ name: String) throws {
    let sound = try FixtureFile.bytes(name)
    var noise = SeededNoise(seed: 7)
    var whole = 0
    var refused = 0
    for round in 0..<400 {
      let bytes = mutated(sound, round: round, noise: &noise)
      guard let size = try? Self.contentSize(bytes) else {
        refused += 1
        continue
      }
      #expect(size <= bytes.count * 1032)
      whole += 1
    }
    // Dates, attributes and the like are not looked at; nearly everything else is.
    #expect(refused > 200)
    #expect(whole > 0)
  }

  @Test func everyByteOfTheContentsCounts() throws {
    for name in ["zip/python-zip64.zip", "zip/torch.pt"] {
      let sound = try FixtureFile.bytes(name)
      let archive = try ZipArchive(parsing: sound)
      for entry in archive.entries where entry.size > 0 {
        let place = entry.dataRange.lowerBound + entry.size / 2
        let damaged = try ZipArchive(parsing: sound.replacing(at: place, with: sound[place] ^ 1))
        #expect(throws: ZipError.self) { try damaged.content(of: entry) }
      }
    }
  }

  @Test func truncatedAnywhereIsAnError() throws {
    for name in Self.files {
      let sound = try FixtureFile.bytes(name)
      for count in stride(from: 0, to: sound.count, by: 7) {
        #expect(throws: ZipError.self) { try ZipArchive(parsing: Array(sound[..<count])) }
      }
    }
  }

  /// Two directory entries that share one content: a few kilobytes that mean gigabytes, if it is allowed.
  @Test func overlappingContentsAreRefused() throws {
    let sink = MemorySink()
    var writer = ZipWriter(sink)
    try writer.add("a", [UInt8](repeating: 0, count: 100_000), method: .deflated)
    try writer.add("b", [])
    try writer.finish()
    let archive = try ZipArchive(parsing: sink.bytes)
    let second = try #require(archive.entry(named: "b"))
    // The second entry's local header is moved into the first one's data.
    var bytes = sink.bytes
    let inside = archive.entries[0].dataRange.lowerBound + 5
    let offsetField = bytes.count - 22 - 1 - 4
    #expect(Int(bytes[offsetField]) | Int(bytes[offsetField + 1]) << 8 == second.offset)
    bytes[offsetField] = UInt8(inside)
    bytes[offsetField + 1] = 0
    #expect(throws: ZipError.self) { try ZipArchive(parsing: bytes) }
  }

  @Test func aBombIsRefusedByItsDeclaredSizes() throws {
    let sink = MemorySink()
    var writer = ZipWriter(sink)
    try writer.add("zeros", [UInt8](repeating: 0, count: 1 << 20), method: .deflated)
    try writer.finish()
    let archive = try ZipArchive(parsing: sink.bytes)
    #expect(throws: ZipError.expandsTooMuch(limit: 1 << 19, offset: archive.entries[0].dataRange.upperBound))
    {
      try ZipArchive(parsing: sink.bytes, contentLimit: 1 << 19)
    }
    #expect(try archive.content(of: archive.entries[0]).range.count == 1 << 20)
    // One that declares less than it holds is stopped there.
    var bytes = sink.bytes
    let entry = archive.entries[0]
    for field in [22, entry.dataRange.upperBound + 24] {
      bytes.replaceSubrange(field..<field + 4, with: [0xE8, 3, 0, 0])
    }
    let lying = try ZipArchive(parsing: bytes)
    #expect(throws: ZipError.length(name: "zeros", declared: 1000, found: 1001, offset: 0)) {
      try lying.content(of: lying.entries[0])
    }
  }

  /// Reads everything in an archive.
  private static func contentSize(_ bytes: [UInt8]) throws(ZipError) -> Int {
    let archive = try ZipArchive(parsing: bytes)
    var size = 0
    for entry in archive.entries {
      let content = try archive.content(of: entry, limit: 1 << 20)
      size += content.range.count
      _ = try? NPY.parse(content.storage, in: content.range)
    }
    return size
  }

  private func mutated(_ sound: [UInt8], round: Int, noise: inout SeededNoise) -> [UInt8] {
    var bytes = sound
    switch round % 4 {
    case 0:
      for _ in 0...round % 5 {
        bytes[Int.random(in: bytes.indices, using: &noise)] ^= 1 << UInt8.random(in: 0..<8, using: &noise)
      }
    case 1:
      // Where the directory and its end are.
      let place = Int.random(in: max(0, bytes.count - 600)..<bytes.count, using: &noise)
      bytes[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &noise) ?? 0
    case 2:
      let start = Int.random(in: bytes.indices, using: &noise)
      bytes.removeSubrange(start..<Int.random(in: start..<bytes.count, using: &noise))
    default:
      let from = Int.random(in: bytes.indices, using: &noise)
      let part = Array(bytes[from..<min(bytes.count, from + 40)])
      let place = Int.random(in: 0...bytes.count - part.count, using: &noise)
      bytes.replaceSubrange(place..<place + part.count, with: part)
    }
    return bytes
  }
}
