import CNNCodecs
import Testing

/// Attributes that are wrong in one way each, and the texts they lead to.
@Suite struct HDF5AttributeTests {
  private static func padded(_ bytes: [UInt8]) -> [UInt8] {
    bytes + TestHDF5.zeros((8 - bytes.count % 8) % 8)
  }

  private static let text: [UInt8] = [0x19, 1, 0, 0, 16, 0, 0, 0, 0x13, 0, 0, 0, 1, 0, 0, 0]
  private static let scalar: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 0]

  private static func attribute(
    _ name: String, _ type: [UInt8], _ space: [UInt8], _ data: [UInt8], version: UInt8 = 1
  ) -> [UInt8] {
    let sizes = [name.utf8.count + 1, type.count, space.count].flatMap(TestHDF5.u16)
    let parts = [Array(name.utf8) + [0], type, space].flatMap(padded)
    return TestHDF5.message(12, [version, 0] + sizes + parts + data)
  }

  /// A file whose dataset has only a shape, a type, a layout and attributes; with a global heap behind them.
  private static func file(_ attributes: [[UInt8]], heap: [UInt8] = []) -> [UInt8] {
    TestHDF5.file(
      [TestHDF5.dataspace([0]), TestHDF5.int16, TestHDF5.contiguous(TestHDF5.undefined, 0)] + attributes,
      tail: heap)
  }

  // The attribute begins at 384, its data at 424, and the heap at 440.
  private static func textFile(length: Int = 2, address: Int = 440, number: Int = 1, heap: [UInt8] = heap)
    -> [UInt8]
  {
    let place = TestHDF5.u32(length) + TestHDF5.u64(address) + TestHDF5.u32(number)
    return file([attribute("a", text, scalar, place)], heap: heap)
  }

  private static func heap(_ objects: [UInt8], size: Int? = nil) -> [UInt8] {
    Array("GCOL".utf8) + [1, 0, 0, 0] + TestHDF5.u64(size ?? 16 + objects.count) + objects
  }

  private static func object(_ number: Int, _ data: [UInt8]) -> [UInt8] {
    TestHDF5.u16(number) + TestHDF5.zeros(6) + TestHDF5.u64(data.count) + padded(data)
  }

  private static let heap = heap(object(1, Array("hi".utf8)))

  private static func malformed(_ what: String, _ problem: String) -> HDF5Error.Kind {
    .malformed(what: what, problem: problem)
  }

  private static let number = attribute("n", TestHDF5.int16Type, scalar, [7, 0])

  private static let cases: [HDF5HostileTests.Case] = [
    (
      "attribute's version", file([attribute("a", text, scalar, TestHDF5.zeros(16), version: 4)]),
      .unsupportedVersion(what: "an attribute", version: 4), 384
    ),
    (
      "no name", file([attribute("", text, scalar, TestHDF5.zeros(16))]),
      malformed("an attribute", "it has no name"), 384
    ),
    ("the same name twice", file([number, number]), .duplicateName("n"), 440),
    (
      "data too short",
      file([attribute("n", TestHDF5.int16Type, [1, 1, 0, 0, 0, 0, 0, 0] + TestHDF5.u64(5), [1, 0])]),
      .endsEarly(what: "an attribute", needed: 10, available: 8), 432
    ),
    (
      "more than 2^63 bytes",
      file([attribute("n", TestHDF5.int16Type, [1, 1, 0, 0, 0, 0, 0, 0] + TestHDF5.u64(1 << 62), [1, 0])]),
      .arrayTooLarge(byteCount: nil, limit: 8), 432
    ),
    (
      "a shared attribute", file([TestHDF5.message(12, TestHDF5.zeros(16), flags: 2)]),
      .unsupported("an attribute that objects share"), 384
    ),
    (
      "heap beyond the end", textFile(address: 500),
      .outsideFile(what: "a global heap", address: 500, length: 0, available: 480), 428
    ),
    ("no heap", textFile(address: 424), .wrongSignature(what: "a global heap", expected: "GCOL"), 424),
    (
      "a text without a heap", textFile(address: 0), .noAddress(what: "a text"), 428
    ),
    (
      "an object that is not there", textFile(number: 2),
      malformed("a text's place", "the heap has no object 2"), 436
    ),
    (
      "text longer than its object", textFile(length: 3), .dataLength(what: "a text", expected: 3, found: 2),
      424
    ),
    (
      "heap of 8 bytes", textFile(heap: heap([], size: 8)), malformed("a global heap", "it has 8 bytes"), 448
    ),
    (
      "heap that is too long", textFile(heap: heap([], size: 17)),
      .outsideFile(what: "a global heap", address: 440, length: 17, available: 456), 448
    ),
    (
      "object that is too long",
      textFile(heap: heap(TestHDF5.u16(1) + TestHDF5.zeros(6) + TestHDF5.u64(1 << 40))),
      .endsEarly(what: "a global heap", needed: 1 << 40, available: 0), 472
    ),
    (
      "two objects of one number", textFile(heap: heap(object(1, [65, 66]) + object(1, []))),
      malformed("a global heap", "it has two objects 1"), 480
    ),
  ]

  @Test(arguments: cases.indices) func damagedAttributes(_ index: Int) {
    HDF5HostileTests.check(Self.cases[index])
  }

  @Test func attributesAreRead() throws {
    let dataset = try HDF5File(parsing: Self.textFile())["x"]?.dataset
    #expect(try dataset?.attribute(named: "a")?.text() == "hi")
    let number = try HDF5File(parsing: Self.file([Self.number]))["x"]?.dataset?.attribute(named: "n")
    #expect(try number?.text() == nil && number?.texts() == nil && number?.type.elementType == .int16)
  }

  /// A thousand texts that are all the same object would take a thousand times its length.
  @Test func textsDoNotGrowBeyondTheFile() throws {
    let long = [UInt8](repeating: 65, count: 30_000)
    let count = 1000
    let space: [UInt8] = [1, 1, 0, 0, 0, 0, 0, 0] + TestHDF5.u64(count)
    func bytes(_ address: Int) -> [UInt8] {
      let place = TestHDF5.u32(long.count) + TestHDF5.u64(address) + TestHDF5.u32(1)
      let places = Array([[UInt8]](repeating: place, count: count).joined())
      return Self.file([Self.attribute("a", Self.text, space, places)], heap: Self.heap(Self.object(1, long)))
    }
    let bomb = bytes(bytes(0).count - Self.heap(Self.object(1, long)).count)
    #expect(hdf5Error(bomb)?.kind == .structuresExceedInput(available: bomb.count))
  }
}
