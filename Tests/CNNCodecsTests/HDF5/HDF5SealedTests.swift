import CNNCodecs
import Testing

/// Structures with checksums that are right, and one wrong field each.
@Suite struct HDF5SealedTests {
  struct Fault: Sendable {
    let file: String
    let signature: String
    /// How many bytes of the structure its checksum covers; it stands behind them.
    let length: Int
    let place: Int
    let bytes: [UInt8]
    let kind: HDF5Error.Kind
    /// The fault's offset from the structure's beginning.
    let offset: Int

    init(
      _ file: String, _ signature: String, length: Int, at place: Int, _ bytes: [UInt8],
      _ what: String, _ problem: String
    ) {
      self.init(
        file, signature, length: length, at: place, bytes, .malformed(what: what, problem: problem), place)
    }

    init(
      _ file: String, _ signature: String, length: Int, at place: Int, _ bytes: [UInt8],
      _ kind: HDF5Error.Kind,
      _ offset: Int
    ) {
      self.file = file
      self.signature = signature
      self.length = length
      self.place = place
      self.bytes = bytes
      self.kind = kind
      self.offset = offset
    }
  }

  private static let badTable = HDF5Error.Kind.malformed(
    what: "a fractal heap", problem: "its table of blocks is none that can be")

  private static let faults: [Fault] = [
    Fault("dense", "FRHP", length: 142, at: 110, TestHDF5.u16(3), badTable, 110),
    Fault("dense", "FRHP", length: 142, at: 112, TestHDF5.u64(0), badTable, 110),
    Fault("dense", "FRHP", length: 142, at: 120, TestHDF5.u64(0), badTable, 110),
    Fault("dense", "FRHP", length: 142, at: 120, TestHDF5.u64(1 << 33), badTable, 110),
    Fault("dense", "FRHP", length: 142, at: 128, TestHDF5.u16(65), badTable, 110),
    Fault(
      "dense", "FRHP", length: 142, at: 5, TestHDF5.u16(2), "a fractal heap",
      "places of 2 bytes are too short"),
    Fault(
      "dense", "FRHP", length: 142, at: 7, TestHDF5.u16(1),
      .unsupported("a fractal heap whose blocks are filtered"), 7),
    Fault(
      "dense", "FRHP", length: 142, at: 132, TestHDF5.u64(1 << 40),
      .outsideFile(
        what: "an indirect block of a fractal heap", address: 1 << 40, length: 0, available: 28560),
      132),
    Fault("dense", "BTHD", length: 34, at: 5, [8], "a B-tree", "its records are of type 8 instead of 5"),
    Fault(
      "dense", "BTHD", length: 34, at: 6, TestHDF5.u32(10), "a B-tree",
      "it has nodes of 10 and records of 11 bytes"),
    Fault("dense", "BTHD", length: 34, at: 12, TestHDF5.u16(100), "a B-tree", "it is 100 levels deep"),
    Fault(
      "dense", "BTHD", length: 34, at: 26, TestHDF5.u64(300), "a B-tree", "it has 301 records and says 300"),
    Fault(
      "layouts-latest", "FAHD", length: 24, at: 7, [11], "a fixed array",
      "its pages are of another size than the dataset says"),
    Fault(
      "layouts-latest", "FAHD", length: 24, at: 8, TestHDF5.u64(1 << 40), "a fixed array",
      "it has 1099511627776 elements for 9 chunks"),
    Fault("layouts-latest", "FAHD", length: 24, at: 5, [1], "a fixed array", "its elements are of kind 1"),
  ]

  /// Jenkins' lookup3 (`hashlittle`), a byte at a time.
  private static func lookup3(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    func rotated(_ value: UInt32, _ count: UInt32) -> UInt32 { value << count | value >> (32 - count) }
    var words = [UInt32](repeating: 0xDEAD_BEEF &+ UInt32(bytes.count), count: 3)
    func step(_ target: Int, _ source: Int, _ count: UInt32) {
      words[target] = (words[target] &- words[source]) ^ rotated(words[source], count)
    }
    var rest = bytes
    while rest.count > 12 {
      for (index, byte) in rest.prefix(12).enumerated() {
        words[index / 4] &+= UInt32(byte) << UInt32(index % 4 * 8)
      }
      rest = rest.dropFirst(12)
      for (round, count) in [4, 6, 8, 16, 19, 4].enumerated() as EnumeratedSequence<[UInt32]> {
        let target = round % 3
        let source = (target + 2) % 3
        step(target, source, count)
        words[source] &+= words[(target + 1) % 3]
      }
    }
    for (index, byte) in rest.enumerated() { words[index / 4] &+= UInt32(byte) << UInt32(index % 4 * 8) }
    let rounds: [(Int, Int, UInt32)] = [
      (2, 1, 14), (0, 2, 11), (1, 0, 25), (2, 1, 16), (0, 2, 4), (1, 0, 14), (2, 1, 24),
    ]
    for (target, source, count) in rounds {
      words[target] = (words[target] ^ words[source]) &- rotated(words[source], count)
    }
    return words[2]
  }

  @Test(arguments: faults.indices) func wrongFieldsAreNamed(_ index: Int) throws {
    let fault = Self.faults[index]
    var bytes = try hdf5Fixture("\(fault.file).h5")
    let letters = Array(fault.signature.utf8)
    let start = try #require((0..<bytes.count - 4).first { Array(bytes[$0..<$0 + 4]) == letters })
    let end = start + fault.length
    let declared = bytes[end..<end + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    #expect(declared == Self.lookup3(bytes[start..<end]))
    bytes.replaceSubrange(start + fault.place..<start + fault.place + fault.bytes.count, with: fault.bytes)
    let seal = Self.lookup3(bytes[start..<end])
    bytes.replaceSubrange(end..<end + 4, with: TestHDF5.u32(Int(seal)))
    #expect(hdf5Error(bytes) == HDF5Error(fault.kind, offset: start + fault.offset))
  }
}
