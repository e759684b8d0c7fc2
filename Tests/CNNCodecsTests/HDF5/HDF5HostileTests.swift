import CNNCodecs
import Testing

/// Files that are wrong in one way each.
@Suite struct HDF5HostileTests {
  typealias Case = (name: String, bytes: [UInt8], kind: HDF5Error.Kind, offset: Int)

  private static func malformed(_ what: String, _ problem: String) -> HDF5Error.Kind {
    .malformed(what: what, problem: problem)
  }

  private static func patched(_ offset: Int, _ bytes: [UInt8]) -> [UInt8] { TestHDF5.patched(offset, bytes) }
  private static func u64(_ value: Int) -> [UInt8] { TestHDF5.u64(value) }
  private static let size = TestHDF5.sound.count

  private static let structures: [Case] = [
    ("nothing", [], .notHDF5, 0),
    ("another signature", patched(1, [0x50]), .notHDF5, 0),
    ("only a signature", Array(TestHDF5.sound[..<8]), early("the superblock", 1, 0), 8),
    ("superblock cut off", Array(TestHDF5.sound[..<70]), .truncated(declared: 382, available: 70), 40),
    ("superblock's version", patched(8, [4]), .unsupportedVersion(what: "the superblock", version: 4), 8),
    (
      "free space's version", patched(9, [1]),
      .unsupportedVersion(what: "the free-space information", version: 1), 9
    ),
    ("addresses of four bytes", patched(13, [4]), .unsupported("a file with addresses of 4 bytes"), 13),
    ("lengths of two bytes", patched(14, [2]), .unsupported("a file with lengths of 2 bytes"), 14),
    (
      "another base", patched(24, u64(512)),
      malformed("the superblock", "addresses count from 512, and the superblock is at 0"), 24
    ),
    ("a byte less", TestHDF5.sound.dropLast(), .truncated(declared: 382, available: 381), 40),
    ("an end of 2^64 - 1", patched(40, TestHDF5.undefined), .truncated(declared: .max, available: 382), 40),
    ("no root group", patched(64, TestHDF5.undefined), .noAddress(what: "an object header"), 64),
    (
      "root group beyond the end", patched(64, u64(400)),
      .outsideFile(what: "an object header", address: 400, length: 0, available: 382), 64
    ),
    (
      "root group is a dataset", patched(64, u64(280)),
      malformed("the root group", "the object there is no group"), 280
    ),
    (
      "object header's version", patched(96, [3]),
      .unsupportedVersion(what: "an object header", version: 3), 96
    ),
    (
      "object header too long", patched(104, TestHDF5.u32(1 << 31)), early("an object header", 1 << 31, 270),
      112
    ),
    ("message too long", patched(114, TestHDF5.u16(24)), early("an object header", 24, 16), 120),
    (
      "unknown message that must be known", patched(112, TestHDF5.u16(0x40) + TestHDF5.u16(16) + [0x80]),
      .unsupported("an object header's message of type 64"), 112
    ),
    (
      "group's tree is none", patched(120, u64(184)),
      .wrongSignature(what: "a B-tree's node", expected: "TREE"), 184
    ),
    (
      "group's heap is none", patched(128, u64(136)), .wrongSignature(what: "a local heap", expected: "HEAP"),
      136
    ),
    (
      "tree of chunks", patched(140, [1]), malformed("a B-tree's node", "it is none of a group"), 140
    ),
    (
      "tree contains itself", patched(141, [1]) /* level 1 with the symbol table as its child */,
      .wrongSignature(what: "a B-tree's node", expected: "TREE"), 232
    ),
    (
      "tree in a cycle", patched(141, [1] + TestHDF5.u16(1) + zeros(24) + u64(136)),
      malformed("a B-tree's node", "it is of level 1 instead of 0"), 141
    ),
    (
      "tree with 65,535 children", patched(142, [0xFF, 0xFF]), early("a B-tree's node", 1_048_568, 222), 160
    ),
    (
      "heap's data beyond the end", patched(192, u64(1 << 40)),
      .outsideFile(what: "a local heap's data", address: 216, length: 1 << 40, available: 382), 208
    ),
    (
      "heap's data are the superblock", patched(208, u64(0)), .usedTwice(what: "a local heap's data"), 0
    ),
    (
      "symbol table's version", patched(236, [2]), .unsupportedVersion(what: "a symbol table", version: 2),
      236
    ),
    (
      "symbol table with 65,535 links", patched(238, [0xFF, 0xFF]), early("a symbol table", 2_621_400, 142),
      240
    ),
    (
      "name outside the heap", patched(240, u64(16)),
      malformed("a link's name", "it would be at 16 of a heap of 16 bytes"), 240
    ),
    (
      "name without an end", patched(224, Array(repeating: 0x78, count: 8)), early("a link's name", 9, 8), 224
    ),
    ("empty name", patched(240, u64(0)), malformed("a link's name", "\"\" is none"), 216),
    (
      "name with a slash", patched(224, TestHDF5.ascii("a/b")), malformed("a link's name", "\"a/b\" is none"),
      224
    ),
    ("link to nothing", patched(248, TestHDF5.undefined), .noAddress(what: "an object header"), 248),
    (
      "link into the middle", patched(248, u64(281)),
      .unsupportedVersion(what: "an object header", version: 0), 281
    ),
  ]

  private static func zeros(_ count: Int) -> [UInt8] { TestHDF5.zeros(count) }
  private static func early(_ what: String, _ needed: Int, _ available: Int) -> HDF5Error.Kind {
    .endsEarly(what: what, needed: needed, available: available)
  }

  @Test func soundFileIsRead() throws {
    let file = try HDF5File(parsing: TestHDF5.sound)
    let array = try #require(try file["x"]?.dataset?.array())
    #expect(array.integers() == [1, 2, -1])
    #expect(array.storage.count == TestHDF5.sound.count && array.range == 376..<382)
  }

  @Test(arguments: structures.indices) func damagedStructures(_ index: Int) {
    Self.check(Self.structures[index])
  }

  static func check(_ fault: Case) {
    #expect(hdf5Error(fault.bytes) == HDF5Error(fault.kind, offset: fault.offset), "\(fault.name)")
    let reason = HDF5Error(fault.kind, offset: fault.offset).reason
    #expect(reason.first?.isUppercase == false && reason.last != ".", "\(fault.name)")
  }

  /// The dataset's messages begin at 296: its shape, its type at 320 and its layout at 344.
  private static func dataset(_ messages: [[UInt8]], tail: [UInt8] = TestHDF5.zeros(6)) -> [UInt8] {
    TestHDF5.file(messages, tail: tail)
  }

  private static let shape = TestHDF5.dataspace([3])
  private static let type = TestHDF5.int16
  private static let layout = TestHDF5.contiguous(TestHDF5.u64(376), 6)

  private static let datasets: [Case] = [
    ("no shape", dataset([type, layout]), malformed("a dataset", "it has no message about its shape"), 280),
    ("no type", dataset([shape, layout]), malformed("a dataset", "it has no message about its type"), 280),
    (
      "two shapes", dataset([shape, shape, type, layout]),
      malformed("an object header", "it has two messages about its shape"), 328
    ),
    ("shape's version", patched(304, [3]), .unsupportedVersion(what: "a dataspace", version: 3), 304),
    (
      "33 dimensions", patched(305, [33]),
      malformed("a dataspace", "it has 33 dimensions; at most 32 are possible"), 305
    ),
    ("shape too short", patched(305, [2]), early("a dataspace", 8, 0), 320),
    (
      "negative extent", patched(312, TestHDF5.undefined),
      malformed("a dataspace", "an extent is 18446744073709551615"), 312
    ),
    ("type's version", patched(328, [0x00]), .unsupportedVersion(what: "a datatype", version: 0), 328),
    ("type's class", patched(328, [0x1C]), malformed("a datatype", "its class is 12"), 328),
    (
      "type of no bytes", patched(332, TestHDF5.u32(0)),
      malformed("a datatype", "its elements have no bytes"), 332
    ),
    (
      "type of three bytes", patched(332, TestHDF5.u32(3) + TestHDF5.u16(0) + TestHDF5.u16(24)),
      .unsupported("a dataset of an integer type of 3 bytes"), 280
    ),
    ("layout's version", patched(352, [6]), .unsupportedVersion(what: "a data layout", version: 6), 352),
    (
      "old layout", patched(352, [2]),
      .unsupported("a data layout of version 2, from before HDF5 1.6.3,"), 352
    ),
    ("layout's class", patched(353, [7]), malformed("a data layout", "its class is 7"), 353),
    (
      "data beyond the end", patched(354, u64(377)),
      .outsideFile(what: "a dataset's data", address: 377, length: 6, available: 382), 354
    ),
    (
      "data of 2^64 - 2 bytes", patched(362, [0xFE] + Array(repeating: 0xFF, count: 7)),
      .outsideFile(what: "a dataset's data", address: 376, length: .max - 1, available: 382), 354
    ),
    (
      "data too short", dataset([shape, type, TestHDF5.contiguous(u64(376), 5)]),
      .dataLength(what: "a dataset", expected: 6, found: 5), 352
    ),
    (
      "shape of 2^62 numbers", dataset([TestHDF5.dataspace([1 << 62]), type, layout]),
      .arrayTooLarge(byteCount: nil, limit: 1 << 30), 280
    ),
    (
      "a zero that hides an absurd shape",
      dataset([TestHDF5.dataspace([1 << 62, 1 << 62, 0]), type, TestHDF5.contiguous(u64(392), 0)]),
      .arrayTooLarge(byteCount: nil, limit: 1 << 30), 280
    ),
    (
      "2^40 numbers that were never written",
      dataset([TestHDF5.dataspace([1 << 40]), type, TestHDF5.contiguous(TestHDF5.undefined, 0)]),
      .arrayTooLarge(byteCount: 1 << 41, limit: 1 << 30), 352
    ),
    (
      "fill value of another size",
      dataset([
        shape, type, TestHDF5.contiguous(TestHDF5.undefined, 0),
        TestHDF5.message(5, [2, 0, 0, 1] + TestHDF5.u32(3) + [1, 2, 3]),
      ]), .dataLength(what: "a fill value", expected: 2, found: 3), 392
    ),
    (
      "continuation to itself", dataset([shape, type, layout, TestHDF5.message(0x10, u64(296) + u64(24))]),
      .structuresExceedInput(available: 406), 296
    ),
    (
      "continuation in a cycle",
      dataset(
        [shape, type, TestHDF5.message(0x10, u64(368) + u64(24))],
        tail: TestHDF5.message(0x10, u64(368) + u64(24))),
      .usedTwice(what: "a continuation of an object header"), 368
    ),
    (
      "continuation beyond the end",
      dataset([shape, type, layout, TestHDF5.message(0x10, u64(1 << 40) + u64(24))]),
      .outsideFile(
        what: "a continuation of an object header", address: 1 << 40, length: 24, available: 406), 384
    ),
    (
      "33 filters", dataset([shape, type, layout, TestHDF5.message(11, [2, 33])]),
      malformed("a filter pipeline", "it has 33 filters; at most 32 are possible"), 385
    ),
    (
      "shuffle of no bytes", dataset([shape, type, layout, TestHDF5.filters([(2, [0])])]),
      malformed("a filter pipeline", "shuffling does not say the size of an element"), 392
    ),
  ]

  @Test(arguments: datasets.indices) func damagedDatasets(_ index: Int) {
    Self.check(Self.datasets[index])
  }
}
