import CNNCodecs
import Testing

/// Each way in which a file of PyTorch may be wrong, and the error for it.
@Suite struct TorchHostileTests {
  private typealias T = TestTorch

  @Test func theFilesThatAreSpoiltHereAreSound() throws {
    for bytes in [try T.archive(T.pickle(T.tensor())), T.legacy()] {
      let tensor = try TorchFile(parsing: bytes).groups[0].tensors[0]
      #expect(tensor.name == "a" && tensor.array.shape == [2] && tensor.array.doubles() == [1, 2])
    }
  }

  // MARK: Persistent ids

  static let references: [(String, PicklePart, TorchProblem)] = [
    (
      "a number for a tuple", "K\0Q",
      .malformedReference(problem: "other than a storage's description")
    ),
    (
      "another tag", T.reference(tag: "X\u{1}\0\0\0x"),
      .malformedReference(problem: "other than a storage's description")
    ),
    ("a module", T.reference(tag: "X\u{6}\0\0\0module"), .pickledModule),
    (
      "too few values", "(X\u{7}\0\0\0storagetQ",
      .malformedReference(problem: "other than a storage's description")
    ),
    (
      "too many values", T.reference(view: "NN"),
      .malformedReference(problem: "other than a storage's description")
    ),
    (
      "a view", T.reference(view: "(X\u{1}\0\0\01K\0K\u{1}t"),
      .malformedReference(problem: "a view of a storage, as PyTorch wrote before 0.4")
    ),
    (
      "a text for a class", T.reference(type: "X\u{1}\0\0\0x"),
      .malformedReference(problem: "a text as the class of a storage")
    ),
    (
      "a complex storage", T.reference(type: "ctorch\nComplexDoubleStorage\n"),
      .unsupportedStorage("torch.ComplexDoubleStorage")
    ),
    (
      "a quantized storage", T.reference(type: "ctorch\nQUInt4x2Storage\n"),
      .unsupportedStorage("torch.QUInt4x2Storage")
    ),
    ("another class", T.reference(type: "cposix\nsystem\n"), .unsupportedStorage("posix.system")),
    (
      "a class of that name elsewhere", T.reference(type: "cevil\nFloatStorage\n"),
      .unsupportedStorage("evil.FloatStorage")
    ),
    ("a key that leads out", T.reference(key: "X\u{4}\0\0\0../0"), badKey),
    ("a key with a slash", T.reference(key: "X\u{3}\0\0\00/0"), badKey),
    ("an empty key", T.reference(key: "X\0\0\0\0"), badKey),
    ("a number as a key", T.reference(key: "K\0"), badKey),
    ("a key of 21 digits", T.reference(key: "X\u{15}\0\0\0000000000000000000000"), badKey),
    ("a negative count", T.reference(count: "J\u{FF}\u{FF}\u{FF}\u{FF}"), badCount),
    ("a count of 2^61", T.reference(count: "\u{8A}\u{8}\0\0\0\0\0\0\0\u{20}"), badCount),
    ("a count of 2^70", T.reference(count: "\u{8A}\u{9}\0\0\0\0\0\0\0\0\u{40}"), badCount),
    ("a boolean as a count", T.reference(count: "\u{88}"), badCount),
  ]

  private static let badKey = TorchProblem.malformedReference(
    problem: "a key that is no number of up to 20 digits")
  private static let badCount = TorchProblem.malformedReference(
    problem: "a number of elements that cannot be")

  @Test(arguments: references.indices) func refusesPersistentIds(_ index: Int) throws {
    let (name, reference, problem) = Self.references[index]
    let pickle = T.pickle(T.tensor(reference))
    // `BINPERSID` is the last byte of the reference.
    let offset =
      T.pickleOffset + T.valueOffset + "ctorch._utils\n_rebuild_tensor_v2\n(".utf8.count
      + reference.bytes.count - 1
    let expected = TorchError.pickle(PickleError(.torch(problem), offset: offset), isDecompressed: false)
    #expect(torchError(try T.archive(pickle)) == expected, "\(name)")
  }

  @Test func refusesPersistentIdsOutsideTheObject() throws {
    let reference = T.reference().bytes
    for place in 0..<2 {
      // In the second and third pickle: the protocol version, and the facts about the machine.
      let start = place == 0 ? Array(T.legacyStart[..<15]) : Array(T.legacyStart[..<21])
      let bytes = start + [0x80, 2] + reference + [0x2E] + Array(T.legacyStart[15...])
      let offset = start.count + 2 + reference.count - 1
      #expect(
        torchError(bytes)
          == .pickle(PickleError(.refusedOpcode(.binpersid), offset: offset), isDecompressed: false))
    }
    let bytes = T.legacy(keys: PicklePart([0x80, 2, 0x5D] + reference + [0x61, 0x2E]))
    guard case .pickle(let error, _) = torchError(bytes) else {
      Issue.record("a persistent id among the keys was read")
      return
    }
    #expect(error.kind == .refusedOpcode(.binpersid))
    // The textual form belongs nowhere.
    let text = try T.archive(T.pickle("P0\n"))
    #expect(
      torchError(text)
        == .pickle(
          PickleError(.refusedOpcode(.persid), offset: T.pickleOffset + T.valueOffset), isDecompressed: false)
    )
  }

  @Test func refusesAStorageThatIsTwoThings() throws {
    let pickle = T.pickle(PicklePart(assemble("(", T.tensor(), T.reference(count: "K\u{3}"), "t")))
    let offset = T.pickleOffset + pickle.count - 4
    #expect(
      torchError(try T.archive(pickle))
        == .pickle(
          PickleError(.torch(.contradictoryStorage(key: "0")), offset: offset), isDecompressed: false))
  }

  // MARK: Tensors

  private static func outside(_ shape: [Int], _ strides: [Int], _ offset: Int) -> PickleError.Kind {
    .torch(.outsideStorage(shape: shape, strides: strides, offset: offset, available: 2))
  }

  private static func malformed(_ problem: String) -> PickleError.Kind {
    .torch(.malformedTensor(problem: problem))
  }

  private static let badCall = PickleError.Kind.malformedCall(
    function: "torch's _rebuild_tensor_v2", problem: "other than a storage and a view of it")

  static let tensors: [(String, PicklePart, PickleError.Kind)] = [
    ("one element too many", T.tensor(shape: "K\u{3}\u{85}"), outside([3], [1], 0)),
    ("a stride too far", T.tensor(strides: "K\u{2}\u{85}"), outside([2], [2], 0)),
    ("an offset too far", T.tensor(offset: "K\u{1}"), outside([2], [1], 1)),
    (
      "a stride of 2^62", T.tensor(shape: "K\u{3}\u{85}", strides: "\u{8A}\u{8}\0\0\0\0\0\0\0\u{40}\u{85}"),
      outside([3], [1 << 62], 0)
    ),
    (
      "strides that add up beyond",
      T.tensor(
        offset: "\u{8A}\u{8}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{7F}"), outside([2], [1], Int.max)
    ),
    (
      "a negative stride", T.tensor(strides: "J\u{FF}\u{FF}\u{FF}\u{FF}\u{85}"),
      malformed("other than natural numbers as its strides")
    ),
    (
      "a negative dimension", T.tensor(shape: "J\u{FF}\u{FF}\u{FF}\u{FF}\u{85}"),
      malformed("other than natural numbers as its shape")
    ),
    (
      "a negative offset", T.tensor(offset: "J\u{FF}\u{FF}\u{FF}\u{FF}"),
      malformed("an offset that is no natural number")
    ),
    (
      "an offset of 2^64", T.tensor(offset: "\u{8A}\u{9}\0\0\0\0\0\0\0\0\u{1}"),
      malformed("an offset that is no natural number")
    ),
    (
      "a boolean in its shape", T.tensor(shape: "\u{88}\u{85}"),
      malformed("other than natural numbers as its shape")
    ),
    (
      "a list for a shape", T.tensor(shape: "]K\u{2}a"),
      malformed("no tuple of at most 64 numbers as its shape")
    ),
    ("two strides", T.tensor(strides: "K\u{1}K\u{1}\u{86}"), malformed("1 dimensions and 2 strides")),
    (
      "a shape beyond 2^63",
      T.tensor(
        shape: "(K\0\u{8A}\u{8}\0\0\0\0\0\0\0\u{40}K\u{2}t", strides: "(K\0K\0K\0t"),
      malformed("more elements than can be")
    ),
    (
      "65 dimensions",
      T.tensor(
        shape: PicklePart(assemble("(", repeated("K\u{1}", 65), "t")),
        strides: PicklePart(assemble("(", repeated("K\u{1}", 65), "t"))),
      malformed("no tuple of at most 64 numbers as its shape")
    ),
    ("too few arguments", T.tensor(rest: "\u{89}"), badCall),
    ("too many arguments", T.tensor(rest: "NNNNNN"), badCall),
    ("a number for a storage", T.tensor("K\0"), badCall),
    (
      "bytes without a type", T.tensor(T.reference(type: "ctorch.storage\nUntypedStorage\n")),
      malformed("a storage of bytes and no element type")
    ),
    (
      "a type beside that of the storage",
      T.tensor(function: "_rebuild_tensor_v3", rest: "\u{89}}ctorch\nint8\n"),
      malformed("no type, or one beside that of its storage")
    ),
    (
      "a type that is none",
      T.tensor(
        T.reference(type: "ctorch.storage\nUntypedStorage\n"), function: "_rebuild_tensor_v3",
        rest: "\u{89}}ctorch\nfloat4_e2m1fn_x2\n"),
      .torch(.unsupportedElementType("torch.float4_e2m1fn_x2"))
    ),
    (
      "a negated tensor", T.tensor(rest: "\u{89}}}X\u{3}\0\0\0neg\u{88}s"),
      .torch(
        .unsupportedTensor(
          kind: "a tensor whose numbers are negated or conjugated when read",
          advice: "call resolve_neg() before saving"))
    ),
    (
      "another function", T.tensor(function: "_rebuild_everything"),
      .torch(.forbiddenCall(module: "torch._utils", name: "_rebuild_everything"))
    ),
    (
      "a parameter of nothing", "ctorch._utils\n_rebuild_parameter\n(N\u{89}}tR",
      .malformedCall(
        function: "torch's _rebuild_parameter", problem: "other than a tensor and what belongs to it")
    ),
    (
      "a command", "cposix\nsystem\n(X\u{2}\0\0\0lstR",
      .torch(.forbiddenCall(module: "posix", name: "system"))
    ),
    (
      "a size of numbers", "ctorch\nSize\nK\u{1}\u{85}R",
      .malformedCall(function: "torch.Size", problem: "other than a tuple")
    ),
    (
      "a device that is no text", "ctorch\ndevice\nK\u{1}\u{85}R",
      .malformedCall(function: "torch.device", problem: "other than a name and a number")
    ),
    (
      "a count of a list", "ccollections\nCounter\n]\u{85}R",
      .malformedCall(function: "Counter", problem: "other than a dict")
    ),
    ("attributes of a dict", "}}b", .wrongTarget(.build, found: "a dict")),
    (
      "attributes that are none", "ccollections\nOrderedDict\n)RNb",
      .wrongTarget(.build, found: "an OrderedDict, with None")
    ),
  ]

  @Test(arguments: tensors.indices) func refusesTensors(_ index: Int) throws {
    let (name, tensor, kind) = Self.tensors[index]
    // `REDUCE` or `BUILD` is the last byte.
    let offset = T.valueOffset + tensor.bytes.count - 1
    let pickle = T.pickle(tensor)
    #expect(
      torchError(try T.archive(pickle))
        == .pickle(PickleError(kind, offset: T.pickleOffset + offset), isDecompressed: false), "\(name)")
    #expect(
      torchError(T.legacy(pickle)) == .pickle(PickleError(kind, offset: 25 + offset), isDecompressed: false),
      "\(name)")
    // In a compressed pickle the message alone says where.
    let compressed = torchError(try T.archive(pickle, method: .deflated))
    #expect(compressed == .pickle(PickleError(kind, offset: offset), isDecompressed: true))
    #expect(compressed?.offset == nil)
    #expect(compressed?.reason.hasPrefix("in data.pkl, decompressed byte \(offset): ") ?? false)
  }

  @Test func readsWhatIsOnlyUnusual() throws {
    // A stride of a dimension of one element may be anything; an empty tensor lies nowhere.
    for value in [
      T.tensor(shape: "K\u{1}K\u{2}\u{86}", strides: "\u{8A}\u{8}\0\0\0\0\0\0\0\u{7F}K\u{1}\u{86}"),
      T.tensor(offset: "K\u{63}", shape: "K\0K\u{5}\u{86}", strides: "K\u{5}K\u{1}\u{86}"),
      T.tensor(shape: ")", strides: ")"), T.tensor(function: "_rebuild_tensor", rest: ""),
      T.tensor(rest: "\u{89}}}"),
    ] {
      #expect(torchError(try T.archive(T.pickle(value))) == nil)
    }
  }
}
