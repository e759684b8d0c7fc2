import CNNCodecs
import Testing

/// Pickles written by Python and NumPy; `make_fixtures.py` beside them says how.
@Suite struct PickleFixtureTests {
  /// Name and description of every value in a table of `expected.txt`.
  static func expected(_ table: String) throws -> [(name: String, description: String)] {
    let text = String(decoding: try fixture("expected.txt"), as: UTF8.self)
    return text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: "\t").map(String.init)
      return fields.count == 3 && fields[0] == table ? (fields[1], fields[2]) : nil
    }
  }

  static func check(_ file: String, _ table: String) throws {
    let pickle = try Pickle(parsing: try fixture(file))
    let expected = try expected(table)
    #expect(expected.count > 15)
    let entries = try #require(pickle.entries(of: pickle.roots[0]))
    #expect(entries.map { pickle.text(of: $0.key) } == expected.map(\.name))
    for (entry, expectation) in zip(entries, expected) {
      #expect(pickle.describe(entry.value) == expectation.description, "\(file): \(expectation.name)")
    }
  }

  @Test(arguments: 0...5) func valuesAtEveryProtocol(number: Int) throws {
    try Self.check("values-protocol\(number).pkl", "values")
    let pickle = try Pickle(parsing: try fixture("values-protocol\(number).pkl"))
    #expect(pickle.protocols == [number < 2 ? 0 : number])
  }

  @Test(arguments: 0...5) func arraysAtEveryProtocol(number: Int) throws {
    try Self.check("arrays-protocol\(number).pkl", "arrays")
  }

  @Test func arraysOfNumPy1() throws {
    try Self.check("arrays-numpy1.pkl", "arrays")
  }

  @Test func arraysShareTheInput() throws {
    let bytes = try fixture("arrays-protocol4.pkl")
    let pickle = try Pickle(parsing: bytes)
    for item in pickle.arrayListing().items where item.array.elementType.byteCount > 1 {
      #expect(item.array.storage.count == bytes.count, "\(item.path)")
    }
  }

  @Test func orderIsKeptAsWritten() throws {
    let pickle = try Pickle(parsing: try fixture("arrays-protocol5.pkl"))
    let fortran = try #require(pickle.value(named: "fortran", in: pickle.roots[0]))
    #expect(pickle.array(of: fortran)?.memoryOrder == .columnMajor)
    #expect(pickle.array(of: fortran)?.shape == [4, 6])
    let big = try #require(pickle.value(named: ">f4", in: pickle.roots[0]))
    #expect(pickle.array(of: big)?.byteOrder == .bigEndian)
  }

  @Test func sharedObjectsAreOneObject() throws {
    let pickle = try Pickle(parsing: try fixture("values-protocol4.pkl"))
    let shared = try #require(pickle.value(named: "shared", in: pickle.roots[0]))
    let elements = try #require(pickle.elements(of: shared))
    #expect(elements.first == elements.last)
  }

  @Test(arguments: [
    ("object", 113, PickleError.Kind.unsupportedElementType(code: "O8", meaning: "Python objects")),
    ("structured", 113, .unsupportedElementType(code: "V8", meaning: "structured records")),
    ("datetime", 113, .unsupportedElementType(code: "M8", meaning: "dates or times")),
    ("timedelta", 113, .unsupportedElementType(code: "m8", meaning: "dates or times")),
    ("bytes", 113, .unsupportedElementType(code: "S2", meaning: "byte strings")),
    ("text", 113, .unsupportedElementType(code: "U2", meaning: "text")),
    ("complex", 114, .unsupportedElementType(code: "c16", meaning: "complex numbers")),
    ("longdouble", 114, .unsupportedElementType(code: "f16", meaning: "extended floats")),
    ("masked", 104, .unsupportedArrayClass("numpy masked array")),
    ("matrix", 82, .unsupportedArrayClass("numpy.matrix")),
    ("subclass", 87, .unsupportedArrayClass("__main__.Subclass")),
    ("date", 40, .forbiddenCall(module: "datetime", name: "date")),
  ]) func refusals(name: String, offset: Int, kind: PickleError.Kind) throws {
    #expect(pickleError(try fixture("refused-\(name).pkl")) == PickleError(kind, offset: offset))
  }
}
