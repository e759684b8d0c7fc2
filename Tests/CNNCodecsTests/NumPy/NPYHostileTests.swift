import CNNCodecs
import CNNFiles
import CNNTestSupport
import Testing

/// Files that are wrong in one way each.
@Suite struct NPYHostileTests {
  /// A file of version 1.0 with this header and data; the header's text begins at 10.
  private static func file(_ text: String, _ data: [UInt8] = []) -> [UInt8] {
    [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count & 255), UInt8(text.utf8.count >> 8)]
      + Array(text.utf8) + data
  }

  private static func typed(_ code: String) -> [UInt8] {
    file("{'descr': \(code), 'fortran_order': False, 'shape': ()}")
  }

  private static func shaped(_ shape: String) -> [UInt8] {
    file("{'descr': '<f4', 'fortran_order': False, 'shape': \(shape)}")
  }

  private static func malformed(_ problem: String, _ offset: Int) -> NPYError {
    .malformedHeader(problem: problem, offset: offset)
  }

  private static func early(_ position: Int, _ needed: Int, _ available: Int, _ what: String) -> NPYError {
    .endsEarly(InputEndsEarly(position: position, needed: needed, available: available, what: what))
  }

  private static func unsupported(_ code: String, _ meaning: String) -> NPYError {
    .unsupportedElementType(code: code, meaning: meaning, offset: 20)
  }

  /// Where the shape stands in `shaped`.
  private static let shapeOffset = 60

  private static let cases: [(name: String, bytes: [UInt8], error: NPYError)] = [
    ("nothing", [], .notNPY(offset: 0)),
    ("text", Array("NUMPY1".utf8), .notNPY(offset: 0)),
    ("half a signature", [0x93, 0x4E, 0x55], .notNPY(offset: 0)),
    ("no version", [0x93] + Array("NUMPY".utf8), early(6, 1, 0, "the npy version")),
    ("half a version", [0x93] + Array("NUMPY".utf8) + [1], early(7, 1, 0, "the npy version")),
    (
      "version 4.0", [0x93] + Array("NUMPY".utf8) + [4, 0, 0, 0],
      .unknownVersion(major: 4, minor: 0, offset: 6)
    ),
    (
      "version 1.1", [0x93] + Array("NUMPY".utf8) + [1, 1, 0, 0],
      .unknownVersion(major: 1, minor: 1, offset: 6)
    ),
    (
      "half a length", [0x93] + Array("NUMPY".utf8) + [1, 0, 5],
      early(8, 2, 1, "the length of the npy header")
    ),
    (
      "a length of two bytes in version 2", [0x93] + Array("NUMPY".utf8) + [2, 0, 5, 0],
      early(8, 4, 2, "the length of the npy header")
    ),
    (
      "a header of 65535 bytes", [0x93] + Array("NUMPY".utf8) + [1, 0, 255, 255],
      .headerTooLong(size: 65535, limit: 10000, offset: 8)
    ),
    (
      "a header of 4 GiB", [0x93] + Array("NUMPY".utf8) + [3, 0, 255, 255, 255, 255],
      .headerTooLong(size: 0xFFFF_FFFF, limit: 10000, offset: 8)
    ),
    ("a header cut off", Array(typed("'<f4'")[..<20]), early(10, 53, 10, "the npy header")),

    ("an empty header", file(""), malformed("something else where a dictionary is due", 10)),
    ("no dictionary", file("[]"), malformed("something else where a dictionary is due", 10)),
    ("an empty dictionary", file("{}"), malformed("no key 'descr'", 10)),
    (
      "no end", file("{'shape': ()"),
      malformed("something else where a comma or the dictionary's end is due", 22)
    ),
    ("no end behind a comma", file("{'shape': (),"), malformed("something else where a key is due", 23)),
    ("two commas", file("{'shape': (),,}"), malformed("something else where a key is due", 23)),
    ("no type", file("{'shape': (), 'fortran_order': True}"), malformed("no key 'descr'", 10)),
    ("no shape", file("{'descr': '<f4', 'fortran_order': True}"), malformed("no key 'shape'", 10)),
    ("no order", file("{'descr': '<f4', 'shape': ()}"), malformed("no key 'fortran_order'", 10)),
    ("another key", file("{'descr': '<f4', 'a': 1}"), malformed("the unknown key \"a\"", 27)),
    ("a key twice", file("{'shape': (), 'shape': ()}"), malformed("the key 'shape' twice", 24)),
    ("no colon", file("{'shape' ()}"), malformed("something else where a colon is due", 19)),
    ("a number as key", file("{1: 2}"), malformed("something else where a key is due", 11)),
    ("a string without an end", file("{'shape: ()}"), malformed("a string without an end", 11)),
    (
      "an escape", file("{'sh\\x61pe': ()}"), malformed("a string with other than plain characters in it", 11)
    ),
    ("a call", file("__import__('os')"), malformed("something else where a dictionary is due", 10)),
    (
      "more behind the dictionary", file("{'descr': '<f4', 'fortran_order': True, 'shape': ()} + {}"),
      malformed("other characters behind its dictionary", 63)
    ),
    (
      "an order of 1", file("{'fortran_order': 1}"),
      malformed("something else where True or False is due", 28)
    ),
    (
      "an order of Truely", file("{'fortran_order': Truely}"),
      malformed("something else where True or False is due", 28)
    ),

    ("a number as shape", shaped("3"), malformed("something else where a tuple is due", shapeOffset)),
    ("a number in brackets", shaped("(3)"), malformed("a number where a tuple is due", shapeOffset)),
    ("a list", shaped("[3]"), malformed("something else where a tuple is due", shapeOffset)),
    ("no comma", shaped("(3 4)"), malformed("something else where a comma is due", shapeOffset + 3)),
    ("a comma alone", shaped("(,)"), malformed("something else where a dimension is due", shapeOffset + 1)),
    ("a negative dimension", shaped("(-1,)"), malformed("a negative dimension", shapeOffset + 1)),
    ("a fraction", shaped("(1.5,)"), malformed("something else where a comma is due", shapeOffset + 2)),
    ("a leading zero", shaped("(03,)"), malformed("a number with a leading zero", shapeOffset + 1)),
    (
      "a dimension of 2^63", shaped("(9223372036854775808,)"),
      malformed("a dimension beyond 2^63 - 1", shapeOffset + 1)
    ),
    (
      "a dimension of 5,000 digits", shaped("(" + String(repeating: "9", count: 5000) + ",)"),
      malformed("a dimension beyond 2^63 - 1", shapeOffset + 1)
    ),
    (
      "a dimension of 2^63 - 1", shaped("(9223372036854775807,)"),
      .sizeOverflow(shape: [.max], offset: shapeOffset)
    ),
    (
      "a product of 2^64", shaped("(4294967296, 4294967296)"),
      .sizeOverflow(shape: [1 << 32, 1 << 32], offset: shapeOffset)
    ),
    (
      "such a product behind a zero", shaped("(0, 4294967296, 4294967296)"),
      .sizeOverflow(shape: [0, 1 << 32, 1 << 32], offset: shapeOffset)
    ),
    (
      "rank 65", shaped("(" + String(repeating: "1,", count: 65) + ")"),
      .rankTooHigh(offset: shapeOffset + 129)
    ),
    (
      "2^61 bytes that are not there", shaped("(576460752303423488,)"),
      .tooShort(needed: 1 << 61, available: 0, offset: 82)
    ),
    ("data cut off", shaped("(2,)") + [1, 2, 3, 4, 5, 6, 7], .tooShort(needed: 8, available: 7, offset: 65)),
    ("data behind the data", shaped("(1,)") + [1, 2, 3, 4, 5], .trailingBytes(count: 1, offset: 69)),
    ("two files", shaped("(0,)") + shaped("(0,)"), .trailingBytes(count: 65, offset: 65)),

    ("objects", typed("'|O'"), unsupported("|O", "Python objects")),
    (
      "bfloat16", typed("'<V2'"), unsupported("<V2", "records or types that NumPy does not know, as bfloat16")
    ),
    (
      "records", typed("[('a', '<f4')]"),
      unsupported("[('a', '<f4')], 'fortran_order': False, ", "structured records")
    ),
    (
      "a subarray", typed("('<f4', (2,))"),
      unsupported("('<f4', (2,)), 'fortran_order': False, '", "structured records")
    ),
    ("floats of three bytes", typed("'<f3'"), unsupported("<f3", "extended floats")),
    ("an order that is none", typed("'!f4'"), unsupported("!f4", "unknown")),
    ("no order for four bytes", typed("'|f4'"), unsupported("|f4", "extended floats")),
    ("an empty type", typed("''"), unsupported("", "unknown")),
    ("a type that is no string", typed("4"), malformed("something else where a dtype is due", 20)),
  ]

  @Test(arguments: cases.map(\.name)) func everyFaultIsAnErrorOfItsOwn(_ name: String) throws {
    let (_, bytes, error) = try #require(Self.cases.first { $0.name == name })
    #expect(throws: error) { try NPY.parse(bytes) }
    #expect(!error.reason.isEmpty && error.reason.first?.isUppercase == false)
    // Inside other bytes, places are those of all bytes.
    #expect {
      try NPY.parse([1, 2, 3] + bytes + [4], in: 3..<bytes.count + 3)
    } throws: { moved in
      (moved as? NPYError)?.offset == error.offset.map { $0 + 3 }
    }
  }

  @Test(arguments: [
    ("object", "|O"), ("complex", "<c8"), ("text", "<U3"), ("bytes", "|S3"), ("datetime", "<M8[s]"),
    ("timedelta", "<m8[us]"), ("void", "|V2"), ("longdouble", "<f16"),
    ("structured", "[('a', '<f4'), ('b', '<i2')], 'fortran_o"),
  ])
  func whatNumPyAlsoHolds(_ name: String, _ code: String) throws {
    let bytes = try FixtureFile.bytes("npy/refused-\(name).npy")
    #expect {
      try NPY.parse(bytes)
    } throws: { error in
      if case .unsupportedElementType(code, _, 20)? = error as? NPYError { true } else { false }
    }
  }

  @Test(arguments: [
    "{\"descr\":\"<f4\",\"fortran_order\":False,\"shape\":(1,2)}",
    "  { 'shape' : ( 1L , 2L , ) ,\n'fortran_order' : False , 'descr' : '=f4' , }  \n\n",
    "{'fortran_order': False, 'descr': 'f4', 'shape': (1, 2,)}",
  ])
  func otherSpellings(_ text: String) throws {
    let array = try NPY.parse(Self.file(text, [0, 0, 128, 63, 0, 0, 0, 64]))
    #expect(array.shape == [1, 2])
    #expect(array.doubles() == [1, 2])
  }

  @Test func otherFilesAreNoArrays() throws {
    let archive = try ZipArchive(parsing: FixtureFile.bytes("zip/python-stored.zip"))
    #expect(!NPZ.isNPZ(archive))
    #expect(throws: NPZError.notAnArray(name: "plain.txt", offset: 0)) { try NPZ(archive) }
    #expect(throws: NPZError.zip(.notZip(offset: 0))) { try NPZ(parsing: [1, 2]) }
    let empty = try NPZ(parsing: FixtureFile.bytes("zip/python-empty.zip"))
    #expect(empty.names.isEmpty && !NPZ.isNPZ(empty.archive))
  }

  @Test(arguments: [ZipMethod.stored, .deflated]) func errorsNameTheArray(_ method: ZipMethod) throws {
    let sink = MemorySink()
    var writer = ZipWriter(sink)
    try writer.add("a/w.npy", Self.shaped("(3)"), method: method)
    try writer.finish()
    let npz = try NPZ(parsing: sink.bytes)
    let start = method == .stored ? npz.archive.entries[0].dataRange.lowerBound : 0
    let error = NPZError.array(
      name: "a/w", isDecompressed: method == .deflated,
      Self.malformed("a number where a tuple is due", start + Self.shapeOffset))
    #expect(throws: error) { try npz.array(named: "a/w") }
    #expect(
      error.description
        == (method == .stored
          ? "byte 97: in the array \"a/w\": the npy header has a number where a tuple is due"
          : "in the array \"a/w\", decompressed byte 60: the npy header has a number where a tuple is due"))
    #expect(throws: NPZError.zip(.tooLarge(name: "a/w.npy", size: 64, limit: 63, offset: 0))) {
      try npz.array(at: 0, limit: 63)
    }
  }

  @Test func anyBytesGiveAnArrayOrAnError() throws {
    var noise = SeededNoise(seed: 11)
    var whole = 0
    for version in 1...3 {
      let sound = try FixtureFile.bytes("npy/version\(version).npy")
      for round in 0..<1500 {
        var bytes = sound
        for _ in 0...round % 3 {
          let place = Int.random(in: 0..<(round % 4 == 0 ? bytes.count : 84), using: &noise)
          let likely = Array("'(){},: 0123456789LTrue<>|=f4\\".utf8) + [0, 255]
          bytes[place] = likely.randomElement(using: &noise) ?? 0
        }
        if round % 5 == 0 { bytes.removeLast(Int.random(in: 1...bytes.count, using: &noise)) }
        guard let array = try? NPY.parse(bytes) else { continue }
        #expect(array.range.upperBound == bytes.count)
        whole += 1
      }
    }
    #expect(whole > 50)
  }
}
