import CNNTestSupport
import Testing

@testable import CNNCodecs

/// Views against an oracle that looks up every element by its indices.
@Suite struct ArrayViewTests {
  static let seed: UInt64 = 0x5EED_A77A

  /// A view as a function of indices: the slow and obvious way.
  private struct Oracle {
    var shape: [Int]
    /// The bytes of an element, lowest first.
    var element: ([Int]) -> [UInt8]

    init(_ array: NumericArray) {
      shape = array.shape
      let size = array.elementType.byteCount
      element = { indices in
        var position = 0
        let axes = array.memoryOrder == .rowMajor ? Array(indices.indices) : indices.indices.reversed()
        for axis in axes { position = position * array.shape[axis] + indices[axis] }
        let start = array.range.lowerBound + position * size
        let bytes = Array(array.storage[start..<start + size])
        return array.byteOrder == .littleEndian ? bytes : bytes.reversed()
      }
    }

    mutating func transpose(_ axes: [Int]) {
      shape = axes.map { [shape] in shape[$0] }
      element = { [element] indices in
        var before = indices
        for (place, axis) in axes.enumerated() { before[axis] = indices[place] }
        return element(before)
      }
    }

    mutating func reverse(_ axis: Int) {
      element = { [element, shape] indices in
        var before = indices
        before[axis] = shape[axis] - 1 - indices[axis]
        return element(before)
      }
    }

    mutating func reshape(to newShape: [Int]) {
      element = { [element, shape] indices in
        var position = 0
        for (index, extent) in zip(indices, newShape) { position = position * extent + index }
        var before = shape
        for axis in shape.indices.reversed() {
          before[axis] = position % shape[axis]
          position /= shape[axis]
        }
        return element(before)
      }
      shape = newShape
    }

    var bytes: [UInt8] {
      var result: [UInt8] = []
      for position in 0..<(shape.contains(0) ? 0 : shape.reduce(1, *)) {
        var left = position
        var indices = shape
        for axis in shape.indices.reversed() {
          indices[axis] = left % shape[axis]
          left /= shape[axis]
        }
        result += element(indices)
      }
      return result
    }
  }

  private static func array(_ shape: [Int], _ random: inout FixedRandom) throws -> NumericArray {
    let type = try #require(ElementType.allCases.randomElement(using: &random))
    let count = try #require(NumericArray.byteCount(elementType: type, shape: shape))
    let before = Int.random(in: 0...5, using: &random)
    let storage = (0..<before + count + 3).map { _ in UInt8.random(in: 0...255, using: &random) }
    return try #require(
      NumericArray(
        elementType: type, shape: shape, memoryOrder: Bool.random(using: &random) ? .rowMajor : .columnMajor,
        byteOrder: Bool.random(using: &random) ? .littleEndian : .bigEndian, storage: storage,
        range: before..<before + count))
  }

  private static func pieces(of view: ArrayView) -> [UInt8] {
    var bytes: [UInt8] = []
    view.forEachPiece { bytes.append(contentsOf: $0) }
    return bytes
  }

  @Test func anyStepsGiveWhatLookingUpGives() throws {
    var random = FixedRandom(seed: Self.seed)
    for _ in 0..<600 {
      let rank = Int.random(in: 0...5, using: &random)
      // Now and then no elements, often dimensions of one.
      let shape = (0..<rank).map { _ in [0, 1, 1, 2, 3, 4, 5, 7, 2, 3].randomElement(using: &random) ?? 1 }
      let array = try Self.array(shape, &random)
      var view = ArrayView(array)
      var oracle = Oracle(array)
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        switch Int.random(in: 0...2, using: &random) {
        case 0:
          let axes = Array(view.shape.indices).shuffled(using: &random)
          view = view.transposed(axes)
          oracle.transpose(axes)
        case 1:
          guard let axis = view.shape.indices.randomElement(using: &random) else { continue }
          view = view.reversed(axis)
          oracle.reverse(axis)
        default:
          var shape = view.shape.filter { $0 != 1 }
          // Some dimensions joined, one split, a one put in.
          if shape.count > 1, Bool.random(using: &random) { shape[0...1] = [shape[0] * shape[1]] }
          if let last = shape.last, last.isMultiple(of: 2), last > 0 {
            shape[(shape.count - 1)...] = [2, last / 2]
          }
          shape.insert(1, at: Int.random(in: 0...shape.count, using: &random))
          view = view.reshaped(to: shape)
          oracle.reshape(to: shape)
        }
      }
      let expected = oracle.bytes
      let what: Comment = "\(array.elementType) \(array.shape) \(array.memoryOrder) to \(view.shape)"
      #expect(view.shape == oracle.shape, what)
      #expect(view.bytes == expected, what)
      #expect(Self.pieces(of: view) == expected, what)
      #expect(view.array.rowMajorLittleEndianBytes() == expected, what)
      #expect(view.byteCount == expected.count, what)
    }
  }

  /// Blocks of any size, tiles with full and with partial edges.
  @Test(arguments: [[70, 33], [3, 65, 34], [40, 2, 37], [5, 7, 11, 13], [1, 64, 1, 32]])
  func blocksAreTheWholeInOrder(shape: [Int]) throws {
    var random = FixedRandom(seed: Self.seed)
    for axes in [Array(shape.indices.reversed()), Array(shape.indices.dropFirst()) + [0]] {
      for size in [1, 2, 4, 8] {
        let count = shape.reduce(1, *) * size
        let storage = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        let elements = StridedElements(start: 0, elementByteCount: size, shape: shape, memoryOrder: .rowMajor)
          .transposed(axes)
        let whole = elements.gathered(from: storage)
        let type = try #require(
          [ElementType.uint8, .uint16, .uint32, .uint64].first { $0.byteCount == size })
        var oracle = Oracle(
          try #require(
            NumericArray(elementType: type, shape: shape, storage: storage, range: 0..<count)))
        oracle.transpose(axes)
        #expect(whole == oracle.bytes)
        for blockSize in [1, 100, 1000, count] {
          var blocks: [UInt8] = []
          elements.forEachBlock(ofAbout: blockSize) { blocks += $0.gathered(from: storage) }
          #expect(blocks == whole, "\(shape) \(axes) \(size) \(blockSize)")
        }
      }
    }
  }

  @Test func columnsOfChannelsNeedNoMemory() throws {
    // [inputs, outputs] of a layer behind pictures (h, w, c), as the native file has it.
    let array = try #require(
      NumericArray(elementType: .uint8, shape: [12, 2], storage: Array(0..<24), range: 0..<24))
    let view = ArrayView(array).transposed([1, 0]).reshaped(to: [2, 2, 3, 2]).transposed([0, 3, 1, 2])
    #expect(
      view.bytes == [0, 4, 8, 12, 16, 20, 2, 6, 10, 14, 18, 22, 1, 5, 9, 13, 17, 21, 3, 7, 11, 15, 19, 23])
  }

  /// What stands in order in a file is one piece, which is the file's own bytes.
  @Test func orderedBytesAreNotCopied() throws {
    let storage = [UInt8](repeating: 7, count: 64)
    let array = try #require(
      NumericArray(elementType: .float32, shape: [3, 4], storage: storage, range: 8..<56))
    let place = storage.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
    func pieces(_ view: ArrayView) -> [UInt] {
      var places: [UInt] = []
      view.forEachPiece { places.append(UInt(bitPattern: $0.baseAddress)) }
      return places
    }
    #expect(pieces(ArrayView(array)) == [place + 8])
    #expect(pieces(ArrayView(array).asFloat32().reshaped(to: [2, 6])) == [place + 8])
    #expect(pieces(ArrayView(array).transposed([1, 0]).transposed([1, 0])) == [place + 8])
    #expect(pieces(ArrayView(array).transposed([1, 0])) != [place + 8])
    let kept = ArrayView(array).reshaped(to: [12]).array
    #expect(kept.range == array.range)
    #expect(kept.storage.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) } == place)
  }

  @Test(arguments: ElementType.allCases)
  func float32IsWhatFloatsGive(type: ElementType) throws {
    var random = FixedRandom(seed: Self.seed)
    // All of a half's bit patterns are among them, so NaN and subnormal numbers too.
    let count = 65_536
    var storage: [UInt8] = []
    for pattern in 0..<count {
      var bits = UInt64(pattern) << 48 | UInt64.random(in: 0..<1 << 48, using: &random)
      for _ in 0..<type.byteCount {
        storage.append(UInt8(truncatingIfNeeded: bits >> 56))
        bits <<= 8
      }
    }
    for order in [NumericArray.ByteOrder.littleEndian, .bigEndian] {
      let array = try #require(
        NumericArray(
          elementType: type, shape: [256, 256], byteOrder: order, storage: storage, range: 0..<storage.count))
      let (values, error) = array.floats()
      let view = ArrayView(array).asFloat32()
      #expect(view.bytes == values.withUnsafeBytes { [UInt8]($0) })
      let fitness = array.float32Fitness()
      #expect(fitness.largestRelativeError == error)
      #expect(fitness.isFinite == array.doubles().allSatisfy(\.isFinite))
    }
  }

  @Test func viewsAreEqualByTheirBytes() throws {
    let rows = try #require(
      NumericArray(elementType: .uint8, shape: [2, 2], storage: [1, 2, 3, 4], range: 0..<4))
    let columns = try #require(
      NumericArray(
        elementType: .uint8, shape: [2, 2], memoryOrder: .columnMajor, storage: [9, 1, 3, 2, 4], range: 1..<5)
    )
    #expect(ArrayView(rows).hasSameBytes(as: ArrayView(columns)))
    #expect(ArrayView(rows).hasSameBytes(as: ArrayView(rows).reshaped(to: [4])))
    #expect(!ArrayView(rows).hasSameBytes(as: ArrayView(rows).transposed([1, 0])))
  }
}
