import CNNCodecs
import CNNTestSupport
import Testing

/// `cnn-inspect --verify`, and what cannot be inspected.
@Suite struct InspectVerifyTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func verify(_ arguments: String..., input: [UInt8]? = nil) throws -> ToolRunner.Result {
    try run("cnn-inspect", ["--verify"] + arguments, in: folder, input: input)
  }

  /// Expects that the file is refused with its name and `evidence`, by a plain look too.
  private func expectDamage(
    _ name: String, _ evidence: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for arguments in [["--verify"], [], ["--json"]] {
      let result = try run("cnn-inspect", arguments + [name], in: folder)
      #expect(result.status == 65, sourceLocation: sourceLocation)
      #expect(result.output == "", sourceLocation: sourceLocation)
      #expect(result.error.hasPrefix("cnn-inspect: \(name): "), sourceLocation: sourceLocation)
      #expect(result.error.contains(evidence), "\(result.error)", sourceLocation: sourceLocation)
      #expect(lines(result.error).count == 1, sourceLocation: sourceLocation)
    }
  }

  @Test func wholeFiles() throws {
    for path in [try Samples.model(), try Samples.testSet(), Samples.images, Samples.digit("7-rgba")] {
      let result = try verify(path)
      #expect(result.status == 0)
      #expect(result.output == "\(path): whole\n")
      #expect(result.error == "")
      let quiet = try verify(path, "-q")
      #expect(quiet.status == 0 && quiet.output == "" && quiet.error == "")
    }
    #expect(try verify("-", input: TemporaryFolder.read(Samples.model())).output == "-: whole\n")
  }

  @Test func filesWithoutChecksums() throws {
    try folder.write("plain.safetensors", TinyFiles.linearWeights(inputs: 12))
    try folder.write("labels", TinyFiles.labels([1]))
    for path in ["plain.safetensors", "labels", Samples.weights] {
      try expectFailure(
        65, "\(path): no checksums: nothing in this file can be verified", "cnn-inspect", ["--verify", path],
        in: folder)
    }
  }

  @Test func oneFlippedBit() throws {
    let whole = try TemporaryFolder.read(Samples.model())
    // In the length, the checksum, the manifest, the padding, the first and the last tensor.
    let places: [(place: Int, evidence: String)] = [
      (0, "header"), (40, "the header"), (300, "the header is damaged"), (2238, "the header is damaged"),
      (2240, "conv1.bias"),
      (whole.count - 1, "fc2.weight"),
    ]
    for (place, evidence) in places {
      for bit in [0, 7] {
        var damaged = whole
        damaged[place] ^= 1 << bit
        try folder.write("m.safetensors", damaged)
        let result = try verify("m.safetensors")
        #expect(result.status == 65, "byte \(place), bit \(bit)")
        #expect(result.error.hasPrefix("cnn-inspect: m.safetensors: "))
        #expect(result.error.contains(evidence), "byte \(place), bit \(bit): \(result.error)")
      }
    }
  }

  @Test func filesThatAreCutOrGoOn() throws {
    let whole = try TemporaryFolder.read(Samples.model())
    try folder.write("header", Array(whole.prefix(1000)))
    try folder.write("tensor", Array(whole.dropLast(1)))
    try folder.write("longer", whole + [0])
    try expectDamage("header", "byte 8: the file ends early: the header has 2232 bytes, and 992 are there")
    try expectDamage("tensor", "the tensors take 349640 bytes, and 349639 follow the header")
    try expectDamage("longer", "the tensors take 349640 bytes, and 349641 follow the header")
    // A pipe has no size that could be compared beforehand.
    let piped = try verify("-", input: Array(whole.dropLast(1)))
    #expect(piped.status == 65)
  }

  @Test func damagedPictures() throws {
    let whole = try TemporaryFolder.read(Samples.digit("7-rgba"))
    var flipped = whole
    flipped[200] ^= 1
    try folder.write("flipped.png", flipped)
    try folder.write("cut.png", Array(whole.prefix(200)))
    try folder.write("signature.png", Array(whole.prefix(8)))
    try expectDamage("flipped.png", "byte ")
    try expectDamage("cut.png", "byte ")
    try expectDamage("signature.png", "byte 8: ")
  }

  @Test func damagedGzip() throws {
    var packed = try TemporaryFolder.read(Samples.labels)
    packed[packed.count - 5] ^= 1
    try folder.write("labels.gz", packed)
    try expectDamage("labels.gz", "CRC-32")
  }

  @Test func otherFailures() throws {
    try folder.write("empty", "")
    try folder.write("evil.pkl", TinyFiles.hostilePickle)
    try expectDamage("empty", "the file is empty")
    try expectDamage(
      "evil.pkl", "byte 22: the pickle calls posix.system; only NumPy arrays and plain containers are read")
    for arguments in [[], ["--verify"], ["--json"]] {
      try expectFailure(
        66, "missing: there is no such file", "cnn-inspect", arguments + ["missing"], in: folder)
      try expectFailure(
        66, ".: this is a folder; a file is needed", "cnn-inspect", arguments + ["."], in: folder)
    }
    try expectFailure(64, "Missing expected argument '<file>'", "cnn-inspect", [], in: folder)
    try expectFailure(64, "Unexpected argument 'b'", "cnn-inspect", ["a", "b"], in: folder)
  }
}
