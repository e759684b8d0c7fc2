import CNNCodecs
import CNNFiles
import CNNModelFile
import Testing

@Suite struct ManifestTests {
  struct Change: Sendable, CustomTestStringConvertible {
    let part: String
    let other: String
    let error: ModelFileError
    var testDescription: String { other }

    init(_ part: String, _ other: String, _ error: ModelFileError) {
      (self.part, self.other, self.error) = (part, other, error)
    }

    init(_ part: String, _ other: String, _ path: String, _ problem: String) {
      self.init(part, other, .manifest(.content(JSONContentError(path: path, problem: problem))))
    }
  }

  static let changes: [Change] = [
    Change(
      #""divisor":255"#, #""divisor": 255"#, .manifestText(JSONError(position: 253, problem: .whiteSpace))),
    Change(
      #""requires":[]"#, #""a":[]"#,
      .manifestText(JSONError(position: 447, problem: .nameOutOfOrder("a", after: "provenance")))),
    Change(#""requires":[],"#, "", "requires", "is missing"),
    Change(#""requires":[]"#, #""requires":["op.softmax"]"#, .manifest(.unknownFeature("op.softmax"))),
    Change(
      #""kind":"model""#, #""kind":"modell""#, "kind",
      #"should be one of model, checkpoint, dataset, and is "modell""#),
    Change(
      #""labels":["no","yes"]"#, #""labels":["no",1]"#, "labels[1]", "should be a string, and is a number"),
    Change(
      #""05defb00""#, #""05DEFB00""#, #"tensors."fc.bias""#,
      #"should be eight lower-case hexadecimal digits, and is "05DEFB00""#),
    Change(
      #""05defb00""#, #""5defb00""#, #"tensors."fc.bias""#,
      #"should be eight lower-case hexadecimal digits, and is "5defb00""#),
    Change(#""fc.bias":"05defb00","#, "", .noChecksum(tensor: "fc.bias")),
    Change(
      #","fc.weight":"d477b0b2""#, #","fc.weight":"d477b0b2","fc.z":"00000000""#,
      .checksumWithoutTensor("fc.z")),
    Change(
      #""05defb00""#, #""05defb01""#,
      .tensorChecksum(tensor: "fc.bias", position: 832, declared: 0x05DE_FB01, computed: 0x05DE_FB00)),
    Change(
      #""op":"linear""#, #""op":"softmax""#, .manifest(.unknownOperation(node: "fc", operation: "softmax"))),
    Change(#""bias":true,"#, "", "graph.nodes[0].attributes.bias", "is missing"),
    Change(
      #""bias":true"#, #""bias":1"#, "graph.nodes[0].attributes.bias",
      "should be true or false, and is a number"),
    Change(
      #""in_features":2"#, #""in_features":2.5"#, "graph.nodes[0].attributes.in_features",
      "should be an integer, and is 2.5"),
    Change(#""dtype":"F32""#, #""dtype":"F16""#, "input.dtype", "should be F32, the only type of inputs"),
    Change(
      #""polarity":"white-on-black""#, #""polarity":"white""#, "preprocess.polarity",
      #"should be one of white-on-black, black-on-white, and is "white""#),
    Change(
      #""size":9"#, #""size":-9"#, "provenance.sources[0].size",
      "should be from 0 to 9007199254740992, and is -9"),
    Change(
      #""shape":[2]}"#, #""shape":[3]}"#,
      .content(.graph(.shapeMismatch(node: "fc", takes: "2 values", input: "input", shape: [3])))),
    Change(#""shape":[2]}"#, #""shape":[0]}"#, .content(.graph(.inputShape([0])))),
    Change(#""labels":["no","yes"]"#, #""labels":["no"]"#, .content(.labelCount(labels: 1, output: [2]))),
    Change(#""labels":["no","yes"],"#, "", .content(.labelCount(labels: 0, output: [2]))),
    Change(#""bias":true"#, #""bias":false"#, .content(.unexpectedTensor("fc.bias"))),
    Change(
      #""deviation":1"#, #""deviation":0"#,
      .content(
        .member(
          JSONContentError(path: "preprocess.deviation", problem: "should be greater than 0, and is 0.0")))),
    Change(
      #""divisor":255"#, #""divisor":-1"#,
      .content(
        .member(
          JSONContentError(path: "preprocess.divisor", problem: "should be greater than 0, and is -1.0")))),
    Change(
      #""kind":"model""#, #""kind":"checkpoint""#, .content(.missingMember("training", kind: .checkpoint))),
    Change(#""kind":"model""#, #""kind":"dataset""#, .content(.missingMember("divisor", kind: .dataset))),
  ]

  @Test(arguments: changes)
  func refuses(_ change: Change) {
    let builder = FileBuilder(manifest: FileBuilder.manifest(change.part, by: change.other))
    #expect(refusal(of: builder.bytes) == change.error)
  }

  @Test func unknownMembersAreReadOver() throws {
    var builder = FileBuilder(
      manifest: FileBuilder.manifest(#"{"bias":true"#, by: #"{"aa":[{}],"bias":true"#))
    builder.manifest = builder.manifest.components(separatedBy: #","requires":[]"#)
      .joined(separator: #","quality":{"a":null},"requires":[]"#)
    #expect(try ModelFileReader.read(from: MemorySource(builder.bytes)) == TinyModel.file)
  }

  @Test func numbersInOtherSpellingsAreRead() throws {
    for number in ["1.0", "1e0", "10E-1", "1.000"] {
      let builder = FileBuilder(
        manifest: FileBuilder.manifest(#""deviation":1"#, by: #""deviation":\#(number)"#))
      #expect(try ModelFileReader.read(from: MemorySource(builder.bytes)) == TinyModel.file)
    }
  }

  @Test func aManifestThatIsNoObjectIsRefused() {
    #expect(
      refusal(of: FileBuilder(manifest: "[]").bytes)
        == .manifest(.content(JSONContentError(path: "", problem: "should be an object, and is an array"))))
    #expect(
      refusal(of: FileBuilder(manifest: "").bytes)
        == .manifestText(JSONError(position: 0, problem: .endsEarly(wanted: "a value"))))
  }

  @Test func anArchitectureFileMayBeWrittenByHand() throws {
    let text = """
      {
        "input": { "shape": [1, 4, 4], "dtype": "F32" },
        "graph": {
          "output": "fc",
          "nodes": [
            { "name": "flat", "op": "flatten", "inputs": ["input"], "attributes": {} },
            { "name": "fc", "op": "linear", "inputs": ["flat"],
              "attributes": { "in_features": 16, "out_features": 2, "bias": true } }
          ]
        }
      }
      """
    let network = try NetworkDescription(parsingArchitecture: Array(text.utf8))
    #expect(network.nodes.map(\.name) == ["flat", "fc"])
    #expect(throws: GraphError.shapeMismatch(node: "fc", takes: "17 values", input: "flat", shape: [16])) {
      let other = text.components(separatedBy: ": 16").joined(separator: ": 17")
      _ = try NetworkDescription(parsingArchitecture: Array(other.utf8))
    }
    #expect(throws: ManifestError.content(JSONContentError(path: "graph", problem: "is missing"))) {
      _ = try NetworkDescription(parsingArchitecture: Array("{}".utf8))
    }
    #expect(throws: JSONError(position: 0, problem: .endsEarly(wanted: "a value"))) {
      _ = try NetworkDescription(parsingArchitecture: [])
    }
  }

  @Test func aNameThatWasNotCheckedYetIsQuoted() {
    let error = ManifestError.unknownOperation(
      node: "a\u{1B}[31m\n" + String(repeating: "x", count: 99), operation: "b")
    #expect(error.reason.hasPrefix(#"layer "a\u{1b}[31m\u{a}xxx"#))
    #expect(error.reason.hasSuffix(#"x...": the operation is "b", which this version does not know"#))
  }
}
