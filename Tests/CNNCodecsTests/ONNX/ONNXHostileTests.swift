import CNNCodecs
import Testing

/// ONNX files that are wrong in one way each.
@Suite struct ONNXHostileTests {
  /// A field of bytes: its key, their number, and they. All are short.
  private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
    [number << 3 | 2, UInt8(bytes.count)] + bytes
  }

  /// A model of a graph of these fields, which begin at byte 2.
  private static func graph(_ fields: [UInt8]) -> [UInt8] { field(7, fields) }

  /// A model with a tensor of these fields, which begin at byte 4.
  private static func tensor(_ fields: [UInt8]) -> [UInt8] { graph(field(5, fields)) }

  /// A model with an attribute of these fields, which begin at byte 6.
  private static func attribute(_ fields: [UInt8]) -> [UInt8] { graph(field(1, field(5, fields))) }

  private static func wrong(_ what: String, _ expected: String, _ found: String, _ offset: Int) -> ONNXError {
    .protobuf(.wrongWireType(what: what, expected: expected, found: found, offset: offset))
  }

  private static let elsewhere =
    "tensor \"w\" has its values in another file; export with external_data=False, or make one file of both with "
    + "onnx.save(onnx.load(old), new)"

  private static let name = field(8, [0x77])
  private static let varint = "a varint"
  private static let bytes = "bytes of a told length"

  private static let cases: [(name: String, bytes: [UInt8], error: ONNXError)] = [
    ("nothing", [], .missing("a graph", offset: 0)),
    ("a version alone", [0x08, 0x08], .missing("a graph", offset: 0)),
    ("two graphs", [0x3A, 0x00, 0x3A, 0x00], .repeated("the graph", offset: 2)),
    ("a graph that is a number", [0x38, 0x00], wrong("the graph", bytes, varint, 0)),
    ("a version that is a text", [0x0A, 0x00], wrong("ir_version", varint, bytes, 0)),
    (
      "a graph that is cut off", [0x3A, 0x02, 0x0A],
      .protobuf(.tooLong(field: 7, length: 2, available: 1, offset: 1))
    ),
    ("a group", graph([0x0B]), .protobuf(.group(field: 1, offset: 2))),
    ("a node that is a number", graph([0x08, 0x01]), wrong("a node", bytes, varint, 2)),
    (
      "a name that is no text", graph(field(1, field(3, [0xFF]))),
      .protobuf(.invalidText(what: "a node's name", offset: 6))
    ),
    (
      "sparse weights", graph(field(15, [])),
      .unsupported(
        "the ONNX file has sparse initializers, which are not read; save the weights densely", offset: 2)
    ),

    ("a tensor of no type", tensor(name), .elementType(tensor: "w", code: 0, offset: 4)),
    ("strings", tensor(name + [0x10, 0x08]), .elementType(tensor: "w", code: 8, offset: 4)),
    ("float8", tensor(name + [0x10, 0x11]), .elementType(tensor: "w", code: 17, offset: 4)),
    ("a type of the future", tensor([0x10, 0x63]), .elementType(tensor: "", code: 99, offset: 4)),
    ("a negative extent", tensor(name + [0x10, 0x01] + minusOne), .shape(tensor: "w", [-1], offset: 4)),
    (
      "extents that overflow", tensor(name + [0x10, 0x01] + huge + huge),
      .shape(tensor: "w", [1 << 62, 1 << 62], offset: 4)
    ),
    (
      "a zero that hides absurd extents", tensor(name + [0x10, 0x01] + huge + huge + [0x08, 0x00]),
      .shape(tensor: "w", [1 << 62, 1 << 62, 0], offset: 4)
    ),
    (
      "65 extents", tensor([0x10, 0x01, 0x0A, 65] + [UInt8](repeating: 1, count: 65)),
      .shape(tensor: "", [Int64](repeating: 1, count: 65), offset: 4)
    ),
    (
      "2^40 values that are not there",
      tensor(name + [0x10, 0x01, 0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20]),
      .count(tensor: "w", shape: [1 << 40], expected: 1 << 40, found: 0, unit: "values", offset: 4)
    ),
    (
      "raw data that are too short", tensor(name + [0x10, 0x01, 0x08, 0x01] + field(9, [1, 2, 3])),
      .count(tensor: "w", shape: [1], expected: 4, found: 3, unit: "bytes", offset: 4)
    ),
    (
      "raw data that are too long", tensor([0x10, 0x02] + field(9, [1, 2])),
      .count(tensor: "", shape: [], expected: 1, found: 2, unit: "bytes", offset: 4)
    ),
    (
      "one float for two", tensor([0x10, 0x01, 0x08, 0x02] + field(4, [0, 0, 0, 0])),
      .count(tensor: "", shape: [2], expected: 2, found: 1, unit: "values", offset: 4)
    ),
    (
      "seven bytes of floats", tensor([0x10, 0x01, 0x08, 0x02] + field(4, [0, 0, 0, 0, 0, 0, 0])),
      .protobuf(.unevenLength(what: "a tensor's float_data", length: 7, size: 4, offset: 10))
    ),
    (
      "values in two fields",
      tensor(name + [0x10, 0x01, 0x08, 0x01] + field(4, [0, 0, 0, 0]) + field(9, [0, 0, 0, 0])),
      .conflictingData(tensor: "w", ["float_data", "raw_data"], offset: 4)
    ),
    (
      "integers in float_data", tensor(name + [0x10, 0x07, 0x08, 0x01] + field(4, [0, 0, 0, 0])),
      .wrongData(tensor: "w", field: "float_data", elementType: .int64, offset: 4)
    ),
    (
      "texts for floats", tensor(name + [0x10, 0x01, 0x08, 0x01] + field(6, [0])),
      .wrongData(tensor: "w", field: "string_data", elementType: .float32, offset: 4)
    ),
    (
      "256 as a byte", tensor(name + [0x10, 0x02, 0x08, 0x01, 0x28, 0x80, 0x02]),
      .range(tensor: "w", value: 256, elementType: .uint8, offset: 4)
    ),
    (
      "2 as a truth value", tensor(name + [0x10, 0x09, 0x08, 0x01, 0x28, 0x02]),
      .range(tensor: "w", value: 2, elementType: .bool, offset: 4)
    ),
    (
      "half precision of 17 bits", tensor(name + [0x10, 0x0A, 0x08, 0x01, 0x28, 0x80, 0x80, 0x04]),
      .range(tensor: "w", value: 65_536, elementType: .float16, offset: 4)
    ),
    ("values elsewhere", tensor(name + field(13, [])), .unsupported(elsewhere, offset: 4)),
    ("a location elsewhere", tensor(name + [0x70, 0x01]), .unsupported(elsewhere, offset: 4)),
    (
      "a segment", tensor(name + field(3, [])),
      .unsupported("the ONNX file has a tensor in segments, which are not read", offset: 7)
    ),

    (
      "an attribute of type 99", attribute(field(1, [0x61]) + [0xA0, 0x01, 0x63]),
      .attributeType(attribute: "a", code: 99, offset: 6)
    ),
    (
      "an attribute without its tensor", attribute(field(1, [0x61]) + [0xA0, 0x01, 0x04]),
      .missing("the tensor of the attribute \"a\"", offset: 6)
    ),
    (
      "an attribute with two tensors", attribute(field(5, [0x10, 0x02] + field(9, [1])) + field(5, [])),
      .repeated("an attribute's tensor", offset: 13)
    ),
    (
      "a float of eight bytes", attribute([0x11, 0, 0, 0, 0, 0, 0, 0, 0]),
      wrong("an attribute's f", "four bytes", "eight bytes", 6)
    ),
  ]

  private static let minusOne: [UInt8] = [0x08] + [UInt8](repeating: 0xFF, count: 9) + [0x01]
  private static let huge: [UInt8] = [0x08] + [UInt8](repeating: 0x80, count: 8) + [0x40]

  @Test(arguments: cases.indices) func everyFaultIsAnErrorOfItsOwn(_ index: Int) {
    let (name, bytes, error) = Self.cases[index]
    #expect(throws: error, "\(name)") { try ONNXModel(parsing: bytes) }
    #expect(error.reason.first?.isUppercase == false)
    #expect(error.offset != nil)
  }

  @Test func namesAreBounded() throws {
    var writer = ProtobufWriter()
    writer.message(7) { $0.message(1) { $0.text(3, String(repeating: "n", count: 1_025)) } }
    #expect(
      throws: ONNXError.protobuf(.textTooLong(what: "a node's name", length: 1_025, limit: 1_024, offset: 9))
    ) { try ONNXModel(parsing: writer.bytes) }
  }

  @Test func limitsHold() throws {
    let bytes = Self.tensor([0x10, 0x02] + Self.field(9, [1]))
    #expect(throws: ONNXError.protobuf(.tooDeep(limit: 1, offset: 2))) {
      try ONNXModel(parsing: bytes, limits: ProtobufLimits(maximumDepth: 1))
    }
    #expect(throws: ONNXError.protobuf(.tooManyFields(limit: 3, offset: 6))) {
      try ONNXModel(parsing: bytes, limits: ProtobufLimits(maximumFieldCount: 3))
    }
    #expect(try ONNXModel(parsing: bytes).graph.initializers.first?.array.integers() == [1])
  }

  @Test func whatIsUnknownIsPassedOver() throws {
    // Fields 26, 2047 and 9 of the model in all wire types, documentation and functions, and a node's metadata.
    let bytes: [UInt8] =
      [0xD2, 0x01, 0x01, 0xFF, 0xF8, 0x7F, 0x05, 0x4D, 1, 2, 3, 4, 0x49, 1, 2, 3, 4, 5, 6, 7, 8]
      + Self.field(6, [0xFF])
      + Self.graph(Self.field(1, Self.field(4, Array("Relu".utf8)) + Self.field(9, [0xFF])))
    let model = try ONNXModel(parsing: bytes)
    #expect(model.graph.nodes.map(\.operatorType) == ["Relu"])
    #expect(model.irVersion == 0 && model.operatorSets.isEmpty)
  }

  @Test func theLastOfSeveralScalarsCounts() throws {
    let bytes: [UInt8] =
      [0x08, 0x03, 0x08, 0x09] + Self.field(2, [0x61]) + Self.field(2, [0x62])
      + Self.tensor([0x10, 0x01, 0x10, 0x02, 0x08, 0x01] + Self.field(9, [1, 2]) + Self.field(9, [7]))
    let model = try ONNXModel(parsing: bytes)
    #expect(model.irVersion == 9 && model.producerName == "b")
    #expect(model.graph.initializers.first?.array.integers() == [7])
  }

  @Test func repeatedNumbersMayComeInPieces() throws {
    // dims packed, float_data one by one and packed.
    let pieces: [UInt8] =
      [0x0A, 0x02, 0x01, 0x03, 0x10, 0x01, 0x25, 0, 0, 0x80, 0x3F]
      + Self.field(4, [0, 0, 0, 0x40, 0, 0, 0x40, 0x40])
    let array = try ONNXModel(parsing: Self.tensor(pieces)).graph.initializers.first?.array
    #expect(array?.shape == [1, 3] && array?.doubles() == [1, 2, 3])
  }

  @Test func attributesWithoutATypeAreWhatTheyHave() throws {
    let old = try ONNXModel(parsing: Self.attribute(Self.field(1, [0x61]) + [0x18, 0x05]))
    guard case .integer(5) = old.graph.nodes.first?.attribute("a") else {
      Issue.record("an integer was expected")
      return
    }
    // A writer that leaves out zeros.
    let zero = try ONNXModel(parsing: Self.attribute(Self.field(1, [0x61]) + [0xA0, 0x01, 0x02]))
    guard case .integer(0) = zero.graph.nodes.first?.attribute("a") else {
      Issue.record("a zero was expected")
      return
    }
    // A graph in a node is kept by what it is called.
    let graph = try ONNXModel(parsing: Self.attribute(Self.field(1, [0x61]) + Self.field(6, [0xFF])))
    guard case .other("a graph") = graph.graph.nodes.first?.attribute("a") else {
      Issue.record("a graph was expected")
      return
    }
  }
}
