import CNNCodecs
import CNNFiles
import CNNTestSupport
import Testing

/// Gzip files that come piece by piece say what whole ones say.
@Suite struct GzipStreamTests {
  /// Gives its bytes a few at a time.
  private final class SlowSource: ByteSource {
    private var bytes: ArraySlice<UInt8>
    private let step: Int
    var remainingByteCount: Int? { nil }

    init(_ bytes: [UInt8], step: Int) {
      self.bytes = bytes[...]
      self.step = step
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
      let part = bytes.prefix(min(step, buffer.count))
      buffer.copyBytes(from: part)
      bytes = bytes.dropFirst(part.count)
      return part.count
    }
  }

  private func content(_ bytes: [UInt8], step: Int) throws -> [UInt8] {
    try GzipStream(SlowSource(bytes, step: step)).readBytes(upTo: 1 << 20)
  }

  @Test(arguments: [1, 2, 7, 100_000]) func sameContentAndSameErrors(_ step: Int) throws {
    let members = GzipTests.plain + GzipTests.decorated
    for file in [members, members + [0, 0, 0], try Gzip.compress([]), GzipTests.decorated] {
      #expect(try content(file, step: step) == Gzip.decompress(file))
    }
    var noise = SeededNoise(seed: 11)
    var refused = 0
    for round in 0..<600 {
      var file = round % 3 == 0 ? members + [0, 0] : members
      if round % 2 == 0 {
        file.removeLast(Int.random(in: 1..<file.count, using: &noise))
      } else {
        file[Int.random(in: file.indices, using: &noise)] ^= 1 << UInt8.random(in: 0..<8, using: &noise)
      }
      let whole = Result { try Gzip.decompress(file) }
      let streamed = Result { try content(file, step: step) }
      switch (whole, streamed) {
      case (.success(let one), .success(let other)): #expect(one == other)
      case (.failure(let one as GzipError), .failure(let other as GzipError)):
        refused += 1
        // Where zlib notices damage, how much is left or follows, depend on the pieces.
        #expect(Self.kind(one) == Self.kind(other), "\(one) and \(other)")
        if one.offset == other.offset, case .endsEarly = one { continue }
        if case .corruptData = one { continue }
        #expect(one.offset == other.offset, "\(one) and \(other)")
      default: Issue.record("\(whole) and \(streamed)")
      }
    }
    #expect(refused > 300)
  }

  private static func kind(_ error: GzipError) -> String {
    String("\(error)".reversed().drop { $0 != ":" }.reversed().prefix(24).filter { !$0.isNumber })
  }

  @Test func aHeaderMustEnd() throws {
    let endless = [0x1F, 0x8B, 8, 0x08, 0, 0, 0, 0, 0, 3] + [UInt8](repeating: 0x41, count: 1 << 20)
    #expect(throws: GzipError.self) { try content(endless, step: 1 << 16) }
  }
}
