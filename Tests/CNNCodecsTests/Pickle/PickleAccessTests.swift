import CNNCodecs
import Testing

/// What importers and inspectors ask a pickle for.
@Suite struct PickleAccessTests {
  @Test func arraysAreListedWithTheirPaths() throws {
    let array = PicklePart(ArrayPickle.make().dropFirst(2).dropLast())
    let pickle = try Pickle(
      parsing: assemble(
        "}(VW1\n", array, "q\0Vparams\n}(Vb\n(", array, "NtI7\n", array, "uVagain\nh\0Vx\u{7}\n", array, "u.")
    )
    let listing = pickle.arrayListing()
    #expect(listing.items.map(\.path) == ["W1", "params.b[0]", "params[7]", "x\\u{7}"])
    #expect(listing.isComplete)
    #expect(listing.items.allSatisfy { $0.array.shape == [2] })
    #expect(pickle.arrayListing(limit: 2).items.map(\.path) == ["W1", "params.b[0]"])
    #expect(!pickle.arrayListing(limit: 2).isComplete)
  }

  @Test func aBareArrayHasNoPath() throws {
    let pickle = try Pickle(parsing: ArrayPickle.make())
    #expect(pickle.arrayListing().items.map(\.path) == [""])
  }

  @Test func picklesInAStreamAreNumbered() throws {
    let one = PicklePart(ArrayPickle.make())
    let pickle = try Pickle(
      parsing: assemble(
        one, "N.", PicklePart([0x80, 4]), "(", PicklePart(one.bytes.dropFirst(2).dropLast()), "t."))
    #expect(pickle.roots.count == 3)
    #expect(pickle.protocols == [2, 0, 4])
    #expect(pickle.arrayListing().items.map(\.path) == ["[0]", "[2][0]"])
  }

  @Test func deepPathsAreCut() throws {
    let array = PicklePart(ArrayPickle.make().dropFirst(2).dropLast())
    let pickle = try Pickle(parsing: assemble(array, repeated("\u{85}", 20), "."))
    let steps = String(repeating: "[0]", count: 16)
    #expect(pickle.arrayListing().items.map(\.path) == ["…" + steps])
  }

  @Test func valuesAsPlainTypes() throws {
    let pickle = try Pickle(
      parsing: assemble("(K\u{7}\u{88}F2.5\nU\u{2}a\u{E9}V\u{E9}\nL99999999999999999999L\nNt."))
    let items = try #require(pickle.elements(of: pickle.roots[0])).map { $0 }
    #expect(items.map { pickle.integer(of: $0) } == [7, 1, nil, nil, nil, nil, nil])
    #expect(items.map { pickle.double(of: $0) } == [7, 1, 2.5, nil, nil, nil, nil])
    #expect(items.map { pickle.text(of: $0) } == [nil, nil, nil, "aé", "é", nil, nil])
    #expect(items.map { pickle.kind(of: $0) } == [.integer, .boolean, .real, .bytes, .text, .integer, .none])
    #expect(pickle.byteString(of: items[3]).map(Array.init) == [0x61, 0xE9])
    #expect(pickle.entries(of: items[0])?.count == nil)
    #expect(pickle.array(of: items[0]) == nil)
  }

  @Test func objectsKnowWhereTheyComeFrom() throws {
    let pickle = try Pickle(parsing: assemble("}Va\nK\u{1}s."))
    let entry = try #require(pickle.entries(of: pickle.roots[0])?.first)
    #expect(pickle.offset(of: pickle.roots[0]) == 0)
    #expect(pickle.offset(of: entry.key) == 1)
    #expect(pickle.offset(of: entry.value) == 4)
    #expect(pickle.typeName(of: pickle.roots[0]) == "a dict")
  }

  @Test func entriesKeepTheirOrder() throws {
    let pickle = try Pickle(parsing: assemble("}(Vz\nK\u{1}Va\nK\u{2}Vm\nK\u{3}u."))
    let entries = try #require(pickle.entries(of: pickle.roots[0]))
    #expect(entries.map { pickle.text(of: $0.key) } == ["z", "a", "m"])
    #expect(pickle.value(named: "m", in: pickle.roots[0]).flatMap { pickle.integer(of: $0) } == 3)
    #expect(pickle.value(named: "q", in: pickle.roots[0]) == nil)
  }

  @Test func keysAreFoundByTheirBytes() throws {
    // A letter with a hundred thousand accents, in an order that a comparison as Unicode sees it would have to sort.
    let accents = String(repeating: "\u{301}\u{316}", count: 50_000)
    let pickle = try Pickle(
      parsing: assemble(
        "}(X", PicklePart([0x41, 0x0D, 0x03, 0]), PicklePart(Array("a\(accents)".utf8)), "NVé\nI1\nu."))
    let root = pickle.roots[0]
    #expect(pickle.value(named: "b", in: root) == nil)
    #expect(pickle.value(named: "\u{E9}", in: root).flatMap { pickle.integer(of: $0) } == 1)
    #expect(pickle.value(named: "e\u{301}", in: root) == nil)
  }
}
