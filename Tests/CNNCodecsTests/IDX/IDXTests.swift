import CNNCodecs
import CNNTestSupport
import Testing

@Suite struct IDXTests {
  /// An array of shape (2, 3) for each element type: its header's type byte, its elements, and what they are.
  private static let arrays: [(code: UInt8, type: ElementType, bytes: [UInt8], values: [Double])] = [
    (0x08, .uint8, [0, 1, 127, 128, 254, 255], [0, 1, 127, 128, 254, 255]),
    (0x09, .int8, [0, 1, 127, 128, 254, 255], [0, 1, 127, -128, -2, -1]),
    (0x0B, .int16, [0, 0, 0, 1, 1, 0, 0x7F, 0xFF, 0x80, 0, 0xFF, 0xFF], [0, 1, 256, 32767, -32768, -1]),
    (
      0x0C, .int32,
      [0, 0, 0, 1, 0, 1, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0x80, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0],
      [1, 65536, 2_147_483_647, -2_147_483_648, -1, 0]
    ),
    (
      0x0D, .float32,
      [0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0, 0x7F, 0x80, 0, 0, 0x3F, 0, 0, 0, 0x3E, 0x80, 0, 0],
      [1, -2, 0, .infinity, 0.5, 0.25]
    ),
    (
      0x0E, .float64,
      [0x3F, 0xF0] + [UInt8](repeating: 0, count: 6) + [0xC0] + [UInt8](repeating: 0, count: 39),
      [1, -2, 0, 0, 0, 0]
    ),
  ]

  @Test func readsAndWritesAllSixTypes() throws {
    for (code, type, elements, values) in Self.arrays {
      let bytes = [0, 0, code, 2, 0, 0, 0, 2, 0, 0, 0, 3] + elements
      #expect(IDX.isIDX(bytes))
      let array = try IDX.parse(bytes)
      #expect(array.elementType == type && array.shape == [2, 3])
      #expect(array.byteOrder == .bigEndian && array.memoryOrder == .rowMajor)
      #expect(array.doubles() == values)
      #expect(try IDX.serialize(array) == bytes)
      #expect(try IDX.serialize(array.normalized()) == bytes)
    }
  }

  @Test func sharesTheStorage() throws {
    let bytes: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3]
    let array = try IDX.parse(bytes)
    #expect(array.range == 8..<11)
    let addresses = [bytes, array.storage].map { $0.withUnsafeBytes { $0.baseAddress } }
    #expect(addresses[0] == addresses[1])
  }

  @Test func readsEveryRank() throws {
    #expect(try IDX.parse([0, 0, 0x0B, 0, 1, 2]).shape == [])
    #expect(try IDX.parse([0, 0, 0x0B, 0, 1, 2]).doubles() == [258])
    let ones: [UInt8] = Array(repeatElement([0, 0, 0, 1], count: 64).joined())
    let deepest: [UInt8] = [0, 0, 8, 64] + ones + [42]
    #expect(try IDX.parse(deepest).shape == Array(repeating: 1, count: 64))
    #expect(try IDX.serialize(IDX.parse(deepest)) == deepest)
  }

  @Test func anEmptySetIsAHeaderAlone() throws {
    let bytes: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 28, 0, 0, 0, 28]
    let array = try IDX.parse(bytes)
    #expect(array.shape == [0, 28, 28] && array.elementCount == 0)
    #expect(try IDX.serialize(array) == bytes)
    #expect(throws: IDXError.trailingBytes(count: 1, offset: 16)) { try IDX.parse(bytes + [0]) }
  }

  /// A damaged file, and what is to be said of it.
  private static let malformed: [(bytes: [UInt8], error: IDXError)] = [
    ([], .endsEarly(InputEndsEarly(position: 0, needed: 2, available: 0, what: "the IDX signature"))),
    (
      [0, 0, 8],
      .endsEarly(InputEndsEarly(position: 3, needed: 1, available: 0, what: "the number of IDX dimensions"))
    ),
    ([1, 0, 8, 1, 0, 0, 0, 0], .notIDX(offset: 0)),
    ([0, 7, 8, 1, 0, 0, 0, 0], .notIDX(offset: 1)),
    ([0, 0, 0x0A, 1, 0, 0, 0, 0], .unknownElementType(0x0A, offset: 2)),
    ([0, 0, 0x0F, 1, 0, 0, 0, 0], .unknownElementType(0x0F, offset: 2)),
    ([0, 0, 8, 65], .rankTooHigh(rank: 65, offset: 3)),
    (
      [0, 0, 8, 2, 0, 0, 0, 1, 0, 0],
      .endsEarly(InputEndsEarly(position: 8, needed: 4, available: 2, what: "an IDX dimension"))
    ),
    ([0, 0, 8, 1, 0, 0, 0, 3, 1, 2], .tooShort(needed: 3, available: 2, offset: 8)),
    ([0, 0, 0x0E, 1, 0xFF, 0xFF, 0xFF, 0xFF], .tooShort(needed: 34_359_738_360, available: 0, offset: 8)),
    ([0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3, 4], .trailingBytes(count: 1, offset: 11)),
    (
      [0, 0, 8, 2] + [UInt8](repeating: 0xFF, count: 8),
      .sizeOverflow(shape: [4_294_967_295, 4_294_967_295], offset: 4)
    ),
    (
      [0, 0, 8, 3, 0, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8),
      .sizeOverflow(shape: [0, 4_294_967_295, 4_294_967_295], offset: 4)
    ),
  ]

  @Test(arguments: malformed.indices) func refusesByName(_ index: Int) {
    #expect(throws: Self.malformed[index].error) { try IDX.parse(Self.malformed[index].bytes) }
  }

  @Test func describesWhatIsWrong() {
    #expect(
      "\(IDXError.tooShort(needed: 3, available: 2, offset: 8))"
        == "byte 8: the IDX file is cut off: its elements take 3 bytes, and 2 are left")
  }

  @Test func knowsItsOwn() {
    #expect(IDX.isIDX([0, 0, 8, 3]))
    #expect(!IDX.isIDX([0, 0, 8]))
    #expect(!IDX.isIDX([0, 0, 8, 65]))
    #expect(!IDX.isIDX([0, 0, 7, 3]))
    #expect(!IDX.isIDX([0, 1, 8, 3]))
  }

  @Test func writesRowsFromColumns() throws {
    let array = try #require(
      NumericArray(
        elementType: .int16, shape: [2, 2], memoryOrder: .columnMajor, storage: [1, 0, 3, 0, 2, 0, 4, 0],
        range: 0..<8))
    #expect(
      try IDX.serialize(array) == [0, 0, 0x0B, 2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 1, 0, 2, 0, 3, 0, 4])
  }

  @Test func refusesToWriteWhatItCannotSay() throws {
    let wide = try #require(NumericArray(elementType: .int64, shape: [0], storage: [], range: 0..<0))
    #expect(throws: IDXError.unwritableElementType(.int64)) { try IDX.serialize(wide) }
    let long = try #require(NumericArray(elementType: .int8, shape: [1 << 32, 0], storage: [], range: 0..<0))
    #expect(throws: IDXError.unwritableShape([1 << 32, 0])) { try IDX.serialize(long) }
  }

  @Test func survivesMutationsAndNoise() {
    var noise = SeededNoise(seed: 4)
    let file: [UInt8] = [0, 0, 0x0B, 2, 0, 0, 0, 2, 0, 0, 0, 1, 1, 2, 3, 4]
    for length in file.indices {
      #expect(throws: IDXError.self) { try IDX.parse(Array(file[..<length])) }
    }
    for round in 0..<5000 {
      var bytes = file
      bytes[Int.random(in: bytes.indices, using: &noise)] = noise.bytes(1)[0]
      if let array = try? IDX.parse(bytes) { #expect(array.range.upperBound == bytes.count) }
      _ = try? IDX.parse(
        [0, 0, [8, 9, 11, 12, 13, 14][round % 6], UInt8(round % 5)] + noise.bytes(round % 40))
    }
  }
}
