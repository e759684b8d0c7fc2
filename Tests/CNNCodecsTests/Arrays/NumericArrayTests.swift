import CNNCodecs
import Testing

@Suite struct NumericArrayTests {
  @Test func takesOnlyShapesThatFit() {
    func fits(_ shape: [Int], _ count: Int, range: Range<Int>? = nil) -> Bool {
      let storage = [UInt8](repeating: 0, count: count)
      return NumericArray(
        elementType: .int16, shape: shape, storage: storage, range: range ?? 0..<count) != nil
    }
    #expect(fits([2, 3], 12))
    #expect(fits([], 2))
    #expect(fits([0], 0))
    #expect(fits([5, 0, 7], 0))
    #expect(!fits([2, 3], 11))
    #expect(!fits([2, 3], 13))
    #expect(!fits([-2, -3], 12))
    #expect(!fits([2, 3], 12, range: 1..<13))
    #expect(!fits([2, 3], 12, range: -1..<11))
    #expect(!fits([0, 1 << 62, 4], 0))
    #expect(fits(Array(repeating: 1, count: 64), 2))
    #expect(!fits(Array(repeating: 1, count: 65), 2))
  }

  @Test func countsBytesWithoutOverflow() {
    #expect(NumericArray.byteCount(elementType: .float64, shape: [3, 5]) == 120)
    #expect(NumericArray.byteCount(elementType: .uint8, shape: [.max]) == .max)
    #expect(NumericArray.byteCount(elementType: .uint16, shape: [.max]) == nil)
    #expect(NumericArray.byteCount(elementType: .uint8, shape: [1 << 32, 1 << 32]) == nil)
    #expect(NumericArray.byteCount(elementType: .uint8, shape: [-1]) == nil)
  }

  @Test func turnsColumnsIntoRows() throws {
    // numpy.asfortranarray([[1, 2, 3], [4, 5, 6]]).tobytes("A") is 1 4 2 5 3 6.
    let matrix = try #require(
      NumericArray(
        elementType: .uint8, shape: [2, 3], memoryOrder: .columnMajor, storage: [9, 1, 4, 2, 5, 3, 6, 9],
        range: 1..<7))
    #expect(!matrix.isRowMajorLittleEndian)
    #expect(matrix.rowMajorLittleEndianBytes() == [1, 2, 3, 4, 5, 6])
    #expect(matrix.integers() == [1, 2, 3, 4, 5, 6])
    #expect(matrix.doubles() == [1, 2, 3, 4, 5, 6])
    #expect(matrix.floats().values == [1, 2, 3, 4, 5, 6])
    let normalized = matrix.normalized()
    #expect(normalized.memoryOrder == .rowMajor && normalized.storage == [1, 2, 3, 4, 5, 6])

    // Element (i, j, k) of shape (2, 3, 2) is at i + 2 j + 6 k, and here has the value 100 i + 10 j + k.
    let cube = try #require(
      NumericArray(
        elementType: .uint8, shape: [2, 3, 2], memoryOrder: .columnMajor,
        storage: [0, 100, 10, 110, 20, 120, 1, 101, 11, 111, 21, 121], range: 0..<12))
    #expect(cube.integers() == [0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121])
  }

  @Test func turnsBigEndianColumnsIntoLittleEndianRows() throws {
    let matrix = try #require(
      NumericArray(
        elementType: .int16, shape: [2, 2], memoryOrder: .columnMajor, byteOrder: .bigEndian,
        storage: [0x01, 0x02, 0xFF, 0xFE, 0x03, 0x04, 0x80, 0x00], range: 0..<8))
    #expect(matrix.rowMajorLittleEndianBytes() == [0x02, 0x01, 0x04, 0x03, 0xFE, 0xFF, 0x00, 0x80])
    #expect(matrix.integers() == [0x0102, 0x0304, -2, -32768])
  }

  @Test func aVectorHasNoOrder() throws {
    let vector = try #require(
      NumericArray(
        elementType: .uint8, shape: [1, 3, 1], memoryOrder: .columnMajor, byteOrder: .bigEndian,
        storage: [1, 2, 3, 4], range: 0..<3))
    #expect(vector.isRowMajorLittleEndian)
    #expect(vector.rowMajorLittleEndianBytes() == [1, 2, 3])
  }

  @Test func anEmptyArrayIsEmptyInEveryForm() throws {
    for order in [NumericArray.MemoryOrder.rowMajor, .columnMajor] {
      let empty = try #require(
        NumericArray(
          elementType: .int32, shape: [2, 0, 3], memoryOrder: order, byteOrder: .bigEndian, storage: [1],
          range: 1..<1))
      #expect(empty.elementCount == 0)
      #expect(empty.rowMajorLittleEndianBytes().isEmpty)
      #expect(empty.doubles().isEmpty && empty.floats().values.isEmpty)
      #expect(empty.integers() == [])
    }
  }

  /// An element type, the bytes of some elements in big-endian order, and what they are.
  private static let elements: [(type: ElementType, bytes: [UInt8], values: [Double])] = [
    (.bool, [0, 1, 2], [0, 1, 1]),
    (.int8, [0x00, 0x7F, 0x80], [0, 127, -128]),
    (.uint8, [0x00, 0x7F, 0xFF], [0, 127, 255]),
    (.int16, [0x7F, 0xFF, 0x80, 0x00], [32767, -32768]),
    (.uint16, [0x01, 0x02, 0xFF, 0xFF], [258, 65535]),
    (.int32, [0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE], [2_147_483_647, -2]),
    (.uint32, [0xFF, 0xFF, 0xFF, 0xFF], [4_294_967_295]),
    (.int64, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFD, 0, 0, 1, 0, 0, 0, 0, 0], [-3, 0x1p40]),
    (.uint64, [0, 0x20, 0, 0, 0, 0, 0, 0], [0x1p53]),
    (.float16, [0x3C, 0x00, 0xC0, 0x00], [1, -2]),
    (.bfloat16, [0x3F, 0x80, 0xC0, 0x49], [1, -3.140625]),
    (.float32, [0x3F, 0x9D, 0x70, 0xA4, 0x80, 0x00, 0x00, 0x00], [Double(Float(1.23)), -0.0]),
    (.float64, [0x3F, 0xF3, 0xAE, 0x14, 0x7A, 0xE1, 0x47, 0xAE], [1.23]),
  ]

  @Test func readsEveryElementTypeInBothByteOrders() throws {
    #expect(Set(Self.elements.map(\.type)) == Set(ElementType.allCases))
    for (type, bigEndian, values) in Self.elements {
      let size = type.byteCount
      let littleEndian = stride(from: 0, to: bigEndian.count, by: size).flatMap {
        bigEndian[$0..<$0 + size].reversed()
      }
      for (bytes, order) in [(bigEndian, NumericArray.ByteOrder.bigEndian), (littleEndian, .littleEndian)] {
        // Off by one byte, so that nothing may count on alignment.
        let array = try #require(
          NumericArray(
            elementType: type, shape: [values.count], byteOrder: order, storage: [0xEE] + bytes + [0xEE],
            range: 1..<bytes.count + 1))
        #expect(array.elementCount == values.count)
        #expect(array.rowMajorLittleEndianBytes() == littleEndian, "\(type.name)")
        #expect(array.doubles().map(\.bitPattern) == values.map(\.bitPattern), "\(type.name)")
        #expect(array.floats().values == values.map { Float($0) }, "\(type.name)")
        #expect(array.integers() == (type.isFloatingPoint ? nil : values.map { Int64($0) }), "\(type.name)")
      }
    }
  }

  @Test func readsTheSpecialValuesOfHalfPrecision() throws {
    func values(_ type: ElementType, _ patterns: [UInt16]) throws -> [Double] {
      let bytes = patterns.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
      return try #require(
        NumericArray(elementType: type, shape: [patterns.count], storage: bytes, range: 0..<bytes.count)
      ).doubles()
    }
    let half = try values(
      .float16, [0x0000, 0x8000, 0x0001, 0x83FF, 0x0400, 0x3555, 0x7BFF, 0x7C00, 0xFC00, 0x7E00])
    let expectedHalf: [Double] = [
      0, 0, 0x1p-24, -0x3FFp-24, 0x1p-14, 0x555p-12, 65504, .infinity, -.infinity,
    ]
    #expect(Array(half.dropLast()) == expectedHalf)
    #expect(half[1].sign == .minus)
    #expect(half[9].isNaN)
    let brain = try values(.bfloat16, [0x0000, 0x8000, 0x0001, 0x0080, 0x7F7F, 0x7F80, 0xFF80, 0x7FC0])
    let expectedBrain: [Double] = [0, 0, 0x1p-133, 0x1p-126, 0xFFp120, .infinity, -.infinity]
    #expect(Array(brain.dropLast()) == expectedBrain)
    #expect(brain[1].sign == .minus)
    #expect(brain[7].isNaN)
  }

  @Test func saysHowMuchRoundingToFloatCosts() throws {
    func error(_ values: [Double]) throws -> Double {
      let bytes = values.flatMap { value in
        (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> ($0 * 8)) }
      }
      return try #require(
        NumericArray(elementType: .float64, shape: [values.count], storage: bytes, range: 0..<bytes.count)
      ).floats().largestRelativeError
    }
    #expect(try error([0, 1, -0.5, .infinity, .nan]) == 0)
    #expect(try error([1 + 0x1p-24]) == 0x1p-24 / (1 + 0x1p-24))
    #expect(try error([1, 1e-60]) == 1)
    #expect(try error([1e300]) == .infinity)
  }

  @Test func refusesIntegersBeyondInt64() throws {
    let bytes = [UInt8](repeating: 0xFF, count: 7)
    for (last, values) in [(UInt8(0x7F), [Int64.max]), (0x80, nil)] {
      let array = try #require(
        NumericArray(elementType: .uint64, shape: [1], storage: bytes + [last], range: 0..<8))
      #expect(array.integers() == values)
    }
  }
}
