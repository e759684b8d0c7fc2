import CNNCodecs
import CNNFiles
import Testing

/// What `Fixtures/npy/expected.txt` says of one array: its name, type, shape, and elements, last index fastest.
struct ExpectedArray {
  let name: String
  let type: String
  let shape: [Int]
  let values: [Double]

  static func all() throws -> [ExpectedArray] {
    let text = String(decoding: try FixtureFile.bytes("npy/expected.txt"), as: UTF8.self)
    return text.split(separator: "\n").map { line in
      let parts = line.split(separator: "|", omittingEmptySubsequences: false)
      return ExpectedArray(
        name: String(parts[0]), type: String(parts[1]),
        shape: parts[2].split(separator: " ").compactMap { Int($0) },
        values: parts[3].split(separator: " ").compactMap { Double($0) })
    }
  }
}

@Suite struct NPYTests {
  @Test(arguments: ["numpy1-stored", "numpy1-compressed", "numpy2-stored", "numpy2-compressed"])
  func arraysOfBothNumPys(_ file: String) throws {
    let npz = try NPZ(parsing: FixtureFile.bytes("npy/\(file).npz"))
    let expected = try ExpectedArray.all()
    #expect(expected.count == 24)
    #expect(npz.names == expected.map(\.name))
    #expect(NPZ.isNPZ(npz.archive))
    for array in expected {
      let found = try #require(try npz.array(named: array.name))
      #expect(found.elementType.name == array.type)
      #expect(found.shape == array.shape)
      #expect(found.doubles() == array.values, "\(array.name)")
      #expect((found.byteOrder == .bigEndian) == array.name.contains("big"))
      #expect((found.memoryOrder == .columnMajor) == array.name.hasPrefix("fortran"))
    }
    #expect(try npz.array(named: "missing") == nil)
  }

  @Test func storedArraysAreRangesOfTheFile() throws {
    let bytes = try FixtureFile.bytes("npy/numpy2-stored.npz")
    let npz = try NPZ(parsing: bytes)
    let address = npz.archive.bytes.withUnsafeBytes { $0.baseAddress }
    for index in npz.names.indices {
      let array = try npz.array(at: index)
      #expect(array.storage.withUnsafeBytes { $0.baseAddress } == address)
    }
  }

  @Test(arguments: 1...3) func versions(_ version: Int) throws {
    let array = try NPY.parse(FixtureFile.bytes("npy/version\(version).npy"))
    #expect(array.shape == [2, 3, 4])
    #expect(array.memoryOrder == .columnMajor)
    #expect(array.doubles() == (0..<24).map { Double($0) })
  }

  @Test(arguments: ["numpy1-stored", "numpy2-stored"])
  func whatIsWrittenIsWhatNumPyWrites(_ file: String) throws {
    let npz = try NPZ(parsing: FixtureFile.bytes("npy/\(file).npz"))
    for (name, entry) in zip(npz.names, npz.archive.entries) {
      let bytes = try npz.archive.content(of: entry).bytes
      #expect(try NPY.encode(NPY.parse(bytes)) == bytes, "\(name)")
    }
  }

  @Test(arguments: [false, true]) func archivesRoundTrip(_ isCompressed: Bool) throws {
    let npz = try NPZ(parsing: FixtureFile.bytes("npy/numpy2-stored.npz"))
    let arrays = try npz.names.indices.map { (name: npz.names[$0], array: try npz.array(at: $0)) }
    let sink = MemorySink()
    try NPZ.write(arrays, to: sink, isCompressed: isCompressed)
    let again = MemorySink()
    try NPZ.write(arrays, to: again, isCompressed: isCompressed)
    #expect(sink.bytes == again.bytes)
    let read = try NPZ(parsing: sink.bytes)
    #expect(read.names == npz.names)
    for (index, (_, array)) in arrays.enumerated() {
      let found = try read.array(at: index)
      #expect(found.storage[found.range] == array.storage[array.range])
      #expect(found.shape == array.shape && found.elementType == array.elementType)
      #expect(found.doubles() == array.doubles())
    }
  }

  @Test func aHeaderByteByByte() throws {
    let text = "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }"
    let padded = text + String(repeating: " ", count: 118 - 1 - text.count) + "\n"
    let bytes: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0] + Array(padded.utf8) + [7, 8, 9]
    let array = try NPY.parse(bytes)
    #expect(array.range == 128..<131)
    #expect(array.integers() == [7, 8, 9])
    #expect(try NPY.encode(array) == bytes)
  }

  @Test func whatCannotBeWritten() throws {
    let bfloat = try #require(
      NumericArray(elementType: .bfloat16, shape: [1], storage: [0, 0], range: 0..<2))
    #expect(throws: NPYError.unwritableElementType(.bfloat16)) { try NPY.encode(bfloat) }
    #expect(throws: NPZError.array(name: "w", isDecompressed: false, .unwritableElementType(.bfloat16))) {
      try NPZ.write([("w", bfloat)], to: MemorySink())
    }
    let byte = try #require(NumericArray(elementType: .uint8, shape: [], storage: [1], range: 0..<1))
    #expect(throws: NPZError.self) { try NPZ.write([("../w", byte)], to: MemorySink()) }
    #expect(throws: NPZError.self) { try NPZ.write([("w", byte), ("w", byte)], to: MemorySink()) }
  }
}
