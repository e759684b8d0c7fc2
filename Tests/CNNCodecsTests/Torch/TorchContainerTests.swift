import CNNCodecs
import Testing

/// What may be wrong around a sound pickle, and pickles that ask for too much.
@Suite struct TorchContainerTests {
  private typealias T = TestTorch

  private static let pickle = T.pickle(T.tensor())
  /// Where the pickle names its storage.
  private static let referenceOffset =
    T.valueOffset + "ctorch._utils\n_rebuild_tensor_v2\n(".utf8.count + T.reference().bytes.count - 1

  // MARK: Zip

  @Test func everyStorageMustBeThereAndWhole() throws {
    let reference = T.pickleOffset + Self.referenceOffset
    #expect(
      torchError(try T.archive(Self.pickle, storages: [])) == .missingStorage(key: "0", offset: reference))
    #expect(
      torchError(try T.archive(Self.pickle, storages: [("00", [0, 0, 128, 63, 0, 0, 0, 64])]))
        == .missingStorage(key: "0", offset: reference))
    for count in [0, 7, 9, 16] {
      let bytes = try T.archive(Self.pickle, storages: [("0", [UInt8](repeating: 0, count: count))])
      let offset = try #require(try ZipArchive(parsing: bytes).entry(named: "a/data/0")).dataRange.lowerBound
      #expect(torchError(bytes) == .storageSize(key: "0", expected: 8, found: count, offset: offset))
    }
  }

  @Test func everyFlippedBitIsFound() throws {
    let sound = try T.archive(Self.pickle, others: [("a/version", "3\n"), ("a/byteorder", "little")])
    for entry in try ZipArchive(parsing: sound).entries {
      for place in entry.dataRange {
        let bytes = sound.replacing(at: place, with: sound[place] ^ 4)
        guard case .zip(.checksum(let name, _, _, let offset)) = torchError(bytes) else {
          Issue.record("\(entry.name) was read with a wrong byte")
          break
        }
        #expect(name == entry.name && offset == entry.dataRange.lowerBound)
      }
    }
  }

  @Test func settingsMustBeKnown() throws {
    func error(_ others: [(name: String, text: String)]) throws -> TorchError? {
      torchError(try T.archive(Self.pickle, others: others))
    }
    let offset = T.pickleOffset + Self.pickle.count + 30 + 9
    #expect(try error([]) == .missingEntry(name: "a/version"))
    #expect(try error([("a/.data/version", "3")]) == nil)
    for text in ["0", "11", "", "three", "-1", "3\n\n", "99999999999999999999"] {
      let found = text.hasSuffix("\n") ? String(text.dropLast()) : text
      #expect(
        try error([("a/version", text)]) == .unknownSetting(name: "a/version", found: found, offset: offset))
    }
    let version = (name: "a/version", text: "3\n")
    #expect(try error([version, ("a/byteorder", "little")]) == nil)
    #expect(try error([version, ("a/byteorder", "big")]) == nil)
    #expect(
      try error([version, ("a/byteorder", "middle")])
        == .unknownSetting(name: "a/byteorder", found: "middle", offset: offset + 2 + 30 + 11))
    let long = String(repeating: "x", count: 65)
    guard case .zip(.tooLarge) = try error([version, ("a/byteorder", long)]) else {
      Issue.record("a byte order of 65 letters was read")
      return
    }
    #expect(try error([version, ("a/constants.pkl", ".")]) == .torchScript)
    #expect(try error([version, ("b/data.pkl", ".")]) == .pickleCount(2))
    #expect(try error([version, ("b/c/data.pkl", ".")]) == nil)
  }

  @Test func otherFilesAreRefused() throws {
    #expect(torchError([]) == .notTorch(offset: 0))
    #expect(torchError(Array("hello".utf8)) == .notTorch(offset: 0))
    #expect(torchError(TestZip.sound) == .pickleCount(0))
    #expect(torchError(ArrayPickle.make()) == .notTorch(offset: 0))
    #expect(torchError([0x50, 0x4B, 3, 4]) != nil)
    let trailing = try T.archive(Self.pickle + [0x80])
    #expect(
      torchError(trailing)
        == .pickle(
          PickleError(.trailingBytes(count: 1), offset: T.pickleOffset + Self.pickle.count),
          isDecompressed: false))
    #expect(
      torchError(try T.archive([]))
        == .pickle(PickleError(.missingStop, offset: T.pickleOffset), isDecompressed: false))
  }

  // MARK: Legacy

  @Test func theLegacyContainerMustBeComplete() {
    let sound = T.legacy()
    let keys = 25 + Self.pickle.count
    let storage = keys + 11
    for count in 0..<sound.count {
      #expect(torchError(Array(sound[..<count])) != nil, "cut at \(count)")
    }
    #expect(
      torchError(Array(sound.dropLast()))
        == .endsEarly(
          InputEndsEarly(position: storage + 8, needed: 8, available: 7, what: "the storage 0")))
    #expect(
      torchError(Array(sound.dropLast(9)))
        == .endsEarly(
          InputEndsEarly(position: storage, needed: 8, available: 7, what: "the size of a storage")))
    #expect(torchError(sound + [0]) == .trailingBytes(count: 1, offset: sound.count))
    for (count, found) in [(3, 12), (0, 0), (-1, -4), (Int.max, Int.max)] {
      let size = withUnsafeBytes(of: Int64(count).littleEndian) { PicklePart(Array($0) + [0, 0, 0, 0]) }
      #expect(
        torchError(T.legacy(storage: size))
          == .storageSize(key: "0", expected: 8, found: found, offset: storage))
    }
    #expect(
      torchError(T.legacy(keys: "\u{80}\u{2}].", storage: ""))
        == .missingStorage(key: "0", offset: 25 + Self.referenceOffset))
    #expect(
      torchError(T.legacy(keys: "\u{80}\u{2}}."))
        == .malformedLegacy(problem: "no list of the storages' keys", offset: keys))
    #expect(
      torchError(T.legacy(keys: "\u{80}\u{2}]X\u{1}\0\0\01a."))
        == .malformedLegacy(problem: "a storage that no tensor has named", offset: keys + 3))
    #expect(
      torchError(T.legacy(keys: "\u{80}\u{2}]K\0a."))
        == .malformedLegacy(problem: "a storage that no tensor has named", offset: keys + 3))
    #expect(
      torchError(T.legacy(keys: "\u{80}\u{2}](X\u{1}\0\0\00X\u{1}\0\0\00e."))
        == .malformedLegacy(problem: "the same storage twice", offset: keys + 10))
    var start = T.legacyStart
    start[18] = 0xEA
    #expect(
      torchError(T.legacy(start: start))
        == .malformedLegacy(problem: "another version of the legacy protocol than 1001", offset: 15))
    #expect(torchError(T.legacy(start: T.legacyStart.replacing(at: 5, with: 0))) == .notTorch(offset: 0))
  }

  // MARK: Too much

  private static func counted(_ text: String) -> [UInt8] {
    [0x58] + withUnsafeBytes(of: UInt32(text.utf8.count).littleEndian) { Array($0) } + Array(text.utf8)
  }

  @Test func tensorsMayShareUpToALimit() throws {
    // 2 MiB of zeros, and a list of one tensor over them again and again: each is claimed anew.
    let zeros = [UInt8](repeating: 0, count: 1 << 21)
    let tensor = T.tensor(
      T.reference(type: "ctorch\nByteStorage\n", count: "J\0\0\u{20}\0"), shape: "J\0\0\u{20}\0\u{85}")
    func archive(_ count: Int) throws -> [UInt8] {
      let many = PicklePart(Array(repeatElement([0x68, 0], count: count).joined()))
      return try T.archive(
        assemble(0x80, 2, "](", tensor, "q\0", many, "e."), storages: [("0", zeros)])
    }
    let size = try archive(0).count
    #expect(TorchFile.sharingLimit(size: size) == 8 * size + 16_777_216)
    #expect(TorchFile.sharingLimit(size: .max) == .max)
    let fitting = TorchFile.sharingLimit(size: size) >> 21
    #expect(try TorchFile(parsing: try archive(fitting - 1)).groups[0].tensors.count == fitting)
    let bytes = try archive(fitting)
    #expect(torchError(bytes) == .sharedTooMuch(limit: TorchFile.sharingLimit(size: bytes.count)))
  }

  /// A stride of 0 makes as many elements of one as one likes.
  @Test func repeatedElementsAreCountedToo() throws {
    let expanded = T.tensor(
      shape: "J\0\0\0\u{40}J\0\0\0\u{40}\u{86}", strides: "K\0K\0\u{86}")
    let bytes = try T.archive(T.pickle(expanded))
    #expect(torchError(bytes) == .sharedTooMuch(limit: TorchFile.sharingLimit(size: bytes.count)))
  }

  @Test func millionsOfTensorsAreTooMany() throws {
    let many = repeated("h\0", 65_535)
    let fitting = try T.archive(assemble(0x80, 2, "](", T.tensor(), "q\0", many, "e."))
    #expect(try TorchFile(parsing: fitting).groups[0].tensors.count == 65_536)
    let one = try T.archive(assemble(0x80, 2, "](", T.tensor(), "q\0", many, "h\0e."))
    #expect(torchError(one) == .tooManyTensors(limit: 65_536))
    // Each with its own call, over one storage.
    let call = "h\0(h\u{1}K\0h\u{2}h\u{3}\u{89}}tR"
    let pickle = assemble(
      0x80, 2, "](ctorch._utils\n_rebuild_tensor_v2\nq\0", T.reference(),
      "q\u{1}K\u{2}\u{85}q\u{2}K\u{1}\u{85}q\u{3}",
      repeated(PicklePart(stringLiteral: call), 200_000), "e.")
    #expect(torchError(try T.archive(pickle)) == .tooManyTensors(limit: 65_536))
  }

  @Test func longNamesAreRefused() throws {
    func archive(_ count: Int) throws -> [UInt8] {
      let name = PicklePart(Self.counted(String(repeating: "n", count: count)))
      return try T.archive(assemble(0x80, 2, "}", name, T.tensor(), "s."))
    }
    #expect(try TorchFile(parsing: try archive(1024)).groups[0].tensors[0].name.utf8.count == 1024)
    #expect(torchError(try archive(1025)) == .nameTooLong(limit: 1024, offset: T.pickleOffset + 3))
  }

  @Test func cyclesAndDepthDoNoHarm() throws {
    // A dict that contains itself, and a list of itself beside it.
    let cycle = try T.archive(
      assemble(0x80, 2, "}q\0(X\u{1}\0\0\0b]q\u{1}h\u{1}ah\0aX\u{1}\0\0\0ch\0X\u{1}\0\0\0a", T.tensor(), "u.")
    )
    #expect(try TorchFile(parsing: cycle).groups.map(\.path) == [""])
    let deep = try T.archive(
      assemble(0x80, 2, repeated("]", 300_000), T.tensor(), repeated("a", 300_000), "."))
    let group = try #require(try TorchFile(parsing: deep).groups.first)
    #expect(group.path.hasPrefix("…[0][0]") && group.tensors[0].name == "[0]")
    let itself = try T.archive(assemble(0x80, 2, "]q\0h\0a."))
    #expect(torchError(itself) == .noTensors)
  }

  @Test func valuesAreListedUpToALimit() throws {
    var entries: [UInt8] = []
    for index in 0..<300 { entries += Self.counted("k\(index)") + [0x4B, UInt8(index % 256)] }
    let file = try TorchFile(
      parsing: try T.archive(assemble(0x80, 2, "}(", PicklePart(entries), "X\u{1}\0\0\0a", T.tensor(), "u.")))
    #expect(file.values.count == 256)
    #expect(file.values.last?.path == "k255" && file.values.last?.text == "255")
  }
}
