import CNNCodecs
import CNNFiles
import CNNModelFile
import Testing

@Suite struct PlainSafetensorsTests {
  private func plain(_ text: String, _ data: [UInt8]) -> [UInt8] {
    FileBuilder.file(text: text, data: data, padding: 0, isProfile: false)
  }

  private func readAny(_ bytes: [UInt8]) throws -> ModelFileReader.Content {
    try ModelFileReader.readAny(from: TricklingSource(bytes))
  }

  private func refusal(_ text: String, _ data: [UInt8]) -> ModelFileError? {
    do {
      _ = try readAny(plain(text, data))
      return nil
    } catch {
      return error as? ModelFileError
    }
  }

  private let text = #"""
    {"b": {"dtype": "U8", "shape": [2], "data_offsets": [0, 2]}, "__metadata__": {"format": "pt", "a": ""},
     "a": {"shape": [], "data_offsets": [2, 6], "dtype": "F32"}, "e": {"dtype":"I64","shape":[0],"data_offsets":[2,2]},
     "cnn.weight": {"dtype":"BOOL","shape":[2],"data_offsets":[6,8]}}
    """#
  private let data: [UInt8] = [1, 2, 0, 0, 128, 63, 1, 0]

  @Test func otherProgramsFilesAreRead() throws {
    let expected = PlainSafetensors(
      metadata: [.init(name: "format", value: "pt"), .init(name: "a", value: "")],
      tensors: [
        Tensor(name: "b", elementType: .uint8, shape: [2], bytes: [1, 2]),
        Tensor(name: "e", elementType: .int64, shape: [0], bytes: []),
        Tensor(name: "a", shape: [], values: [1]),
        Tensor(name: "cnn.weight", elementType: .bool, shape: [2], bytes: [1, 0]),
      ])
    #expect(try readAny(plain(text, data)) == .plain(expected))
    #expect(try readAny(plain("{}", [])) == .plain(PlainSafetensors(metadata: [], tensors: [])))
  }

  @Test func aPlainFileIsNoModelFileAndNotDamaged() {
    #expect(CNNModelFileTests.refusal(of: plain(text, data)) == .plain)
  }

  @Test func aModelFileIsReadAsSuch() throws {
    #expect(try readAny(TinyModel.bytes()) == .modelFile(TinyModel.file))
  }

  @Test func oneMemberClaimsTheProfile() {
    #expect(refusal(#"{"__metadata__":{"cnn.":""}}"#, []) == .damagedStart(position: 30))
    #expect(
      refusal(#"{"__metadata__":{"format":"pt","cnn.version":"1"}}"#, []) == .damagedStart(position: 26))
    #expect(refusal(#" {"a":1}"#, []) == .safetensors(.noHeader(firstByte: 0x20)))
  }

  @Test(arguments: ["1.0", "1e0", "-0", "9007199254740993"])
  func extentsAreWrittenAsIntegers(extent: String) {
    // Other readers refuse the first three, and the last would be read as another number.
    #expect(
      refusal(#"{"a":{"dtype":"U8","shape":[0,\#(extent)],"data_offsets":[0,0]}}"#, [])
        == .safetensors(.json(JSONError(position: 38, problem: .notAnInteger))))
  }

  @Test func theSafetensorsRulesHold() {
    #expect(
      refusal(#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, [0, 0])
        == .safetensors(.misplaced(tensor: "a", expected: 0, found: 1)))
    #expect(
      refusal(
        #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
        [0, 0, 0]) == .safetensors(.misplaced(tensor: "b", expected: 2, found: 1)))
    #expect(
      refusal(#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, [0, 0, 0])
        == .safetensors(.bytesAfterEnd(position: 63)))
    #expect(
      refusal(#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, [0])
        == .safetensors(.dataEndsEarly(tensor: "a", position: 61, needed: 2, available: 1)))
    #expect(
      refusal(#"{"a":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}}"#, [1, 2])
        == .safetensors(.notBoolean(tensor: "a", position: 64, value: 2)))
    #expect(
      refusal(#"{"a":{"dtype":"F8_E5M2","shape":[2],"data_offsets":[0,2]}}"#, [0, 0])
        == .safetensors(.unsupportedType(tensor: "a", dtype: "F8_E5M2")))
    #expect(
      refusal(
        #"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#,
        []) == .safetensors(.json(JSONError(position: 61, problem: .duplicateName("a")))))
    #expect(
      refusal(#"{"__metadata__":{"a":1}}"#, [])
        == .safetensors(
          .content(JSONContentError(path: "__metadata__.a", problem: "should be a string, and is a number"))))
    #expect(
      refusal("{\"\u{FF}", [])
        == .safetensors(.json(JSONError(position: 12, problem: .endsEarly(wanted: "the end of a string")))))
  }

  @Test func moreThanMemoryIsMeantToHoldIsRefusedBeforeItIsRead() {
    // The source does not know its size: without a limit it would be read until memory is used up.
    let size = 1 << 32 + 1
    #expect(
      refusal(#"{"a":{"dtype":"U8","shape":[\#(size)],"data_offsets":[0,\#(size)]}}"#, [])
        == .safetensors(.dataTooLarge(declared: size, limit: 1 << 32)))
  }
}
