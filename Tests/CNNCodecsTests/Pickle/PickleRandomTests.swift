import CNNCodecs
import Testing

/// Whatever the bytes, there is a value that can be walked through, or an error within the input.
@Suite struct PickleRandomTests {
  static let seed: UInt64 = 0x5EED_0001

  static let files = (0...5).flatMap { ["values-protocol\($0).pkl", "arrays-protocol\($0).pkl"] }

  /// Reads, and looks at everything that was read.
  static func exercise(_ bytes: [UInt8]) {
    do {
      let pickle = try Pickle(parsing: bytes)
      for item in pickle.arrayListing().items { _ = item.array.rowMajorLittleEndianBytes() }
      for root in pickle.roots {
        for entry in pickle.entries(of: root) ?? PickleEntries.none {
          _ = pickle.text(of: entry.key)
          _ = pickle.value(of: entry.value)
        }
      }
    } catch {
      let offset = error.offset ?? -1
      #expect(offset >= 0 && offset <= bytes.count)
      #expect(!error.reason.isEmpty)
    }
  }

  @Test func randomBytes() {
    var random = FixedRandom(seed: Self.seed)
    for _ in 0..<5000 {
      let count = Int.random(in: 1...64, using: &random)
      Self.exercise((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
    }
  }

  /// Random opcodes come further than random bytes.
  @Test func randomOpcodes() {
    var random = FixedRandom(seed: Self.seed)
    let opcodes = PickleOpcode.allCases.filter { !$0.isRefused && $0 != .proto }.map(\.rawValue)
    for _ in 0..<5000 {
      var bytes: [UInt8] = [0x5D, 0x94, 0x7D, 0x94, 0x28, 0x29, 0x8F, 0x4E]
      for _ in 0..<Int.random(in: 1...24, using: &random) {
        bytes.append(opcodes[Int.random(in: opcodes.indices, using: &random)])
        if Int.random(in: 0..<3, using: &random) == 0 {
          bytes.append(UInt8.random(in: 0...3, using: &random))
        }
      }
      Self.exercise(bytes + [0x2E])
    }
  }

  @Test func mutations() throws {
    var random = FixedRandom(seed: Self.seed)
    let originals = try Self.files.map(fixture)
    for _ in 0..<2000 {
      // A part of a large file would be cut; small files are mutated as a whole.
      var bytes = originals[Int.random(in: originals.indices, using: &random)]
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
        case 2: bytes.remove(at: place)
        default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        }
      }
      Self.exercise(bytes)
    }
  }

  /// Mutations of the smallest pickle with an array in it, where each one hits something that matters.
  @Test func mutationsOfOneArray() {
    var random = FixedRandom(seed: Self.seed)
    let original = ArrayPickle.make()
    for _ in 0..<20_000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      Self.exercise(bytes)
    }
  }

  /// A pickle ends with its STOP: without the last byte, or more, it is none.
  @Test func truncations() throws {
    for name in Self.files {
      let bytes = try fixture(name)
      // All places near the ends, and a sample between.
      for count in 0..<bytes.count where count < 300 || count > bytes.count - 300 || count % 29 == 0 {
        #expect(pickleError(Array(bytes[..<count])) != nil, "\(name) cut at \(count)")
      }
    }
    let small = ArrayPickle.make()
    for count in small.indices { #expect(pickleError(Array(small[..<count])) != nil) }
  }
}

extension PickleEntries {
  /// No entries.
  static var none: PickleEntries {
    guard let pickle = try? Pickle(parsing: [0x7D, 0x2E]), let entries = pickle.entries(of: pickle.roots[0])
    else {
      preconditionFailure("an empty dict")
    }
    return entries
  }
}
