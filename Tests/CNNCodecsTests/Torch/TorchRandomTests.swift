import CNNCodecs
import CNNFiles
import CNNTestSupport
import Testing

/// Whatever the bytes, there are tensors or an error within the input.
@Suite struct TorchRandomTests {
  private static let names = [
    "state-dict", "types", "views", "checkpoint", "parameters", "list", "tensor", "protocol4",
  ]

  /// Reads, and looks at everything that was read; true if it was.
  @discardableResult static func exercise(_ bytes: [UInt8]) -> Bool {
    do {
      let file = try TorchFile(parsing: bytes)
      var size = 0
      for tensor in file.groups.flatMap(\.tensors) { size += tensor.array.rowMajorLittleEndianBytes().count }
      #expect(size <= TorchFile.sharingLimit(size: bytes.count))
      _ = file.stateDictionary
      return true
    } catch {
      #expect((0...bytes.count).contains(error.offset ?? 0))
      #expect(!error.reason.isEmpty)
      return false
    }
  }

  private static func mutate(_ bytes: inout [UInt8], in range: Range<Int>, _ noise: inout SeededNoise) {
    let place = Int.random(in: range, using: &noise)
    switch Int.random(in: 0..<4, using: &noise) {
    case 0: bytes[place] = UInt8.random(in: 0...255, using: &noise)
    case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &noise)
    case 2:
      // A small number for a small number: dimensions, strides, memo indices.
      bytes[place] = UInt8.random(in: 0...8, using: &noise)
    default:
      let length = min(Int.random(in: 1...16, using: &noise), range.upperBound - place)
      let source = Int.random(in: range.lowerBound...range.upperBound - length, using: &noise)
      bytes.replaceSubrange(place..<place + length, with: Array(bytes[source..<source + length]))
    }
  }

  /// Mutations of data.pkl under a right checksum, so that the pickle is reached.
  @Test(arguments: names) func mutatedPickles(_ name: String) throws {
    var noise = SeededNoise(seed: 11)
    let archive = try ZipArchive(parsing: try TorchFileTests.bytes("\(name)-zip.pt"))
    let contents = try archive.entries.map { ($0.name, try archive.content(of: $0).bytes) }
    var refused = 0
    for _ in 0..<150 {
      let sink = MemorySink()
      var writer = ZipWriter(sink)
      for (name, content) in contents {
        var content = content
        if name.hasSuffix("data.pkl") {
          for _ in 0...Int.random(in: 0...2, using: &noise) {
            Self.mutate(&content, in: content.indices, &noise)
          }
        }
        try writer.add(name, content)
      }
      try writer.finish()
      refused += Self.exercise(sink.bytes) ? 0 : 1
    }
    #expect(refused > 30 && refused < 150)
  }

  @Test(arguments: names) func mutatedFiles(_ name: String) throws {
    var noise = SeededNoise(seed: 12)
    for container in ["zip", "legacy"] {
      let sound = try TorchFileTests.bytes("\(name)-\(container).pt")
      for round in 0..<150 {
        var bytes = sound
        if round % 8 == 0 { bytes.removeLast(Int.random(in: 1..<bytes.count, using: &noise)) }
        for _ in 0...Int.random(in: 0...3, using: &noise) { Self.mutate(&bytes, in: bytes.indices, &noise) }
        Self.exercise(bytes)
      }
    }
  }

  /// Mutations of the smallest file with a tensor in it, where each one hits something that matters.
  @Test func mutationsOfOneTensor() {
    var noise = SeededNoise(seed: 13)
    let sound = TestTorch.legacy()
    var read = 0
    for _ in 0..<5000 {
      var bytes = sound
      for _ in 0...Int.random(in: 0...2, using: &noise) { Self.mutate(&bytes, in: 25..<bytes.count, &noise) }
      read += Self.exercise(bytes) ? 1 : 0
    }
    #expect(read > 100 && read < 4000)
  }

  @Test func randomArguments() {
    var noise = SeededNoise(seed: 14)
    func number() -> PicklePart {
      let byte = UInt8.random(in: 0...4, using: &noise)
      switch Int.random(in: 0..<12, using: &noise) {
      case 0: return PicklePart([0x4A] + noise.bytes(4))
      case 1: return PicklePart([0x8A, 8] + noise.bytes(8))
      case 2: return "K\u{FF}"
      default: return PicklePart([0x4B, byte])
      }
    }
    func tuple(_ rank: Int) -> PicklePart {
      PicklePart([0x28] + (0..<rank).flatMap { _ in number().bytes } + [0x74])
    }
    var read = 0
    for _ in 0..<3000 {
      let rank = Int.random(in: 0...4, using: &noise)
      let tensor = TestTorch.tensor(offset: number(), shape: tuple(rank), strides: tuple(rank))
      read += Self.exercise(TestTorch.legacy(TestTorch.pickle(tensor))) ? 1 : 0
    }
    #expect(read > 100)
  }
}
