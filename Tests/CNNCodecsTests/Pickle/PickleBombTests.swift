import CNNCodecs
import Testing

/// Small pickles that mean much, and deep ones. Each must end quickly, in a value or an error, and nothing may
/// recurse, not when values are released either.
@Suite struct PickleBombTests {
  static let depth = 1_000_000

  @Test func aMillionNestedLists() throws {
    let bytes = assemble(repeated("]", Self.depth), repeated("a", Self.depth - 1), ".")
    let pickle = try Pickle(parsing: bytes)
    #expect(pickle.objectCount == Self.depth)
    #expect(pickle.arrayListing().items.isEmpty)
    #expect(pickle.elements(of: pickle.roots[0])?.count == 1)
  }

  @Test func aMillionNestedTuples() throws {
    let pickle = try Pickle(parsing: assemble("N", repeated("\u{85}", Self.depth), "."))
    #expect(pickle.arrayListing().isComplete)
  }

  @Test func aMillionNestedDicts() throws {
    let bytes = assemble(repeated("}N", Self.depth), "N", repeated("s", Self.depth), ".")
    let pickle = try Pickle(parsing: bytes)
    #expect(pickle.entries(of: pickle.roots[0])?.count == 1)
  }

  @Test func aMillionMarks() {
    let bytes = assemble(repeated("(", Self.depth), ".")
    #expect(
      pickleError(bytes) == PickleError(.leftOnStack(values: 0, marks: Self.depth), offset: Self.depth))
  }

  @Test func aMillionDuplicates() throws {
    let pickle = try Pickle(parsing: assemble("(N", repeated("2", Self.depth), "t."))
    #expect(pickle.objectCount == 2)
    #expect(pickle.elements(of: pickle.roots[0])?.count == Self.depth + 1)
  }

  /// Lists of ten references to the list before: 10^20 leaves in about 500 bytes.
  @Test func memoLaughs() throws {
    var bytes = assemble("]q\0")
    for level in UInt8(1)...20 {
      bytes += assemble("](", repeated(PicklePart([0x68, level - 1]), 10), "eq", [level])
    }
    bytes += assemble(repeated("0", 21), "h\u{14}.")
    let pickle = try Pickle(parsing: bytes)
    #expect(pickle.objectCount == 21)
    #expect(pickle.arrayListing().isComplete)
  }

  @Test func aListThatContainsItself() throws {
    let pickle = try Pickle(parsing: assemble("]q\0h\0a."))
    #expect(pickle.elements(of: pickle.roots[0])?.first == pickle.roots[0])
    #expect(pickle.arrayListing().items.isEmpty)
  }

  /// A list of many members made into a set again and again would cost the square of the input's length.
  @Test func copiesAreBudgeted() {
    let bytes = assemble(
      "](", repeated("N", 10_000), "e\u{85}q\u{1}0c__builtin__\ntuple\nq\u{2}0(",
      repeated("h\u{2}h\u{1}R", 1000), "t.")
    #expect(pickleError(bytes)?.kind == .copiesExceedInput(available: bytes.count))
  }

  /// One text encoded over and over is one byte string.
  @Test func encodingsAreKept() throws {
    let bytes = assemble(
      "V", repeated("\u{E9}", 10_000), "\nq\0Vlatin1\nq\u{1}\u{86}q\u{2}0c_codecs\nencode\nq\u{3}0(",
      repeated("h\u{3}h\u{2}R", 10_000), "t.")
    let pickle = try Pickle(parsing: bytes)
    let items = try #require(pickle.elements(of: pickle.roots[0]))
    #expect(items.count == 10_000 && Set(items).count == 1)
    #expect(pickle.byteString(of: items[items.startIndex])?.count == 10_000)
  }

  /// A long name in many dicts is looked at once.
  @Test func longKeysAreComparedOnce() throws {
    let bytes = assemble(
      "V", repeated("k", 200_000), "\nq\00(", repeated("}h\0Ns", 20_000), "t.")
    #expect(try Pickle(parsing: bytes).objectCount == 40_002)
  }

  @Test func limitsAreKept() {
    let limits = PickleLimits(maximumObjects: 3, maximumReferences: 5, maximumIntegerDigits: 4)
    #expect(
      pickleError(assemble("NNNN."), limits: limits)
        == PickleError(.limitExceeded(what: "objects", maximum: 3), offset: 3))
    #expect(
      pickleError(assemble("N22222."), limits: limits)
        == PickleError(.limitExceeded(what: "references", maximum: 5), offset: 5))
    #expect(
      pickleError(assemble("((((((t."), limits: limits)
        == PickleError(.limitExceeded(what: "references", maximum: 5), offset: 5))
    #expect(
      pickleError(assemble("Np0\np1\np2\np3\np4\np5\n."), limits: limits)
        == PickleError(.limitExceeded(what: "references", maximum: 5), offset: 16))
    #expect(pickleError(assemble("](N222e."), limits: limits) == nil)
    #expect(
      pickleError(assemble("]q\0(N22eh\0(N22e0."), limits: limits)
        == PickleError(.limitExceeded(what: "references", maximum: 5), offset: 14))
    #expect(
      pickleError(assemble("I12345\n."), limits: limits)
        == PickleError(.integerTooLong(length: 5, maximum: 4, unit: "digits"), offset: 0))
    #expect(pickleError(assemble("I-1234\n."), limits: limits) == nil)
  }

  /// Two's complement of just as many bytes as the greatest decimal integer needs is read.
  @Test func theLongestIntegersAreRead() throws {
    let decimal = try Pickle(parsing: assemble("L", repeated("9", 4300), "L\n."))
    guard case .bigInteger(let value) = decimal.value(of: decimal.roots[0]) else {
      Issue.record("no integer")
      return
    }
    #expect(value.littleEndianBytes.count == 1786)
    let binary = assemble(0x8B, 0xFA, 0x06, 0, 0, PicklePart(value.littleEndianBytes), ".")
    let again = try Pickle(parsing: binary)
    #expect(again.describe(again.roots[0]) == decimal.describe(decimal.roots[0]))
  }

  @Test func listsGrownInTurnKeepTheirMembers() throws {
    // Two lists appended to alternately must move about in the flat storage.
    let turn = assemble("h\0K\u{1}a0h\u{1}(K\u{2}K\u{3}e0")
    let bytes = assemble("]q\00]q\u{1}0", repeated(PicklePart(turn), 1000), "h\0h\u{1}\u{86}.")
    let pickle = try Pickle(parsing: bytes)
    let lists = try #require(pickle.elements(of: pickle.roots[0])).compactMap { pickle.elements(of: $0) }
    #expect(lists.map(\.count) == [1000, 2000])
    #expect(lists[0].allSatisfy { pickle.integer(of: $0) == 1 })
    #expect(lists[1].enumerated().allSatisfy { pickle.integer(of: $1) == 2 + $0 % 2 })
  }
}
