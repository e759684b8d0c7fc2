import CNNCodecs
import CNNFiles
import CNNModelFile
import Testing

@Suite struct ReaderTests {
  @Test func theBuilderBuildsTheTinyModel() throws {
    #expect(FileBuilder().bytes == (try TinyModel.bytes()))
  }

  @Test func readsFromAPipeInOnePass() throws {
    #expect(try ModelFileReader.read(from: TricklingSource(TinyModel.bytes())) == TinyModel.file)
  }

  @Test func filesAreRecognizedByTheirFirstBytes() throws {
    let bytes = try TinyModel.bytes()
    let prefix = [UInt8](bytes.prefix(ModelFileReader.prefixLength))
    #expect(ModelFileReader.isModelFile(prefix: prefix))
    #expect(ModelFileReader.recognize(prefix: prefix.dropLast()) == .safetensors)
    #expect(
      ModelFileReader.recognize(prefix: [8, 0, 0, 0, 0, 0, 0, 0] + Array("{}      ".utf8)) == .safetensors)
    #expect(ModelFileReader.recognize(prefix: [8, 0, 0, 0, 0, 0, 0, 1] + Array("{}      ".utf8)) == nil)
    #expect(ModelFileReader.recognize(prefix: [8, 0, 0, 0, 0, 0, 0, 0] + Array(" {}     ".utf8)) == nil)
    #expect(ModelFileReader.recognize(prefix: [8, 0, 0]) == nil)
  }

  @Test func lyingLengthsCostNothing() {
    // A header of 2^60 bytes, and tensors of 2^50.
    let header = FileBuilder(declaredLength: 1 << 60).bytes
    #expect(refusal(of: header) == .safetensors(.impossibleHeaderLength(1 << 60)))
    var builder = FileBuilder(
      manifest: FileBuilder.manifest(
        #""in_features":2,"out_features":2"#, by: #""in_features":1073741824,"out_features":2"#))
    builder.manifest = builder.manifest.components(separatedBy: #""shape":[2]"#)
      .joined(separator: #""shape":[1073741824]"#)
    builder.tensors =
      #","fc.bias":{"data_offsets":[0,8],"dtype":"F32","shape":[2]}"#
      + #","fc.weight":{"data_offsets":[8,8589934600],"dtype":"F32","shape":[2,1073741824]}"#
    #expect(
      refusal(of: builder.bytes)
        == .content(.graph(.tooManyElements(node: "input", limit: 268_435_456))))
    builder.manifest = builder.manifest.components(separatedBy: "1073741824").joined(separator: "268435456")
    builder.tensors =
      #","fc.bias":{"data_offsets":[0,8],"dtype":"F32","shape":[2]}"#
      + #","fc.weight":{"data_offsets":[8,2147483656],"dtype":"F32","shape":[2,268435456]}"#
    #expect(
      refusal(of: builder.bytes)
        == .safetensors(
          .dataEndsEarly(
            tensor: "fc.weight", position: 904, needed: 2_147_483_648, available: 16)))
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let error: ModelFileError
    var testDescription: String { name }

    init(_ name: String, _ builder: FileBuilder, _ error: ModelFileError) {
      (self.name, self.bytes, self.error) = (name, builder.bytes, error)
    }

    init(_ name: String, _ error: ModelFileError, bytes: [UInt8]) {
      (self.name, self.bytes, self.error) = (name, bytes, error)
    }

    init(_ name: String, tensors: String, data: [UInt8]? = nil, _ error: SafetensorsError) {
      var builder = FileBuilder(tensors: tensors)
      if let data { builder.data = data }
      self.init(name, builder, .safetensors(error))
    }
  }

  private static let bias = #","fc.bias":{"data_offsets":[0,8],"dtype":"F32","shape":[2]}"#

  static let headers: [Refusal] = [
    Refusal("length 0", FileBuilder(declaredLength: 0), .safetensors(.impossibleHeaderLength(0))),
    Refusal("length 1", FileBuilder(declaredLength: 1), .safetensors(.impossibleHeaderLength(1))),
    Refusal(
      "length beyond 16 MiB", FileBuilder(declaredLength: 1 << 24 + 1),
      .safetensors(.impossibleHeaderLength(1 << 24 + 1))),
    Refusal(
      "length of 2^64 - 1", FileBuilder(declaredLength: .max), .safetensors(.impossibleHeaderLength(.max))),
    Refusal("no padding", FileBuilder(padding: 0), .padding(headerLength: 815)),
    Refusal("64 spaces too many", FileBuilder(padding: 73), .padding(headerLength: 888)),
    Refusal("upper-case checksum", FileBuilder(digits: "575C672B"), .headerChecksumDigits),
    Refusal("checksum without digits", FileBuilder(digits: "        "), .headerChecksumDigits),
    Refusal(
      "wrong checksum", FileBuilder(digits: "12345678"),
      .headerChecksum(declared: 0x1234_5678, computed: 0x575C_672B)),
    Refusal("version 2", FileBuilder(version: #","cnn.version":"2"}"#), .version("2")),
    Refusal("no version", FileBuilder(version: "}"), .metadataMembers(["cnn.crc32", "cnn.manifest"])),
    Refusal(
      "four metadata", FileBuilder(version: #","cnn.version":"1","format":"pt"}"#),
      .metadataMembers(["cnn.crc32", "cnn.manifest", "cnn.version", "format"])),
    Refusal(
      "other metadata", FileBuilder(version: #","cnn.verzion":"1"}"#),
      .metadataMembers(["cnn.crc32", "cnn.manifest", "cnn.verzion"])),
    Refusal(
      "metadata that is no string", FileBuilder(version: #","cnn.version":1}"#),
      .safetensors(
        .content(
          JSONContentError(
            path: #"__metadata__."cnn.version""#, problem: "should be a string, and is a number")))
    ),
    Refusal(
      "white space", FileBuilder(version: #", "cnn.version":"1"}"#),
      .safetensors(.json(JSONError(position: 681, problem: .whiteSpace)))),
    Refusal(
      "escapes", FileBuilder(version: #","cnn\u002eversion":"1"}"#),
      .safetensors(.json(JSONError(position: 685, problem: .escapeNotCanonical)))),
    Refusal(
      "metadata twice", FileBuilder(tensors: #","__metadata__":{}"# + FileBuilder.tinyTensors),
      .safetensors(.json(JSONError(position: 700, problem: .duplicateName("__metadata__"))))),
    Refusal(
      "text behind the object", FileBuilder(tensors: FileBuilder.tinyTensors + "}{"),
      .safetensors(.json(JSONError(position: 823, problem: .bytesAfterEnd)))),
  ]

  @Test(arguments: headers)
  func refusesHeaders(_ refusal: Refusal) {
    #expect(CNNModelFileTests.refusal(of: refusal.bytes) == refusal.error)
  }

  static let tensors: [Refusal] = [
    Refusal(
      "tensors out of order",
      tensors: #","fc.weight":{"data_offsets":[8,24],"dtype":"F32","shape":[2,2]}"# + bias,
      .json(JSONError(position: 764, problem: .nameOutOfOrder("fc.bias", after: "fc.weight")))),
    Refusal(
      "tensor twice", tensors: bias + bias,
      .json(JSONError(position: 759, problem: .duplicateName("fc.bias")))),
    Refusal(
      "members out of order", tensors: #","a":{"dtype":"F32","data_offsets":[0,8],"shape":[2]}"#,
      .json(JSONError(position: 719, problem: .nameOutOfOrder("data_offsets", after: "dtype")))),
    Refusal(
      "members missing", tensors: #","a":{"data_offsets":[0,8],"shape":[2]}"#,
      .content(JSONContentError(path: "a.dtype", problem: "is missing"))),
    Refusal(
      "member too many", tensors: #","a":{"data_offsets":[0,8],"dtype":"F32","shape":[2],"x":1}"#,
      .unknownMember(tensor: "a", member: "x")),
    Refusal(
      "no object", tensors: #","a":[]"#,
      .content(JSONContentError(path: "a", problem: "should be an object, and is an array"))),
    Refusal(
      "float8", tensors: #","a":{"data_offsets":[0,8],"dtype":"F8_E4M3","shape":[8]}"#,
      .unsupportedType(tensor: "a", dtype: "F8_E4M3")),
    Refusal(
      "sub-byte", tensors: #","a":{"data_offsets":[0,8],"dtype":"F4","shape":[16]}"#,
      .unsupportedType(tensor: "a", dtype: "F4")),
    Refusal(
      "negative extent", tensors: #","a":{"data_offsets":[0,8],"dtype":"F32","shape":[-2]}"#,
      .content(
        JSONContentError(path: "a.shape[0]", problem: "should be from 0 to 9007199254740992, and is -2"))),
    Refusal(
      "fractional extent", tensors: #","a":{"data_offsets":[0,8],"dtype":"F32","shape":[2.5]}"#,
      .json(JSONError(position: 749, problem: .notAnInteger))),
    Refusal(
      "rank 9", tensors: #","a":{"data_offsets":[0,4],"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1]}"#,
      .rankTooHigh(tensor: "a", rank: 9, limit: 8)),
    Refusal(
      "overflow",
      tensors: #","a":{"data_offsets":[0,0],"dtype":"F32","shape":[9007199254740992,9007199254740992]}"#,
      .shapeTooLarge(tensor: "a", shape: [1 << 53, 1 << 53])),
    Refusal(
      "overflow behind a zero",
      tensors: #","a":{"data_offsets":[0,0],"dtype":"F32","shape":[0,9007199254740992,9007199254740992]}"#,
      .shapeTooLarge(tensor: "a", shape: [0, 1 << 53, 1 << 53])),
    Refusal(
      "size and offsets differ", tensors: #","a":{"data_offsets":[0,9],"dtype":"F32","shape":[2]}"#,
      .sizeMismatch(tensor: "a", needed: 8, begin: 0, end: 9)),
    Refusal(
      "offsets backwards", tensors: #","a":{"data_offsets":[8,0],"dtype":"F32","shape":[2]}"#,
      .sizeMismatch(tensor: "a", needed: 8, begin: 8, end: 0)),
    Refusal(
      "three offsets", tensors: #","a":{"data_offsets":[0,4,8],"dtype":"F32","shape":[2]}"#,
      .content(JSONContentError(path: "a.data_offsets", problem: "should have 2 elements, and has 3"))),
    Refusal(
      "hole", tensors: bias + #","fc.weight":{"data_offsets":[12,28],"dtype":"F32","shape":[2,2]}"#,
      .misplaced(tensor: "fc.weight", expected: 8, found: 12)),
    Refusal(
      "overlap", tensors: bias + #","fc.weight":{"data_offsets":[4,20],"dtype":"F32","shape":[2,2]}"#,
      .misplaced(tensor: "fc.weight", expected: 8, found: 4)),
    Refusal(
      "hole at the start", tensors: #","fc.bias":{"data_offsets":[4,12],"dtype":"F32","shape":[2]}"#,
      .misplaced(tensor: "fc.bias", expected: 0, found: 4)),
    Refusal(
      "by name in spite of the sizes",
      tensors: #","a":{"data_offsets":[0,8],"dtype":"U8","shape":[8]}"#
        + #","b":{"data_offsets":[8,16],"dtype":"F32","shape":[2]}"#,
      .misplaced(tensor: "b", expected: 0, found: 8)),
    Refusal(
      "equivalent names",
      tensors: ",\"e\u{301}\":{\"data_offsets\":[0,4],\"dtype\":\"F32\",\"shape\":[1]}"
        + ",\"\u{e9}\":{\"data_offsets\":[4,8],\"dtype\":\"F32\",\"shape\":[1]}",
      .equivalentNames("\u{e9}")),
  ]

  @Test(arguments: tensors)
  func refusesTensors(_ refusal: Refusal) {
    #expect(CNNModelFileTests.refusal(of: refusal.bytes) == refusal.error)
  }

  @Test func refusesTooManyTensors() {
    let tensors = (0..<65_537).map {
      ",\"\(100_000 + $0)\":{\"data_offsets\":[0,0],\"dtype\":\"U8\",\"shape\":[0]}"
    }
    #expect(
      refusal(of: FileBuilder(tensors: tensors.joined(), data: []).bytes)
        == .safetensors(.tooManyTensors(count: 65_537, limit: 65_536)))
  }

  /// Swift's own comparison sorts the accents on a letter, in quadratic time: these would take hours.
  @Test func manyAccentsOnOneLetterCostNothing() {
    let accents = "e" + String(repeating: "\u{316}\u{301}", count: 100_000)
    let inHeader = FileBuilder(
      tensors: ",\"\(accents)\":{\"data_offsets\":[0,0],\"dtype\":\"U8\",\"shape\":[0]}")
    #expect(refusal(of: inHeader.bytes) == .safetensors(.nameTooLong(accents, limit: 255)))
    for part in [
      "\"fc\",\"op\"", "linear", "\"F32\"", "\"model\"", "no\"", "white-on-black", "\"input\"]",
      "mnist-convert",
    ] {
      let name = part.filter { $0 != "\"" && $0 != "]" && $0 != "," }
      let word = name == "fcop" ? "fc" : name
      let manifest = FileBuilder.manifest(
        part, by: part.components(separatedBy: word).joined(separator: accents))
      let error = refusal(of: FileBuilder(manifest: manifest).bytes)
      #expect((error == nil) == (part == "mnist-convert"), "\(part)")
    }
    #expect(
      refusal(
        of: FileBuilder(manifest: FileBuilder.manifest("[],\"tensors", by: "[\"\(accents)\"],\"tensors"))
          .bytes)
        == .manifest(.unknownFeature(accents)))
  }
}
