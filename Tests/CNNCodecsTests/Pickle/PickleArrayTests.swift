import CNNCodecs
import Testing

/// NumPy arrays whose parts do not fit together, and the corners of those that do.
@Suite struct PickleArrayTests {
  /// The offset of the last opcode before STOP, the `BUILD` of the array.
  static func lastBuild(_ bytes: [UInt8]) -> Int { bytes.count - 2 }

  static let lies: [(name: String, bytes: [UInt8], kind: PickleError.Kind)] = [
    (
      "short data", ArrayPickle.make(data: "U\u{4}\0\0\0\0"),
      .arrayDataMismatch(shape: [2], elementType: .float32, expected: 8, found: 4)
    ),
    (
      "long data", ArrayPickle.make(data: "U\u{9}012345678"),
      .arrayDataMismatch(shape: [2], elementType: .float32, expected: 8, found: 9)
    ),
    (
      "item size", ArrayPickle.make(type: ArrayPickle.type("f8", "<")),
      .arrayDataMismatch(shape: [2], elementType: .float64, expected: 16, found: 8)
    ),
    (
      "data for rank 0", ArrayPickle.make(shape: ")"),
      .arrayDataMismatch(shape: [], elementType: .float32, expected: 4, found: 8)
    ),
    (
      "a negative dimension", ArrayPickle.make(shape: "J\u{FE}ÿÿÿ\u{85}"),
      .invalidShape(problem: "a dimension of -2")
    ),
    (
      "two negative dimensions whose product fits", ArrayPickle.make(shape: "J\u{FE}ÿÿÿJÿÿÿÿ\u{86}"),
      .invalidShape(problem: "a dimension of -2")
    ),
    (
      "a product that overflows to 0",
      ArrayPickle.make(shape: "I4294967296\nI4294967296\n\u{86}", data: "U\0"),
      .invalidShape(problem: "more elements than can be in its shape [4294967296, 4294967296]")
    ),
    (
      "an overflow behind a zero",
      ArrayPickle.make(shape: "K\0I4611686018427387904\nK\u{9}\u{87}", data: "U\0"),
      .invalidShape(problem: "more elements than can be in its shape [0, 4611686018427387904, 9]")
    ),
    (
      "a dimension beyond Int", ArrayPickle.make(shape: "I9223372036854775808\n\u{85}"),
      .invalidShape(problem: "an integer as a dimension")
    ),
    (
      "rank 65", ArrayPickle.make(shape: PicklePart(assemble("(", repeated("K\u{1}", 65), "t"))),
      .invalidShape(problem: "65 dimensions; at most 64 are read")
    ),
    ("a list as shape", ArrayPickle.make(shape: "]"), .invalidShape(problem: "a list as its shape")),
    (
      "a boolean dimension", ArrayPickle.make(shape: "\u{88}\u{85}"),
      .invalidShape(problem: "a boolean as a dimension")
    ),
    (
      "data in a list", ArrayPickle.make(data: "]"),
      .malformedArray(problem: "a list of Python objects instead of bytes as its data")
    ),
    (
      "data in a text", ArrayPickle.make(data: "Vabcdefgh\n"),
      .malformedArray(problem: "a text instead of bytes as its data")
    ),
    ("no dtype", ArrayPickle.make(type: "N"), .malformedArray(problem: "None as its dtype")),
    (
      "a dtype that is not built", ArrayPickle.make(type: ArrayPickle.unbuiltType("f4")),
      .neverBuilt("a NumPy dtype")
    ),
    (
      "an order of 2", ArrayPickle.make(order: "K\u{2}"),
      .malformedArray(problem: "an order that is neither true nor false")
    ),
    (
      "a state of four values", assemble(ArrayPickle.reconstruct, "(K\u{1}))\u{89}tb."),
      .malformedArray(problem: "a state other than the five values of version 1")
    ),
    (
      "a state of version 2",
      assemble(
        ArrayPickle.reconstruct, "(K\u{2}K\u{2}\u{85}", ArrayPickle.type("f4", "<"), "\u{89}U\u{8}01234567tb."
      ),
      .malformedArray(problem: "a state other than the five values of version 1")
    ),
    (
      "a state that is no tuple", assemble(ArrayPickle.reconstruct, "Nb."),
      .malformedArray(problem: "a state other than the five values of version 1")
    ),
    ("two states", assemble(PicklePart(ArrayPickle.make().dropLast()), "Nb."), .builtTwice("a NumPy array")),
  ]

  @Test(arguments: lies.indices) func lie(index: Int) {
    let (name, bytes, kind) = Self.lies[index]
    #expect(pickleError(bytes) == PickleError(kind, offset: Self.lastBuild(bytes)), "\(name)")
  }

  @Test func arrayWithoutState() {
    #expect(
      pickleError(assemble(ArrayPickle.reconstruct, "."))
        == PickleError(.neverBuilt("a NumPy array"), offset: 58))
    #expect(
      pickleError(assemble(ArrayPickle.unbuiltType("f4"), "."))
        == PickleError(.neverBuilt("a NumPy dtype"), offset: 22))
  }

  static let typeLies: [(name: String, state: PicklePart, problem: String)] = [
    ("order |", ArrayPickle.typeState("|"), "the byte order '|'"),
    ("order !", ArrayPickle.typeState("!"), "the byte order '!'"),
    (
      "a size of its own", ArrayPickle.typeState("<", size: "J\u{8}\0\0\0"),
      "a state that belongs to another type"
    ),
    ("a subarray", ArrayPickle.typeState("<", subarray: ")"), "a state that belongs to another type"),
    ("version 5", ArrayPickle.typeState("<", version: "K\u{5}"), "a state of neither version 3 nor 4"),
    ("no tuple", "Nb", "a state of neither version 3 nor 4"),
  ]

  @Test(arguments: typeLies.indices) func typeLie(index: Int) {
    let (name, state, problem) = Self.typeLies[index]
    let bytes = assemble(ArrayPickle.unbuiltType("f4"), state, ".")
    #expect(
      pickleError(bytes) == PickleError(.malformedElementType(problem: problem), offset: bytes.count - 2),
      "\(name)")
  }

  @Test func typeBuiltTwice() {
    let bytes = assemble(ArrayPickle.type("f4", "<"), ArrayPickle.typeState("<"), ".")
    #expect(pickleError(bytes) == PickleError(.builtTwice("a NumPy dtype"), offset: bytes.count - 2))
  }

  @Test(arguments: [("<", "0000803f00000040"), (">", "3f80000040000000"), ("=", "0000803f00000040")])
  func byteOrders(order: String, expected: String) throws {
    // The data are 1 and 2 in little-endian float32; read as big-endian, their bytes come out the other way.
    let pickle = try Pickle(parsing: ArrayPickle.make(type: ArrayPickle.type("f4", order)))
    let array = try #require(pickle.array(of: pickle.roots[0]))
    #expect(hex(array.rowMajorLittleEndianBytes()) == expected)
  }

  @Test func dataOfAByteArrayAndOfEscapes() throws {
    let escaped = try Pickle(parsing: ArrayPickle.make(data: "S'\\0\\0\\x80?\\x00\\x00\\x00@'\n"))
    #expect(escaped.array(of: escaped.roots[0])?.floats().values == [1, 2])
    let byteArray = try Pickle(
      parsing: ArrayPickle.make(
        data: PicklePart([0x96, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40])))
    #expect(byteArray.array(of: byteArray.roots[0])?.floats().values == [1, 2])
  }

  @Test func aTypeAsAValue() throws {
    let pickle = try Pickle(parsing: assemble(ArrayPickle.type("i2", ">"), "."))
    #expect(pickle.describe(pickle.roots[0]) == "dtype:int16:bigEndian")
  }

  /// A hundred arrays over one string claim a hundred times the bytes that there are.
  @Test func sharedDataIsRefused() {
    let data = assemble("U\u{C8}", repeated("x", 200))
    let state = assemble("(K\u{1}K\u{C8}\u{85}h\u{2}\u{89}h\u{1}tb")
    let one = assemble(ArrayPickle.reconstruct, PicklePart(state))
    let bytes = assemble(
      0x80, 2, PicklePart(data), "q\u{1}0", ArrayPickle.type("u1", "|"), "q\u{2}0(",
      repeated(PicklePart(one), 100),
      "t.")
    guard case .arraysExceedInput(let claimed, let available) = pickleError(bytes)?.kind else {
      Issue.record("not refused")
      return
    }
    #expect(claimed > available && available == bytes.count)
  }

  static let frombuffer: [(arguments: PicklePart, problem: String)] = [
    ("K\u{2}\u{85}", "3 arguments"),
    ("K\u{2}\u{85}U\u{1}Z", "an order other than C, F, or K with its axes"),
    ("K\u{2}\u{85}U\u{1}K", "an order other than C, F, or K with its axes"),
    ("K\u{2}\u{85}U\u{1}KK\u{1}\u{85}", "axes that are no permutation"),
    ("K\u{2}\u{85}U\u{1}KK\0K\0\u{86}", "axes that are no permutation"),
    ("K\u{2}\u{85}U\u{1}K]", "axes that are no permutation"),
  ]

  @Test(arguments: frombuffer.indices) func wrongArgumentsOfFrombuffer(index: Int) {
    let bytes = assemble(
      "cnumpy._core.numeric\n_frombuffer\n(U\u{8}01234567", ArrayPickle.type("f4", "<"),
      Self.frombuffer[index].arguments, "tR.")
    #expect(
      pickleError(bytes)
        == PickleError(
          .malformedCall(function: "numpy's _frombuffer", problem: Self.frombuffer[index].problem),
          offset: bytes.count - 2))
  }

  @Test func scalarOfTheWrongSize() {
    let bytes = assemble("cnumpy.core.multiarray\nscalar\n", ArrayPickle.type("f4", "<"), "U\u{3}abc\u{86}R.")
    #expect(
      pickleError(bytes)
        == PickleError(
          .arrayDataMismatch(shape: [], elementType: .float32, expected: 4, found: 3), offset: bytes.count - 2
        ))
  }
}
