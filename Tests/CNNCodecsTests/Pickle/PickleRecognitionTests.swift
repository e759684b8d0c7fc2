import CNNCodecs
import Testing

@Suite struct PickleRecognitionTests {
  @Test(arguments: PickleRandomTests.files + ["arrays-numpy1.pkl", "refused-matrix.pkl", "refused-date.pkl"])
  func picklesAreRecognized(name: String) throws {
    let bytes = try fixture(name)
    for count in [40, 100, 512, 4096] {
      #expect(Pickle.looksLikePickle(prefix: bytes.prefix(count), suffix: bytes.suffix(1)), "\(count)")
    }
    #expect(Pickle.looksLikePickle(prefix: bytes))
    #expect(!Pickle.looksLikePickle(prefix: bytes, suffix: [0x0A]))
  }

  static let pickles: [[UInt8]] = [
    assemble("(lp0\nI1\na."), assemble("(dp0\n."), assemble("]q\0."), assemble("}q\0."), assemble(")."),
    assemble("cnumpy.core.multiarray\n_reconstruct\n"), assemble("((cnumpy.core.mul"), assemble("I1\n."),
    assemble("cos\nsystem\n(S'id'\ntR."), assemble(0x80, 2, "cos\nsys"), assemble(0x80, 2, "ctorch\nQ\nQ."),
    assemble(0x80, 4, 0x95, 0, 0, 1, 0, 0, 0, 0, 0, "}("),
  ]

  @Test(arguments: pickles) func alsoRecognized(bytes: [UInt8]) {
    #expect(Pickle.looksLikePickle(prefix: bytes))
  }

  static let others: [(name: String, bytes: [UInt8])] = [
    ("nothing", []),
    ("gzip", assemble(0x1F, 0x8B, 8, 0, 0, 0, 0, 0)),
    ("IDX images", assemble(0, 0, 8, 3, 0, 0, 0x27, 0x10)),
    ("PNG", assemble(0x89, "PNG\r\n", 0x1A, "\n\0\0\0\rIHDR")),
    ("zip", assemble("PK", 3, 4, 0x2D, 0)),
    ("npy", assemble(0x93, "NUMPY", 1, 0)),
    ("JSON object", assemble("{\"a\": 1}.")),
    ("JSON array", assemble("[1, 2, 3].")),
    ("CSV of numbers", assemble("5,0,0,0,253\n")),
    ("CSV with a header", assemble("label,pixel0,pixel1\n5,0,0\n")),
    ("CSV with another header", assemble("class,pixel0\n5,0\n")),
    ("a word", assemble("cat\n5\n")),
    ("text", assemble("(see below)\n")),
    ("text from I on", assemble("It was a dark and stormy night.")),
    ("protocol 6", assemble(0x80, 6, "N.")),
    ("half a protocol", assemble(0x80, 4)),
  ]

  @Test(arguments: others.indices) func othersAreNot(index: Int) {
    #expect(!Pickle.looksLikePickle(prefix: Self.others[index].bytes), "\(Self.others[index].name)")
  }

  /// A safetensors file begins with the length of its header in eight bytes, lowest first, and a brace.
  /// Every length that is no longer than a header may be in our files, of which those that are opcodes matter.
  @Test func noSafetensorsHeaderIsAPickle() {
    let header = assemble("{\"__metadata__\":{\"cnn.crc32\":\"00000000\"")
    let claimed = (2...0x10000).filter { length in
      let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
      return Pickle.looksLikePickle(prefix: bytes + header)
    }
    #expect(claimed.isEmpty)
    let claimedWithProtocol = (UInt8.min...UInt8.max).filter { third in
      Pickle.looksLikePickle(prefix: [0x80, 4, third, 0, 0, 0, 0, 0] + header)
    }
    #expect(claimedWithProtocol.isEmpty)
  }

  /// Behind a protocol number and enough opcodes a frame beyond all sizes is damage; right behind it, it is no frame.
  @Test func impossibleFramesMakeDamagedPickles() {
    let frame: [UInt8] = [0x95] + [UInt8](repeating: 0xFF, count: 8) + Array("N.".utf8)
    #expect(Pickle.looksLikePickle(prefix: [0x80, 4] + Array("N0N0N0N0N0N0N0".utf8) + frame))
    #expect(!Pickle.looksLikePickle(prefix: [0x80, 4] + frame))
  }
}
